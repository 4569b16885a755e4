"""Decodes text by the charset that mail names for it, and encoded words in header fields (RFC 2047)."""

import binascii
import re
from itertools import groupby

from sitegen.importers.archive.text_encoding import decode

_WINDOWS = {
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
"""Charsets that mail names, with the larger ones that its programs really write (as browsers know them)."""

_RUN = re.compile(r"(?:=\?[^?\s]{1,60}\?[bq]\?[^?\n]*\?=)+", re.IGNORECASE)
_WORD = re.compile(r"=\?([^?\s*]+)(?:\*[^?\s]*)?\?([bq])\?([^?\n]*)\?=", re.IGNORECASE)
_BETWEEN = re.compile(r"\?=\s+=\?")


def decode_charset(data: bytes, charset: str) -> str:
    """Return some bytes as text; a charset that is unknown, or that the bytes contradict, is guessed."""
    name = charset.strip("\"' ").lower()
    if name and not (name in ("us-ascii", "ascii") and not data.isascii()):
        try:
            return data.decode(_WINDOWS.get(name, name))
        except (LookupError, UnicodeError, ValueError):
            pass
    return decode(data)


def decode_words(value: str) -> str:
    """Return a header field's text on one line, its encoded words decoded; broken ones stay as they are."""
    joined = _BETWEEN.sub("?==?", value)
    return " ".join(_RUN.sub(lambda match: _decode_run(match[0]), joined).split())


def _decode_run(run: str) -> str:
    """Decode words that follow one another: a character may begin in one and end in the next."""
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
