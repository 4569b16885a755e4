"""Pages as rows of the build cache: those that depend on the body of a post, for a build after an edit of one."""

from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from typing import Any

from msgspec import NODEFAULT, MsgspecError, Struct, convert
from msgspec.msgpack import Decoder, Encoder, Ext

from sitegen.cache.store import StoreError
from sitegen.comments.discussion import Discussion
from sitegen.content.links import Links
from sitegen.formats.frozen_dict import FrozenDict, freeze
from sitegen.model import FeedLink, PageLanguages, Post
from sitegen.site.pages.page_type import Page
from sitegen.site.pages.registry import PAGE_TYPES
from sitegen.site.related import RelatedPosts

TABLE = "page"


class PostFacts(Struct, frozen=True, array_like=True):
    """What is known of a post whose body a page shows.

    `links` and `guid` are those of the post, `comment_feed` is the URL of the feed of its comments, `gathered` are the
    paths of the posts that an issue contains; each is None or empty for a post without it.
    """

    links: Links | None = None
    guid: str = ""
    comment_feed: str = ""
    gathered: tuple[str, ...] = ()


PageRow = tuple[str, tuple[str, ...], bytes, dict[str, PostFacts], PageLanguages | None]
"""A page: its class, the paths of the posts that it names, its data, facts of the posts whose bodies it shows, and the
page in other languages."""

read_page_row = Decoder(PageRow).decode

_POST, _RELATED, _FROZEN = range(1, 4)
_CLASSES = {page.__name__: page for page in PAGE_TYPES}
# What the encoder may write itself, as it contains no posts.
_PLAIN = (str, int, bool, float, type(None), Discussion, FeedLink)
_ENCODER = Encoder()


def pack_page(page: Page, facts: Mapping[str, PostFacts], languages: PageLanguages | None = None) -> bytes:
    """Return the row of a page, encoded, or b"" if it has a value of another type than rows have."""
    posts: dict[str, int] = {}
    try:
        if _CLASSES.get(type(page).__name__) is not type(page):
            return b""
        data = _ENCODER.encode(_pack_fields(page, page, posts))
        return _ENCODER.encode((type(page).__name__, tuple(posts), data, facts, languages))
    except (TypeError, UnicodeEncodeError):
        return b""


def unpack_page(path: str, row: PageRow, posts: Mapping[str, Post]) -> Page:
    """Return the page of a row, given the posts that it names. Raises StoreError if the row is damaged."""
    name, paths, data, *_ = row
    known = [posts[item] for item in paths]

    def read(code: int, value: memoryview) -> Any:
        if code == _POST:
            return known[_read_number(value)]
        if code == _RELATED:
            of, found = _read_related(value)
            return RelatedPosts.known({known[of].path: tuple([known[index] for index in found])})
        if code == _FROZEN:
            return freeze(decode(value))
        raise ValueError(f"the extension type {code} is unknown")

    decode = Decoder(Any, ext_hook=read).decode
    try:
        page: Page = convert(decode(data), _CLASSES[name])
    except (MsgspecError, ValueError, LookupError, RecursionError) as error:
        raise StoreError(f"row {path!r} of {TABLE}: {error}") from error
    if page.path != path:
        raise StoreError(f"row {path!r} of {TABLE} is that of {page.path!r}")
    return page


_read_number = Decoder(int).decode
_read_related = Decoder(tuple[int, tuple[int, ...]]).decode


@cache
def _defaults_of(data_class: type[Any]) -> tuple[tuple[str, Any], ...]:
    """Return the names of the fields of a struct or dataclass with their defaults, which rows do not have."""
    if issubclass(data_class, Struct):
        names, defaults = data_class.__struct_fields__, data_class.__struct_defaults__
        return tuple(zip(names, (NODEFAULT,) * (len(names) - len(defaults)) + defaults, strict=True))
    return tuple((item.name, item.default) for item in fields(data_class))


def _pack_fields(value: Any, page: Any, posts: dict[str, int]) -> dict[str, Any] | list[Any]:
    if isinstance(value, Struct) and value.__struct_config__.array_like:
        return [_pack(getattr(value, name), page, posts) for name in value.__struct_fields__]
    of_class = _defaults_of(type(value))  # type: ignore[arg-type]  # mypy checks the hash of instances
    found = ((name, getattr(value, name), default) for name, default in of_class)
    return {name: _pack(item, page, posts) for name, item, default in found if item is not default}


def _pack(value: Any, page: Any, posts: dict[str, int]) -> Any:
    """Return a value with its posts as their numbers in `posts`, which is filled."""
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, Post):
        return Ext(_POST, _ENCODER.encode(_number(value, posts)))
    if isinstance(value, tuple):
        return [_pack(item, page, posts) for item in value]
    if isinstance(value, RelatedPosts):
        of, found = _number(page.post, posts), [_number(item, posts) for item in page.related]
        return Ext(_RELATED, _ENCODER.encode((of, found)))
    if isinstance(value, FrozenDict):
        return Ext(_FROZEN, _ENCODER.encode({key: _pack(item, page, posts) for key, item in value.items()}))
    if isinstance(value, Struct):
        return _pack_fields(value, page, posts)
    raise TypeError(f"`{type(value).__name__}` has no form in the build cache")


def _number(post: Post, posts: dict[str, int]) -> int:
    return posts.setdefault(post.path, len(posts))
