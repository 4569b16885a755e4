"""Finds where the links, images and files of a Markdown text lead, by a CommonMark parser, and changes it."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape, unescape
from typing import Any, Literal

from sitegen.importers.spans import write_url

Role = Literal["link", "image", "media"]
Form = Literal["destination", "autolink", "attribute"]

_TAG = re.compile(
    rb"<!--(?:[^-]|-(?!->))*+(?:-->|\Z)"
    rb"|<(?P<name>a|area|img|source|video|audio|iframe|embed|object|track)(?=[\s/>])"
    rb"(?P<attributes>(?:[^<>\"']|\"[^\"]*\"|'[^']*')*+)>",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(
    rb"(?<=\s)(?P<name>href|src|poster|data)\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s\"'<>]+))",
    re.IGNORECASE,
)
_DESTINATION = re.compile(rb"(?:\s|^[ \t]*>)*+(?:<(?P<angle>[^<>\n]*)>|(?P<bare>[^\s<]\S*))?", re.MULTILINE)
_LABEL_END = re.compile(rb"\]:")
_INLINE = re.compile(rb"(?P<image>!?)\[[^\[\]]{0,400}\]\((?P<url>[^\s()<>]+)(?:[ \t]+(?:\"[^\"\n]*\"|'[^'\n]*'))?\)")
_ROLES: Mapping[tuple[str, str], Role] = {
    ("img", "src"): "image",
    ("video", "poster"): "image",
    ("a", "href"): "link",
    ("area", "href"): "link",
}


@dataclass(frozen=True, slots=True)
class Target:
    """Where a link or image of a text leads: the bytes that are written there, and what they mean.

    `start` and `end` are offsets in the UTF-8 text; `url` is without escapes and entities. `role` is "image"
    for what is shown in the page, "media" for what is played or framed, and "link" for the rest.
    """

    start: int
    end: int
    url: str
    role: Role
    form: Form = "destination"


Change = Callable[[Target], str | None]
"""Takes a target, and returns the URL that it gets; None leaves it as it is."""


def find_targets(text: str) -> list[Target]:
    """Return each target of a Markdown text outside of code, in the order in which they are written.

    Inline links and images, definitions of reference links (also in quotes, also with code in their labels),
    autolinks, and the attributes `href`, `src`, `poster` and `data` of raw HTML.
    """
    return _find(text.encode("utf-8", "replace"))


def change_targets(text: str, change: Change) -> str:
    """Return Markdown in which each target leads where `change` says."""
    data = text.encode("utf-8", "replace")
    parts: list[bytes] = []
    place = 0
    for target in _find(data):
        url = change(target)
        if url is None or url == target.url:
            continue
        parts += [data[place : target.start], _write(target, url, data).encode("utf-8", "replace")]
        place = target.end
    return b"".join((*parts, data[place:])).decode() if parts else text


def change_links(text: str, change: Callable[[str], str | None]) -> str:
    """Return Markdown in which each target leads where `change` says of its URL alone."""
    return change_targets(text, lambda target: change(target.url))


def _write(target: Target, url: str, data: bytes) -> str:
    written = data[target.start : target.end]
    if target.form == "attribute":
        quoted = data[target.start - 1 : target.start] in (b'"', b"'")
        return escape(url) if quoted else f'"{escape(url)}"'
    if target.form == "autolink":
        return f"[{written[1:-1].decode()}]({write_url(url)})"
    if written.startswith(b"<") and " " in url and not any(mark in url for mark in "<>\n"):
        return f"<{url}>"
    return write_url(url) or "<>"


def _find(data: bytes) -> list[Target]:
    text = data.decode()
    if not any(mark in text for mark in ("](", "]:", "<")):
        return []
    parser = _parser()
    found: list[Target] = []
    roles: dict[str, Role] = {}
    open_links: list[tuple[Mapping[str, str], Role, int]] = []
    last = 0
    html: int | None = None
    items = 0
    for event, span in parser.events_with_range(text):
        if isinstance(event, str):
            last = span["end"]
            continue
        ((kind, value),) = event.items()
        if kind == "Start" and isinstance(value, dict) and ("Link" in value or "Image" in value):
            name = "Link" if "Link" in value else "Image"
            open_links.append((value[name], "link" if name == "Link" else "image", span["start"]))
            last = span["start"] + (2 if name == "Image" else 1)
        elif kind == "End" and value in ("Link", "Image") and open_links:
            link, role, start = open_links.pop()
            found += _inline(data, link, role, start, last, span["end"], roles)
            last = span["end"]
        elif kind == "Start" and value == "HtmlBlock":
            html = span["start"]
        elif kind == "End" and value == "HtmlBlock" and html is not None:
            # Python-Markdown and kramdown end a block of HTML earlier than CommonMark does.
            found += _in_html(data, html, span["end"], by_pattern=True)
            html = None
        elif value == "Item":
            items += 1 if kind == "Start" else -1
        elif kind == "Start" and isinstance(value, dict) and value.get("CodeBlock") == "Indented" and items:
            # What is indented by six columns in a list is code to CommonMark, and a paragraph to the others.
            found += _by_pattern(data, span["start"], span["end"])
        elif kind == "InlineHtml":
            found += _in_html(data, span["start"], span["end"], by_pattern=False)
            last = span["end"]
        elif kind != "Start":
            last = span["end"]
    for label, definition in parser.reference_definitions(text).items():
        found += _definition(data, label, definition, roles)
    found.sort(key=lambda target: target.start)
    return found


def _inline(
    data: bytes, link: Mapping[str, str], role: Role, start: int, last: int, end: int, roles: dict[str, Role]
) -> Iterator[Target]:
    """Yield the target of a link or an image whose text ends at `last`; note what a reference is used for."""
    kind, url = link["link_type"], link["dest_url"]
    if kind in ("Autolink", "Email"):
        if kind == "Autolink":
            yield Target(start, end, url, role, "autolink")
        return
    if kind != "Inline":
        label = link["id"].casefold()
        roles[label] = "image" if role == "image" else roles.get(label, role)
        return
    opening = data.find(b"](", last, end)
    match = _DESTINATION.match(data, opening + 2, end) if opening >= 0 else None
    if match is None or not url:
        return
    if match["angle"] is not None:
        yield Target(match.start("angle") - 1, match.end("angle") + 1, url, role)
    elif match["bare"]:
        yield Target(match.start("bare"), _end_of_bare(data, match.start("bare"), match.end("bare")), url, role)


def _end_of_bare(data: bytes, start: int, end: int) -> int:
    """Return where a destination without brackets ends: at the parenthesis that closes the link, or at a blank."""
    depth, place = 0, start
    while place < end:
        byte = data[place]
        if byte == 0x5C:
            place += 1
        elif byte == 0x28:
            depth += 1
        elif byte == 0x29:
            if not depth:
                return place
            depth -= 1
        place += 1
    return min(place, end)


def _definition(data: bytes, label: str, definition: Mapping[str, Any], roles: Mapping[str, Role]) -> Iterator[Target]:
    span = definition["span"]
    start, end = span["start"], span["end"]
    opening = _LABEL_END.search(data, start + 1 + len(label.encode("utf-8", "replace")), end)
    match = _DESTINATION.match(data, opening.end(), end) if opening else None
    if match is None or not definition["dest"]:
        return
    role = roles.get(label.casefold(), "link")
    if match["angle"] is not None:
        yield Target(match.start("angle") - 1, match.end("angle") + 1, definition["dest"], role)
    elif match["bare"]:
        yield Target(match.start("bare"), match.end("bare"), definition["dest"], role)


def _by_pattern(data: bytes, start: int, end: int) -> Iterator[Target]:
    """Yield the inline links and images of a part of a text that CommonMark does not read as Markdown."""
    for match in _INLINE.finditer(data, start, end):
        role: Role = "image" if match["image"] else "link"
        yield Target(match.start("url"), match.end("url"), unescape(match["url"].decode("utf-8", "replace")), role)


def _in_html(data: bytes, start: int, end: int, *, by_pattern: bool) -> Iterator[Target]:
    """Yield the targets of the tags in some HTML and, `by_pattern`, of the Markdown between them."""
    place = start
    for tag in _TAG.finditer(data, start, end):
        if by_pattern:
            yield from _by_pattern(data, place, tag.start())
            place = tag.end()
        for match in _ATTRIBUTE.finditer(data, tag.start("attributes"), tag.end("attributes")) if tag["name"] else ():
            group = next(group for group in ("double", "single", "bare") if match[group] is not None)
            url = unescape(match[group].decode("utf-8", "replace")).strip()
            names = tag["name"].decode().lower(), match["name"].decode().lower()
            if url:
                yield Target(match.start(group), match.end(group), url, _ROLES.get(names, "media"), "attribute")
    if by_pattern:
        yield from _by_pattern(data, place, end)


@lru_cache(maxsize=1)
def _parser() -> Any:
    from pyromark import Markdown, Options  # noqa: PLC0415 - only imports that bring Markdown need it

    return Markdown(options=Options.ENABLE_TABLES | Options.ENABLE_FOOTNOTES | Options.ENABLE_STRIKETHROUGH)
