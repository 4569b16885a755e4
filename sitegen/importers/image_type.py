"""Checks that imported images are images, and makes SVG files safe to publish."""

import re

from lxml import etree

from sitegen.formats.image_type import image_type
from sitegen.importers.archive.archive import UnreadableError
from sitegen.importers.convert.html_tree import remove

_FOREIGN = re.compile(rb"<(?:[\w.-]+:)?foreignobject\b", re.IGNORECASE)
_RUNS = re.compile(
    rb"<(?:[\w.-]+:)?(?:script|foreignobject|iframe|handler)\b|<!entity|<!doctype(?:[^><\[]++|<(?!!doctype))*+\[|javascript:|[\s\"']on\w+\s*="
    rb"|<(?!a\s)[\w.:-]+\s[^<>]*\bhref\s*=\s*[\"']?(?:https?:|//)",
    re.IGNORECASE,
)
"""What runs in an SVG, or loads something from elsewhere; a link (`<a href>`) does neither."""


def read_image(data: bytes) -> tuple[str, bytes]:
    """Return the file extension of an image and the bytes to publish: imported files are not trusted.

    HTML within an SVG (`foreignObject`, which draw.io always writes) is taken out. Raises UnreadableError for
    what is not an image, and for an SVG that could run a script or load something from elsewhere.
    """
    ending = image_type(data)
    if not ending:
        raise UnreadableError("it is not an image")
    if ending != "svg":
        return ending, data
    if _FOREIGN.search(data):
        data = _without_foreign(data)
    if match := _RUNS.search(data):
        found = " ".join(match[0].decode("utf-8", "replace").split())[:40]
        raise UnreadableError(f"it is an SVG that could run a script or load something from elsewhere: `{found}`")
    return ending, data


def _without_foreign(data: bytes) -> bytes:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        tree = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableError("it is an SVG with HTML in it that cannot be read") from error
    for element in list(tree.iter("{*}foreignObject", "{*}foreignobject")):
        if element.getparent() is not None:
            remove(element)
    return etree.tostring(tree.getroottree(), encoding="utf-8", xml_declaration=True)
