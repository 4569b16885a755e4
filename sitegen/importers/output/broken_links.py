"""Finds links, images and files in imported posts that do not exist on the new site."""

import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from sitegen.importers.output.site_pages import SitePages

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_ABSOLUTE_URL = re.compile(r"(?:https?:)?//(\[[^\]/]*\]|[^/?#:@\[\]]+)(?=[:/?#]|\Z)", re.IGNORECASE)
_LOCAL_HOST = re.compile(r"(?:localhost|127(?:\.\d+){3}|0\.0\.0\.0|\[::1\])\Z")
_MARKDOWN_EXTENSIONS = (".md", ".markdown")


@dataclass(frozen=True, slots=True)
class LinkTargets:
    """The valid targets of links in imported posts.

    `drafts` maps the files of imported posts to whether they are drafts; `pages` are the pages of the site; `exists`
    returns whether there is a file at a path in the folder of posts; `host` is the host of the site's base URL.
    `draft_pages` are the drafts by the names that `pages` has for them.
    """

    drafts: Mapping[str, bool]
    pages: SitePages
    exists: Callable[[str], bool]
    host: str
    draft_pages: frozenset[str] = frozenset()


def is_local(host: str) -> bool:
    """Return whether a host, in lower case, is the computer itself."""
    return _LOCAL_HOST.match(host) is not None


def why_broken(url: str, file: str, site: LinkTargets) -> str:
    """Return why a URL in the post `file` is broken, or "" for a valid URL or one of another site."""
    if match := _ABSOLUTE_URL.match(url):
        if is_local(match[1].casefold()):
            return "it is on the author's own computer"
        if match[1].casefold() != site.host:
            return ""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").casefold()
    except ValueError:
        return "it is not a URL"
    path = unquote(parts.path)
    if _SCHEME.match(url) or url.startswith("//"):
        is_own = host and host == site.host and parts.scheme in ("http", "https", "")
        return _why_missing(path or "/", file, site) if is_own else ""
    if path.startswith("/"):
        return _why_missing(path, file, site)
    return (
        _why_relative_missing(posixpath.normpath(posixpath.join(posixpath.dirname(file), path)), file, site)
        if path
        else ""
    )


def _why_missing(path: str, file: str, site: LinkTargets) -> str:
    if site.pages.find(path) in site.draft_pages and not site.drafts.get(file):
        return "it links to a draft"
    return "" if site.pages.has(path) else "the new site has no page or file at this path"


def _why_relative_missing(target: str, file: str, site: LinkTargets) -> str:
    if target in site.drafts:
        return "it links to a draft" if site.drafts[target] and not site.drafts.get(file) else ""
    if site.exists(target):
        return ""
    return (
        "no imported post has this path"
        if target.lower().endswith(_MARKDOWN_EXTENSIONS)
        else "the export does not contain it"
    )
