"""Finds the encoding of an export's text, and opens it as a stream of characters or of UTF-8."""

import codecs
import io
import re
from typing import IO

from sitegen.importers.archive import Archive

CHUNK = 1 << 20
BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
FORBIDDEN = bytes(set(range(32)) - {9, 10, 13})
REFERENCE = re.compile(rb"&#(?:x0*([0-9a-fA-F]{1,6})|0*([0-9]{1,7}));")
SURROGATES = re.compile("[\ud800-\udfff\ufffe\uffff]")


def detect(archive: Archive, name: str) -> str:
    """Return the encoding of a member: by its BOM, by the zeros of UTF-16, else UTF-8, else Windows-1252."""
    with archive.open(name) as file:
        head = file.read(4096)
        for bom, encoding in BOMS:
            if head.startswith(bom):
                return encoding
        if len(head) > 1 and (zeros := (head[0::2].count(0), head[1::2].count(0))) != (0, 0):
            even, odd = zeros
            if max(zeros) * 8 > len(head) // 2 and min(zeros) * 4 <= max(zeros):
                return "utf-16-be" if even > odd else "utf-16-le"
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while head:
                decoder.decode(head)
                head = file.read(CHUNK)
        except UnicodeDecodeError:
            return "cp1252"
    # A file that ends within a character is cut off, not written in another encoding.
    return "utf-8"


def open_text(archive: Archive, name: str) -> IO[str]:
    """Open a member as text with universal newlines; characters that cannot be read become U+FFFD."""
    return io.TextIOWrapper(archive.open(name), encoding=detect(archive, name), errors="replace")


def read_text(archive: Archive, name: str, limit: int | None = None) -> str:
    """Return a member's text with plain newlines; raises UnreadableError as `Archive.read` does."""
    return decode(archive.read(name, limit))


def decode(data: bytes) -> str:
    """Return the text of some bytes whose encoding nobody names, with plain newlines."""
    text = next((data.decode(code, "replace") for bom, code in BOMS if data.startswith(bom)), None)
    if text is None:
        even, odd = data[0:4096:2].count(0), data[1:4096:2].count(0)
        if max(even, odd) * 8 > min(len(data), 4096) // 2 and min(even, odd) * 4 <= max(even, odd):
            text = data.decode("utf-16-be" if even > odd else "utf-16-le", "replace")
        else:
            try:
                text = data.decode("utf-8")
            except UnicodeDecodeError:
                text = data.decode("cp1252", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


class XmlBytes:
    """Holds a member open as UTF-8 without what XML 1.0 forbids; `repaired` counts what was removed.

    Control characters, also written as references, and halves of surrogate pairs make a document
    ill-formed though nobody meant anything by them.
    """

    def __init__(self, archive: Archive, name: str) -> None:
        declared = _declared(archive.head(name))
        found = detect(archive, name)
        self.encoding = declared if found == "cp1252" and declared else found
        self.repaired = 0
        self._rest = b""
        self._file = io.TextIOWrapper(archive.open(name), encoding=self.encoding, errors="replace", newline="")

    def read(self, length: int = CHUNK) -> bytes:
        """Return the next piece of about `length` bytes, b"" at the end."""
        text = self._file.read(max(length, 4096))
        data = self._rest + SURROGATES.sub("", text).encode("utf-8")
        if text:
            cut = data.rfind(b"&", max(0, len(data) - 12))
            data, self._rest = (data[:cut], data[cut:]) if cut >= 0 else (data, b"")
            # A piece that was all reference must not look like the end.
            data = data or self.read(length)
        else:
            self._rest = b""
        clean = data.translate(None, FORBIDDEN)
        self.repaired += len(data) - len(clean)
        return REFERENCE.sub(self._check, clean)

    def close(self) -> None:
        """Close the member."""
        self._file.close()

    def _check(self, match: re.Match[bytes]) -> bytes:
        code = int(match[1], 16) if match[1] else int(match[2])
        if code in (9, 10, 13) or 32 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000:
            return match[0]
        self.repaired += 1
        return b""


def _declared(head: bytes) -> str:
    match = re.match(rb"""\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""", head)
    if not match:
        return ""
    try:
        name = codecs.lookup(match[1].decode("ascii")).name
    except LookupError:
        return ""
    return "" if name in ("utf-8", "ascii") or name.startswith("utf-16") else name
