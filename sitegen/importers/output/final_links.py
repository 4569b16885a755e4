"""Resolves the links of pending posts, once all posts of the import are known."""

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, unquote

from sitegen.importers.markdown_source.links import TargetSpan, change_targets
from sitegen.importers.markdown_source.unread_links import find_unread_links
from sitegen.importers.output.broken_links import LinkTargets, is_local, why_broken
from sitegen.importers.output.fragments import Ids, find_ids
from sitegen.importers.output.pending_posts import PendingPost, PendingPosts
from sitegen.importers.output.post_links import PostLinks, bare_host

_HOST = re.compile(r"https?://([A-Za-z0-9.-]+)(?=[/?#]|\Z)")


@dataclass(frozen=True, slots=True)
class ResolvedLinks:
    """Markdown with resolved links: the reasons of `broken` targets, and the number of rewritten links.

    `old` are the links that still lead to the old site.
    """

    text: str
    broken: Mapping[str, str]
    rewritten: int
    old: tuple[str, ...]


class LinkResolver:
    """Resolves the links of an import; caches the ids of linked posts."""

    def __init__(self, links: PostLinks, site: LinkTargets, pending: PendingPosts) -> None:
        self._links, self._site = links, site
        self._pending = pending
        self._ids = lru_cache(maxsize=256)(self._find_ids)
        self._is_other = lru_cache(maxsize=4_096)(self._is_of_another_site)

    def _find_ids(self, file: str) -> Ids:
        post = self._pending.find(file)
        return find_ids(post.text, post.headings) if post else find_ids("")

    def resolve(self, post: PendingPost) -> ResolvedLinks:
        """Replace links to old URLs of imported posts with links to their files, and find broken links."""
        file = post.record.file
        draft = self._site.drafts[file]
        broken: dict[str, str] = {}
        rewritten: list[str] = []
        old: dict[str, None] = {}

        def change(target: TargetSpan) -> str | None:
            if (host := _HOST.match(target.url)) and self._is_other(host[1]):  # most links
                return None
            url = self._new_url(target, from_draft=draft)
            if url is not None:
                rewritten.append(url)
            elif host and target.role == "link" and self._is_of_old_site(host[1]):
                old[target.url] = None
            final = target.url if url is None else url
            final, reason = self._resolve_fragment(final, file)
            reason = reason or why_broken(final, file, self._site)
            if reason:
                final = _clamp_to_root(final)
                broken[final] = reason
            return final

        text = change_targets(post.text, change, post.targets)
        for unread in find_unread_links(post.text, post.targets):
            if reason := why_broken(unread, file, self._site):
                broken[unread] = reason
        # Template tags such as `{% post_url %}` may be outside of links.
        return ResolvedLinks(self._links.replace_keys(text, from_draft=draft), broken, len(rewritten), tuple(old))

    def _is_of_another_site(self, host: str) -> bool:
        """Return whether no URL with a host can lead to a post of the import, or be broken."""
        host = host.casefold()
        return host != self._site.host and not is_local(host) and not self._links.may_know(host)

    def _is_of_old_site(self, host: str) -> bool:
        """Return whether a host is that of the old site, and not of the new one."""
        bare = bare_host(host)
        return bare in self._links.hosts and bare != bare_host(self._site.host)

    def _new_url(self, target: TargetSpan, *, from_draft: bool) -> str | None:
        """Return the link to the file of a post for a target with its old URL, or None."""
        url = self._links.resolve_key(target.url, from_draft=from_draft)
        if url is not None or target.role != "link":
            return url
        linked_post = self._links.find(target.url)
        return (
            self._links.link(target.url, linked_post)
            if linked_post is not None and (from_draft or not linked_post.draft)
            else None
        )

    def _resolve_fragment(self, url: str, file: str) -> tuple[str, str]:
        """Return a URL with the fragment of the new page, and the reason if it has no such id, or ""."""
        if "#" not in url:
            return url, ""
        path, mark, fragment = url.partition("#")
        other = unquote(path) or file
        if not fragment or "/" in path or other not in self._site.drafts:
            return url, ""
        ids: Ids = self._ids(other)
        found = ids.find(unquote(fragment))
        if found is None:
            return url, "the post has no heading or id with this name"
        return (url if found == unquote(fragment) else f"{path}{mark}{quote(found)}"), ""


def _clamp_to_root(url: str) -> str:
    """Return a path outside of the content folder as a path from the site's root, as browsers resolve it."""
    path, mark, rest = url.partition("#")
    is_outside = path.startswith("../../") or (path.startswith("/") and not path.startswith("//") and "/../" in path)
    return posixpath.normpath(f"/{path.lstrip('./')}") + mark + rest if is_outside else url
