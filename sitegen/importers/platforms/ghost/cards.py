"""Converts the cards of Ghost's editors to HTML."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache
from html import escape
from typing import Any

from sitegen.formats.delimiters import remove_tags, replace_closed
from sitegen.importers.archive.payload import Payload, count_unread
from sitegen.markdown.engines.commonmark import make_converter

_PARAGRAPH_TAG = re.compile(r"</?p\b[^>]*+(?:>|(?P<unclosed>\Z))")
SETTINGS = frozenset((
    "accentColor", "alignment", "backgroundColor", "backgroundImageHeight", "backgroundImageSize",
    "backgroundImageWidth", "backgroundSize", "backgroundImageStyle", "buttonColor", "buttonTextColor", "cardWidth",
    "duration", "embedType", "fileSize", "height", "imageHeight", "imageWidth", "layout", "loop", "mimeType", "row",
    "size", "style", "swapped", "textColor", "thumbnailHeight", "thumbnailWidth", "type", "version", "width",
    "productImageHeight", "productImageWidth", "productRatingEnabled", "productStarRating", "productButtonEnabled",
    "buttonEnabled", "showButton", "hasSponsorLabel", "indent", "direction", "format", "fileName", "thumbnailSrc",
    "customThumbnailSrc", "customThumbnailWidth", "customThumbnailHeight", "icon", "thumbnail", "author", "publisher",
    "linkColor", "sponsorLabel", "showDividers", "visibility", "codeWrap", "hasBackground", "isCoverHeader",
))  # fmt: skip
"""Keys for the appearance of a card."""

BOILERPLATE_CARDS = {
    "signup": "subscribe or share button",
    "email-cta": "text for e-mail readers only",
    "email": "text for e-mail readers only",
    "paywall": "paywall mark",
}


def write_card(card_type: str, values: Mapping[str, Any], dropped: Counter[str]) -> str:
    """Return a card as HTML; count an unknown type, and each key with content that is not in the HTML."""
    name = card_type.removeprefix("card-")
    if name in BOILERPLATE_CARDS:
        dropped[BOILERPLATE_CARDS[name]] += 1
        return ""
    writer = _WRITERS.get(name)
    card = Payload(values, f"Ghost's {name[:40]} card", SETTINGS)
    if writer is None:
        dropped[card.record_type] += 1
    html = writer(card) if writer is not None else ""
    count_unread(card, dropped)
    return html


def _text(card: Mapping[str, Any], *names: str) -> str:
    """Return the first of these values that is a string with text, which may be HTML or plain text."""
    values = [card.get(name) for name in names]
    return next((value for value in values if isinstance(value, str) and value.strip()), "")


def _paragraph(html: str) -> str:
    return html if not html or re.match(r"\s*<(?:p|ul|ol|h\d|blockquote|div)\b", html) else f"<p>{html}</p>"


def _link(url: str, html: str) -> str:
    return f'<p><a href="{escape(url)}">{html or escape(url)}</a></p>' if url else ""


def _image(source: str, alt: str = "", title: str = "", href: str = "") -> str:
    if not source:
        return ""
    named = f' title="{escape(title)}"' if title else ""
    html = f'<img src="{escape(source)}" alt="{escape(alt)}"{named}>'
    return f'<a href="{escape(href)}">{html}</a>' if href else html


def _figure(inner: str, caption: str) -> str:
    if not inner:
        return ""
    return f"<figure>{inner}<figcaption>{caption}</figcaption></figure>" if caption else f"<p>{inner}</p>"


def _image_card(card: Payload) -> str:
    image = _image(_text(card, "src"), _text(card, "alt"), _text(card, "title"), _text(card, "href"))
    return _figure(image, _text(card, "caption"))


def _gallery(card: Payload) -> str:
    images = card.get("images")
    html = [
        _image(_text(image, "src"), _text(image, "alt"), _text(image, "title"), _text(image, "href"))
        for image in (images if isinstance(images, list) else ())
        if isinstance(image, Payload)
    ]
    caption = _text(card, "caption")
    return _figure("".join(html), caption) if caption else "".join(f"<p>{image}</p>" for image in html if image)


def _code(card: Payload) -> str:
    language = _text(card, "language")
    name = f' class="language-{escape(language)}"' if re.fullmatch(r"[\w+#.-]{1,30}", language) else ""
    caption = _text(card, "caption")
    code = f"<pre><code{name}>{escape(_text(card, 'code'), quote=False)}</code></pre>"
    return code + (f"<p>{caption}</p>" if caption else "")


@cache
def _converter() -> Callable[[str], str]:
    return make_converter(smart=False)


def _markdown(card: Payload) -> str:
    return _converter()(_text(card, "markdown"))


def _bookmark(card: Payload) -> str:
    metadata = card.get("metadata")
    details: Mapping[str, Any] = metadata if isinstance(metadata, Payload) else card
    url = _text(card, "url") or _text(details, "url")
    description, caption = _text(details, "description"), _text(card, "caption")
    html = _link(url, escape(_text(details, "title"), quote=False))
    html += f"<blockquote><p>{escape(description, quote=False)}</p></blockquote>" if description else ""
    return html + (f"<p>{caption}</p>" if caption else "")


def _embed(card: Payload) -> str:
    metadata = card.get("metadata")
    title = _text(metadata, "title") if isinstance(metadata, Payload) else ""
    url, html, caption = _text(card, "url"), _text(card, "html"), _text(card, "caption")
    shown = _link(url, escape(title, quote=False)) if url else html
    return shown + (f"<p>{caption}</p>" if caption else "")


def _callout(card: Payload) -> str:
    emoji, text = _text(card, "calloutEmoji"), _text(card, "calloutText")
    bare = re.sub(r"\A\s*<p>(.*?)</p>", r"\1", text, count=1, flags=re.DOTALL)
    return f"<blockquote><p>{escape(emoji)} {bare}</p></blockquote>" if bare.strip() or emoji else ""


def _toggle(card: Payload) -> str:
    heading = replace_closed(_PARAGRAPH_TAG, "", _text(card, "heading"))
    return f"<details><summary>{heading}</summary>{_paragraph(_text(card, 'content'))}</details>"


def _button(card: Payload) -> str:
    return _link(_text(card, "buttonUrl"), escape(_text(card, "buttonText"), quote=False))


def _file(card: Payload) -> str:
    caption = _text(card, "fileCaption")
    name = _text(card, "fileTitle") or str(card.get("fileName") or "")
    return _link(_text(card, "src"), escape(name, quote=False)) + (f"<p>{caption}</p>" if caption else "")


def _audio(card: Payload) -> str:
    return _link(_text(card, "src"), escape(_text(card, "title"), quote=False) or "Audio")


def _video(card: Payload) -> str:
    caption = _text(card, "caption")
    name = str(card.get("fileName") or "Video")
    return _link(_text(card, "src"), escape(name, quote=False)) + (f"<p>{caption}</p>" if caption else "")


def _header(card: Payload) -> str:
    heading, subheading = _text(card, "heading", "header"), _text(card, "subheading", "subheader")
    html = f"<h2>{heading}</h2>" if heading else ""
    html += _paragraph(subheading) + _figure(_image(_text(card, "backgroundImageSrc")), "")
    return html + _button(card)


def _product(card: Payload) -> str:
    title, details = _text(card, "productTitle"), _text(card, "productDescription")
    html = _figure(_image(_text(card, "productImageSrc"), remove_tags(title)), "")
    html += (f"<p><strong>{title}</strong></p>" if title else "") + _paragraph(details)
    return html + _link(_text(card, "productUrl"), escape(_text(card, "productButton"), quote=False))


def _call_to_action(card: Payload) -> str:
    return _figure(_image(_text(card, "imageUrl")), "") + _paragraph(_text(card, "textValue")) + _button(card)


_WRITERS: Mapping[str, Callable[[Payload], str]] = {
    "image": _image_card,
    "gallery": _gallery,
    "codeblock": _code,
    "code": _code,
    "markdown": _markdown,
    "html": lambda card: _text(card, "html"),
    "hr": lambda card: "<hr>",  # noqa: ARG005 - a rule has no values
    "horizontalrule": lambda card: "<hr>",  # noqa: ARG005 - a rule has no values
    "bookmark": _bookmark,
    "embed": _embed,
    "callout": _callout,
    "toggle": _toggle,
    "button": _button,
    "file": _file,
    "audio": _audio,
    "video": _video,
    "header": _header,
    "product": _product,
    "call-to-action": _call_to_action,
}
