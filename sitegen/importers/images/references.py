"""Finds the images of other hosts in a post's file, and changes where they lead: no other byte of the file changes."""

import re
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html import escape, unescape
from urllib.parse import urlsplit

from sitegen.content.front_matter.split import FrontMatter, split
from sitegen.errors import Problem, SiteError
from sitegen.formats.srcset import read_srcset
from sitegen.importers.markdown_source.links import TargetSpan, change_targets, find_targets, scan
from sitegen.importers.output.images import FILE_EXTENSIONS, IMAGE_EXTENSIONS

IMAGE_KEY = "image"
IMAGE, FILE = "image", "file"

Absolute = Callable[[str], str]
"""Returns the URL with host that a written URL means, or "" if it leads to the site itself."""

_LINE_BREAK = re.compile(rb"\r\n|\r|\n")
_TO_INNER_IMAGE = re.compile(rb"[\"']?[^<>]*>\s*(?:<picture\b[^<>]*>\s*)?(?:<source\b[^<>]*>\s*)*<img\b[^<>]*\Z")
_SRCSET = re.compile(
    rb"<(?:img|source)(?=\s)(?:[^<>\"']|\"[^\"]*\"|'[^']*')*?\ssrcset\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)')",
    re.IGNORECASE,
)
_SIZE = re.compile(r"(\d+(?:\.\d+)?)[wx]")


@dataclass(frozen=True, slots=True)
class ImageReference:
    """A URL of another host that a post shows or links to: with its scheme, its line from 1, and IMAGE or FILE."""

    url: str
    line: int
    file_type: str


@dataclass(frozen=True, slots=True)
class _PostFile:
    """A post's file: its front matter, with the bytes before its text, and the text as it is written."""

    front: FrontMatter
    head: bytes
    text: str


def find_references(data: bytes, path: str, absolute: Absolute, *, files: bool = False) -> list[ImageReference]:
    """Return the images of other hosts that a post has, each URL once, in the order in which they are written.

    Also the front matter's `image`, larger versions that an image links to, posters, and the largest candidate of
    each `srcset`; with `files` linked documents and played media too. Raises SiteError for a file that is not a post.
    """
    source = _read(data, path)
    found: dict[str, ImageReference] = {}

    def add(url: str, line: int, file_type: str) -> None:
        if url and url not in found:
            found[url] = ImageReference(url, line, file_type)

    cover = source.front.values.get(IMAGE_KEY)
    if isinstance(cover, str):
        add(absolute(cover.strip()), source.front.line_of(IMAGE_KEY), IMAGE)
    text = source.text.encode()
    for target, file_type in _wanted(source.text, files=files):
        add(absolute(target.url), source.front.line + text.count(b"\n", 0, target.start), file_type)
    for start, _, value in _find_srcsets(source.text):
        add(absolute(_largest(value)[0]), source.front.line + text.count(b"\n", 0, start), IMAGE)
    return list(found.values())


def change_references(data: bytes, path: str, absolute: Absolute, new_urls: Mapping[str, str]) -> bytes:
    """Return a post's file with URLs replaced by their new URLs.

    Raises SiteError if that cannot be done without changing anything else.
    """
    source = _read(data, path)

    def change(target: TargetSpan) -> str | None:
        return new_urls.get(absolute(target.url)) if target in wanted else None

    targets = find_targets(source.text)
    wanted = {target for target, _ in _wanted(source.text, files=True)}
    text = change_targets(source.text, change, targets)
    text = _change_srcsets(text, absolute, new_urls)
    head = source.head
    cover = source.front.values.get(IMAGE_KEY)
    if isinstance(cover, str) and (new_url := new_urls.get(absolute(cover.strip()))):
        head = _change_cover(source, cover.strip(), new_url, path)
    return head + text.encode()


def _read(data: bytes, path: str) -> _PostFile:
    front = split(data, path)
    start = len(BOM_UTF8) if data.startswith(BOM_UTF8) else 0
    breaks = _LINE_BREAK.finditer(data)
    for _ in range(front.line - 1):
        start = next(breaks).end()
    return _PostFile(front, data[:start], data[start:].decode())


