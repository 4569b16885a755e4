"""Converts the built-in shortcodes of WordPress and those of page builders to HTML, and counts those of plugins."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from html import escape

from sitegen.formats.delimiters import find_closed, remove_code

_LAYOUT = (
    "vc_(?:section|row|row_inner|column|column_inner|column_text|empty_space)"
    "|et_pb_(?:section|row|row_inner|column|column_inner|text|divider)"
    "|fusion_(?:builder_(?:container|row|row_inner|column|column_inner)|text)|av_(?:section|textblock)"
)
"""The shortcodes of page builders (WPBakery, Divi, Avada, Enfold) around text: their content is all that they show."""

_NAMES = (
    "caption|wp_caption|gallery|embed|youtube|vimeo|audio|video|playlist|code|sourcecode|highlight|source|more"
    f"|vc_single_image|et_pb_image|{_LAYOUT}"
)
_SHORTCODE = re.compile(rf"(?P<lead>\[?)\[(?P<name>{_NAMES})(?P<attributes>\s[^\]]*+|=[^\]]*+|)(?:\]|(?P<unclosed>\Z))")
_PAIRED = ("caption", "wp_caption", "embed", "code", "sourcecode", "highlight", "source")
_CLOSABLE = ("audio", "video", "youtube", "vimeo")
_ATTRIBUTE = re.compile(
    r"""(?<![\w-])([\w-]++)\s*+=\s*+(?:"([^"]*)"|'([^']*)'|([^\s"'\]]+))|(?:^|\s)(https?://[^\s\]]+)"""
)
_OTHER_SHORTCODE = re.compile(
    r"\[(?P<name>[a-z][a-z0-9_-]{2,40})"
    r"(?:(?P<attributes>\s++[\w-]++\s*+=\s*+[\"'“”][^\]]*+)(?:\]|(?P<unclosed>\Z))|\s*+/?\])"
)
_IS_LAYOUT = re.compile(_LAYOUT).fullmatch
_CLOSING_LAYOUT = re.compile(rf"\[/(?:vc_single_image|et_pb_image|{_LAYOUT})\]")
_CLOSING_TAG = re.compile(r"\[/([a-z][a-z0-9_-]{2,40})\]")


def write_shortcodes(text: str, attachments: Mapping[str, str], unknown: Counter[str], dropped: Counter[str]) -> str:
    """Replace the shortcodes for captions, galleries, embeds, players and code with HTML, and those of layout with "".

    `attachments` maps ids of the media library to URLs. Other shortcodes stay as text and are counted by name in
    `unknown`, if they have attributes or a closing tag. `dropped` counts layout, and images that are not in the export.
    """
    if "[" not in text:
        return text
    written: list[str] = []
    at = 0
    unclosed: set[str] = set()
    while (match := _SHORTCODE.search(text, at)) and match["unclosed"] is None:
        name, end = match["name"], match.end()
        closing = -1
        if name not in unclosed and (name in _PAIRED or name in _CLOSABLE):
            closing = text.find(f"[/{name}]", end)
            if closing < 0:
                unclosed.add(name)
        inner = text[end:closing] if closing >= 0 else None
        after = end if inner is None else closing + len(name) + 3
        if match["lead"] and text.startswith("]", after):
            # Double brackets are an escaped shortcode.
            written += [text[at : match.start()], text[match.start() + 1 : after]]
            after += 1
        elif inner is None and name in _PAIRED:
            written.append(text[at:after])
        else:
            written += [text[at : match.start()], match["lead"]]
            attributes = _attributes(match["attributes"])
            written.append(_CONVERTERS.get(name, _break)(attributes, inner or "", attachments))
            dropped.update(_describe_loss(name, attributes, attachments))
        at = after
    text = "".join(written) + text[at:]
    if "[/" in text:
        text = _CLOSING_LAYOUT.sub("\n\n", text)
    closed = set(_CLOSING_TAG.findall(text))
    for match in find_closed(_OTHER_SHORTCODE, remove_code(text)):
        if match["attributes"] or match["name"] in closed:
            unknown[match["name"]] += 1
    return text


def _describe_loss(name: str, attributes: Mapping[str, str], attachments: Mapping[str, str]) -> Iterator[str]:
    """Yield what the HTML of a shortcode does not have, by category."""
    if _IS_LAYOUT(name):
        yield f"layout [{name}]"
    elif name in ("gallery", "playlist"):
        ids = _ids(attributes)
        yield from (f"file of a [{name}] that the export does not contain" for one in ids if one not in attachments)
        if not ids:
            yield f"[{name}] of all files that belong to the post"
    elif name == "vc_single_image" and attributes.get("image") not in attachments:
        yield f"file of a [{name}] that the export does not contain"


