"""Cleans the HTML of Substack: drops boilerplate, and replaces embeds, galleries and footnotes."""

import html
import json
import re
from collections import Counter
from collections.abc import Mapping

from sitegen.formats.image_origins import unwrap_substack
from sitegen.importers.account import describe
from sitegen.importers.archive.payload import Payload, count_unread
from sitegen.importers.convert.clean_html import drop_classes
from sitegen.importers.convert.footnotes import make_note, make_reference
from sitegen.importers.convert.html_tree import (
    Element,
    drop_all,
    find_class,
    has_class,
    is_empty,
    make,
    remove,
    replace,
    unwrap,
    words,
)

BOILERPLATE = {
    "subscribe or share button": (
        "subscription-widget-wrap", "subscription-widget-wrap-editor", "subscription-widget", "share-dialog",
        "install-substack-app-embed", "directMessage", "community-chat", "recommendation-widget", "comments-page",
        "cashtag-wrap",
    ),
    "paywall mark": ("paywall-jump", "paywall"),
    "poll": ("poll-embed",),
    "digest of other posts": ("digest-post-embed",),
    "label of the editor": ("hide-text",),
    "image viewer": ("image-link-expand", "image-link-expand-icon", "header-anchor-parent"),
}  # fmt: skip
BUTTON_CLASSES = ("captioned-button-wrap", "button-wrapper")
EDITOR_BUTTON_URL = re.compile(r"%%\w+%%|/subscribe(?:[/?#]|$)|[?&]action=share(?:&|$)", re.IGNORECASE)
"""URLs of the buttons that Substack's editor offers; all other buttons are the author's own."""

IGNORED_KEYS = frozenset((
    "align", "belowTheFold", "bytes", "fullscreen", "height", "id", "imageSize", "internalRedirect", "isProcessing",
    "isEditor", "offset", "resizeWidth", "showLink", "size", "srcNoWatermark", "staticGalleryImage", "topImage",
    "type", "width", "className", "class", "hideChapters", "isUploading", "profile_image_url", "source", "theme",
))  # fmt: skip
"""Keys for the appearance of an element, or with the content of another key."""

EMBED_CLASSES = (
    "embedded-post-wrap", "embedded-publication-wrap", "instagram", "youtube-wrap", "vimeo-wrap", "soundcloud-wrap",
    "spotify-wrap", "apple-podcast-container", "tiktok-wrap", "file-embed-wrapper", "bluesky-wrap", "comment",
    "github-gist", "datawrapper-wrap", "pullquote", "latex-rendered",
)  # fmt: skip


def clean(tree: Element, dropped: Counter[str]) -> None:
    """Drop the boilerplate of Substack, and replace its own elements with plain ones."""
    _mark_footnotes(tree)
    for button in find_class(tree, *BUTTON_CLASSES):
        _replace_button(button, dropped)
    drop_classes(tree, BOILERPLATE, dropped)
    for gallery in find_class(tree, "image-gallery-embed"):
        _replace_gallery(gallery, dropped)
    for image in list(tree.iter("img")):
        _clean_image(image, dropped)
    for node in find_class(tree, "native-video-embed", "native-audio-embed"):
        _replace_player(node, dropped)
    for node in find_class(tree, "tweet", "twitter-embed"):
        _quote_tweet(node, dropped)
    for node in find_class(tree, *EMBED_CLASSES):
        _replace_embed(node, dropped)
    for node in [node for node in tree.iter() if node.get("data-attrs") and is_empty(node)]:
        _replace_embed(node, dropped)  # an embed of an unknown type
    for link in find_class(tree, "image-link", "image-link-expand", tag="a"):
        unwrap(link)
    drop_all((node for node in find_class(tree, "header-anchor-widget") if is_empty(node)), "heading's anchor", dropped)


def _replace_button(wrapper: Element, dropped: Counter[str]) -> None:
    """Replace the author's own button with its caption and a link; drop buttons that Substack's editor offers."""
    link = next(wrapper.iter("a"), None)
    if link is None or wrapper.getparent() is None:
        drop_all([wrapper], "subscribe or share button", dropped)
        return
    holder = next(iter(find_class(wrapper, "button-wrapper")), wrapper)
    attributes = _read_attributes(holder, "button")
    url, text = (
        str(attributes.get("url") or "") or link.get("href") or "",
        str(attributes.get("text") or "") or words(link),
    )
    if not url or EDITOR_BUTTON_URL.search(url):
        drop_all([wrapper], "subscribe or share button", dropped)
        return
    caption = " ".join(words(node) for node in find_class(wrapper, "cta-caption"))
    block = make("p", "", make("a", text or url, href=url))
    replace(wrapper, *([make("p", caption), block] if caption else [block]))
    count_unread(attributes, dropped)


def _replace_gallery(node: Element, dropped: Counter[str]) -> None:
    """Replace a gallery with its images and its caption."""
    attributes = _read_attributes(node, "gallery")
    gallery = attributes.get("gallery")
    gallery = gallery if isinstance(gallery, Mapping) else attributes
    found = gallery.get("images")
    images = [
        make("img", src=unwrap_substack(str(image["src"])), alt=str(image.get("alt") or ""))
        for image in (found if isinstance(found, list) else ())
        if isinstance(image, Mapping) and image.get("src")
    ]
    if images:
        caption = str(gallery.get("caption") or "")
        figure = make("figure", "", *images, *([make("figcaption", caption)] if caption else []))
        replace(node, *([figure] if caption else [make("p", "", image) for image in images]))
    count_unread(attributes, dropped)


