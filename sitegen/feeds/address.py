"""Absolute URLs of the site's own pages and files."""

from urllib.parse import urljoin


def absolute(url: str, base: str) -> str:
    """Return a URL resolved against an absolute one (RFC 3986, section 5); site paths, the usual case, at once."""
    if url.startswith("/") and not url.startswith("//") and "/." not in url:
        return origin(base) + url
    return urljoin(base, url)


def origin(url: str) -> str:
    """Return scheme and host of an absolute URL: "https://news.example"."""
    return "/".join(url.split("/", 3)[:3])
