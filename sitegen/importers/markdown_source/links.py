"""Finds and changes the targets of links, images and files in Markdown, with a CommonMark parser."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape, unescape
from operator import attrgetter
from typing import Any, Literal, NamedTuple, cast

from sitegen.importers.convert.escape import write_url
from sitegen.importers.markdown_source.spans import Spans

Role = Literal["link", "image", "media"]
Form = Literal["destination", "autolink", "attribute"]

_TAG = re.compile(
    rb"<!--(?:[^-]|-(?!->)|(?!))*+(?:-->|\Z)"
    rb"|<(?P<name>a|area|img|source|video|audio|iframe|embed|object|track)(?=[\s/>])"
    rb"(?P<attributes>(?:[^<>\"']|\"[^\"]*\"|'[^']*'|(?!))*+)>",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(
    rb"(?<=\s)(?P<name>href|src|poster|data)\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s\"'<>]+))",
    re.IGNORECASE,
)
_DESTINATION = re.compile(rb"(?:\s|^[ \t]*>|(?!))*+(?:<(?P<angle>[^<>\n]*)>|(?P<bare>[^\s<]\S*))?", re.MULTILINE)
_LABEL_END = re.compile(rb"\]:")
_DEFINITION = re.compile(
    rb"^ {0,3}\[(?!\^)(?P<label>[^\]\n]{1,200})\]:[ \t]*+(?P<url><[^<>\n]+>|[^\s<]\S*)[ \t]*+"
    rb"(?:(?:\"[^\"\n]*\"|'[^'\n]*'|\([^()\n]*\))[ \t]*+)?$",
    re.MULTILINE,
)
_MAY_HAVE_TARGETS = re.compile(r"\](?:\(|:)|<[A-Za-z]")
_INLINE = re.compile(rb"(?P<image>!?)\[[^\[\]]{0,400}\]\((?P<url>[^\s()<>]+)(?:[ \t]+(?:\"[^\"\n]*\"|'[^'\n]*'))?\)")
_ROLES: Mapping[tuple[str, str], Role] = {
    ("img", "src"): "image",
    ("video", "poster"): "image",
    ("a", "href"): "link",
    ("area", "href"): "link",
}


class TargetSpan(NamedTuple):
    """The target of a link or an image: its span and its URL.

    `start` and `end` are offsets in the UTF-8 bytes; `url` is decoded, without escapes and entities. `role` is "image"
    for images, "media" for audio, video and frames, and "link" for the rest.
    """

    start: int
    end: int
    url: str
    role: Role
    form: Form = "destination"


_START = attrgetter("start")

Change = Callable[[TargetSpan], str | None]
"""Returns the new URL of a target, or None to leave it unchanged."""


def find_targets(text: str) -> list[TargetSpan]:
    """Return the targets in Markdown outside of code, in document order.

    Inline links and images, definitions of reference links (also in quotes, also with code in their labels),
    autolinks, and the attributes `href`, `src`, `poster` and `data` of raw HTML.
    """
    return list(_find(text))


def change_targets(text: str, change: Change, targets: Sequence[TargetSpan] | None = None) -> str:
    """Replace the targets in Markdown with the URLs that `change` returns; `targets` are its targets, if known."""
    found = _find(text) if targets is None else targets
    changed = [(target, url) for target in found if (url := change(target)) is not None and url != target.url]
    if not changed:
        return text
    data = text.encode("utf-8", "replace")
    parts: list[bytes] = []
    position = 0
    for target, url in changed:
        parts += [data[position : target.start], _write(target, url, data).encode("utf-8", "replace")]
        position = target.end
    return b"".join((*parts, data[position:])).decode()


def change_links(text: str, change: Callable[[str], str | None]) -> str:
    """Replace the URLs of all targets in Markdown with those that `change` returns for them."""
    return change_targets(text, lambda target: change(target.url))


def _write(target: TargetSpan, url: str, data: bytes) -> str:
    written = data[target.start : target.end]
    if target.form == "attribute":
        quoted = data[target.start - 1 : target.start] in (b'"', b"'")
        return escape(url) if quoted else f'"{escape(url)}"'
    if target.form == "autolink":
        return f"[{written[1:-1].decode()}]({write_url(url)})"
    if written.startswith(b"<") and " " in url and not any(mark in url for mark in "<>\n"):
        return f"<{url}>"
    return write_url(url) or "<>"


def _find(text: str) -> tuple[TargetSpan, ...]:
    return scan(text).targets if _MAY_HAVE_TARGETS.search(text) else ()


@dataclass(frozen=True, slots=True)
class MarkdownScan:
    """The result of a CommonMark parser; spans are offsets in the UTF-8 bytes.

    `code` has the spans of code blocks and code spans, `html` those of HTML blocks and inline tags, `headings` the text
    of each heading, `around_images` the starts of the targets of links whose text contains an image in Markdown.
    `has_loose_html` is whether there is a `<` in text outside of code, or a tag within a heading or a link.
    """

    targets: tuple[TargetSpan, ...]
    code: tuple[tuple[int, int], ...]
    html: tuple[tuple[int, int], ...]
    headings: tuple[str, ...]
    has_loose_html: bool
    around_images: frozenset[int]


@lru_cache(maxsize=4)
def scan(text: str) -> MarkdownScan:
    """Scan Markdown. A few results are cached, since most steps of an import do not change the text."""
    data = text.encode("utf-8", "replace")
    text = data.decode()
    finder = _Finder(data)
    enter, leave = finder.enter, finder.leave
    last = 0  # the end of the last part of a link's text
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
        frozenset(finder.around_images),
    )


class _Finder:
    """Collects the targets and spans from the events of the parser.

    `roles` maps references to their use; `code` has the spans of code blocks, except those that other engines read as
    paragraphs. `heading` has the parts of the current heading. `image_labels` are the labels of reference links whose
    text contains an image.
    """

    __slots__ = (
        "_data",
        "_html",
        "_items",
        "_links",
        "_with_image",
        "all_code",
        "around_images",
        "code",
        "found",
        "has_loose_html",
        "heading",
        "headings",
        "html",
        "image_labels",
        "in_code",
        "roles",
    )

    def __init__(self, data: bytes) -> None:
        self.found: list[TargetSpan] = []
        self.roles: dict[str, Role] = {}
        self.code: list[tuple[int, int]] = []
        self.all_code: list[tuple[int, int]] = []
        self.html: list[tuple[int, int]] = []
        self.headings: list[list[str]] = []
        self.heading: list[str] | None = None
        self.has_loose_html = False
        self.in_code = False
        self._data = data
        self.around_images: set[int] = set()
        self.image_labels: set[str] = set()
        self._links: list[tuple[Mapping[str, str], Role, int]] = []
        self._with_image: list[bool] = []
        self._html = 0
        self._items = 0

    def take_tag(self, start: int, end: int) -> None:
        """Add an inline tag or comment."""
        self.html.append((start, end))
        self.has_loose_html = self.has_loose_html or bool(self._links) or self.heading is not None
        self.found += _in_html(self._data, start, end, by_pattern=False)

    def enter(self, value: Any, span: Mapping[str, int], last: int) -> int:
        """Enter an element, and return the new end of the last part of a link's text, which was `last`."""
        start = span["start"]
        if value.__class__ is not dict:
            if value == "HtmlBlock":
                self._html = start
                self.html.append((start, span["end"]))
            elif value == "Item":
                self._items += 1
        elif "Link" in value:
            self._links.append((value["Link"], "link", start))
            self._with_image.append(False)
            return start + 1
        elif "Image" in value:
            self._with_image = [True] * len(self._links)
            self._links.append((value["Image"], "image", start))
            self._with_image.append(False)
            return start + 2
        elif "Heading" in value:
            self.heading = []
            self.headings.append(self.heading)
        elif "CodeBlock" in value:
            self.in_code = True
            self.all_code.append((start, span["end"]))
            if self._items and value["CodeBlock"] == "Indented":
                # An indent of six columns in a list is code in CommonMark, and a paragraph in other engines.
                self.found += _by_pattern(self._data, start, span["end"])
            else:
                self.code.append((start, span["end"]))
        return last

    def leave(self, value: Any, end: int, last: int) -> None:
        """Leave an element; the last part of its text ended at `last`."""
        if value == "Link" or value == "Image":  # noqa: PLR1714 - the inner loop: faster than a tuple
            link, role, start = self._links.pop()
            is_around_image = self._with_image.pop()
            if target := _inline(self._data, link, role, start, last, end, self.roles):
                self.found.append(target)
                if is_around_image:
                    self.around_images.add(target.start)
            elif is_around_image:
                self.image_labels.add(link["id"].casefold())
        elif value == "HtmlBlock":
            # Python-Markdown and kramdown end a block of HTML earlier than CommonMark.
            self.found += _in_html(self._data, self._html, end, by_pattern=True)
        elif value == "Item":
            self._items -= 1
        elif value == "CodeBlock":
            self.in_code = False
        elif value.__class__ is dict and "Heading" in value:
            self.heading = None


