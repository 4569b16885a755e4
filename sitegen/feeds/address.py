"""Absolute URLs of the site's own pages and files."""

from functools import lru_cache
from urllib.parse import urljoin, urlsplit


def absolute(url: str, base: str) -> str:
    """Return a URL resolved against an absolute one (RFC 3986, section 5); site paths, the usual case, at once."""
    if url.startswith("/") and not url.startswith("//") and "/." not in url:
        return origin(base) + url
    return urljoin(base, url)


@lru_cache(maxsize=8)
def origin(url: str) -> str:
    """Return scheme and host of a URL: "https://news.example"."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
