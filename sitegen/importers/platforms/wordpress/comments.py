"""Reads the comments of a WordPress export (WXR), with pingbacks and trackbacks."""

import html
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, tzinfo

from sitegen.comments.comment import TYPES
from sitegen.content.front_matter.counts import read_count
from sitegen.formats.dates import read_date
from sitegen.importers.base import HtmlBody, ImportedComment, Location
from sitegen.importers.platforms.wordpress.classic_editor import add_paragraphs, is_classic
from sitegen.importers.platforms.wordpress.wxr import COMMENT_LIKE_KEYS

STATES = {"0": "pending comment", "spam": "spam comment", "trash": "deleted comment", "post-trashed": "deleted comment"}
"""The values of `comment_approved` of comments that were not published; "1" is for those that were."""


def read_comments(
    rows: Sequence[Mapping[str, str]], where: Location, link: str, zone: tzinfo, dropped: Counter[str]
) -> Iterator[ImportedComment]:
    """Yield the published comments of a post, and count the others by their state."""
    for row in rows:
        state, comment_type = row.get("comment_approved", "1"), row.get("comment_type", "") or "comment"
        if state != "1":
            dropped[STATES.get(state, f'comment with the state "{state[:40]}"')] += 1
        elif comment_type not in TYPES:
            dropped[f'comment of the type "{comment_type[:40]}"'] += 1
        else:
            is_written = comment_type == "comment"
            number = row.get("comment_id", "")
            text = row.get("comment_content", "")
            parent = row.get("comment_parent", "")
            yield ImportedComment(
                where,
                number,
                HtmlBody(add_paragraphs(text) if is_classic(text) else text, link),
                html.unescape(row.get("comment_author", "")),
                _parse_date(row, zone),
                parent if parent != "0" else "",
                f"{link}#comment-{number}" if is_written and link and number else _link_of(row, is_written),
                comment_type,
                _read_likes(row),
            )


def _read_likes(row: Mapping[str, str]) -> int:
    """Return the first number of likes that a plugin has stored, 0 if there is none."""
    for text in (row[key] for key in COMMENT_LIKE_KEYS if key in row):
        try:
            return read_count(text).count
        except ValueError:
            continue
    return 0


def _link_of(row: Mapping[str, str], is_written: bool) -> str:
    """Return the URL of the page that links to the post; that of a reader's own site is not read."""
    return "" if is_written else row.get("comment_author_url", "")


def _parse_date(row: Mapping[str, str], zone: tzinfo) -> datetime | None:
    for key, of_key in (("comment_date_gmt", UTC), ("comment_date", zone)):
        if (text := row.get(key, "")) and not text.startswith("0000"):
            try:
                return read_date(text, of_key)
            except ValueError:
                continue
    return None
