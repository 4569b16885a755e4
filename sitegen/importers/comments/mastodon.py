"""Mastodon: the replies to a post that announces an article, as its API returns them, saved as JSON.

The answer of `/api/v1/statuses/ID/context` has the replies, and that of `/api/v1/statuses/ID` the link to the article.
Shapes from the documentation of Mastodon's API.
"""

import re
from collections.abc import Iterator, Mapping
from html import escape, unescape
from typing import Any

from sitegen.importers.base import Location
from sitegen.importers.comments.found import (
    CommentExport,
    FoundComment,
    PostReference,
    list_of,
    make_comment,
    map_of,
    number_of,
    stem_of,
    text_of,
    time_of,
)

PUBLIC = frozenset(("public", "unlisted"))
"""The values of `visibility` of messages that everyone may see."""

Value = Mapping[str, Any]

_LINK = re.compile(r"""\bhref\s*+=\s*+["'](https?:[^"'<>\s]*+)["']""", re.IGNORECASE)
_EMOJI = re.compile(r":[A-Za-z0-9_]{2,60}:")


def is_context(value: Value) -> bool:
    """Return whether a JSON value has the replies of a message."""
    return isinstance(value.get("descendants"), list) and isinstance(value.get("ancestors"), list)


def is_status(value: Value) -> bool:
    """Return whether a JSON value is a message."""
    return {"account", "in_reply_to_id", "visibility"} <= value.keys()


def read_status(value: Value, name: str) -> CommentExport:
    """Return the post that a message announces, for replies to it in another file."""
    post = PostReference((), tuple(_links_of(value)), stem_of(name))
    return CommentExport("Mastodon", announced={text_of(value, "id"): post})


def read_context(value: Value, name: str) -> CommentExport:
    """Return the replies to a message; the post is found by the message itself, or by the name of the file."""
    export = CommentExport("Mastodon")
    ancestors, rows = list_of(value.get("ancestors")), list_of(value.get("descendants"))
    known = {text_of(row, "id") for row in rows}
    first = next((text_of(row, "in_reply_to_id") for row in rows if text_of(row, "in_reply_to_id") not in known), "")
    announcements = (text_of(ancestors[0], "id") if ancestors else first, first, stem_of(name))
    urls = tuple(url for row in ancestors[:1] for url in _links_of(row))
    post = PostReference(tuple(dict.fromkeys(filter(None, announcements))), urls, stem_of(name))
    for row in rows:
        visibility = text_of(row, "visibility") or "public"
        if visibility not in PUBLIC:
            export.dropped["private comment"] += 1
            continue
        parent, account = text_of(row, "in_reply_to_id"), map_of(row.get("account"))
        comment = make_comment(
            Location(name),
            text_of(row, "id"),
            _html_of(row),
            _EMOJI.sub("", text_of(account, "display_name")).strip() or text_of(account, "username", "acct"),
            time_of(row.get("created_at")),
            "" if parent == first else parent,
            text_of(row, "url", "uri"),
            likes=number_of(row.get("favourites_count")),
        )
        export.comments.append(FoundComment(comment, post))
    return export


def _links_of(status: Value) -> Iterator[str]:
    """Yield the URLs to which a message links, that of its card first."""
    if url := text_of(map_of(status.get("card")), "url"):
        yield url
    for match in _LINK.finditer(text_of(status, "content")):
        yield unescape(match[1])


def _html_of(row: Value) -> str:
    """Return the text of a message after its content warning, with links to its images, sounds and videos."""
    warning = text_of(row, "spoiler_text")
    parts = [f"<p>{escape(warning)}</p>" if warning else "", text_of(row, "content")]
    for media in list_of(row.get("media_attachments")):
        if url := text_of(media, "url", "remote_url"):
            label = text_of(media, "description") or text_of(media, "type").capitalize() or "Attachment"
            parts.append(f'<p><a href="{escape(url)}">{escape(label)}</a></p>')
    return "".join(parts)
