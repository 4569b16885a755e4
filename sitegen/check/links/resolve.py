"""Resolve a URL of a page to a file, as a browser (RFC 3986, WHATWG URL) and a static host do."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from sitegen.check.links.redirects import RedirectRule, match_redirect
from sitegen.formats.urls import SCHEME

# How a URL leads to its target.
FILE, SLASH, SUFFIX, REDIRECT = "file", "slash", "suffix", "redirect"
MISSING, CASE, OUTSIDE, BAD, EXTERNAL, OTHER = "missing", "case", "outside", "bad", "external", "other"
FOUND = frozenset((FILE, SLASH, SUFFIX, REDIRECT))
BROKEN = frozenset((MISSING, CASE, OUTSIDE))

MAX_CACHED_URLS = 50_000
"""Maximum number of cached URLs: those of a theme's links recur on every page."""

_BAD = re.compile(r"%(?![0-9a-fA-F]{2})|[\x00-\x20\x7f\\<>\"{}|^`]")
_PLAIN_PATH = re.compile(r"/(?:[A-Za-z0-9_-][A-Za-z0-9_.-]*/?|(?!))*+")
_PLAIN_URL = re.compile(
    r"https?://([a-z0-9-]+(?:\.[a-z0-9-]+)+)(?:/[\w./=&~+@:,;!-]*+)?(?:\?(?:[\w./?=&~+@:,;!-]++|%[0-9a-fA-F]{2}|(?!))*+)?",
    re.ASCII,
)
_PLAIN_FRAGMENT = re.compile(r"#[\w-]*+")
_TRIM = "".join(map(chr, range(0x21)))
_PORTS = {"http": ":80", "https": ":443"}


class Address(NamedTuple):
    """The target of a URL: how it leads there, the output file (or external URL), and the fragment."""

    how: str
    path: str = ""
    fragment: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Hosting:
    """The files of a site as its host serves them.

    `base` is the base URL's path, with a slash at both ends; `folded` leads from a path in lower
    case and normal form to the real one, `leaves` from the first letters of a page's or file's own
    name to such files; `known` caches resolved URLs, by the URL alone if it
    means the same on every page, otherwise with the page or folder.
    """

    scheme: str
    host: str
    base: str
    files: frozenset[str]
    redirects: tuple[RedirectRule, ...] = ()
    folded: Mapping[str, str] = field(default_factory=dict, repr=False)
    leaves: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    known: MutableMapping[str | tuple[str, str], Address] = field(default_factory=dict, repr=False, compare=False)


def host_files(base_url: str, files: Iterable[str], redirects: Sequence[RedirectRule] = ()) -> Hosting:
    """Return how the files of a site are served below a base URL."""
    parts = urlsplit(base_url)
    base = "/" + parts.path.strip("/") + "/" if parts.path.strip("/") else "/"
    found = frozenset(files)
    folded = {_fold(path): path for path in sorted(found)}
    leaves: dict[str, tuple[str, ...]] = {}
    for path in folded.values():
        letters = leaf(path)[:3].casefold()
        leaves[letters] = (*leaves.get(letters, ())[:200], path)
    host = _plain_host(parts.scheme, parts.netloc)
    return Hosting(parts.scheme.lower(), host, unquote(base), found, tuple(redirects), folded, leaves)


def leaf(path: str) -> str:
    """Return the last name of a path, which for a folder's index is the folder's."""
    return path.removesuffix("index.html").rstrip("/").rpartition("/")[2]


def locate(hosting: Hosting, page: str, url: str) -> Address:
    """Return where a URL in the file `page`, an output path, leads."""
    known = hosting.known
    address = known.get(url)
    if address is not None:
        return address
    if _PLAIN_FRAGMENT.fullmatch(url):
        return Address(FILE, page, url[1:])
    trimmed = url.strip(_TRIM)
    key: str | tuple[str, str] = url
    if trimmed[:1] in ("", "#", "?"):
        key = (page, trimmed)
    elif trimmed[0] != "/" and not SCHEME.match(trimmed):
        key = (page.rpartition("/")[0], trimmed)
    address = known.get(key)
    if address is None:
        if len(known) >= MAX_CACHED_URLS:
            known.clear()
        address = known[key] = _locate(hosting, page, trimmed)
    return address


def page_path(hosting: Hosting, path: str) -> str:
    """Return the path under which an output file is served, unquoted."""
    return hosting.base + (path.removesuffix("index.html") if leaf(path) != path.rpartition("/")[2] else path)


