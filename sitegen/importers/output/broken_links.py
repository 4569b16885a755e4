"""Finds the links, images and files of an imported post that lead to nothing on the new site."""

import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from sitegen.importers.output.site_pages import SitePages

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_ELSEWHERE = re.compile(r"(?:https?:)?//(\[[^\]/]*\]|[^/?#:@\[\]]+)(?=[:/?#]|\Z)", re.IGNORECASE)
_LOCAL_HOST = re.compile(r"(?:localhost|127(?:\.\d+){3}|0\.0\.0\.0|\[::1\])\Z")
_TEXTS = (".md", ".markdown")


@dataclass(frozen=True, slots=True)
class Site:
    """What the links of an import can lead to.

    `drafts` gives, by file, whether a post of the import is a draft; `pages` are the site's; `exists` returns whether
    there is a file at a path below the folder of posts; `host` is that of the site's base URL.
    """

    drafts: Mapping[str, bool]
    pages: SitePages
    exists: Callable[[str], bool]
    host: str


def why_broken(url: str, file: str, site: Site) -> str:
    """Return why a URL in the post `file` leads to nothing, "" for one that leads somewhere or to another site."""
    if match := _ELSEWHERE.match(url):
        if _LOCAL_HOST.match(match[1].casefold()):
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
        inside = host and host == site.host and parts.scheme in ("http", "https", "")
        return _why_missing(path or "/", site) if inside else ""
    if path.startswith("/"):
        return _why_missing(path, site)
    return (
        _why_not_beside(posixpath.normpath(posixpath.join(posixpath.dirname(file), path)), file, site) if path else ""
    )


def _why_missing(path: str, site: Site) -> str:
    return "" if site.pages.has(path) else "the new site has no such page or file"


def _why_not_beside(found: str, file: str, site: Site) -> str:
    if found in site.drafts:
        return "it leads to a draft" if site.drafts[found] and not site.drafts.get(file) else ""
    if site.exists(found):
        return ""
    return "the import has no such post" if found.lower().endswith(_TEXTS) else "the export does not hold it"
