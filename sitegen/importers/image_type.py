"""Checks that imported images are images, and makes SVG files safe to publish."""

import re

from sitegen.formats import lazy_regex
from sitegen.formats.image_type import image_type
from sitegen.importers.archive.archive import UnreadableError

_FOREIGN_OBJECT = re.compile(rb"<(?:[\w.-]+:)?foreignobject\b", re.IGNORECASE)
_ACTIVE_CONTENT = lazy_regex.compile(
    rb"<(?:[\w.-]+:)?(?:script|foreignobject|iframe|handler)\b|<!entity|<!doctype(?:[^><\[]++|<(?!!doctype)|(?!))*+\[|javascript:|[\s\"']on\w+\s*="
    rb"|<(?!a\s)[\w.:-]+\s[^<>]*\bhref\s*=\s*[\"']?(?:https?:|//)",
    re.IGNORECASE,
)
"""Content of an SVG that runs scripts or loads other files; links (`<a href>`) do neither."""


def read_image(data: bytes) -> tuple[str, bytes]:
    """Return the file extension of an untrusted image and the bytes to publish.

    HTML within an SVG (`foreignObject`, as diagrams.net writes) is removed. Raises UnreadableError for a file that
    is not an image, and for an SVG that could run a script or load other files.
    """
    extension = image_type(data)
    if not extension:
        raise UnreadableError("it is not an image")
    if extension != "svg":
        return extension, data
    if _FOREIGN_OBJECT.search(data):
        data = _without_foreign_objects(data)
    if match := _ACTIVE_CONTENT.search(data):
        found = " ".join(match[0].decode("utf-8", "replace").split())[:40]
        raise UnreadableError(f"it is an SVG that could run a script or load other files: `{found}`")
    return extension, data


def _without_foreign_objects(data: bytes) -> bytes:
    from lxml import etree  # noqa: PLC0415 - few images are SVG files with HTML

    from sitegen.importers.convert.html_tree import remove  # noqa: PLC0415 - as above

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        tree = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableError("it is an SVG that contains HTML and cannot be read") from error
    for element in list(tree.iter("{*}foreignObject", "{*}foreignobject")):
        if element.getparent() is not None:
            remove(element)
    return etree.tostring(tree.getroottree(), encoding="utf-8", xml_declaration=True)