def _ids(attributes: Mapping[str, str]) -> list[str]:
    return re.findall(r"\d+", attributes.get("ids", "") or attributes.get("include", ""))


def _attributes(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    text = text.replace("“", '"').replace("”", '"').replace("&quot;", '"')
    for match in _ATTRIBUTE.finditer(text.lstrip("=")):
        if match[5]:
            found.setdefault("url", match[5])
        else:
            found.setdefault(match[1].lower(), match[2] or match[3] or match[4] or "")
    if text.startswith("="):
        found["url"] = text[1:].strip(" \"'")
    return found


def _caption(attributes: Mapping[str, str], inner: str, _: Mapping[str, str]) -> str:
    match = re.match(r"\s*((?:<a\b[^>]*>\s*)?<img\b[^>]*>(?:\s*</a>)?)(.*)", inner, re.DOTALL | re.IGNORECASE)
    image, words = (match[1], match[2]) if match else (inner, "")
    text = words.strip() or escape(attributes.get("caption", ""), quote=False)
    return f"\n\n<figure>{image}<figcaption>{text}</figcaption></figure>\n\n" if text else f"\n\n{image}\n\n"


def _gallery(attributes: Mapping[str, str], _: str, attachments: Mapping[str, str]) -> str:
    found = [attachments[number] for number in _ids(attributes) if number in attachments]
    images = [f'<p><img src="{escape(url)}" alt=""></p>' for url in found]
    return "\n\n" + "\n".join(images) + "\n\n"


def _image(attributes: Mapping[str, str], _: str, attachments: Mapping[str, str]) -> str:
    url = attributes.get("src") or attachments.get(attributes.get("image", ""), "")
    return f'\n\n<p><img src="{escape(url)}" alt="{escape(attributes.get("alt", ""))}"></p>\n\n' if url else ""


def _break(_: Mapping[str, str], __: str, ___: Mapping[str, str]) -> str:
    return "\n\n"


def _embed(attributes: Mapping[str, str], inner: str, _: Mapping[str, str]) -> str:
    url = inner.strip() or attributes.get("url") or attributes.get("src", "")
    return _link(url, url)


def _media(attributes: Mapping[str, str], inner: str, _: Mapping[str, str]) -> str:
    names = ("src", "mp4", "m4v", "webm", "ogv", "mp3", "m4a", "ogg", "wav", "url")
    url = next((attributes[name] for name in names if attributes.get(name)), "")
    return _link(url, url.rsplit("/", 1)[-1]) + inner


def _vimeo(attributes: Mapping[str, str], inner: str, _: Mapping[str, str]) -> str:
    url = attributes.get("url") or inner.strip() or f"https://vimeo.com/{attributes.get('id', '')}"
    return _link(url, "Video on Vimeo")


def _youtube(attributes: Mapping[str, str], inner: str, _: Mapping[str, str]) -> str:
    url = (attributes.get("url") or inner.strip() or attributes.get("id", "")).replace("&amp;", "&")
    if url and not url.startswith("http"):
        url = f"https://www.youtube.com/watch?v={url}"
    return _link(url, "Video on YouTube")


def _code(attributes: Mapping[str, str], inner: str, _: Mapping[str, str]) -> str:
    language = attributes.get("language") or attributes.get("lang") or attributes.get("url", "")
    name = f' class="language-{escape(language)}"' if re.fullmatch(r"[\w+#.-]{1,30}", language) else ""
    text = inner.strip("\r\n") if re.search(r"&(?:lt|gt|amp);", inner) else escape(inner.strip("\r\n"), quote=False)
    return f"\n\n<pre><code{name}>{text}</code></pre>\n\n"


def _remove(_: Mapping[str, str], __: str, ___: Mapping[str, str]) -> str:
    return ""


def _link(url: str, words: str) -> str:
    return f'\n\n<p><a href="{escape(url)}">{escape(words, quote=False)}</a></p>\n\n' if url.startswith("http") else ""


_CONVERTERS: Mapping[str, Callable[[Mapping[str, str], str, Mapping[str, str]], str]] = {
    "caption": _caption,
    "wp_caption": _caption,
    "gallery": _gallery,
    "embed": _embed,
    "youtube": _youtube,
    "vimeo": _vimeo,
    "audio": _media,
    "video": _media,
    "playlist": _gallery,
    "code": _code,
    "sourcecode": _code,
    "highlight": _code,
    "source": _code,
    "more": _remove,
    "vc_single_image": _image,
    "et_pb_image": _image,
}
