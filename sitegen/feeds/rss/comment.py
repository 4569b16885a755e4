"""Comments as items of RSS 2.0, with what each answers (RFC 4685, section 3)."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from heapq import nlargest

from msgspec import Struct

from sitegen.comments.discussion import Discussion, ThreadComment
from sitegen.config.i18n import Words
from sitegen.config.schema import Config
from sitegen.feeds.address import absolute
from sitegen.feeds.content import clean
from sitegen.feeds.item import moment, permanent_uri
from sitegen.feeds.plan import MAX_COMMENTS
from sitegen.feeds.rendered_item import RenderedItem
from sitegen.feeds.rss.item import show_date
from sitegen.feeds.text import escape, escape_plain, one_line, quote
from sitegen.feeds.types import Feed, FeedDiscussion, ItemParts
from sitegen.formats.site_urls import comments_url

ReadComments = Callable[[Discussion, int], Sequence[ThreadComment]]
"""Returns the comments of a page of a discussion, in the order of their threads."""


class _Dated(Struct, frozen=True):
    """A comment of a feed with its date, the page that it is on, and the comment that it answers, if it is known."""

    date: datetime
    item: FeedDiscussion
    page: int
    comment: ThreadComment
    answered: str
    answered_page: int


def render_comments(feed: Feed, read: ReadComments, config: Config, words: Words) -> list[RenderedItem]:
    """Return the newest comments of a feed as items, newest first."""
    dated = [found for item in feed.discussions for found in _find_dated(item, read)]
    newest = nlargest(MAX_COMMENTS, dated, key=lambda found: (found.date, found.item.post.path, found.comment.id))
    return [_render(found, config, words) for found in newest]


def _find_dated(item: FeedDiscussion, read: ReadComments) -> Iterator[_Dated]:
    """Yield the comments of the newest pages of a discussion that have a date."""
    for number in item.discussion.newest_pages:
        above: list[str] = []
        for comment in read(item.discussion, number):
            if comment.type != "comment":
                continue
            del above[comment.level :]
            # A reply is below what it answers, unless it says itself what that is.
            answered = comment.answers_id if comment.is_reply else (above[-1] if above else "")
            above.append(comment.id)
            if comment.date:
                date = datetime.fromisoformat(comment.date)
                yield _Dated(date, item, number, comment, answered, comment.answers_page or number)


def _render(found: _Dated, config: Config, words: Words) -> RenderedItem:
    post, comment = found.item.post, found.comment

    def locate(page: int, key: str) -> str:
        return absolute(f"{comments_url(post.url, page)}#theme:comment-{key}", config.base_url)

    permalink = absolute(post.url, config.base_url)
    of_post = found.item.guid or permalink
    url, date = locate(found.page, comment.id), moment(found.date)
    author = one_line(comment.author) or words.anonymous
    title = words.fill("comment_title", author=author, title=one_line(post.title) or permalink)
    answered, where = permanent_uri(of_post), permalink
    if found.answered:
        answered, where = _guid(of_post, found.answered), locate(found.answered_page, found.answered)
    text = (
        f"<item><title>{escape_plain(one_line(title))}</title><link>{escape(url)}</link>"
        f"<description>{escape(clean(comment.html, permalink).html)}</description>"
        f'<guid isPermaLink="false">{escape(_guid(of_post, comment.id))}</guid>'
        f"<pubDate>{show_date(date)}</pubDate><dc:creator>{escape(author)}</dc:creator>"
        f'<thr:in-reply-to ref="{quote(answered)}" href="{quote(where)}" type="text/html"/></item>\n'
    )
    return RenderedItem(date, "", (), b"", ItemParts(text.encode()), None, None)


def _guid(of_post: str, key: str) -> str:
    """Return the guid of a comment: a URI of the guid of its post, which stays when the post moves, and its own id."""
    return permanent_uri(f"{of_post}{'-' if '#' in of_post else '#'}comment-{key}")
