"""Tells what kind of picture some bytes are, by the marks that its format begins with."""

import re

_MARKS = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "png"),
    (re.compile(rb"\xff\xd8\xff"), "jpg"),
    (re.compile(rb"GIF8[79]a"), "gif"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "webp"),
    (re.compile(rb"....ftyp(?:avif|avis|mif1)", re.DOTALL), "avif"),
    (re.compile(rb"....ftyp(?:heic|heix)", re.DOTALL), "heic"),
    (re.compile(rb"BM....\x00\x00\x00\x00", re.DOTALL), "bmp"),
    (re.compile(rb"(?:II\*\x00|MM\x00\*)"), "tiff"),
    (re.compile(rb"\x00\x00\x01\x00"), "ico"),
    (re.compile(rb"\xef?\xbb?\xbf?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<svg\b", re.DOTALL), "svg"),
)
_RUNS = re.compile(
    rb"<script|<foreignobject|<iframe|<!entity|javascript:|[\s\"']on\w+\s*=|xlink:href\s*=\s*.https?:", re.I
)


def image_type(data: bytes) -> str:
    """Return the usual ending of a picture's format, or "" for anything else.

    An SVG counts only if nothing in it can run or reach another file: imported files are not trusted.
    """
    found = next((ending for mark, ending in _MARKS if mark.match(data)), "")
    return "" if found == "svg" and _RUNS.search(data) else found
