"""Compares the sizes that pages state for images, and for previews of links, with the files."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from sitegen.check.html.tokenizer import Document
from sitegen.check.links.extract import IMAGE, PageUrl
from sitegen.check.links.resolve import FILE, Address
from sitegen.check.problem_types import page_problem
from sitegen.errors import Problem
from sitegen.formats.image_size import ImageSize, read_image_file

_PREVIEW = "og:image"


class StatedSize(NamedTuple):
    """The width and height in pixels that a page states for an image file of the site, 0 for one that is not stated.

    `is_preview` is whether it is the image of previews, which others load by these numbers.
    """

    file: str
    width: int
    height: int
    url: str
    line: int
    is_preview: bool


def read_sizes(document: Document, found: Iterable[tuple[PageUrl, Address]]) -> tuple[StatedSize, ...]:
    """Return the sizes that a page states for images of the site; `found` are its URLs and where they lead."""
    stated = _read_stated(document)
    if not stated:
        return ()
    known = {}
    for link, address in found:
        if link.role == IMAGE and address.how == FILE and (link.start, link.url) in stated:
            known[link.start, link.url] = address.path
    lines = document.lines({start for start, _ in known})
    return tuple(
        StatedSize(file, *stated[start, url], url, lines[start], document.text.startswith(("<meta", "<META"), start))
        for (start, url), file in known.items()
    )


def _read_stated(document: Document) -> dict[tuple[int, str], tuple[int, int]]:
    """Return the stated width and height of each image, by the offset of its tag and its URL."""
    stated = {}
    for tag in document.of("img"):
        attributes = tag.attributes
        width, height = _number(attributes.get("width", "")), _number(attributes.get("height", ""))
        if width and height and "src" in attributes:
            stated[tag.start, attributes["src"]] = width, height
    current: tuple[int, str] | None = None
    for tag in document.of("meta"):
        name = (tag.attributes.get("property") or tag.attributes.get("name") or "").lower()
        if not name.startswith(_PREVIEW):
            continue
        content = tag.attributes.get("content", "")
        if name == _PREVIEW:
            current = tag.start, content
        elif current is not None and (number := _number(content)):
            width, height = stated.get(current, (0, 0))
            if name == f"{_PREVIEW}:width":
                stated[current] = number, height
            elif name == f"{_PREVIEW}:height":
                stated[current] = width, number
    return stated


def _number(text: str) -> int:
    """Return a number of pixels as HTML states it, or 0: percentages and numbers that are not whole state no size."""
    return int(text) if len(text) < 9 and text.isascii() and text.isdecimal() else 0


def check_sizes(output: Path, sizes: Mapping[str, Iterable[StatedSize]]) -> Iterator[Problem]:
    """Yield each stated size that is not that of the image; `sizes` are those of each page, by its path.

    A page may show an image larger or smaller than it is, but in the same proportions: a browser reserves the space
    by these numbers. Width or height may be rounded. A preview must have the exact size.
    """
    known: dict[str, ImageSize | None] = {}
    for page, stated_sizes in sizes.items():
        for stated in stated_sizes:
            if stated.file not in known:
                known[stated.file] = read_image_file(output / stated.file)
            real = known[stated.file]
            if real is None or not real.width or not real.height:
                continue
            width, height = stated.width, stated.height
            if stated.is_preview:
                is_right = width in (0, real.width) and height in (0, real.height)
            else:
                is_right = abs(width * real.height - height * real.width) <= max(real.width, real.height)
            if not is_right:
                yield _describe(page, stated, real)


def _describe(page: str, stated: StatedSize, real: ImageSize) -> Problem:
    size = f"{real.width} × {real.height}"
    if stated.is_preview:
        names = {"og:image:width": stated.width, "og:image:height": stated.height}
        wrong = " and ".join(f"{name} is {number}" for name, number in names.items() if number)
        message = f'{wrong}, but the image "{stated.url}" has {size} pixels'
        hint = "state the size of the image: services that show the preview crop or reject it otherwise"
        return page_problem("wrong-preview-size", page, stated.line, message, hint)
    message = f'the image "{stated.url}" has {size} pixels, and the page shows it as {stated.width} × {stated.height}'
    hint = "use a width and a height in the same proportion: otherwise it is distorted, or the page moves as it loads"
    return page_problem("wrong-image-size", page, stated.line, message, hint, stated.url)
