"""Webmention.io: answers of its API, saved as JSON: JF2 (`/api/mentions.jf2`) and the older form (`/api/links`).

Replies are comments; other pages that link to a post are links from other sites. Shapes from the project's
documentation and from public answers.
"""

from collections.abc import Mapping
from typing import Any

from sitegen.importers.base import Location
from sitegen.importers.comments.found import (
    CommentExport,
    FoundComment,
    PostReference,
    list_of,
    make_comment,
    map_of,
    text_of,
    time_of,
)

REPLIES = frozenset(("in-reply-to", "reply"))
LINKS = frozenset(("mention-of", "link"))
"""The types of mentions that are comments, and that are links; others, such as likes, have no text."""

Value = Mapping[str, Any]


def is_jf2(value: Value) -> bool:
    """Return whether a JSON value is a list of mentions in JF2."""
    return any({"wm-target", "wm-property"} <= row.keys() for row in list_of(value.get("children"))[:20])


def is_links(value: Value) -> bool:
    """Return whether a JSON value is a list of mentions in the older form."""
    return any({"source", "target"} <= row.keys() for row in list_of(value.get("links"))[:20])


def read_jf2(value: Value, name: str) -> CommentExport:
    """Return the replies and links in JF2."""
    export = CommentExport("Webmention")
    for row in list_of(value.get("children")):
        content = row.get("content")
        html = text_of(map_of(content), "html")
        _add(
            export,
            name,
            text_of(row, "wm-property"),
            row.get("wm-private") is True,
            key=text_of(row, "wm-id") or text_of(row, "wm-source", "url"),
            text=html or text_of(map_of(content), "text", "value") or (content if isinstance(content, str) else ""),
            is_html=bool(html),
            author=text_of(map_of(row.get("author")), "name"),
            date=row.get("published") or row.get("wm-received"),
            url=text_of(row, "url", "wm-source"),
            title=text_of(row, "name"),
            target=text_of(row, "wm-target"),
        )
    return export


def read_links(value: Value, name: str) -> CommentExport:
    """Return the replies and links in the older form."""
    export = CommentExport("Webmention")
    for row in list_of(value.get("links")):
        data = map_of(row.get("data"))
        _add(
            export,
            name,
            text_of(map_of(row.get("activity")), "type") or "link",
            row.get("private") is True,
            key=text_of(row, "id") or text_of(row, "source"),
            text=text_of(data, "content"),
            is_html=True,
            author=text_of(map_of(data.get("author")), "name"),
            date=data.get("published") or data.get("published_ts") or row.get("verified_date"),
            url=text_of(data, "url") or text_of(row, "source"),
            title=text_of(data, "name"),
            target=text_of(row, "target"),
        )
    return export


def _add(
    export: CommentExport,
    name: str,
    mention_type: str,
    is_private: bool,
    *,
    key: str,
    text: str,
    is_html: bool,
    author: str,
    date: Any,
    url: str,
    title: str,
    target: str,
) -> None:
    """Add a mention to an export, or count why it is not a comment."""
    if is_private:
        export.dropped["private comment"] += 1
    elif mention_type in LINKS:
        shown = title or author
        link = make_comment(Location(name), key, text, shown, time_of(date), "", url, "pingback", is_html=is_html)
        export.comments.append(FoundComment(link, PostReference((), (target,))))
    elif mention_type in REPLIES:
        reply = make_comment(Location(name), key, text, author, time_of(date), "", url, is_html=is_html)
        export.comments.append(FoundComment(reply, PostReference((), (target,))))
    else:
        export.dropped[f"{mention_type.removesuffix('-of')[:40] or 'mention'} without text"] += 1
