"""Tells the pages of an old site, such as its "About", from its posts."""

from collections.abc import Callable, Iterable

from sitegen.importers.generators.layout import Outline

PAGE_NAMES = frozenset((
    "about", "about-me", "about-us", "accessibility", "blogroll", "books", "code-of-conduct", "colophon",
    "contact", "contribute", "contributors", "cookies", "credits", "datenschutz", "disclaimer", "donate", "events",
    "faq", "imprint", "impressum", "legal", "license", "links", "me", "newsletter", "now", "press", "privacy",
    "privacy-policy", "projects", "resume", "speaking", "sponsors", "subscribe", "support", "team", "terms", "uses",
))  # fmt: skip
"""Names of pages that are not posts wherever they are."""

LIST_NAMES = frozenset((
    "404", "archive", "archives", "atom", "authors", "blog", "categories", "feed", "home", "index", "news", "posts",
    "rss", "search", "sitemap", "tags", "topics",
))  # fmt: skip
"""Names of pages on which the old generator lists posts: sitegen makes such pages itself."""


class OldPages:
    """Finds out which documents without a date are pages.

    Such a document is one if the site has dated posts, and it has the name of a page, or is at the top of the content
    or in a folder `pages`, where no document has a date. `outlines` yields all documents until it is no longer asked.
    """

    def __init__(self, outlines: Callable[[], Iterable[Outline]]) -> None:
        self._outlines = outlines
        self._folders: frozenset[str] | None = None

    def is_page(self, outline: Outline) -> bool:
        """Return whether a document is a page."""
        if outline.date is not None or outline.stem.lower() in LIST_NAMES:
            return False
        is_named = outline.stem.lower() in PAGE_NAMES
        is_apart = not outline.folder or outline.folder.rsplit("/", 1)[-1].lower() in ("pages", "page")
        if not is_named and not is_apart:
            return False
        if self._folders is None:
            self._folders = frozenset(other.folder for other in self._outlines() if other.date is not None)
        return bool(self._folders) and (is_named or outline.folder not in self._folders)
