"""Converts the built-in shortcodes of WordPress to HTML, and counts the shortcodes of plugins."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from html import escape

from sitegen.formats.delimiters import find_closed, remove_code

_NAMES = "caption|wp_caption|gallery|embed|youtube|vimeo|audio|video|playlist|code|sourcecode|highlight|source|more"
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
_CLOSING_TAG = re.compile(r"\[/([a-z][a-z0-9_-]{2,40})\]")


def write_shortcodes(text: str, attachments: Mapping[str, str], unknown: Counter[str]) -> str:
    """Replace the shortcodes for captions, galleries, embeds, players and code with HTML.

    `attachments` maps ids of the media library to URLs. Other shortcodes stay as text and are counted by name in
    `unknown`, if they have attributes or a closing tag.
    """
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
            written.append(_CONVERTERS[name](_attributes(match["attributes"]), inner or "", attachments))
        at = after
    text = "".join(written) + text[at:]
    closed = set(_CLOSING_TAG.findall(text))
    for match in find_closed(_OTHER_SHORTCODE, remove_code(text)):
        if match["attributes"] or match["name"] in closed:
            unknown[match["name"]] += 1
    return text


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
    ids = re.findall(r"\d+", attributes.get("ids", "") or attributes.get("include", ""))
    images = [f'<p><img src="{escape(attachments[number])}" alt=""></p>' for number in ids if number in attachments]
    return "\n\n" + "\n".join(images) + "\n\n"


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
}
