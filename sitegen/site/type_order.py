"""The order of the posts in the list of their type."""

from collections.abc import Iterable

from sitegen.config.post_types import PostType
from sitegen.model import Post


def sort_posts(posts: Iterable[Post], post_type: PostType) -> tuple[Post, ...]:
    """Return the posts of a type in the order of its list; those without the value that it is sorted by are last."""
    newest = sorted(posts, key=lambda post: (post.date, post.path), reverse=True)
    if post_type.sort == "date":
        return tuple(newest[::-1] if post_type.reverse else newest)
    if post_type.sort == "title":
        return tuple(sorted(newest, key=lambda post: (post.title.casefold(), post.path), reverse=post_type.reverse))
    given = [post for post in newest if post.params.get(post_type.sort) is not None]
    given.sort(key=lambda post: _sortable(post.params[post_type.sort]), reverse=post_type.reverse)
    return (*given, *[post for post in newest if post.params.get(post_type.sort) is None])


def _sortable(value: object) -> tuple[object, ...]:
    """Return the key by which a value is compared with others of its type."""
    return (
        tuple(map(str, value)) if isinstance(value, tuple) else (value.casefold() if isinstance(value, str) else value,)
    )
