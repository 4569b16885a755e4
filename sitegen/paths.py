"""Between URLs of the site and files of the output folder."""

from urllib.parse import quote, unquote

SAFE = "/~!$&'()*+,;=:@-._"
"""Characters that stand in the path of a URL as they are (RFC 3986, section 3.3)."""


def site_url(path: str, base: str) -> str:
    """Return the URL, from the host on, of a path that begins at the base URL."""
    return base + quote(path, safe=SAFE)


def output_path(url: str, base: str) -> str:
    """Return the file of the output folder that a static host answers a URL of the site with."""
    path = unquote(url[len(base) :]).lstrip("/")
    if not path or path.endswith("/"):
        return f"{path}index.html"
    return path if "." in path.rpartition("/")[2] else f"{path}/index.html"