def _inline(
    data: bytes, link: Mapping[str, str], role: Role, start: int, last: int, end: int, roles: dict[str, Role]
) -> TargetSpan | None:
    """Return the target of a link or an image whose text ends at `last`; for references, update `roles`."""
    link_type, url = link["link_type"], link["dest_url"]
    if link_type in ("Autolink", "Email"):
        return TargetSpan(start, end, url, role, "autolink") if link_type == "Autolink" else None
    if link_type != "Inline":
        label = link["id"].casefold()
        roles[label] = "image" if role == "image" else roles.get(label, role)
        return None
    opening = data.find(b"](", last, end)
    position, written = opening + 2, url.encode("utf-8", "replace")
    if opening >= 0 and data.startswith(written, position) and data[position + len(written)] in b") ":
        return TargetSpan(position, position + len(written), url, role)
    match = _DESTINATION.match(data, position, end) if opening >= 0 else None
    if match is None or not url:
        return None
    if match["angle"] is not None:
        start, end = match.start("angle") - 1, match.end("angle") + 1
    elif match["bare"]:
        start, end = match.start("bare"), _end_of_bare(data, match.start("bare"), match.end("bare"))
    else:
        return None
    return TargetSpan(start, end, url, role)


def _end_of_bare(data: bytes, start: int, end: int) -> int:
    """Return the end of a destination without angle brackets: the closing parenthesis, or white space."""
    depth, position = 0, start
    while position < end:
        byte = data[position]
        if byte == 0x5C:
            position += 1
        elif byte == 0x28:
            depth += 1
        elif byte == 0x29:
            if not depth:
                return position
            depth -= 1
        position += 1
    return min(position, end)


