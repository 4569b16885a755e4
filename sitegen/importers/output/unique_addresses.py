"""What only one post of an import may have: its old URLs, and its id."""

from collections.abc import Iterable
from dataclasses import replace

from sitegen.formats.site_urls import comparable, page_file
from sitegen.importers.base import ImportedPost
from sitegen.importers.output.site_pages import SitePages


class Claims:
    """Holds which posts have claimed an id or an old URL."""

    def __init__(self) -> None:
        self._files: dict[str, str] = {}
        self._ids: dict[str, str] = {}

    def settle_id(self, post: ImportedPost) -> tuple[ImportedPost, list[str]]:
        """Return a post without an id that an earlier one has, and a sentence for the report if it had one."""
        if not post.id:
            return post, []
        if post.id in self._ids:
            doubt = f'the id "{post.id[:80]}" was left out: {self._ids[post.id]} has it already'
            return replace(post, id=""), [doubt]
        self._ids[post.id] = str(post.where)
        return post, []

    def settle_aliases(
        self, aliases: Iterable[str], name: str, permalink: str, pages: SitePages
    ) -> tuple[list[str], list[str]]:
        """Return the old URLs of a post that can redirect to it, and a sentence for each that cannot.

        Addresses are compared by the file that they become. One that is the post's own `permalink` is kept: it
        redirects once the site's `urls.post` is changed, and the build leaves it out until then.
        """
        own = comparable(page_file(permalink))
        kept: list[str] = []
        doubts: list[str] = []
        taken: set[str] = set()
        for alias in aliases:
            file = comparable(page_file(alias))
            other = self._files.get(file, name)
            page = pages.find(alias) if file != own else ""
            if other != name or page:
                reason = f"{other} has it already" if other != name else f"{page} is there"
                doubts.append(f"the old address {alias} was left out: {reason}")
            elif file not in taken:
                self._files[file] = name
                taken.add(file)
                kept.append(alias)
        return kept, doubts
