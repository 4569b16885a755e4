"""Which pages depend on the body of which post, derived from what the types of pages declare."""

from collections.abc import Iterable

from sitegen.site.pages.page_type import Page, same_page
from sitegen.site.pages.registry import type_of


class BodyIndex:
    """Indexes the pages of one site by the posts on whose bodies they depend. It is made when it is first needed."""

    def __init__(self, pages: Iterable[Page]) -> None:
        self._pages = pages
        self._of_all: list[str] = []
        self._replaced: list[str] = []
        self._of_post: dict[str, list[str]] = {}

    def affected_by(self, posts: Iterable[str]) -> list[str]:
        """Return the paths of the pages that depend on the bodies of some posts, each once."""
        if not self._of_post:
            self._build()
        found = [path for post in posts for path in self._of_post.get(post, ())]
        return list(dict.fromkeys([*found, *self._of_all]))

    def replaced_by(self, posts: Iterable[str]) -> list[str]:
        """Return the paths of the pages that other bodies of some posts replace with other pages, each once."""
        if not self._of_post:
            self._build()
        found = [path for post in posts for path in self._of_post.get(post, ())]
        return list(dict.fromkeys([*found, *self._replaced]))

    def _build(self) -> None:
        of_all = [page for page in self._pages if type_of(page).all_bodies]
        self._of_all = [page.path for page in of_all]
        self._replaced = [page.path for page in of_all if type_of(page).with_bodies is not same_page]
        for page in self._pages:
            for post in type_of(page).bodies(page):
                self._of_post.setdefault(post.path, []).append(page.path)
