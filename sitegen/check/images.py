"""The image files of a site: empty ones, heavy ones, and those of another type than their name says."""

import posixpath
import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from sitegen.check.options import CheckLimits
from sitegen.check.problem_types import page_problem
from sitegen.errors import Problem
from sitegen.formats.image_type import image_type
from sitegen.media.image_sets import FOLDER

SUFFIXES = {".jpg": "jpg", ".jpeg": "jpg", ".png": "png", ".gif": "gif", ".webp": "webp", ".avif": "avif"}
"""The format that each suffix stands for, by its usual ending."""

_VARIANT = re.compile(rf"{FOLDER}/(.+)-[0-9]+\.[0-9a-f]{{8}}\.\w+")

HEAD_BYTES = 4096

NAMES = {"jpg": "JPEG", "webp": "WebP"}


def find_encoded(paths: Iterable[str]) -> frozenset[str]:
    """Return the paths, without suffixes, of images that a site also has in other widths."""
    return frozenset(found[1] for path in paths if (found := _VARIANT.fullmatch(path)))


def check_image(
    output: Path, path: str, limits: CheckLimits, encoded: Collection[str] = frozenset()
) -> Iterator[Problem]:
    """Yield what is wrong with an image file, by its size and first bytes.

    The original of one of `encoded` may be heavy, because browsers load the other files.
    """
    suffix = posixpath.splitext(path)[1].lower()
    if suffix == ".svg":
        yield from _check_svg(output, path)
    expected = SUFFIXES.get(suffix)
    if expected is None:
        return
    with (output / path).open("rb") as file:
        head = file.read(HEAD_BYTES)
        size = file.seek(0, 2)
    found = image_type(head)
    if not head:
        yield page_problem("empty-image", path, 0, "the image file is empty", "add the image again")
    elif found != expected:
        name = NAMES.get(found, found.upper()) or "not an image"
        message = f"the file is called {Path(path).suffix}, but is {name}"
        yield page_problem("wrong-image-type", path, 0, message, "rename it, or save it again in the right format")
    if size > limits.image_bytes and path.rpartition(".")[0] not in encoded:
        message = f"the image has {size // 1024:,} KB, more than {limits.image_bytes // 1024:,} KB"
        yield page_problem("heavy-image", path, 0, message, "make it smaller: few screens show more than 2000 pixels")


def _check_svg(output: Path, path: str) -> Iterator[Problem]:
    from lxml import etree  # noqa: PLC0415 - only a site with SVG images needs it

    data = (output / path).read_bytes()
    if not data:
        yield page_problem("empty-image", path, 0, "the image file is empty", "add the image again")
        return
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    except etree.XMLSyntaxError as error:
        message = f"the file is called .svg, but is not well-formed: {error.msg}"
        yield page_problem(
            "wrong-image-type", path, error.lineno or 0, message, "save it again: browsers do not show it"
        )
        return
    if not str(root.tag).endswith("}svg"):
        message = "the file is called .svg, but its first element is not an svg element of the namespace http://www.w3.org/2000/svg"
        yield page_problem("wrong-image-type", path, 1, message, "save it again: browsers do not show it")
