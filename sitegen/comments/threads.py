"""Arrange comments in threads, on pages of bounded size."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from msgspec import to_builtins

from sitegen.comments.comment import Comment
from sitegen.comments.comment_html import render_comment
from sitegen.comments.discussion import PAGE_COMMENTS, ThreadComment

MAX_LEVELS = 6
"""The number of levels that are indented: on a phone, more would leave too little width for the text."""


def paginate_comments(comments: Sequence[Comment]) -> list[tuple[ThreadComment, ...]]:
    """Return the pages of a discussion whose comments are in the order of `comment_order`.

    The oldest comments are on the first page; links from other sites follow those of each page. Each comment is on one
    page. One whose parent is missing, or that answers itself through others, begins a thread.
    """
    written = [comment for comment in comments if comment.type == "comment"]
    mentions = [comment for comment in comments if comment.type != "comment"]
    chunks = [written[start : start + PAGE_COMMENTS] for start in range(0, len(written), PAGE_COMMENTS)]
    pages_of = {comment.id: number for number, chunk in enumerate(chunks, 1) for comment in chunk}
    authors = {comment.id: comment.author for comment in written}
    pages = [_make_rows(_walk(chunk), number, pages_of, authors) for number, chunk in enumerate(chunks, 1)]
    for start in range(0, len(mentions), PAGE_COMMENTS):
        number = start // PAGE_COMMENTS
        rows = _make_rows([(comment, 0) for comment in mentions[start : start + PAGE_COMMENTS]], 0, {}, {})
        pages[number : number + 1] = [(*(pages[number] if number < len(pages) else ()), *rows)]
    return pages


def _make_rows(
    walked: Sequence[tuple[Comment, int]], number: int, pages_of: dict[str, int], authors: dict[str, str]
) -> tuple[ThreadComment, ...]:
    """Return the comments of a page where it shows them, given each with its depth in the order of their threads."""
    dates = _write_dates([comment.date for comment, _ in walked])
    levels = [depth if depth < MAX_LEVELS else MAX_LEVELS - 1 for _, depth in walked]
    rows = []
    for (comment, depth), date, level, following in zip(walked, dates, levels, [*levels[1:], 0], strict=True):
        parent = comment.reply_to
        is_reply, answers, answers_id, answers_page = False, "", "", 0
        if parent and not 0 < depth < MAX_LEVELS and comment.type == "comment":
            is_reply = True
            if parent in pages_of and parent != comment.id:
                answers, answers_id, page = authors[parent], parent, pages_of[parent]
                answers_page = page if page != number else 0
        rows.append(
            ThreadComment(
                comment.id,
                comment.author,
                date,
                render_comment(comment.text),
                comment.platform,
                comment.url,
                comment.type,
                level,
                following > level,
                level - following if following < level else 0,
                is_reply,
                answers,
                answers_id,
                answers_page,
                comment.likes,
            )
        )
    return tuple(rows)


def _write_dates(dates: Sequence[datetime | None]) -> list[str]:
    """Return dates as ISO 8601 in whole seconds, "" for None. `datetime.isoformat` takes ten times as long."""
    written = to_builtins([date.replace(microsecond=0) if date and date.microsecond else date for date in dates])
    return [date or "" for date in written]


def _walk(comments: Sequence[Comment]) -> list[tuple[Comment, int]]:
    """Return each comment with its depth, replies after what they answer, without recursion: threads can be deep."""
    known = {comment.id for comment in comments}
    replies: dict[str, list[Comment]] = {}
    roots: list[Comment] = []
    for comment in comments:
        parent = comment.reply_to
        if parent and parent in known and parent != comment.id:
            replies.setdefault(parent, []).append(comment)
        else:
            roots.append(comment)
    if not replies:
        return [(comment, 0) for comment in roots]
    found: dict[str, tuple[Comment, int]] = {}
    _add_threads(roots, replies, found)
    if len(found) < len(known):
        # The first comment of a circle is reached by nothing else: it begins a thread when its turn comes.
        _add_threads(comments, replies, found)
    return list(found.values())


def _add_threads(
    roots: Iterable[Comment], replies: Mapping[str, Sequence[Comment]], found: dict[str, tuple[Comment, int]]
) -> None:
    """Add each root, with the comments below it, to those that were found, by their ids and in their order."""
    for root in roots:
        if root.id in found:
            continue
        below = replies.get(root.id)
        found[root.id] = root, 0
        waiting = [(reply, 1) for reply in reversed(below)] if below else []
        while waiting:
            item = waiting.pop()
            comment, depth = item
            if comment.id not in found:
                found[comment.id] = item
                if below := replies.get(comment.id):
                    waiting += [(reply, depth + 1) for reply in reversed(below)]
