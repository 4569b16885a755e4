"""URLs as feeds have them: absolute, and with no sign that a URI may not hold."""

import re
from contextlib import suppress
from urllib.parse import quote, urljoin

URI = re.compile(r"(?:[\w!#$&'()*+,./:;=?@\[\]~-]|%[0-9A-Fa-f]{2})*", re.ASCII)
BARE_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")
HOST = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://([^/?#]*)")
SIGNS = "!#$%&'()*+,/:;=?@[]~"


def absolute(url: str, base: str) -> str:
    """Return a URL resolved against an absolute one (RFC 3986, section 5); site paths, the usual case, at once."""
    if url.startswith("/") and not url.startswith("//") and "/." not in url:
        return origin(base) + url
    return urljoin(base, url)


def origin(url: str) -> str:
    """Return scheme and host of an absolute URL: "https://news.example"."""
    return "/".join(url.split("/", 3)[:3])


def to_uri(url: str) -> str:
    """Return a URL with all that a URI may not hold encoded: its host by IDNA, the rest by per cent (RFC 3987)."""
    if URI.fullmatch(url):
        return url
    host = HOST.match(url)
    if host and not host[1].isascii():
        # A name that IDNA cannot say is no host that anybody could reach.
        with suppress(UnicodeError):
            url = f"{url[: host.start(1)]}{host[1].encode('idna').decode()}{url[host.end(1) :]}"
    return quote(BARE_PERCENT.sub("%25", url), safe=SIGNS)
