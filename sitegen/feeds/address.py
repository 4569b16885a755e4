"""URLs for feeds: absolute, and without characters that a URI must not contain."""

import re
from contextlib import suppress
from urllib.parse import quote

from sitegen.formats import lazy_regex
from sitegen.formats.urls import STRAY_PERCENT, is_root_relative, join_url, origin_of

URI = lazy_regex.compile(r"(?:[\w!#$&'()*+,./:;=?@~-]|%[0-9A-Fa-f]{2})*", re.ASCII)
PLAIN = lazy_regex.compile(r"https?://[\w.-]+(?:/[\w.~-]+)*/?", re.ASCII)
"""An absolute URL that needs no resolving: without a query, a fragment, white space or other characters."""
HOST = lazy_regex.compile(r"[A-Za-z][A-Za-z0-9+.-]*://([^/?#]*)")
SIGNS = "!#$%&'()*+,/:;=?@~"


def absolute(url: str, base: str) -> str:
    """Return a URL resolved against an absolute one, "" if it cannot be parsed; site paths, the usual case, at once."""
    if is_root_relative(url) and "/." not in url:
        return origin_of(base) + url
    return url if PLAIN.fullmatch(url) else join_url(base, url)


def to_uri(url: str) -> str:
    """Return an IRI as a URI: its host in IDNA, other characters that a URI may not contain percent-encoded (RFC 3987).

    Square brackets are only allowed around an IPv6 literal in the host (RFC 3986, section 3.2.2).
    """
    if URI.fullmatch(url):
        return url
    found = HOST.match(url)
    start, end = found.span(1) if found else (0, 0)
    host = url[start:end]
    if not host.isascii():
        # A name that IDNA cannot encode is not the name of a host: it is percent-encoded below.
        with suppress(UnicodeError):
            host = host.encode("idna").decode()
    parts = ((url[:start], SIGNS), (host, SIGNS + "[]"), (url[end:], SIGNS))
    return "".join([quote(STRAY_PERCENT.sub("%25", part), safe=safe) for part, safe in parts])
