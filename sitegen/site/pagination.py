"""Splits a list of posts into pages, numbered from the oldest."""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from sitegen.model import Post


class Slice(Struct, frozen=True):
    """The posts of one page of a list, and its neighbors; the front page has number 0."""

    number: int
    url: str
    posts: tuple[Post, ...]
    newer_url: str
    older_url: str


def paginate(posts: Sequence[Post], size: int, url: str, numbered: str) -> Iterator[Slice]:
    """Yield the front page with the newest `size` posts, then the numbered pages from the oldest on.

    Numbered pages are always full, and there are as many as are needed for the posts that are not on the front page:
    so a new post changes the front page, and adds at most one page and a link to it. If the number
    of posts is not a multiple of `size`, the newest numbered page repeats some posts of the front page.
    `url` is that of the front page, `numbered` that of a numbered page with `{number}` in it.
    """
    count = len(posts)
    pages = max(0, -(-count // size) - 1) if size else 0

    def url_of(number: int) -> str:
        if number == 0 or number > pages:
            return url
        return numbered.replace("{number}", str(number))

    yield Slice(0, url, tuple(posts[:size]), "", url_of(pages) if pages else "")
    for number in range(1, pages + 1):
        shown = tuple(posts[count - number * size : count - (number - 1) * size])
        yield Slice(number, url_of(number), shown, url_of(number + 1), url_of(number - 1) if number > 1 else "")
