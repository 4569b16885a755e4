"""Finds the encoding of an export's text, and opens it as a stream of characters or of UTF-8."""

import codecs
import io
import re
from html.entities import html5
from typing import IO

from sitegen.formats.characters import FORBIDDEN, is_xml_character
from sitegen.formats.delimiters import replace_closed
from sitegen.importers.archive.archive import Archive, UnreadableError

CHUNK = 1 << 20
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins like UTF-16
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ENTITIES = re.compile(r"<!DOCTYPE(?:[^><\[]++|<(?!!DOCTYPE))*+\[|<!ENTITY", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?(?:-->|(?P<unclosed>\Z))", re.DOTALL)
CDATA = re.compile(r"(<!\[CDATA\[|\]\]>)")
REFERENCE = re.compile(r"&(?:(#[xX][0-9a-fA-F]{1,6}|#[0-9]{1,7}|[A-Za-z][A-Za-z0-9]{0,31});)?")


def detect(archive: Archive, name: str) -> str:
    """Return the encoding of a member: by its BOM, by the zeros of UTF-16, otherwise UTF-8, otherwise Windows-1252."""
    with archive.open(name, peek=True) as file:
        head = file.read(4096)
        for bom, encoding in BOMS:
            if head.startswith(bom):
                return encoding
        if wide := _find_utf_16(head):
            return wide
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while head:
                decoder.decode(head)
                head = file.read(CHUNK)
        except UnicodeDecodeError:
            return "cp1252"
    # A file that ends within a character is cut off, not written in another encoding.
    return "utf-8"


def open_text(archive: Archive, name: str, *, peek: bool = False) -> IO[str]:
    """Open a member as text with universal newlines; characters that cannot be read become U+FFFD.

    See `Archive.open` for `peek`.
    """
    return io.TextIOWrapper(archive.open(name, peek=peek), encoding=detect(archive, name), errors="replace")


def read_text(archive: Archive, name: str, limit: int | None = None) -> str:
    """Return a member's text with plain newlines; raises UnreadableError as `Archive.read` does."""
    return decode(archive.read(name, limit))


def decode(data: bytes) -> str:
    """Return the text of some bytes of an unknown encoding, with plain newlines.

    UTF-8 with a few bytes that are not is still UTF-8: those are read as Windows-1252. Control characters and
    byte order marks are removed, also from within the text, where joining files leaves them.
    """
    text = next((data.decode(code, "replace") for bom, code in BOMS if data.startswith(bom)), None)
    if text is None:
        if wide := _find_utf_16(data[:4096]):
            text = data.decode(wide, "replace")
        else:
            try:
                text = data.decode("utf-8")
            except UnicodeDecodeError:
                text = _decode_damaged(data)
    if "\ufeff" in text or FORBIDDEN.search(text):
        text = FORBIDDEN.sub("", text.replace("\ufeff", ""))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _find_utf_16(head: bytes) -> str:
    """Return the encoding of UTF-16 without a BOM, by the zeros of its ASCII characters; "" for any other text.

    A few zeros in what is UTF-8 otherwise are damage.
    """
    pairs = len(head) // 2
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if not pairs or max(even, odd) * 8 <= pairs or min(even, odd) * 4 > max(even, odd):
        return ""
    if max(even, odd) * 2 < pairs:
        try:
            codecs.getincrementaldecoder("utf-8")().decode(head)
        except UnicodeDecodeError:
            pass
        else:
            return ""
    return "utf-16-be" if even > odd else "utf-16-le"


def _decode_damaged(data: bytes) -> str:
    text = data.decode("utf-8", "replace")
    damaged = text.count("\ufffd")
    other = len(text) - sum(map(text.count, map(chr, range(128)))) - damaged
    if other <= damaged:
        return data.decode("cp1252", "replace")
    return data.decode("utf-8", _AS_WINDOWS)


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


_AS_WINDOWS = "sitegen-windows-1252"
codecs.register_error(_AS_WINDOWS, _as_windows)


class XmlBytes:
    """Holds a member open as UTF-8 that an XML parser can read; `repaired` counts what was changed.

    Control characters, also written as references, and halves of surrogate pairs are taken out: they
    make a document ill-formed though nobody meant anything by them. A bare ampersand is written as
    `&amp;`, HTML's named characters as themselves. A document type with declarations of its own is
    refused with UnreadableError: nothing needs it, and its entities could explode or read other files.
    """

    def __init__(self, archive: Archive, name: str) -> None:
        declared = _declared(archive.head(name))
        found = detect(archive, name)
        self.encoding = declared if found == "cp1252" and declared else found
        self.repaired = 0
        self._rest = ""
        self._in_cdata = False
        self._prolog: str | None = ""
        self._file = io.TextIOWrapper(archive.open(name), encoding=self.encoding, errors="replace", newline="")

    def read(self, length: int = CHUNK) -> bytes:
        """Return the next piece of about `length` bytes, b"" at the end."""
        while True:
            text = self._file.read(max(length, 4096))
            if not text:
                rest, self._rest = self._rest, ""
                return self._repair(rest).encode("utf-8")
            text = self._rest + text
            # Whatever could be the beginning of a mark or a reference waits for the next piece.
            cut = max(text.rfind(mark, max(0, len(text) - 40)) for mark in "<&]")
            text, self._rest = (text[:cut], text[cut:]) if cut >= 0 else (text, "")
            self._check_prolog(text)
            # A piece of which nothing is left must not look like the end.
            if repaired := self._repair(text):
                return repaired.encode("utf-8")

    def close(self) -> None:
        """Close the member."""
        self._file.close()

    def _check_prolog(self, text: str) -> None:
        if self._prolog is None:
            return
        self._prolog += text
        if _ENTITIES.search(self._prolog):
            raise UnreadableError("it declares entities, which no export needs and a hostile one could misuse")
        if re.search(r"<[A-Za-z]", replace_closed(_COMMENT, "", self._prolog)) or len(self._prolog) > CHUNK:
            self._prolog = None

    def _repair(self, text: str) -> str:
        clean = FORBIDDEN.sub("", text)
        self.repaired += len(text) - len(clean)
        parts = CDATA.split(clean)
        for at, part in enumerate(parts):
            if at % 2:
                self._in_cdata = part == "<![CDATA["
            elif not self._in_cdata:
                parts[at] = REFERENCE.sub(self._check, part)
        return "".join(parts)

    def _check(self, match: re.Match[str]) -> str:
        name = match[1]
        if name in ("amp", "lt", "gt", "quot", "apos"):
            return match[0]
        if name and name[0] == "#":
            code = int(name[2:], 16) if name[1] in "xX" else int(name[1:])
            if is_xml_character(code):
                return match[0]
            self.repaired += 1
            return ""
        self.repaired += 1
        return html5.get(f"{name};", f"&amp;{name};") if name else "&amp;"


def _declared(head: bytes) -> str:
    match = re.match(rb"""\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""", head)
    if not match:
        return ""
    try:
        name = codecs.lookup(match[1].decode("ascii")).name
    except LookupError:
        return ""
    return "" if name in ("utf-8", "ascii") or name.startswith("utf-16") else name
