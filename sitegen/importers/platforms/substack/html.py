"""Substack's own elements: boilerplate taken out, embeds and footnotes made plain."""

import html
import json
import re
from collections import Counter
from collections.abc import Mapping
from urllib.parse import unquote

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

FETCHED = re.compile(r"https?://(?:cdn\.)?substackcdn\.com/image/fetch/[^/]*/(?P<url>https?(?:%3A|:).+)", re.IGNORECASE)
FURNITURE = {
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
BUTTONS = ("captioned-button-wrap", "button-wrapper")
OWN_ADDRESS = re.compile(r"%%\w+%%|/subscribe(?:[/?#]|$)|[?&]action=share(?:&|$)", re.IGNORECASE)
"""Where the buttons lead that Substack's editor offers; all other buttons are the author's own."""

SETTINGS = frozenset((
    "align", "belowTheFold", "bytes", "fullscreen", "height", "id", "imageSize", "internalRedirect", "isProcessing",
    "isEditor", "offset", "resizeWidth", "showLink", "size", "srcNoWatermark", "staticGalleryImage", "topImage",
    "type", "width", "className", "class", "hideChapters", "isUploading", "profile_image_url", "source", "theme",
))  # fmt: skip
"""Keys that say how Substack shows an element, or repeat what another key holds."""

EMBEDS = (
    "embedded-post-wrap", "embedded-publication-wrap", "instagram", "youtube-wrap", "vimeo-wrap", "soundcloud-wrap",
    "spotify-wrap", "apple-podcast-container", "tiktok-wrap", "file-embed-wrapper", "bluesky-wrap", "comment",
    "github-gist", "datawrapper-wrap", "pullquote", "latex-rendered",
)  # fmt: skip


def clean(tree: Element, dropped: Counter[str]) -> None:
    """Take Substack's boilerplate out, and make its own elements plain ones."""
    _mark_footnotes(tree)
    for button in find_class(tree, *BUTTONS):
        _settle_button(button, dropped)
    drop_classes(tree, FURNITURE, dropped)
    for gallery in find_class(tree, "image-gallery-embed"):
        _settle_gallery(gallery, dropped)
    for image in list(tree.iter("img")):
        _settle_image(image, dropped)
    for node in find_class(tree, "native-video-embed", "native-audio-embed"):
        _link_native(node, dropped)
    for node in find_class(tree, "tweet", "twitter-embed"):
        _quote_tweet(node, dropped)
    for node in find_class(tree, *EMBEDS):
        _settle_embed(node, dropped)
    for node in [node for node in tree.iter() if node.get("data-attrs") and is_empty(node)]:
        _settle_embed(node, dropped)  # one that Substack has introduced since
    for link in find_class(tree, "image-link", "image-link-expand", tag="a"):
        unwrap(link)
    drop_all((node for node in find_class(tree, "header-anchor-widget") if is_empty(node)), "heading's anchor", dropped)


def original_image(url: str) -> str:
    """Return the URL of an image itself, out of the one of Substack's resizing server."""
    match = FETCHED.match(url)
    if match is None:
        return url
    inner = match["url"]
    return unquote(inner) if "%3A" in inner[:10].upper() else inner


def _settle_button(wrapper: Element, dropped: Counter[str]) -> None:
    """Make a link of the author's own button, with its caption; drop one that Substack's editor offers."""
    link = next(wrapper.iter("a"), None)
    if link is None or wrapper.getparent() is None:
        drop_all([wrapper], "subscribe or share button", dropped)
        return
    holder = next(iter(find_class(wrapper, "button-wrapper")), wrapper)
    facts = _facts(holder, "button")
    url, text = str(facts.get("url") or "") or link.get("href") or "", str(facts.get("text") or "") or words(link)
    if not url or OWN_ADDRESS.search(url):
        drop_all([wrapper], "subscribe or share button", dropped)
        return
    caption = " ".join(words(node) for node in find_class(wrapper, "cta-caption"))
    block = make("p", "", make("a", text or url, href=url))
    replace(wrapper, *([make("p", caption), block] if caption else [block]))
    count_unread(facts, dropped)


def _settle_gallery(node: Element, dropped: Counter[str]) -> None:
    """Show the images of a gallery one below the other, with the gallery's caption."""
    facts = _facts(node, "gallery")
    gallery = facts.get("gallery")
    gallery = gallery if isinstance(gallery, Mapping) else facts
    found = gallery.get("images")
    images = [
        make("img", src=original_image(str(image["src"])), alt=str(image.get("alt") or ""))
        for image in (found if isinstance(found, list) else ())
        if isinstance(image, Mapping) and image.get("src")
    ]
    if images:
        caption = str(gallery.get("caption") or "")
        figure = make("figure", "", *images, *([make("figcaption", caption)] if caption else []))
        replace(node, *([figure] if caption else [make("p", "", image) for image in images]))
    count_unread(facts, dropped)


def _settle_image(image: Element, dropped: Counter[str]) -> None:
    facts = _facts(image, "image")
    image.set("src", original_image(str(facts.get("src") or image.get("src") or "")))
    if facts.get("alt") and not image.get("alt"):
        image.set("alt", str(facts["alt"]))
    image.attrib.pop("title", "")
    title = str(facts.get("title") or "")
    if title and title != image.get("alt"):
        image.set("title", title)
    for name in ("width", "height"):
        image.attrib.pop(name, "")
    linked = any(node.tag == "a" and not has_class(node, "image-link") for node in image.iterancestors())
    target = str(facts.get("href") or "")
    count_unread(facts, dropped)
    if target and not linked:
        around = make("a", href=target)
        replace(image, around)
        around.append(image)


def _facts(element: Element, kind: str) -> Payload:
    """Take the JSON out of `data-attrs`, which embedded posts encode twice; empty where there is none."""
    kind = f"Substack's {kind}"
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
            return Payload(value, kind, SETTINGS)
        break
    return Payload({}, kind)


def _link_native(node: Element, dropped: Counter[str]) -> None:
    facts = _facts(node, "player")
    identity = str(facts.get("mediaUploadId") or "")
    kind = "video" if has_class(node, "native-video-embed") else "audio"
    if identity and re.fullmatch(r"[\w-]+", identity):
        url = f"https://api.substack.com/api/v1/{kind}/upload/{identity}/src"
        dropped["Substack player turned into a link"] += 1
        replace(node, make("p", "", make("a", str(facts.get("label") or kind.capitalize()), href=url)))
        count_unread(facts, dropped)
    else:
        drop_all([node], "Substack player without an address", dropped)


def _quote_tweet(node: Element, dropped: Counter[str]) -> None:
    facts = _facts(node, "post on X")
    text, url = str(facts.get("full_text") or ""), str(facts.get("url") or "")
    name, handle = str(facts.get("name") or ""), str(facts.get("username") or "")
    if not text and not url:
        unwrap(node)
        return
    who = f"{name} (@{handle})" if name and handle else name or handle or "Post on X"
    line = make("p", "— ")
    line.append(make("a", who, href=url) if url else make("span", who))
    quote = make("blockquote", "", make("p", html.unescape(text)), line)
    for photo in facts.get("photos") or ():
        if isinstance(photo, Mapping) and photo.get("img_url"):
            quote.append(make("p", "", make("img", src=str(photo["img_url"]), alt="")))
    replace(node, quote)
    count_unread(facts, dropped)


def _settle_embed(node: Element, dropped: Counter[str]) -> None:
    if node.getparent() is None:
        return
    if has_class(node, "pullquote"):
        node.tag = "blockquote"
        return
    facts = _facts(node, f"embed {describe(node)}")
    if has_class(node, "latex-rendered"):
        formula = str(facts.get("persistentExpression") or words(node))
        replace(node, make("pre", "", make("code", formula, class_="language-latex")))
        count_unread(facts, dropped)
        return
    url = str(facts.get("url") or facts.get("targetUrl") or "")
    if has_class(node, "youtube-wrap", "vimeo-wrap") and facts.get("videoId"):
        video = str(facts["videoId"])
        url = (
            f"https://vimeo.com/{video}"
            if has_class(node, "vimeo-wrap")
            else f"https://www.youtube.com/watch?v={video}"
        )
        title = str(facts.get("title") or ("Video on Vimeo" if has_class(node, "vimeo-wrap") else "Video on YouTube"))
    elif has_class(node, "instagram") and facts.get("instagram_id"):
        url = f"https://www.instagram.com/p/{facts['instagram_id']}/"
        title = str(facts.get("title") or "Post on Instagram")
    else:
        title = str(facts.get("title") or facts.get("name") or facts.get("filename") or words(node) or url)
    if not url:
        count_unread(facts, dropped)
        return
    dropped["embed turned into a link"] += 1
    block = make("p", "", make("a", title, href=url))
    detail = str(facts.get("description") or facts.get("truncated_body_text") or facts.get("caption") or "")
    replace(node, *([block, make("blockquote", "", make("p", detail))] if detail and detail != title else [block]))
    count_unread(facts, dropped)


def _mark_footnotes(tree: Element) -> None:
    """Make footnotes of Substack's anchors and of the blocks at the text's end."""
    notes = find_class(tree, "footnote")
    labels: dict[str, str] = {}
    for place, note in enumerate(notes, 1):
        number = next((node for node in note.iter("a") if has_class(node, "footnote-number")), None)
        name = (number.get("id") if number is not None else note.get("id")) or f"footnote-{place}"
        labels[name] = str(place)
        content = next(iter(find_class(note, "footnote-content")), note)
        if number is not None:
            remove(number)
        replace(note, make_note(str(place), *list(content), text=content.text or ""))
    for link in find_class(tree, "footnote-anchor", tag="a"):
        label = labels.get((link.get("href") or "").removeprefix("#"))
        if label:
            replace(link, make_reference(label))
