"""A list of posts on one page or on several, numbered from the oldest."""

from collections.abc import Iterator, Sequence

from sitegen.formats.site_urls import output_path
from sitegen.model import Post, Source, Term
from sitegen.pages import ListPage


def paginate(
    kind: str,
    posts: Sequence[Post],
    size: int,
    url: str,
    numbered: str,
    base: str,
    *,
    title: str,
    term: Term | Source | None = None,
) -> Iterator[ListPage]:
    """Yield the front page with the newest `size` posts, then the numbered pages from the oldest on.

    Numbered pages are always full, and there are just as many as the front page leaves posts for: so
    a new post changes the front page, and at most adds one page and a link to it. Where the number
    of posts is no multiple of `size`, the newest numbered page repeats some posts of the front page.
    `numbered` is the URL of a numbered page with `{number}` in it.
    """
    count = len(posts)
    pages = max(0, -(-count // size) - 1) if size else 0

    def url_of(number: int) -> str:
        if number == 0 or number > pages:
            return url
        return numbered.replace("{number}", str(number))

    yield ListPage(
        output_path(url, base),
        url,
        f"{kind}.html",
        kind,
        title,
        "",
        tuple(posts[:size]),
        term,
        older_url=url_of(pages) if pages else "",
        count=count,
        views=sum(post.views.count for post in posts if post.views),
        comments=sum(post.comments.count for post in posts if post.comments),
    )
    for number in range(1, pages + 1):
        address = url_of(number)
        yield ListPage(
            output_path(address, base),
            address,
            f"{kind}.html",
            kind,
            title,
            "",
            tuple(posts[count - number * size : count - (number - 1) * size]),
            term,
            number,
            newer_url=url_of(number + 1),
            older_url=url_of(number - 1) if number > 1 else "",
        )