def _add_definitions(data: bytes, read: Mapping[str, Mapping[str, Any]], finder: _Finder) -> None:
    """Add the targets of definitions in CommonMark, then of those that only other engines recognise."""
    for label, definition in read.items():
        targets = list(_definition(data, label, definition, finder.roles))
        finder.found += targets
        if label.casefold() in finder.image_labels:
            finder.around_images.update(target.start for target in targets)
    finder.found += _other_definitions(data, finder)


def _definition(
    data: bytes, label: str, definition: Mapping[str, Any], roles: Mapping[str, Role]
) -> Iterator[TargetSpan]:
    span = definition["span"]
    start, end = span["start"], span["end"]
    opening = _LABEL_END.search(data, start + 1 + len(label.encode("utf-8", "replace")), end)
    match = _DESTINATION.match(data, opening.end(), end) if opening else None
    if match is None or not definition["dest"]:
        return
    role = roles.get(label.casefold(), "link")
    if match["angle"] is not None:
        yield TargetSpan(match.start("angle") - 1, match.end("angle") + 1, definition["dest"], role)
    elif match["bare"]:
        yield TargetSpan(match.start("bare"), match.end("bare"), definition["dest"], role)


def _other_definitions(data: bytes, finder: _Finder) -> Iterator[TargetSpan]:
    """Yield definitions directly below a paragraph, which Python-Markdown and kramdown recognise."""
    known_starts = {target.start for target in finder.found}
    code = Spans(finder.code)
    for match in _DEFINITION.finditer(data):
        if match.start("url") not in known_starts and not code.contain(match.start()):
            written = match["url"].decode("utf-8", "replace")
            url = unescape(written[1:-1] if written.startswith("<") and written.endswith(">") else written)
            role = finder.roles.get(match["label"].decode("utf-8", "replace").casefold(), "link")
            yield TargetSpan(match.start("url"), match.end("url"), url, role)


def _by_pattern(data: bytes, start: int, end: int) -> Iterator[TargetSpan]:
    """Yield the inline links and images in a span that is not Markdown in CommonMark."""
    for match in _INLINE.finditer(data, start, end):
        role: Role = "image" if match["image"] else "link"
        yield TargetSpan(match.start("url"), match.end("url"), unescape(match["url"].decode("utf-8", "replace")), role)


def _in_html(data: bytes, start: int, end: int, *, by_pattern: bool) -> Iterator[TargetSpan]:
    """Yield the targets of the tags in HTML and, with `by_pattern`, of the Markdown between them."""
    position = start
    for tag in _TAG.finditer(data, start, end):
        if by_pattern:
            yield from _by_pattern(data, position, tag.start())
            position = tag.end()
        for match in _ATTRIBUTE.finditer(data, tag.start("attributes"), tag.end("attributes")) if tag["name"] else ():
            group = next(group for group in ("double", "single", "bare") if match[group] is not None)
            url = unescape(match[group].decode("utf-8", "replace")).strip()
            names = tag["name"].decode().lower(), match["name"].decode().lower()
            if url:
                yield TargetSpan(match.start(group), match.end(group), url, _ROLES.get(names, "media"), "attribute")
    if by_pattern:
        yield from _by_pattern(data, position, end)


def parse_events(text: str) -> Iterable[tuple[Any, Mapping[str, int]]]:
    """Return the events of a CommonMark parser, each with its span in the UTF-8 bytes of the text."""
    return cast(Iterable[tuple[Any, Mapping[str, int]]], _parser().events_with_range(text))


@lru_cache(maxsize=1)
def _parser() -> Any:
    from pyromark import Markdown, Options  # noqa: PLC0415 - only imports of Markdown need it

    return Markdown(options=Options.ENABLE_TABLES | Options.ENABLE_FOOTNOTES | Options.ENABLE_STRIKETHROUGH)
