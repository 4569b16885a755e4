"""The format of an image by its first bytes, as its usual file ending."""

import re

from sitegen.formats import lazy_regex

_SVG = lazy_regex.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*+(?:(?:<\?[^>]*+>|<!--(?:[^-]|-(?!->)|(?!))*+-->"
    rb"|<!doctype\s++(?:[\w-]++:)?svg\b[^>\[]*+(?:\[[^\]]*+\]\s*+)?>)\s*+|(?!))*+<(?:[\w-]++:)?svg\b",
    re.IGNORECASE,
)
_SIGNATURES = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "png"),
    (re.compile(rb"\xff\xd8\xff"), "jpg"),
    (re.compile(rb"GIF8[79]a"), "gif"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "webp"),
    (re.compile(rb"BM....\x00\x00\x00\x00", re.DOTALL), "bmp"),
    (re.compile(rb"(?:II\*\x00|MM\x00\*)"), "tiff"),
    (re.compile(rb"\x00\x00\x01\x00"), "ico"),
    (_SVG, "svg"),
)
_AVIF = frozenset((b"avif", b"avis"))
_HEIF = frozenset((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"))


def image_type(data: bytes) -> str:
    """Return the usual file ending of an image's format, such as "jpg", "" for anything else.

    The first 64 bytes are enough, except for an SVG with a long prologue.
    """
    if data[4:8] == b"ftyp":
        # The major brand and those that the file is compatible with (ISO/IEC 14496-12, section 4.3).
        end = min(int.from_bytes(data[:4], "big"), len(data), 64)
        brands = {data[8:12], *(data[at : at + 4] for at in range(16, end, 4))}
        return "avif" if brands & _AVIF else "heic" if brands & _HEIF else ""
    return next((ending for signature, ending in _SIGNATURES if signature.match(data)), "")
