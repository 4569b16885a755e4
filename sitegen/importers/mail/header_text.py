"""Decodes text in the charset that a message declares, and encoded words in header fields (RFC 2047)."""

import binascii
import re
from itertools import groupby

from sitegen.importers.archive.text_encoding import decode

_SUPERSETS = {
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-9": "cp1254",
    "tis-620": "cp874",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "shift_jis": "cp932",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "unicode-1-1-utf-7": "utf-7",
}
"""Declared charsets, with the larger charsets that programs really use (as in the WHATWG Encoding Standard)."""

_WORD_RUN = re.compile(r"(?:=\?[^?\s]{1,60}\?[bq]\?[^?\n]*\?=)+", re.IGNORECASE)
_WORD = re.compile(r"=\?([^?\s*]+)(?:\*[^?\s]*)?\?([bq])\?([^?\n]*)\?=", re.IGNORECASE)
_BETWEEN = re.compile(r"\?=\s+=\?")


def decode_charset(data: bytes, charset: str) -> str:
    """Decode bytes in a charset; if it is unknown or does not fit, detect the encoding."""
    name = charset.strip("\"' ").lower()
    if name and not (name in ("us-ascii", "ascii") and not data.isascii()):
        try:
            return data.decode(_SUPERSETS.get(name, name))
        except (LookupError, UnicodeError, ValueError):
            pass
    return decode(data)


def decode_words(value: str) -> str:
    """Return the value of a header field on one line, with encoded words decoded; invalid ones stay unchanged."""
    joined = _BETWEEN.sub("?==?", value)
    return " ".join(_WORD_RUN.sub(lambda match: _decode_run(match[0]), joined).split())


def _decode_run(run: str) -> str:
    """Decode adjacent encoded words together, since a character may be split between two words."""
    words = [(match[1].lower(), _bytes(match[2], match[3])) for match in _WORD.finditer(run)]
    if any(data is None for _, data in words):
        return run
    by_charset = groupby(words, key=lambda word: word[0])
    return "".join(decode_charset(b"".join(data or b"" for _, data in group), name) for name, group in by_charset)


def _bytes(encoding: str, text: str) -> bytes | None:
    try:
        if encoding in "qQ":
            return binascii.a2b_qp(text.encode("ascii"), header=True)
        return binascii.a2b_base64(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))
    except (binascii.Error, ValueError):
        return None
