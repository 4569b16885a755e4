"""Distinguishes the pages of an old site, such as "About", from its posts."""

from collections.abc import Callable, Iterable

from sitegen.importers.generators.layout import Outline

PAGE_NAMES = frozenset((
    "about", "about-me", "about-us", "accessibility", "blogroll", "books", "code-of-conduct", "colophon",
    "contact", "contribute", "contributors", "cookies", "credits", "datenschutz", "disclaimer", "donate", "events",
    "faq", "imprint", "impressum", "legal", "license", "links", "me", "newsletter", "now", "press", "privacy",
    "privacy-policy", "projects", "resume", "speaking", "sponsors", "subscribe", "support", "team", "terms", "uses",
))  # fmt: skip
"""Names of pages in any folder."""

LIST_NAMES = frozenset((
    "404", "archive", "archives", "atom", "authors", "blog", "categories", "feed", "home", "index", "news", "posts",
    "rss", "search", "sitemap", "tags", "topics",
))  # fmt: skip
"""Names of lists of posts, which sitegen generates itself."""


class OldPages:
    """Decides which documents without a date are pages.

    A document is a page if the site has posts with dates, and the document has the name of a page, or is in the top
    folder or a folder `pages` in which no document has a date. `outlines` yields all documents.
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
