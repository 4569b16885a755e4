"""Text that XML 1.0 can carry."""

import re

ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""All that is not a Char in XML 1.0 (section 2.2): control characters, surrogates, U+FFFE and U+FFFF."""

CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r")


def legal(text: str) -> str:
    """Return a text without the characters that XML 1.0 forbids, and with its line ends as XML reads them."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if is_legal(text) else ILLEGAL.sub("", text)


def is_legal(text: str) -> bool:
    """Tell whether XML 1.0 can carry a text: twice as fast as the pattern, on texts that nearly always are."""
    try:
        data = text.encode()
    except UnicodeEncodeError:
        return False
    return len(data.translate(None, CONTROLS)) == len(data) and "\ufffe" not in text and "\uffff" not in text


def one_line(text: str) -> str:
    """Return a text as a title needs it: legal, each run of white space one space, none at the ends."""
    if text.isprintable() and "  " not in text:
        return text.strip()
    return " ".join(legal(text).split())


def escape(text: str) -> str:
    """Return a text as character data of XML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def quote(text: str) -> str:
    """Return a text as the value of an attribute of XML, without the quotation marks around it."""
    return escape(text).replace('"', "&quot;")


def words(text: str) -> frozenset[str]:
    """Return the words of a text: a set that reads like a sentence."""
    return frozenset(text.split())