def _clean_image(image: Element, dropped: Counter[str]) -> None:
    attributes = _read_attributes(image, "image")
    image.set("src", unwrap_substack(str(attributes.get("src") or image.get("src") or "")))
    if attributes.get("alt") and not image.get("alt"):
        image.set("alt", str(attributes["alt"]))
    image.attrib.pop("title", "")
    title = str(attributes.get("title") or "")
    if title and title != image.get("alt"):
        image.set("title", title)
    for name in ("width", "height"):
        image.attrib.pop(name, "")
    linked = any(node.tag == "a" and not has_class(node, "image-link") for node in image.iterancestors())
    target = str(attributes.get("href") or "")
    count_unread(attributes, dropped)
    if target and not linked:
        around = make("a", href=target)
        replace(image, around)
        around.append(image)


def _read_attributes(element: Element, element_type: str) -> Payload:
    """Remove and return the JSON in `data-attrs`, which embedded posts encode twice; empty if there is none."""
    record_type = f"Substack's {element_type}"
    text = element.get("data-attrs") or ""
    for _ in range(2):
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            text = html.unescape(text)
            continue
        if isinstance(value, str):
            text = value
            continue
        if isinstance(value, Mapping):
            del element.attrib["data-attrs"]
            return Payload(value, record_type, IGNORED_KEYS)
        break
    return Payload({}, record_type)


def _replace_player(node: Element, dropped: Counter[str]) -> None:
    attributes = _read_attributes(node, "player")
    upload_id = str(attributes.get("mediaUploadId") or "")
    media_type = "video" if has_class(node, "native-video-embed") else "audio"
    if upload_id and re.fullmatch(r"[\w-]+", upload_id):
        url = f"https://api.substack.com/api/v1/{media_type}/upload/{upload_id}/src"
        dropped["Substack player turned into a link"] += 1
        replace(node, make("p", "", make("a", str(attributes.get("label") or media_type.capitalize()), href=url)))
        count_unread(attributes, dropped)
    else:
        drop_all([node], "Substack player without a URL", dropped)


def _quote_tweet(node: Element, dropped: Counter[str]) -> None:
    attributes = _read_attributes(node, "post on X")
    text, url = str(attributes.get("full_text") or ""), str(attributes.get("url") or "")
    name, handle = str(attributes.get("name") or ""), str(attributes.get("username") or "")
    if not text and not url:
        unwrap(node)
        return
    author = f"{name} (@{handle})" if name and handle else name or handle or "Post on X"
    line = make("p", "— ")
    line.append(make("a", author, href=url) if url else make("span", author))
    quote = make("blockquote", "", make("p", html.unescape(text)), line)
    for photo in attributes.get("photos") or ():
        if isinstance(photo, Mapping) and photo.get("img_url"):
            quote.append(make("p", "", make("img", src=str(photo["img_url"]), alt="")))
    replace(node, quote)
    count_unread(attributes, dropped)


def _replace_embed(node: Element, dropped: Counter[str]) -> None:
    if node.getparent() is None:
        return
    if has_class(node, "pullquote"):
        node.tag = "blockquote"
        return
    attributes = _read_attributes(node, f"embed {describe(node)}")
    if has_class(node, "latex-rendered"):
        formula = str(attributes.get("persistentExpression") or words(node))
        replace(node, make("pre", "", make("code", formula, class_="language-latex")))
        count_unread(attributes, dropped)
        return
    url = str(attributes.get("url") or attributes.get("targetUrl") or "")
    if has_class(node, "youtube-wrap", "vimeo-wrap") and attributes.get("videoId"):
        video = str(attributes["videoId"])
        url = (
            f"https://vimeo.com/{video}"
            if has_class(node, "vimeo-wrap")
            else f"https://www.youtube.com/watch?v={video}"
        )
        title = str(
            attributes.get("title") or ("Video on Vimeo" if has_class(node, "vimeo-wrap") else "Video on YouTube")
        )
    elif has_class(node, "instagram") and attributes.get("instagram_id"):
        url = f"https://www.instagram.com/p/{attributes['instagram_id']}/"
        title = str(attributes.get("title") or "Post on Instagram")
    else:
        title = str(
            attributes.get("title") or attributes.get("name") or attributes.get("filename") or words(node) or url
        )
    if not url:
        count_unread(attributes, dropped)
        return
    dropped["embed turned into a link"] += 1
    block = make("p", "", make("a", title, href=url))
    description = str(
        attributes.get("description") or attributes.get("truncated_body_text") or attributes.get("caption") or ""
    )
    replace(
        node,
        *([block, make("blockquote", "", make("p", description))] if description and description != title else [block]),
    )
    count_unread(attributes, dropped)


def _mark_footnotes(tree: Element) -> None:
    """Convert the anchors of Substack and the blocks at the end of the text to footnotes."""
    notes = find_class(tree, "footnote")
    labels: dict[str, str] = {}
    for position, note in enumerate(notes, 1):
        number = next((node for node in note.iter("a") if has_class(node, "footnote-number")), None)
        name = (number.get("id") if number is not None else note.get("id")) or f"footnote-{position}"
        labels[name] = str(position)
        content = next(iter(find_class(note, "footnote-content")), note)
        if number is not None:
            remove(number)
        replace(note, make_note(str(position), *list(content), text=content.text or ""))
    for link in find_class(tree, "footnote-anchor", tag="a"):
        label = labels.get((link.get("href") or "").removeprefix("#"))
        if label:
            replace(link, make_reference(label))
