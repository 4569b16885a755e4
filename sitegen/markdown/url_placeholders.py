"""Placeholders for the URLs in a body that depend on the base URL and on the paths of files."""

import re
from collections.abc import Callable
from html import escape, unescape

from sitegen.formats.srcset import read_srcset, write_srcset

OPEN, CLOSE = "\x02", "\x03"
_MARK = re.compile("\x02([^\x02\x03]*)\x03")
_FIXED = re.compile(r"#|//|[a-zA-Z][a-zA-Z0-9+.-]*:|\Z")


def fill_in_urls(html: str, resolve: Callable[[str], str]) -> str:
    """Replace each placeholder with the real URL.

    `resolve` returns the real URL, which is escaped here, for the written one without HTML's entities.
    """
    if OPEN not in html:
        return html
    return _MARK.sub(lambda match: escape(resolve(unescape(match[1]))), html)


def mark_url(value: str, targets: list[str]) -> str:
    """Return the value of a URL attribute, still escaped, as a placeholder if it depends on the site.

    URLs with a scheme or a host, and fragments of the same page, do not. The others, relative to the file
    or to the site's root, are added to `targets`, without HTML's entities.
    """
    url = value.strip()
    if _FIXED.match(unescape(url)):
        return url.replace(" ", "%20") if " " in url else url
    targets.append(unescape(url))
    return f"{OPEN}{url}{CLOSE}"


def mark_srcset(value: str, targets: list[str]) -> str:
    """Return the value of a `srcset` attribute with a placeholder for each URL that needs one."""
    return write_srcset((mark_url(url, targets), descriptor) for url, descriptor in read_srcset(value))
