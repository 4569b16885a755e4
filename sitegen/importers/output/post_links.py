"""Turns links between the posts of one export into links between the new files."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from sitegen.formats.site_urls import comparable
from sitegen.importers.base import ImportedPost

KEY_SCHEME = "sitegen-post:"
"""Begins the URL by which an importer of folders links to another post of the import: the post's key follows."""

_URL = re.compile(r"(?:https?:)?//(?:[^/?#@]*@)?(?:www\.)?([^/?#:]+)", re.IGNORECASE)
_KEY_LINK = re.compile(re.escape(KEY_SCHEME) + r"([\w.~%-]+)", re.ASCII)
_STORY = re.compile(r"(?:^|[-/])([0-9a-f]{10,12})\Z")
_QUERIES = re.compile(r"(?:^|&)(p|page_id)=(\d+)(?=&|\Z)")
_CAMPAIGNS = re.compile(r"(?:^|\.)campaign-archive\d?\.com\Z")
_SHARED = frozenset(("medium.com", "open.substack.com", "substack.com", "buttondown.com", "buttondown.email",
                     "mailchi.mp", "campaign-archive.com"))  # fmt: skip
_INDEX = re.compile(r"/index\.(?:html?|php)\Z", re.IGNORECASE)


def key_link(key: str) -> str:
    """Return the URL by which a text links to the post of a key, until it is known which file that becomes."""
    return KEY_SCHEME + quote(key, safe="")


@dataclass(frozen=True, slots=True)
class Known:
    """A post of the import: its file in the folder of posts, its old path, and whether it is a draft."""

    file: str
    address: str
    draft: bool


class PostLinks:
    """Holds the old URLs of an import's posts, and the file that each of them became.

    URLs are compared without scheme, `www.`, trailing slash, `index.html`, case, fragment and query, but for
    WordPress's `?p=18` and Mailchimp's `?id=`. Medium's stories are known by the number at the end of their
    paths. `old_url` is the old site's, where the user has stated it.
    """

    def __init__(self, old_url: str = "") -> None:
        self.hosts: set[str] = {_host(old_url)} if old_url else set()
        self._hosts: set[str] = set()
        self._keys: dict[str, Known] = {}
        self._absolute: dict[tuple[str, str], Known] = {}
        self._rooted: dict[str, Known] = {}
        self._homeless: dict[str, Known] = {}

    def learn(self, key: str, post: ImportedPost, file: str) -> None:
        """Add a post that becomes a file; of two posts with the same URL the first one keeps it."""
        known = Known(file, next(iter(post.aliases), ""), bool(post.draft))
        self._keys.setdefault(key, known)
        absolute = [url for url in (post.id, *post.urls) if url.startswith(("http://", "https://"))]
        for url in absolute:
            for place in _places(url):
                self._absolute.setdefault(place, known)
                self._hosts.add(place[0])
            if not _is_shared(host := _host(url)):
                self.hosts.add(host)
        for alias in post.aliases:
            self._rooted.setdefault(_path(alias), known)
            if not absolute:
                self._homeless.setdefault(_path(alias), known)

    def find(self, url: str) -> Known | None:
        """Return the post that a link leads to: an absolute URL, or a path from the root of the old site."""
        if url.startswith("/") and not url.startswith("//"):
            return self._rooted.get(_path(urlsplit(url).path)) if _path(urlsplit(url).path) else None
        match = _URL.match(url)
        if match is None or not self._may_know(match[1].casefold(), url):
            return None
        for host, path in _places(url):
            found = self._absolute.get((host, path))
            if found is None and host in self.hosts and path:
                found = self._homeless.get(path)
            if found is not None:
                return found
        return None

    def _may_know(self, host: str, url: str) -> bool:
        """Return whether a URL can be that of a post, by its host and its end alone."""
        if host in self._hosts or host in self.hosts or host == "open.substack.com":
            return True
        return ("medium.com" in self._hosts and _STORY.search(url.partition("?")[0]) is not None) or (
            "campaign-archive.com" in self._hosts and _CAMPAIGNS.search(host) is not None
        )

    def link(self, url: str, known: Known) -> str:
        """Return the link to a post's new file that replaces a link to its old URL."""
        fragment = urlsplit(url).fragment
        return quote(known.file) + (f"#{fragment}" if fragment else "")

    def resolve_key(self, url: str, *, from_draft: bool) -> str | None:
        """Return the link to the file of the post that a URL names by its key, None for any other URL.

        A link to a draft, or to a post that was not imported after all, leads to the old path.
        """
        match = _KEY_LINK.match(url)
        if match is None:
            return None
        known = self._keys.get(unquote(match[1]))
        if known is None:
            return "#"
        link = quote(known.file) if from_draft or not known.draft else quote(known.address) or "#"
        return link + url[match.end() :]

    def replace_keys(self, text: str, *, from_draft: bool) -> str:
        """Return a text in which the links by key that are left lead to files."""
        if KEY_SCHEME not in text:
            return text
        return _KEY_LINK.sub(lambda match: self.resolve_key(match[0], from_draft=from_draft) or "#", text)


def _places(url: str) -> Iterator[tuple[str, str]]:
    """Yield each form in which an absolute URL may be known: host, and path or query."""
    if not url.startswith(("http://", "https://", "//")):
        return
    try:
        parts = urlsplit(url)
        host, path = _host(url), _path(parts.path)
    except ValueError:
        return
    for name, number in _QUERIES.findall(parts.query):
        yield host, f"?{name}={number}"
    if _CAMPAIGNS.search(host) and (match := re.search(r"(?:^|&)id=(\w+)", parts.query)):
        yield "campaign-archive.com", f"?id={match[1]}"
    if host == "open.substack.com" and (match := re.match(r"/pub/([\w-]+)(/.+)", path)):
        host, path = f"{match[1]}.substack.com", match[2]
    if match := _STORY.search(path):
        yield "medium.com", f"/p/{match[1]}"
    if path:
        yield host, path


def _is_shared(host: str) -> bool:
    """Return whether a host shows the posts of many newsletters."""
    return host in _SHARED


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _path(path: str) -> str:
    return comparable(_INDEX.sub("", unquote(path))).rstrip("/")
