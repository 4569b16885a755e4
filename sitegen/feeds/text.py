"""Strings for XML 1.0, escaped for each feed format."""

from sitegen.formats import lazy_regex
from sitegen.formats.characters import without_controls

MARKUP = lazy_regex.compile(r"<|&[#\w]")

ATTRIBUTE = lazy_regex.compile(r' ([^\s="]+)="([^"]*)"')
"""An attribute of a tag that a parser has just written: its name and its escaped value."""


def legal(text: str) -> str:
    """Return a string without characters that XML 1.0 forbids, with normalised line endings."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return without_controls(text.replace("\x85", " ") if "\x85" in text else text)


def one_line(text: str) -> str:
    """Return a string as a title: legal, with each run of white space as one space, and none at the ends."""
    if text.isprintable() and "  " not in text:
        return text.strip()
    return " ".join(legal(text).split())


def escape(text: str) -> str:
    """Return a string as character data of XML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def write_cdata(html: str) -> str:
    """Return HTML as a CDATA section of XML: the same to every parser, and a tenth smaller than with references."""
    return f"<![CDATA[{html.replace(']]>', ']]]]><![CDATA[>')}]]>"


def escape_plain(text: str) -> str:
    """Return plain text as character data of RSS, by hexadecimal references (RSS Advisory Board, Best Practices).

    RSS does not say whether a title is plain text or HTML. With this escaping, feed readers that expect one or the
    other show the same.
    """
    return text.replace("&", "&#x26;").replace("<", "&#x3C;").replace(">", "&gt;")


def looks_like_html(text: str) -> bool:
    """Return whether a reader could take a plain text for HTML: it contains "<", or "&" before a name or a number."""
    return MARKUP.search(text) is not None


def quote(text: str) -> str:
    """Return a string as the value of an attribute of XML, without the quotation marks around it."""
    return escape(text).replace('"', "&quot;")
