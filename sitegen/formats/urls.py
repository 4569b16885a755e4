"""URLs in configuration values, front matter, HTML and messages."""

import re
from urllib.parse import quote, unquote, urljoin, urlsplit

from sitegen.formats import lazy_regex

# RFC 3986, section 3.2.1: userinfo ends at the last "@" before the path, query or fragment.
_USERINFO = lazy_regex.compile(r"(?<=://)[^\s/?#'\"<>]*@")

SCHEME = lazy_regex.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")
"""The scheme at the beginning of an absolute URL (RFC 3986, section 3.1)."""

STRAY_PERCENT = lazy_regex.compile(r"%(?![0-9A-Fa-f]{2})")
"""A percent sign that encodes nothing."""

PATH_SAFE = "/~!$&'()*+,;=:@-._"
"""Characters of a path that need no percent-encoding (RFC 3986, section 3.3), and the slash."""


def hide_credentials(text: str) -> str:
    """Return a string without the user names and passwords of the URLs in it."""
    return _USERINFO.sub("", text) if "://" in text else text


_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?\.?|\[[0-9a-f:.]+\]")
_WEB_URL = lazy_regex.compile(r"https?://[^\s/?#\x00-\x1f\x7f][^\s\x00-\x1f\x7f]*", re.IGNORECASE)
_PORTS = {"http": 80, "https": 443}
# ß, final sigma and the two joiners: IDNA 2003, which Python has, maps them to another domain than browsers do.
_DEVIATIONS = frozenset("ßς\u200c\u200d")


def normalize_base_url(url: str) -> str:
    """Return a site's URL with host and scheme in lower case, and everything else in ASCII.

    The host is encoded as Punycode (RFC 3490), the path with percent signs (RFC 3986, section 2.1), and the default
    port is removed. Raises ValueError, with what is wrong, for anything but an HTTP URL of a folder.
    """
    if re.search(r"[\x00-\x1f\x7f\\]", url):
        raise ValueError("it contains a control character or a backslash")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:  # brackets without an IPv6 host, or a port that is not a number
        raise ValueError("its host or port is not valid") from None
    if parts.scheme not in _PORTS or not parts.netloc:
        raise ValueError("it does not begin with https:// or http:// and a host")
    if "@" in parts.netloc:
        raise ValueError("it contains a user name or password, which every page would show")
    if "?" in url or "#" in url:
        raise ValueError("it contains a query or fragment")
    host = encode_host(parts.netloc.removesuffix(f":{port}") if port is not None else parts.netloc.rstrip(":"))
    if {".", ".."} & set(parts.path.split("/")):
        raise ValueError("its path contains a . or .. segment")
    if "%2f" in parts.path.lower():
        raise ValueError("its path contains an encoded slash")
    try:
        path = quote(unquote(STRAY_PERCENT.sub("%25", parts.path), errors="strict"), safe=PATH_SAFE)
    except UnicodeDecodeError:
        raise ValueError("its path is not encoded in UTF-8") from None
    shown = "" if port in (None, _PORTS[parts.scheme]) else f":{port}"
    return f"{parts.scheme}://{host}{shown}{path}"


def encode_host(host: str) -> str:
    """Return the name of a host in ASCII (RFC 3490), in lower case; raise ValueError with the cause if it is none."""
    name = host.lower()
    if _DEVIATIONS & set(name):
        raise ValueError("its host contains a letter with two encodings; write the host in Punycode (xn--...)")
    if not name.isascii():
        try:
            name = name.encode("idna").decode()
        except UnicodeError:
            name = ""
    if not _HOST.fullmatch(name) or ".." in name:
        raise ValueError(f"`{host}` is not the name of a host")
    return name


def origin_of(url: str) -> str:
    """Return scheme, host and port of an absolute URL: "https://news.example" (RFC 6454, section 4)."""
    return "/".join(url.split("/", 3)[:3])


def base_path_of(base_url: str) -> str:
    """Return the path of a base URL, without a slash at its end: "" or "/archive"."""
    return base_url[len(origin_of(base_url)) :].rstrip("/")


def home_of(base_url: str) -> str:
    """Return the URL of a site's home page, which ends with a slash; a base URL may end without one."""
    return f"{base_url.rstrip('/')}/"


def is_root_relative(url: str) -> bool:
    """Return whether a URL is a path from the root of its host: after two slashes, there is a host (RFC 3986, 4.2)."""
    return url.startswith("/") and not url.startswith("//")


def is_parseable(url: str) -> bool:
    """Return whether a URL can be parsed: its host is not half an IPv6 address, such as in `//[x`, or malformed."""
    try:
        urlsplit(url)
    except ValueError:
        return False
    return True


def is_site_path(url: str) -> bool:
    """Return whether a URL is a path from the root of the site, as settings name the files of the site."""
    return is_root_relative(url) and is_parseable(url)


def is_web_url(url: str) -> bool:
    """Return whether a string is an absolute http or https URL without spaces and control characters."""
    return _WEB_URL.fullmatch(url) is not None and is_parseable(url)


def join_url(base: str, url: str) -> str:
    """Return a URL resolved against an absolute one (RFC 3986, section 5), "" if it cannot be parsed."""
    try:
        return urljoin(base, url)
    except ValueError:
        return ""
