"""Gives the links of a pending post their final targets, once all posts of the import are known."""

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, unquote

from sitegen.importers.markdown_source.links import Target, change_targets
from sitegen.importers.markdown_source.unread_links import find_unread_links
from sitegen.importers.output.broken_links import Site, why_broken
from sitegen.importers.output.fragments import Ids, find_ids
from sitegen.importers.output.pending_posts import PendingPost, PendingPosts
from sitegen.importers.output.post_links import PostLinks


@dataclass(frozen=True, slots=True)
class Settled:
    """A post's Markdown with its final targets: why some of them are `broken`, and how many lead to other posts."""

    text: str
    broken: Mapping[str, str]
    rewritten: int


class LinkSettler:
    """Holds what the links of an import can lead to; ids of posts that are linked to are found once."""

    def __init__(self, links: PostLinks, site: Site, pending: PendingPosts) -> None:
        self._links, self._site = links, site
        self._ids = lru_cache(maxsize=256)(lambda file: find_ids(pending.text_of(file)))

    def settle(self, post: PendingPost) -> Settled:
        """Return a post's Markdown in which links to old URLs of other posts lead to their files."""
        file = post.record.file
        draft = self._site.drafts[file]
        broken: dict[str, str] = {}
        rewritten: list[str] = []

        def change(target: Target) -> str | None:
            url = self._new_url(target, from_draft=draft)
            if url is not None:
                rewritten.append(url)
            final = target.url if url is None else url
            final, why = self._settle_fragment(final, file)
            why = why or why_broken(final, file, self._site)
            if why:
                final = _inside(final)
                broken[final] = why
            return final

        text = change_targets(post.text, change, post.targets)
        for unread in find_unread_links(post.text, post.targets):
            if why := why_broken(unread, file, self._site):
                broken[unread] = why
        # A tag such as `{% post_url %}` may be written where no link is.
        return Settled(self._links.replace_keys(text, from_draft=draft), broken, len(rewritten))

    def _new_url(self, target: Target, *, from_draft: bool) -> str | None:
        """Return the link to a post's file that replaces a link to its old URL, None for any other target."""
        url = self._links.resolve_key(target.url, from_draft=from_draft)
        if url is not None or target.role != "link":
            return url
        known = self._links.find(target.url)
        return self._links.link(target.url, known) if known is not None and (from_draft or not known.draft) else None

    def _settle_fragment(self, url: str, file: str) -> tuple[str, str]:
        """Return a URL whose fragment is the id that the new page has, and why there is no such id, or ""."""
        if "#" not in url:
            return url, ""
        path, mark, fragment = url.partition("#")
        other = unquote(path) or file
        if not fragment or "/" in path or other not in self._site.drafts:
            return url, ""
        ids: Ids = self._ids(other)
        found = ids.find(unquote(fragment))
        if found is None:
            return url, "the post has no heading or id of this name"
        return (url if found == unquote(fragment) else f"{path}{mark}{quote(found)}"), ""


def _inside(url: str) -> str:
    """Return a path that leads out of the content folder as one from the site's root, as browsers resolve it."""
    path, mark, rest = url.partition("#")
    is_out = path.startswith("../../") or (path.startswith("/") and not path.startswith("//") and "/../" in path)
    return posixpath.normpath(f"/{path.lstrip('./')}") + mark + rest if is_out else url
