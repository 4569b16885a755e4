"""Ensures that ids, translation keys and old URLs of imported posts are unique."""

from collections.abc import Iterable

from msgspec.structs import replace

from sitegen.formats.site_urls import comparable_page
from sitegen.importers.archive.members import printable
from sitegen.importers.base import ImportedPost
from sitegen.importers.output.site_pages import SitePages


class UniqueUrls:
    """Tracks which posts have an id, a translation key or an old URL."""

    def __init__(self) -> None:
        self._files: dict[str, tuple[str, str]] = {}
        self._ids: dict[str, str] = {}
        self._translations: set[tuple[str, str]] = set()

    def assign_id(self, post: ImportedPost) -> tuple[ImportedPost, list[str]]:
        """Return a post, without its id if an earlier post has it, and the warnings for the report."""
        if not post.id:
            return post, []
        if post.id in self._ids:
            warning = f'the id "{post.id[:80]}" was dropped, since {self._ids[post.id]} already has it'
            return replace(post, id=""), [warning]
        self._ids[post.id] = str(post.where)
        return post, []

    def assign_translation_key(self, post: ImportedPost) -> tuple[ImportedPost, list[str]]:
        """Return a post, without its translation key if an earlier post in its language has it, and the warnings."""
        key = (post.translation_key, post.language.lower())
        if not post.translation_key or key not in self._translations:
            self._translations.add(key)
            return post, []
        shown = printable(post.translation_key)[:80]
        warning = f'the translation key "{shown}" was dropped: a post in the same language has it'
        return replace(post, translation_key=""), [warning]

    def assign_aliases(
        self, aliases: Iterable[str], name: str, permalink: str, pages: SitePages, owner: str = ""
    ) -> tuple[list[str], list[str]]:
        """Return the old URLs of a post that can redirect to it, and a warning for each that cannot.

        URLs are compared by their output files. The post's own `permalink` is allowed: the build ignores it until the
        site's `urls.post` is changed. `name` is the one for warnings; `owner` identifies the post if several can have
        this name, as in an export of a single line.
        """
        owner = owner or name
        permalink_file = comparable_page(permalink)
        free_aliases: list[str] = []
        warnings: list[str] = []
        own_files: set[str] = set()
        for alias in aliases:
            file = comparable_page(alias)
            other, other_name = self._files.get(file, (owner, name))
            page = pages.find(alias) if file != permalink_file else ""
            if other != owner or page:
                reason = f"{other_name} already has it" if other != owner else f"it belongs to {page}"
                warnings.append(f"the old URL {alias} was dropped, since {reason}")
            elif file not in own_files:
                self._files[file] = owner, name
                own_files.add(file)
                free_aliases.append(alias)
        return free_aliases, warnings
