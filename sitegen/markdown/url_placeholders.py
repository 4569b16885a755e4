"""Marks around the URLs in a body that depend on where the site and its files lie."""

import re
from collections.abc import Callable
from html import escape, unescape

from sitegen.formats.srcset import read_srcset, write_srcset

OPEN, CLOSE = "\x02", "\x03"
_MARK = re.compile("\x02([^\x02\x03]*)\x03")
_FIXED = re.compile(r"#|//|[a-zA-Z][a-zA-Z0-9+.-]*:|\Z")


def place(html: str, resolve: Callable[[str], str]) -> str:
    """Put the real URL where each mark is.

    `resolve` gets the URL as it was written, without HTML's entities, and gives the real one, which is
    escaped here.
    """
    if OPEN not in html:
        return html
    return _MARK.sub(lambda match: escape(resolve(unescape(match[1]))), html)


def mark(value: str, found: list[str]) -> str:
    """Return a URL attribute's value, still escaped, with a mark if it depends on where the site lies.

    A URL with a scheme or a host, and one to a part of the same page, does not. The others, relative to the file
    that holds them or to the site's root, are added to `found`, without HTML's entities.
    """
    url = value.strip()
    if _FIXED.match(unescape(url)):
        return url.replace(" ", "%20") if " " in url else url
    found.append(unescape(url))
    return f"{OPEN}{url}{CLOSE}"


def mark_set(value: str, found: list[str]) -> str:
    """Return a `srcset` attribute's value with a mark around each URL that needs one."""
    return write_srcset((mark(url, found), descriptor) for url, descriptor in read_srcset(value))
