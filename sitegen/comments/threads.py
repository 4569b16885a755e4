"""Arrange comments in threads, on pages of bounded size."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from msgspec import to_builtins

from sitegen.comments.comment import Comment
from sitegen.comments.comment_html import render_comment
from sitegen.comments.discussion import PAGE_COMMENTS, ThreadComment

MAX_LEVELS = 6
"""The number of levels that are indented: on a phone, more would leave too little width for the text."""


_NOTHING_ANSWERED = (False, "", "", 0)


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
    pages = [_arrange(chunk, number, pages_of, authors) for number, chunk in enumerate(chunks, 1)]
    for start in range(0, len(mentions), PAGE_COMMENTS):
        number = start // PAGE_COMMENTS
        rows = [_make_row(comment) for comment in mentions[start : start + PAGE_COMMENTS]]
        pages[number : number + 1] = [(*(pages[number] if number < len(pages) else ()), *rows)]
    return pages


def _arrange(
    chunk: Sequence[Comment], number: int, pages_of: dict[str, int], authors: dict[str, str]
) -> tuple[ThreadComment, ...]:
    """Return the comments of a page in the order of their threads."""
    rows = []
    following = 0
    # From the last one back, since a comment depends on the level of the one below it.
    for comment, depth in reversed(_walk(chunk)):
        level = depth if depth < MAX_LEVELS else MAX_LEVELS - 1
        parent = comment.reply_to
        if parent and not 0 < depth < MAX_LEVELS:
            known = parent != comment.id
            answers, page = (authors.get(parent, ""), pages_of.get(parent, 0)) if known else ("", 0)
            more = True, answers, parent if page else "", page if page != number else 0
        else:
            more = _NOTHING_ANSWERED
        rows.append(_make_row(comment, level, following, more))
        following = level
    return tuple(rows[::-1])


def _make_row(
    comment: Comment, level: int = 0, following: int = 0, more: tuple[bool, str, str, int] = _NOTHING_ANSWERED
) -> ThreadComment:
    """Return a comment where it is shown; `following` is the level of the next one, `more` what it answers."""
    date = comment.date
    return ThreadComment(
        comment.id,
        comment.author,
        "" if date is None else _write_date(date),
        render_comment(comment.text),
        comment.platform,
        comment.url,
        comment.type,
        level,
        following > level,
        level - following if following < level else 0,
        *more,
        comment.likes,
    )


def _write_date(date: datetime) -> str:
    """Return a date as ISO 8601 in whole seconds. `datetime.isoformat` takes ten times as long."""
    text: str = to_builtins(date.replace(microsecond=0) if date.microsecond else date)
    return text


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
