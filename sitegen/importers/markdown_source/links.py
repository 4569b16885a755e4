"""Finds where the links, images and files of a Markdown text lead, by a CommonMark parser, and changes it."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape, unescape
from operator import attrgetter
from typing import Any, Literal, NamedTuple, cast

from sitegen.importers.convert.links_and_code import write_url
from sitegen.importers.markdown_source.spans import Spans

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
_DEFINITION = re.compile(
    rb"^ {0,3}\[(?!\^)(?P<label>[^\]\n]{1,200})\]:[ \t]*+(?P<url><[^<>\n]+>|[^\s<]\S*)[ \t]*+"
    rb"(?:(?:\"[^\"\n]*\"|'[^'\n]*'|\([^()\n]*\))[ \t]*+)?$",
    re.MULTILINE,
)
_MAY_LEAD = re.compile(r"\](?:\(|:)|<[A-Za-z]")
_INLINE = re.compile(rb"(?P<image>!?)\[[^\[\]]{0,400}\]\((?P<url>[^\s()<>]+)(?:[ \t]+(?:\"[^\"\n]*\"|'[^'\n]*'))?\)")
_ROLES: Mapping[tuple[str, str], Role] = {
    ("img", "src"): "image",
    ("video", "poster"): "image",
    ("a", "href"): "link",
    ("area", "href"): "link",
}


class Target(NamedTuple):
    """Where a link or image of a text leads: the bytes that are written there, and what they mean.

    `start` and `end` are offsets in the UTF-8 text; `url` is without escapes and entities. `role` is "image"
    for what is shown in the page, "media" for what is played or framed, and "link" for the rest.
    """

    start: int
    end: int
    url: str
    role: Role
    form: Form = "destination"


_START = attrgetter("start")

Change = Callable[[Target], str | None]
"""Takes a target, and returns the URL that it gets; None leaves it as it is."""


def find_targets(text: str) -> list[Target]:
    """Return each target of a Markdown text outside of code, in the order in which they are written.

    Inline links and images, definitions of reference links (also in quotes, also with code in their labels),
    autolinks, and the attributes `href`, `src`, `poster` and `data` of raw HTML.
    """
    return list(_find(text))


def change_targets(text: str, change: Change, targets: Sequence[Target] | None = None) -> str:
    """Return Markdown in which each target leads where `change` says; `targets` are those of the text, if known."""
    found = _find(text) if targets is None else targets
    changed = [(target, url) for target in found if (url := change(target)) is not None and url != target.url]
    if not changed:
        return text
    data = text.encode("utf-8", "replace")
    parts: list[bytes] = []
    place = 0
    for target, url in changed:
        parts += [data[place : target.start], _write(target, url, data).encode("utf-8", "replace")]
        place = target.end
    return b"".join((*parts, data[place:])).decode()


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


def _find(text: str) -> tuple[Target, ...]:
    return scan(text).targets if _MAY_LEAD.search(text) else ()


@dataclass(frozen=True, slots=True)
class MarkdownScan:
    """What a CommonMark parser finds in Markdown; spans are offsets in its UTF-8 bytes.

    `code` are the spans of code blocks and code spans, `html` those of blocks of HTML and of tags within lines.
    `headings` has the text of each heading.
    `has_loose_html` says that there is a `<` in text outside of code, or a tag within a heading or a link.
    """

    targets: tuple[Target, ...]
    code: tuple[tuple[int, int], ...]
    html: tuple[tuple[int, int], ...]
    headings: tuple[str, ...]
    has_loose_html: bool


@lru_cache(maxsize=4)
def scan(text: str) -> MarkdownScan:
    """Scan Markdown. The last results are cached, since most steps of an import do not change a document."""
    data = text.encode("utf-8", "replace")
    text = data.decode()
    finder = _Finder(data)
    enter, leave = finder.enter, finder.leave
    last = 0  # where the last part of a link's text ended
    parser = _parser()
    for event, span in parser.events_with_range(text):
        if event.__class__ is not str:
            if "Text" in event:
                if "<" in event["Text"] and not finder.in_code:
                    finder.has_loose_html = True
                if finder.heading is not None:
                    finder.heading.append(event["Text"])
            elif "Start" in event:
                last = enter(event["Start"], span, last)
                continue
            elif "End" in event:
                leave(event["End"], span["end"], last)
            elif "InlineHtml" in event:
                finder.take_tag(span["start"], span["end"])
            elif "Code" in event:
                finder.all_code.append((span["start"], span["end"]))
                if finder.heading is not None:
                    finder.heading.append(event["Code"])
        elif finder.heading is not None:
            finder.heading.append(" ")
        last = span["end"]
    if "]:" in text:
        _add_definitions(data, parser.reference_definitions(text), finder)
    finder.found.sort(key=_START)
    return MarkdownScan(
        tuple(finder.found),
        tuple(finder.all_code),
        tuple(finder.html),
        tuple(map("".join, finder.headings)),
        finder.has_loose_html,
    )


class _Finder:
    """Holds what was found so far in a document, and what the parser is within.

    `roles` says for what each reference is used; `code` are the spans of code blocks, without those that other engines
    read as paragraphs. `heading` are the parts of the heading that the parser is within.
    """

    __slots__ = (
        "_data",
        "_html",
        "_items",
        "_links",
        "all_code",
        "code",
        "found",
        "has_loose_html",
        "heading",
        "headings",
        "html",
        "in_code",
        "roles",
    )

    def __init__(self, data: bytes) -> None:
        self.found: list[Target] = []
        self.roles: dict[str, Role] = {}
        self.code: list[tuple[int, int]] = []
        self.all_code: list[tuple[int, int]] = []
        self.html: list[tuple[int, int]] = []
        self.headings: list[list[str]] = []
        self.heading: list[str] | None = None
        self.has_loose_html = False
        self.in_code = False
        self._data = data
        self._links: list[tuple[Mapping[str, str], Role, int]] = []
        self._html = 0
        self._items = 0

    def take_tag(self, start: int, end: int) -> None:
        """Take a tag or comment within a line."""
        self.html.append((start, end))
        self.has_loose_html = self.has_loose_html or bool(self._links) or self.heading is not None
        self.found += _in_html(self._data, start, end, by_pattern=False)

    def enter(self, value: Any, span: Mapping[str, int], last: int) -> int:
        """Enter an element; return where the last part of a link's text ended, which was `last`."""
        start = span["start"]
        if value.__class__ is not dict:
            if value == "HtmlBlock":
                self._html = start
                self.html.append((start, span["end"]))
            elif value == "Item":
                self._items += 1
        elif "Link" in value:
            self._links.append((value["Link"], "link", start))
            return start + 1
        elif "Image" in value:
            self._links.append((value["Image"], "image", start))
            return start + 2
        elif "Heading" in value:
            self.heading = []
            self.headings.append(self.heading)
        elif "CodeBlock" in value:
            self.in_code = True
            self.all_code.append((start, span["end"]))
            if self._items and value["CodeBlock"] == "Indented":
                # What is indented by six columns in a list is code to CommonMark, and a paragraph to the others.
                self.found += _by_pattern(self._data, start, span["end"])
            else:
                self.code.append((start, span["end"]))
        return last

    def leave(self, value: Any, end: int, last: int) -> None:
        """Leave an element; the last part of its text ended at `last`."""
        if value == "Link" or value == "Image":  # noqa: PLR1714 - the inner loop: faster than a tuple
            link, role, start = self._links.pop()
            if target := _inline(self._data, link, role, start, last, end, self.roles):
                self.found.append(target)
        elif value == "HtmlBlock":
            # Python-Markdown and kramdown end a block of HTML earlier than CommonMark does.
            self.found += _in_html(self._data, self._html, end, by_pattern=True)
        elif value == "Item":
            self._items -= 1
        elif value == "CodeBlock":
            self.in_code = False
        elif value.__class__ is dict and "Heading" in value:
            self.heading = None


