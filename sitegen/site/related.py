"""Find related posts: those that share the rarer tags of a post, and its source."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property
from math import log
from operator import itemgetter
from typing import Any

from sitegen.model import Group, Post, Site
from sitegen.site.partial_site import PartialSite

REACH_POSTS = 8
"""The number of posts before and after a post that it is compared with, in the list of each of its tags. The bound
keeps the work linear, and limits the effect of an edit to the neighbours."""

_Weighted = tuple[int, Group, float]
"""The number of a tag or source, which orders sums of weights, its posts, and its weight."""

_DIGITS = 9
"""Scores are compared with this number of decimals: the same weights in another order have another sum."""
_TOLERANCE = 2 * 10**-_DIGITS
"""A score that is lower than another one by more than this is also lower when both are rounded."""


class RelatedPosts:
    """Finds the related posts of a site when they are needed: an edited body changes no page that shows them.

    `limit` is the largest number of them that a post has.
    """

    def __init__(self, site: Site, limit: int) -> None:
        self._site, self._limit = site, limit
        self._found: dict[str, tuple[Post, ...]] = {}
        self._positions: dict[int, tuple[Sequence[int], Mapping[int, int]]] = {}

    def find(self, post: Post, beside: Sequence[Post] = ()) -> tuple[Post, ...]:
        """Return the related posts of a post, best first.

        A shared tag counts by its rarity (the logarithm of all posts over its posts, as in inverse
        document frequency), a shared source half a unit; equal ones are ordered by how near in time they are.
        `beside` are the posts that its page links to anyway, the same in each call: they come last.
        """
        if not self._limit:
            return ()
        if post.path not in self._found:
            self._found[post.path] = self._find(post, beside)
        return self._found[post.path]

    @classmethod
    def known(cls, found: Mapping[str, tuple[Post, ...]]) -> "RelatedPosts":
        """Return the related posts of some posts as they were found before, by the post's path.

        Those of other posts raise NotStoredError when they are searched.
        """
        site: Any = PartialSite(Site(title="", description="", base_url="", url="", language="", author=""))
        related = cls(site, 1)
        related._found = {**found}
        return related

    @cached_property
    def _position(self) -> Mapping[str, int]:
        return {post.path: index for index, post in enumerate(self._site.documents)}

    @cached_property
    def _groups(self) -> Mapping[tuple[str, str], _Weighted]:
        """Return each tag and source by type and slug."""
        total = len(self._site.documents)
        weighted = [(("tag", group.slug), group, log(1 + total / len(group.posts))) for group in self._site.tags]
        weighted += [(("source", group.slug), group, 0.5) for group in self._site.sources]
        return {key: (number, group, weight) for number, (key, group, weight) in enumerate(weighted)}

    def _locate(self, number: int, group: Group) -> tuple[Sequence[int], Mapping[int, int]]:
        """Return the positions of the posts of a group among all, and the index of each in this list."""
        if number not in self._positions:
            positions = [self._position[post.path] for post in group.posts]
            self._positions[number] = positions, {position: index for index, position in enumerate(positions)}
        return self._positions[number]

    def _find(self, post: Post, beside: Sequence[Post]) -> tuple[Post, ...]:
        near: defaultdict[int, float] = defaultdict(float)
        keys = {("tag", term.slug) for term in post.tags}
        if post.source is not None:
            keys.add(("source", post.source.slug))
        groups = sorted([self._groups[key] for key in keys if key in self._groups], key=itemgetter(0))
        for number, group, weight in groups:
            positions, indexes = self._locate(number, group)
            index = indexes[self._position[post.path]]
            for other in positions[max(0, index - REACH_POSTS) : index]:
                near[other] += weight
            for other in positions[index + 1 : index + 1 + REACH_POSTS]:
                near[other] += weight
        shown = {at: near.pop(at) for other in beside if (at := self._position.get(other.path, -1)) in near}
        own, posts = self._position[post.path], self._site.documents
        found = _best(posts, own, near, self._limit)
        return found if len(found) == self._limit else (*found, *_best(posts, own, shown, self._limit - len(found)))


def _best(posts: Sequence[Post], own: int, near: Mapping[int, float], limit: int) -> tuple[Post, ...]:
    """Return the posts with the best scores; sums that differ by less than 1e-9 are equal."""
    if not near:
        return ()
    # Most posts are near by a common tag only. Those that cannot be among the best need no key to be sorted by.
    least = sorted(near.values(), reverse=True)[:limit][-1] - _TOLERANCE
    found = [(index, score) for index, score in near.items() if score >= least]
    found.sort(key=lambda item: (-round(item[1], _DIGITS), abs(item[0] - own), item[0]))
    return tuple(posts[index] for index, _ in found[:limit])
