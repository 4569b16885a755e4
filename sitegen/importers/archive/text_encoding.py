"""Detects the encoding of text files, and opens them as streams of characters or of UTF-8."""

import codecs
import io
import re
from contextlib import suppress
from html.entities import html5
from typing import IO

from sitegen.formats import lazy_regex
from sitegen.formats.characters import is_xml_character, without_forbidden
from sitegen.formats.delimiters import replace_closed
from sitegen.importers.archive.archive import Archive, UnreadableError

CHUNK_SIZE = 1 << 20
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins like UTF-16
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ENTITIES = lazy_regex.compile(r"<!DOCTYPE(?:[^><\[]++|<(?!!DOCTYPE)|(?!))*+\[|<!ENTITY", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?(?:-->|(?P<unclosed>\Z))", re.DOTALL)
CDATA_DELIMITER = re.compile(r"(<!\[CDATA\[|\]\]>)")
REFERENCE = lazy_regex.compile(r"&(?:(#[xX][0-9a-fA-F]{1,6}|#[0-9]{1,7}|[A-Za-z][A-Za-z0-9]{0,31});)?")


def detect(archive: Archive, name: str) -> str:
    """Return the encoding of a member: by its BOM, by the zero bytes of UTF-16, otherwise UTF-8 or Windows-1252.

    That of a damaged member is found from what is before the damage, which reading it then reports. Raises
    UnreadableError if it cannot be opened.
    """
    with archive.open(name, peek=True) as file, suppress(UnreadableError):
        head = file.read(4096)
        for bom, encoding in BOMS:
            if head.startswith(bom):
                return encoding
        if utf_16 := _detect_utf_16(head):
            return utf_16
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while head:
                decoder.decode(head)
                head = file.read(CHUNK_SIZE)
        except UnicodeDecodeError:
            return "cp1252"
    # A file that ends within a character is cut off, and not in another encoding.
    return "utf-8"


def open_text(archive: Archive, name: str, *, peek: bool = False) -> IO[str]:
    """Open a member as text with universal newlines; undecodable bytes become U+FFFD.

    See `Archive.open` for `peek`.
    """
    return io.TextIOWrapper(archive.open(name, peek=peek), encoding=detect(archive, name), errors="replace")


def read_text(archive: Archive, name: str, limit: int | None = None) -> str:
    """Return a member's text with newlines as line ends; raise UnreadableError as `Archive.read` does."""
    return decode(archive.read(name, limit))


def decode(data: bytes) -> str:
    """Decode bytes of an unknown encoding, with newlines as line ends.

    UTF-8 with a few invalid bytes is decoded as UTF-8, and these bytes as Windows-1252. Control characters and byte
    order marks are removed, also in the middle of the text, where they come from joined files.
    """
    text = next((data.decode(code, "replace") for bom, code in BOMS if data.startswith(bom)), None)
    if text is None:
        if utf_16 := _detect_utf_16(data[:4096]):
            text = data.decode(utf_16, "replace")
        else:
            try:
                text = data.decode("utf-8")
            except UnicodeDecodeError:
                text = _decode_damaged(data)
    return without_forbidden(text.replace("\ufeff", "")).replace("\r\n", "\n").replace("\r", "\n")


def _detect_utf_16(head: bytes) -> str:
    """Return the encoding of UTF-16 without a BOM, by the zero bytes of its ASCII characters; "" for other text.

    A few zero bytes in valid UTF-8 are damage.
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
    return data.decode("utf-8", _WINDOWS_1252_HANDLER)


def _decode_as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


_WINDOWS_1252_HANDLER = "sitegen-windows-1252"
codecs.register_error(_WINDOWS_1252_HANDLER, _decode_as_windows_1252)


class XmlBytes:
    """Reads a member as UTF-8 that an XML parser accepts; `repaired` counts the changes.

    Removes control characters, also references to them, and lone surrogates, which make a document ill-formed. Writes
    a bare ampersand as `&amp;`, and HTML's named references as their characters. Raises UnreadableError for a document
    type with an internal subset: exports do not need one, and its entities could expand without end or read files.
    """

    def __init__(self, archive: Archive, name: str) -> None:
        declared = _declared_encoding(archive.head(name))
        found = detect(archive, name)
        self.encoding = declared if found == "cp1252" and declared else found
        self.repaired = 0
        self._pending = ""
        self._in_cdata = False
        self._prolog: str | None = ""
        self._file = io.TextIOWrapper(archive.open(name), encoding=self.encoding, errors="replace", newline="")

    def read(self, length: int = CHUNK_SIZE) -> bytes:
        """Return the next piece of about `length` bytes, or b"" at the end."""
        while True:
            text = self._file.read(max(length, 4096))
            if not text:
                rest, self._pending = self._pending, ""
                return self._repair(rest).encode("utf-8")
            text = self._pending + text
            # The beginning of a tag or a reference may be cut off: keep it for the next piece.
            cut = max(text.rfind(mark, max(0, len(text) - 40)) for mark in "<&]")
            text, self._pending = (text[:cut], text[cut:]) if cut >= 0 else (text, "")
            self._check_prolog(text)
            # An empty result would mean the end of the file.
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
            raise UnreadableError("it declares entities, which exports do not need and attackers can misuse")
        if re.search(r"<[A-Za-z]", replace_closed(_COMMENT, "", self._prolog)) or len(self._prolog) > CHUNK_SIZE:
            self._prolog = None

    def _repair(self, text: str) -> str:
        clean = without_forbidden(text)
        self.repaired += len(text) - len(clean)
        parts = CDATA_DELIMITER.split(clean)
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


def _declared_encoding(head: bytes) -> str:
    match = re.match(rb"""\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""", head)
    if not match:
        return ""
    try:
        name = codecs.lookup(match[1].decode("ascii")).name
    except LookupError:
        return ""
    return "" if name in ("utf-8", "ascii") or name.startswith("utf-16") else name
