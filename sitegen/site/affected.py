"""Which pages depend on the body of which post, derived from what the types of pages declare."""

from collections.abc import Iterable

from sitegen.site.pages.page_type import Page
from sitegen.site.pages.registry import type_of


class BodyIndex:
    """Holds, for the pages of one site, which of them depend on a post's body."""

    def __init__(self, pages: Iterable[Page]) -> None:
        self._of_all: list[str] = []
        self._of_post: dict[str, list[str]] = {}
        for page in pages:
            page_type = type_of(page)
            if page_type.all_bodies:
                self._of_all.append(page.path)
            for post in page_type.bodies(page):
                self._of_post.setdefault(post.path, []).append(page.path)

    def affected_by(self, posts: Iterable[str]) -> list[str]:
        """Return the paths of the pages that depend on the bodies of some posts, each once."""
        found = [path for post in posts for path in self._of_post.get(post, ())]
        return list(dict.fromkeys([*found, *self._of_all]))
