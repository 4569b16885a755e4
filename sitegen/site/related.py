"""Find related posts: those that share the rarer tags of a post, and its source."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import log

from sitegen.model import Group, Post, Site

REACH = 8
"""The number of posts before and after a post that it is compared with, in the list of each of its tags. The bound
keeps the work linear, and limits the effect of an edit to the neighbours."""

_DIGITS = 9
"""Scores are compared with this number of decimals: the same weights in another order have another sum."""
_TOLERANCE = 2 * 10**-_DIGITS
"""A score that is lower than another one by more than this is also lower when both are rounded."""


def relate(site: Site, limit: int) -> Mapping[str, tuple[Post, ...]]:
    """Return up to `limit` related posts for each post's path, best first.

    A shared tag counts by its rarity (the logarithm of all posts over its posts, as in inverse
    document frequency), a shared source half a unit; equal ones are ordered by how near in time they are.
    """
    if not limit:
        return {}
    position = {post.path: index for index, post in enumerate(site.documents)}
    scores: defaultdict[str, defaultdict[int, float]] = defaultdict(lambda: defaultdict(float))
    total = len(site.documents)
    for group in site.tags:
        _score(group, position, scores, log(1 + total / len(group.posts)))
    for group in site.sources:
        _score(group, position, scores, 0.5)
    return {path: _best(site.documents, position[path], near, limit) for path, near in scores.items()}


def _score(
    group: Group, position: Mapping[str, int], scores: Mapping[str, defaultdict[int, float]], weight: float
) -> None:
    positions = [position[post.path] for post in group.posts]
    for index, post in enumerate(group.posts):
        near = scores[post.path]
        for other in positions[max(0, index - REACH) : index]:
            near[other] += weight
        for other in positions[index + 1 : index + 1 + REACH]:
            near[other] += weight


def _best(posts: Sequence[Post], own: int, near: Mapping[int, float], limit: int) -> tuple[Post, ...]:
    """Return the posts with the best scores; sums that differ by less than 1e-9 are equal."""
    if not near:
        return ()
    # Most posts are near by a common tag only. Those that cannot be among the best need no key to be sorted by.
    least = sorted(near.values(), reverse=True)[:limit][-1] - _TOLERANCE
    found = [(index, score) for index, score in near.items() if score >= least]
    found.sort(key=lambda item: (-round(item[1], _DIGITS), abs(item[0] - own), item[0]))
    return tuple(posts[index] for index, _ in found[:limit])
