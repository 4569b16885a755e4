"""The characters that documents cannot contain, or should not, as parts of the classes of regular expressions.

XML 1.0, section 2.2, forbids some characters and discourages others, which HTML forbids too. Nothing that a person
writes needs either. What URLs, HTTP, YAML and Git forbid is something else, and is where these are read.
"""

from sitegen.formats import lazy_regex

XML_FORBIDDEN = "\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff"
"""Characters without which no XML document is well-formed: control characters, surrogates, U+FFFE and U+FFFF."""

DISCOURAGED = "\x7f-\x84\x86-\x9f"
"""Control characters that XML allows and discourages; HTML forbids them. U+0085, a line end, is not among them."""

FORBIDDEN = lazy_regex.compile(f"[{XML_FORBIDDEN}]+")
CONTROLS = lazy_regex.compile(f"[{XML_FORBIDDEN}{DISCOURAGED}]+")
INVISIBLE = lazy_regex.compile(f"[{XML_FORBIDDEN}{DISCOURAGED}\ufeff]+")
"""Characters that show nothing and that no value needs, byte order marks among them."""

_C1 = lazy_regex.compile("[\x80-\x9f]+")

_ASCII_FORBIDDEN = bytes(code for code in (*range(32), 127) if code not in b"\t\n\r")
_ASCII_REPLACED = bytes.maketrans(_ASCII_FORBIDDEN, b"\xff" * len(_ASCII_FORBIDDEN))  # FF is in no UTF-8


def restore_windows_1252(text: str) -> str:
    """Return a string with the quotes of Windows-1252 that were read as control characters (U+0080 to U+009F)."""
    return text if text.isascii() else _C1.sub(lambda match: _decode_windows_1252(match[0]), text)


def _decode_windows_1252(characters: str) -> str:
    return characters.encode("latin-1").decode("cp1252", "ignore")


def without_controls(text: str) -> str:
    """Return a string without the characters that XML forbids or discourages."""
    return text if _is_clean(text) else CONTROLS.sub("", text)


def without_forbidden(text: str) -> str:
    """Return a string without the characters that XML forbids."""
    return text if _is_clean(text) else FORBIDDEN.sub("", text)


def is_xml_character(code: int) -> bool:
    """Return whether XML allows the character of a code point."""
    return code in range(0x110000) and FORBIDDEN.match(chr(code)) is None


def _is_clean(text: str) -> bool:
    """Return whether a string needs no change: twice as fast as the pattern, for strings that rarely need one."""
    try:
        data = text.encode()
    except UnicodeEncodeError:
        return False
    if data.translate(_ASCII_REPLACED) != data or "\ufffe" in text or "\uffff" in text:
        return False
    # In UTF-8, U+0080 to U+009F begin with the byte C2, which few other characters have.
    return b"\xc2" not in data or all(piece[:1] >= b"\xa0" or piece[:1] == b"\x85" for piece in data.split(b"\xc2")[1:])