def _locate(hosting: Hosting, page: str, url: str) -> Address:
    """Return where a URL leads, without parsing its common forms in full."""
    plain = _PLAIN_URL.fullmatch(url)
    if plain and plain.group(1) != hosting.host:
        return Address(EXTERNAL, url)
    path = url[plain.end(1) :] if plain else url
    if _PLAIN_PATH.fullmatch(path) and path.startswith(hosting.base):
        return _find_file(hosting, path, "")
    return _take_apart(hosting, page, url)


def _take_apart(hosting: Hosting, page: str, url: str) -> Address:
    scheme = SCHEME.match(url)
    name = scheme.group(1).lower() if scheme else hosting.scheme
    if name not in ("http", "https"):
        return Address(OTHER, url, reason=name)
    problem = _BAD.search(url)
    try:
        parts = urlsplit(url)
        host = _plain_host(name, parts.netloc)
        path = unquote(parts.path, errors="strict")
        fragment = unquote(parts.fragment.partition(":~:")[0])
    except UnicodeDecodeError:
        return Address(BAD, url, reason="percent signs that do not spell UTF-8")
    except ValueError as error:
        return Address(BAD, url, reason=f"a URL that cannot be parsed ({error})")
    if scheme and not host:
        return Address(BAD, url, reason="a scheme without a host")
    address = _resolve(hosting, page, url if scheme else f"{hosting.scheme}:{url}", host, path, fragment)
    return (
        Address(BAD, url, reason=_describe_character(problem.group()))
        if problem and address.how not in BROKEN
        else address
    )


def _resolve(hosting: Hosting, page: str, url: str, host: str, path: str, fragment: str) -> Address:
    if host and host != hosting.host:
        return Address(EXTERNAL, url, fragment)
    if not host and not path:
        return Address(FILE, page, fragment)
    if host:
        path = path or "/"
    elif not path.startswith("/"):
        path = hosting.base + page.rpartition("/")[0] + ("/" if "/" in page else "") + path
    path = _straighten(path)
    if path + "/" == hosting.base:
        return Address(SLASH, "index.html", fragment)
    if not path.startswith(hosting.base):
        return _redirect(hosting, path) or Address(OUTSIDE, path, fragment)
    return _find_file(hosting, path, fragment)


def _find_file(hosting: Hosting, path: str, fragment: str) -> Address:
    name = path[len(hosting.base) :]
    files = hosting.files
    if not name or name.endswith("/"):
        if name + "index.html" in files:
            return Address(FILE, name + "index.html", fragment)
    elif name in files:
        return Address(FILE, name, fragment)
    elif name + "/index.html" in files:
        return Address(SLASH, name + "/index.html", fragment)
    elif name + ".html" in files:
        return Address(SUFFIX, name + ".html", fragment)
    wanted = _fold(name + "index.html" if not name or name.endswith("/") else name)
    for guess in (wanted, wanted + "/index.html"):
        if guess in hosting.folded and not match_redirect(hosting.redirects, path):
            return Address(CASE, hosting.folded[guess], fragment)
    return _redirect(hosting, path) or Address(MISSING, name, fragment)


def _redirect(hosting: Hosting, path: str) -> Address | None:
    rule = match_redirect(hosting.redirects, path)
    return Address(REDIRECT, rule.target, reason=str(rule.status)) if rule and rule.status < 400 else None


def _straighten(path: str) -> str:
    if "/." not in path and "//" not in path:
        return path
    resolved: list[str] = []
    parts = path.split("/")[1:]
    for part in parts:
        if part == "..":
            del resolved[-1:]
        elif part != ".":
            resolved.append(part)
    if parts[-1] in (".", ".."):
        resolved.append("")
    return "/" + "/".join(resolved)


def _plain_host(scheme: str, host: str) -> str:
    return host.rpartition("@")[2].lower().removesuffix(_PORTS.get(scheme.lower(), ":80"))


def _fold(path: str) -> str:
    return unicodedata.normalize("NFC", path).casefold()


def _describe_character(text: str) -> str:
    if text == "%":
        return 'a "%" that is not followed by two hexadecimal digits (write it as %25)'
    if text == " ":
        return "a space (write it as %20)"
    if text == "\\":
        return 'a backslash (write "/")'
    return f"the character {text!r}, which a URL cannot hold as it is (write it as %{ord(text):02X})"
