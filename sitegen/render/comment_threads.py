"""Write the threads of comments as HTML. A template that prints each comment takes five times as long."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from typing import Protocol

from markupsafe import Markup, escape

from sitegen.comments.discussion import ThreadComment
from sitegen.config.i18n import Words
from sitegen.config.i18n.language import write_date
from sitegen.render.jinja.pure_environment import escape_text


class DiscussedPage(Protocol):
    """A page that shows comments."""

    def comments_url(self, number: int) -> str:
        """Return the URL of a page of the post's comments."""


def write_threads(comments: Sequence[ThreadComment], words: Words, page: DiscussedPage) -> Markup:
    """Return the comments of a page as list items: replies are lists within items. Links from other sites are skipped.

    The end tags of lists depend on the comments that follow, so `comments` are those of a whole page, in their order.
    """
    days: dict[str, str] = {"": str(escape(words.permalink))}
    platforms: dict[str, str] = {}
    parts: list[str] = []
    for comment in comments:
        if comment.type != "comment":
            continue
        key, date, platform, url = comment.id, comment.date, comment.platform, comment.url
        day = date[:10]
        if day not in days:
            days[day] = _write_day(words.language, day)
        shown = f'<time datetime="{date}">{days[day]}</time>' if date else days[day]
        where = ""
        if platform:
            if platform not in platforms:
                platforms[platform] = str(escape(words.fill("on_platform", platform=platform)))
            where = platforms[platform]
            if url:
                where = f'<a href="{escape_text(url)}" rel="ugc nofollow">{where}</a>'
            where = f" <span>{where}</span>"
        if comment.likes:
            where += f" <span>{escape(words.count('likes', comment.likes))}</span>"
        if comment.is_reply:
            where += _write_answered(comment, words, page.comments_url)
        end = "<ol>" if comment.has_replies else f"</li>{'</ol></li>' * comment.ends}"
        parts.append(
            f'<li class="comment" id="theme:comment-{key}">\n<p class="meta">'
            f'<b dir="auto">{escape_text(comment.author or words.anonymous)}</b> '
            f'<a href="#theme:comment-{key}">{shown}</a>{where}</p>\n'
            f'<div class="comment-text" dir="auto">{comment.html}</div>\n{end}'
        )
    return Markup("".join(parts))  # noqa: S704 - the HTML of a comment is safe, and all else is escaped


def _write_answered(comment: ThreadComment, words: Words, comments_url: Callable[[int], str]) -> str:
    """Return what a reply answers, for one whose indent does not show it."""
    if not comment.answers_id:
        return f" <span>{escape(words.in_reply_to_missing)}</span>"
    url = escape(comments_url(comment.answers_page)) if comment.answers_page else ""
    text = escape(words.fill("in_reply_to", author=comment.answers or words.anonymous))
    return f' <span><a href="{url}#theme:comment-{comment.answers_id}">{text}</a></span>'


@lru_cache(maxsize=65536)
def _write_day(language: str, day: str) -> str:
    """Return a day, given in the form of ISO 8601, as HTML."""
    return str(escape(write_date(language, date.fromisoformat(day).toordinal(), "long")))
