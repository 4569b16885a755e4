"""Cleans the HTML of WordPress and Squarespace: drops boilerplate, and replaces embeds and captions."""

import re
from collections import Counter

from sitegen.importers.convert.clean_html import drop_classes
from sitegen.importers.convert.html_tree import Element, drop_all, find_class, is_empty, make, replace, unwrap, words

BOILERPLATE = {
    "subscribe or share button": (
        "sharedaddy", "wp-block-jetpack-subscriptions", "addtoany_share_save_container", "wp-block-social-links",
        "newsletter-block", "sqs-block-newsletter", "wp-block-jetpack-sharing-buttons",
    ),
    "form": ("form-block", "sqs-block-form", "wp-block-jetpack-contact-form", "wp-block-search"),
    "list of other posts": (
        "sqs-block-summary-v2", "sqs-block-summary", "wp-block-latest-posts", "wp-block-query", "jp-relatedposts",
    ),
    "link to the rest": ("more-link",),
}  # fmt: skip


def clean(tree: Element, dropped: Counter[str]) -> None:
    """Drop the boilerplate of WordPress and Squarespace, and replace their own elements with plain ones."""
    drop_classes(tree, BOILERPLATE, dropped)
    for figure in find_class(tree, "wp-block-embed"):
        _replace_embed(figure)
    for file in find_class(tree, "wp-block-file"):
        drop_all(find_class(file, "wp-block-file__button"), "download button", dropped)
    for image in tree.iter("img"):
        if image.get("data-image") and not image.get("src"):
            image.set("src", image.get("data-image") or "")
    for wrapper in find_class(tree, "image-caption-wrapper"):
        holder = next((node for node in wrapper.iterancestors("figure", "div")), None)
        if wrapper.tag != "figcaption" and holder is not None and holder.tag == "figure":
            wrapper.tag = "figcaption"
    drop_all((node for node in tree.iter("figcaption") if is_empty(node)), "empty caption", dropped)


def _replace_embed(figure: Element) -> None:
    """Replace an embed block, whose text is a URL, with a link."""
    if next(figure.iter("a", "iframe", "blockquote"), None) is not None:
        for wrapper in find_class(figure, "wp-block-embed__wrapper"):
            unwrap(wrapper)
        return
    caption = next(figure.iter("figcaption"), None)
    after = [make("p", words(caption))] if caption is not None else []
    if caption is not None and (parent := caption.getparent()) is not None:
        parent.remove(caption)
    url = words(figure)
    if re.fullmatch(r"https?://\S+", url):
        replace(figure, make("p", "", make("a", url, href=url)), *after)
