"""The site of the last build as far as the build cache has it: without the posts and pages that it lists."""

from collections.abc import Sequence
from typing import Any, NoReturn

from sitegen.model import Post, Site

LISTS = frozenset(
    ("posts", "pages", "sources", "tags", "authors", "years", "documents", "types", "terms", "most_read", "data")
)
"""The attributes of a site that are not stored: those that contain posts, and data files."""


class NotStoredError(Exception):
    """Something of the last build's site is needed that the build cache does not have: the site must be planned."""


class PartialSite:
    """A site for the templates of a few pages; raises NotStoredError if they read one of its LISTS."""

    __slots__ = ("_known",)

    def __init__(self, known: Site) -> None:
        self._known = known

    def __getattr__(self, name: str) -> Any:
        if name in LISTS:
            raise NotStoredError(name)
        return getattr(self._known, name)


class UnknownPosts(Sequence[Post]):
    """Posts of which only the number is known; raises NotStoredError if one of them is needed."""

    def __init__(self, count: int) -> None:
        self._count = count

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: Any) -> NoReturn:
        raise NotStoredError("posts of another year")