def _inline(
    data: bytes, link: Mapping[str, str], role: Role, start: int, last: int, end: int, roles: dict[str, Role]
) -> Target | None:
    """Return the target of a link or an image whose text ends at `last`; add a reference's use to `roles`."""
    kind, url = link["link_type"], link["dest_url"]
    if kind in ("Autolink", "Email"):
        return Target(start, end, url, role, "autolink") if kind == "Autolink" else None
    if kind != "Inline":
        label = link["id"].casefold()
        roles[label] = "image" if role == "image" else roles.get(label, role)
        return None
    opening = data.find(b"](", last, end)
    place, written = opening + 2, url.encode("utf-8", "replace")
    if opening >= 0 and data.startswith(written, place) and data[place + len(written)] in b") ":
        return Target(place, place + len(written), url, role)
    match = _DESTINATION.match(data, place, end) if opening >= 0 else None
    if match is None or not url:
        return None
    if match["angle"] is not None:
        start, end = match.start("angle") - 1, match.end("angle") + 1
    elif match["bare"]:
        start, end = match.start("bare"), _end_of_bare(data, match.start("bare"), match.end("bare"))
    else:
        return None
    return Target(start, end, url, role)


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


def _add_definitions(data: bytes, read: Mapping[str, Mapping[str, Any]], finder: _Finder) -> None:
    """Add the targets of the definitions that CommonMark reads, then of those that only other engines read."""
    for label, definition in read.items():
        finder.found += _definition(data, label, definition, finder.roles)
    finder.found += _other_definitions(data, finder)


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


def _other_definitions(data: bytes, finder: _Finder) -> Iterator[Target]:
    """Yield definitions that Python-Markdown and kramdown read, and CommonMark does not: right below a paragraph."""
    known = {target.start for target in finder.found}
    code = Spans(finder.code)
    for match in _DEFINITION.finditer(data):
        if match.start("url") not in known and not code.contain(match.start()):
            written = match["url"].decode("utf-8", "replace")
            url = unescape(written[1:-1] if written.startswith("<") and written.endswith(">") else written)
            role = finder.roles.get(match["label"].decode("utf-8", "replace").casefold(), "link")
            yield Target(match.start("url"), match.end("url"), url, role)


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


def parse_events(text: str) -> Iterable[tuple[Any, Mapping[str, int]]]:
    """Return the events of a CommonMark parser, each with its span in the UTF-8 bytes of the text."""
    return cast(Iterable[tuple[Any, Mapping[str, int]]], _parser().events_with_range(text))


@lru_cache(maxsize=1)
def _parser() -> Any:
    from pyromark import Markdown, Options  # noqa: PLC0415 - only imports that bring Markdown need it

    return Markdown(options=Options.ENABLE_TABLES | Options.ENABLE_FOOTNOTES | Options.ENABLE_STRIKETHROUGH)