def _wanted(text: str, *, files: bool) -> Iterator[tuple[TargetSpan, str]]:
    """Yield the targets that are images, or lead to the large version of one; with `files` also other files."""
    targets = find_targets(text)
    around_images = scan(text).around_images if targets else frozenset()
    data = text.encode()
    for number, target in enumerate(targets):
        ending = _ending(target.url)
        is_around_image = target.start in around_images or _is_around_tag(data, targets, number)
        if target.role == "image" or (target.role == "link" and ending in IMAGE_EXTENSIONS and is_around_image):
            yield target, IMAGE
        elif files and ending in FILE_EXTENSIONS:
            yield target, FILE


def _is_around_tag(data: bytes, targets: list[TargetSpan], number: int) -> bool:
    """Return whether the content of a link in HTML is an image, whose URL follows that of the link."""
    link = targets[number]
    later = targets[number + 1] if number + 1 < len(targets) else None
    return (
        link.form == "attribute"
        and later is not None
        and later.role == "image"
        and _TO_INNER_IMAGE.match(data[link.end : later.start].rpartition(b"=")[0]) is not None
    )


def _ending(url: str) -> str:
    try:
        name = urlsplit(url).path.rpartition("/")[2]
    except ValueError:
        return ""
    return f".{name.rpartition('.')[2].lower()}" if "." in name else ""


def _find_srcsets(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the span in the UTF-8 text and the value of each `srcset` attribute in HTML."""
    if "srcset" not in text and "SRCSET" not in text:
        return
    data = text.encode()
    for start, end in scan(text).html:
        for match in _SRCSET.finditer(data, start, end):
            group = "double" if match["double"] is not None else "single"
            yield match.start(group), match.end(group), unescape(match[group].decode())


def _largest(value: str) -> tuple[str, str]:
    """Return URL and descriptor of the candidate with the most pixels, of several the first."""

    def pixels(candidate: tuple[str, str]) -> float:
        match = _SIZE.fullmatch(candidate[1])
        return float(match[1]) if match else 1.0

    return max(read_srcset(value), key=pixels, default=("", ""))


def _change_srcsets(text: str, absolute: Absolute, new_urls: Mapping[str, str]) -> str:
    """Reduce each `srcset` whose largest candidate has a new URL to that one, because the site makes smaller images."""
    data = text.encode()
    parts: list[bytes] = []
    done = 0
    for start, end, value in _find_srcsets(text):
        url, descriptor = _largest(value)
        if new_url := new_urls.get(absolute(url)):
            written = escape(f"{new_url} {descriptor}".strip())
            parts += [data[done:start], written.encode()]
            done = end
    return b"".join((*parts, data[done:])).decode() if parts else text


def _change_cover(source: _PostFile, old: str, new: str, path: str) -> bytes:
    """Return the bytes before the text with another value of `image`; other keys may have the same value."""
    rows = source.head.split(b"\n")
    wanted = {**source.front.values, IMAGE_KEY: new}
    # The line of the key comes first; a value on the next lines, or a JSON object in one line, is found as well.
    first = source.front.line_of_value(IMAGE_KEY, old) - 1
    for row in sorted(range(len(rows)), key=lambda number: (number != first, number)):
        for written in dict.fromkeys((old, old.replace("/", "\\/"))):
            changed = rows[row].replace(written.encode(), new.encode(), 1)
            if changed == rows[row]:
                continue
            head = b"\n".join((*rows[:row], changed, *rows[row + 1 :]))
            try:
                if split(head + b"\n", path).values == wanted:
                    return head
            except SiteError:
                continue
    line = source.front.line_of(IMAGE_KEY)
    message = f"the image {old[:200]} was fetched, but the front matter cannot be changed without changing more"
    raise SiteError([Problem(path, line, message, f"write by hand: image: {new}")])
