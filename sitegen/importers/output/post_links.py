"""Replaces links to old URLs of imported posts with links to their new files."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from sitegen.formats.site_urls import comparable
from sitegen.importers.base import ImportedPost

KEY_SCHEME = "sitegen-post:"
"""Scheme of internal links to posts of the import, followed by the key of the post."""

_URL = re.compile(r"(?:https?:)?//(?:[^/?#@]*@)?(?:www\.)?([^/?#:]+)", re.IGNORECASE)
_KEY_LINK = re.compile(re.escape(KEY_SCHEME) + r"([\w.~%-]+)", re.ASCII)
_MEDIUM_ID = re.compile(r"(?:^|[-/])([0-9a-f]{10,12})\Z")
_WORDPRESS_QUERY = re.compile(r"(?:^|&)(p|page_id)=(\d+)(?=&|\Z)")
_MAILCHIMP_HOST = re.compile(r"(?:^|\.)campaign-archive\d?\.com\Z")
_BLOGGER_HOST = re.compile(r"\.blogspot\.(?:com?\.)?[a-z]{2,3}\Z")
_SHARED_HOSTS = frozenset(("medium.com", "open.substack.com", "substack.com", "buttondown.com", "buttondown.email",
                     "mailchi.mp", "campaign-archive.com"))  # fmt: skip
_INDEX = re.compile(r"/index\.(?:html?|php)\Z", re.IGNORECASE)


def key_link(key: str) -> str:
    """Return an internal link to the post with a key, for use until the file of the post is known."""
    return KEY_SCHEME + quote(key, safe="")


@dataclass(frozen=True, slots=True)
class LinkedPost:
    """A post of the import: its file in the folder of posts, its old path, and whether it is a draft."""

    file: str
    old_path: str
    draft: bool


class PostLinks:
    """Maps the old URLs of imported posts to their new files; `hosts` are those of the old site.

    URLs are compared without scheme, `www.`, country of Blogger, trailing slash, `index.html`, case, fragment and
    query, except the queries `?p=18` of WordPress and `?id=` of Mailchimp. Stories of Medium are identified by the id
    at the end of the path. `old_url` is the URL of the old site, if the user has given it.
    """

    def __init__(self, old_url: str = "") -> None:
        self.hosts: set[str] = {_host(old_url)} if old_url else set()
        self._hosts: set[str] = set()
        self._by_key: dict[str, LinkedPost] = {}
        self._by_url: dict[tuple[str, str], LinkedPost] = {}
        self._by_path: dict[str, LinkedPost] = {}
        self._by_path_without_url: dict[str, LinkedPost] = {}

    def add(self, key: str, post: ImportedPost, file: str) -> None:
        """Add a post with its file; if two posts have the same URL, the first one is used."""
        linked_post = LinkedPost(file, next(iter(post.aliases), ""), bool(post.draft))
        self._by_key.setdefault(key, linked_post)
        absolute = [url for url in (post.id, *post.urls) if url.startswith(("http://", "https://"))]
        for url in absolute:
            for host_and_path in _comparable_urls(url):
                self._by_url.setdefault(host_and_path, linked_post)
                self._hosts.add(host_and_path[0])
            # A saved page of another publication is not a page of the old site.
            if not _is_shared(host := _host(url)) and host != _host(post.source_url):
                self.hosts.add(host)
        for alias in post.aliases:
            self._by_path.setdefault(_path(alias), linked_post)
            if not absolute:
                self._by_path_without_url.setdefault(_path(alias), linked_post)

    def find(self, url: str) -> LinkedPost | None:
        """Return the post with an absolute URL, or with a path from the root of the old site, or None."""
        if url.startswith("/") and not url.startswith("//"):
            return self._by_path.get(_path(urlsplit(url).path)) if _path(urlsplit(url).path) else None
        match = _URL.match(url)
        if match is None or not self._may_be_known(match[1].casefold(), url):
            return None
        for host, path in _comparable_urls(url):
            found = self._by_url.get((host, path))
            if found is None and host in self.hosts and path:
                found = self._by_path_without_url.get(path)
            if found is not None:
                return found
        return None

    def may_know(self, host: str) -> bool:
        """Return whether a URL with a host, in lower case, may be that of a post."""
        host = bare_host(host)
        is_known = host in self._hosts or host in self.hosts or host == "open.substack.com"
        return is_known or not self._hosts.isdisjoint(("medium.com", "campaign-archive.com"))

    def _may_be_known(self, host: str, url: str) -> bool:
        """Return whether a URL may be that of a post, by its host and the end of its path."""
        host = bare_host(host)
        if host in self._hosts or host in self.hosts or host == "open.substack.com":
            return True
        return ("medium.com" in self._hosts and _MEDIUM_ID.search(url.partition("?")[0]) is not None) or (
            "campaign-archive.com" in self._hosts and _MAILCHIMP_HOST.search(host) is not None
        )

    def link(self, url: str, linked_post: LinkedPost) -> str:
        """Return the link to the new file of a post for a link to its old URL."""
        fragment = urlsplit(url).fragment
        return quote(linked_post.file) + (f"#{fragment}" if fragment else "")

    def resolve_key(self, url: str, *, from_draft: bool) -> str | None:
        """Return the link to the file of a post for an internal link by key, or None for any other URL.

        If the post is a draft, the old path is returned; if it was not imported, "#".
        """
        match = _KEY_LINK.match(url)
        if match is None:
            return None
        linked_post = self._by_key.get(unquote(match[1]))
        if linked_post is None:
            return "#"
        link = quote(linked_post.file) if from_draft or not linked_post.draft else quote(linked_post.old_path) or "#"
        return link + url[match.end() :]

    def replace_keys(self, text: str, *, from_draft: bool) -> str:
        """Replace the remaining internal links by key with links to files."""
        if KEY_SCHEME not in text:
            return text
        return _KEY_LINK.sub(lambda match: self.resolve_key(match[0], from_draft=from_draft) or "#", text)


def _comparable_urls(url: str) -> Iterator[tuple[str, str]]:
    """Yield the comparable forms of an absolute URL: the host, and the path or query."""
    if not url.startswith(("http://", "https://", "//")):
        return
    try:
        parts = urlsplit(url)
        host, path = _host(url), _path(parts.path)
    except ValueError:
        return
    for name, number in _WORDPRESS_QUERY.findall(parts.query):
        yield host, f"?{name}={number}"
    if _MAILCHIMP_HOST.search(host) and (match := re.search(r"(?:^|&)id=(\w+)", parts.query)):
        yield "campaign-archive.com", f"?id={match[1]}"
    if host == "open.substack.com" and (match := re.match(r"/pub/([\w-]+)(/.+)", path)):
        host, path = f"{match[1]}.substack.com", match[2]
    if match := _MEDIUM_ID.search(path):
        yield "medium.com", f"/p/{match[1]}"
    if path:
        yield host, path


def _is_shared(host: str) -> bool:
    """Return whether a host serves the posts of many newsletters."""
    return host in _SHARED_HOSTS


def bare_host(host: str) -> str:
    """Return a host in lower case without `www.`; all domains of Blogger, such as `blogspot.de`, are `blogspot.com`."""
    host = host.casefold().removeprefix("www.")
    return _BLOGGER_HOST.sub(".blogspot.com", host) if ".blogspot." in host else host


def _host(url: str) -> str:
    try:
        return bare_host(urlsplit(url).hostname or "")
    except ValueError:
        return ""


def _path(path: str) -> str:
    return comparable(_INDEX.sub("", unquote(path))).rstrip("/")
