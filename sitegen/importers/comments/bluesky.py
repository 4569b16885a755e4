"""Bluesky: a thread as `app.bsky.feed.getPostThread` returns it, saved as JSON; its replies are the comments.

The first message of the thread announces the post: it links to it. Shapes from the lexicons of the AT Protocol.
"""

from collections.abc import Iterator, Mapping
from html import escape
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
    walk_replies,
)

SIGNED_IN_ONLY = "!no-unauthenticated"
"""The label of authors who do not want their messages shown to people who are not signed in."""

HIDDEN = frozenset(("!hide", "!takedown", "spam"))
"""The labels of messages that Bluesky does not show."""

Value = Mapping[str, Any]


def has_thread(value: Value) -> bool:
    """Return whether a JSON value is a thread of Bluesky."""
    return text_of(map_of(map_of(value.get("thread")).get("post")), "uri").startswith("at://")


def read(value: Value, name: str) -> CommentExport:
    """Return the replies of a thread."""
    export = CommentExport("Bluesky")
    root = map_of(value.get("thread"))
    top = root
    while map_of(top.get("parent")).get("post"):
        top = map_of(top["parent"])
    urls = tuple(dict.fromkeys((*_links_of(map_of(top.get("post"))), *_links_of(map_of(root.get("post"))))))
    post = PostReference((), urls, stem_of(name))
    for row, _, _ in walk_replies(list_of(root.get("replies")), lambda row: list_of(row.get("replies"))):
        message = map_of(row.get("post"))
        if state := _state_of(row, message):
            export.dropped[state] += 1
            continue
        author, record = map_of(message.get("author")), map_of(message.get("record"))
        key = _key_of(text_of(message, "uri"))
        parent = _key_of(text_of(map_of(map_of(record.get("reply")).get("parent")), "uri"))
        comment = make_comment(
            Location(name),
            key,
            f"{_html_of(record)}{_media_of(message)}",
            text_of(author, "displayName", "handle"),
            time_of(record.get("createdAt")) or time_of(message.get("indexedAt")),
            "" if parent == _key_of(text_of(map_of(root.get("post")), "uri")) else parent,
            f"https://bsky.app/profile/{text_of(author, 'did')}/post/{key.rpartition('.')[2]}",
            likes=number_of(message.get("likeCount")),
        )
        export.comments.append(FoundComment(comment, post))
    return export


def _state_of(row: Value, message: Value) -> str:
    """Return why a message is not a comment, "" if it is one."""
    if row.get("blocked"):
        return "hidden comment"
    if not message:
        return "deleted comment"
    labels = {text_of(label, "val") for label in list_of(message.get("labels"))}
    of_author = {text_of(label, "val") for label in list_of(map_of(message.get("author")).get("labels"))}
    if SIGNED_IN_ONLY in of_author:
        return "comment that only signed-in readers may see"
    return "hidden comment" if HIDDEN & (labels | of_author) else ""


def _key_of(uri: str) -> str:
    """Return an id for the URI of a message: the end of the author's permanent id, and the key of the message."""
    parts = uri.removeprefix("at://").split("/")
    return f"{parts[0].rpartition(':')[2]}.{parts[-1]}" if len(parts) > 1 else uri


def _links_of(message: Value) -> Iterator[str]:
    """Yield the URLs to which a message links, those of its card first."""
    record = map_of(message.get("record"))
    for embed in (map_of(record.get("embed")), map_of(message.get("embed"))):
        for part in (embed, map_of(embed.get("media"))):
            if url := text_of(map_of(part.get("external")), "uri"):
                yield url
    for facet in list_of(record.get("facets")):
        for feature in list_of(facet.get("features")):
            if url := text_of(feature, "uri"):
                yield url


def _html_of(record: Value) -> str:
    """Return the text of a message as HTML, with its links; facets count bytes of UTF-8 (`app.bsky.richtext.facet`)."""
    text = record.get("text")
    data = text.encode("utf-8", "replace") if isinstance(text, str) else b""
    parts: list[str] = []
    position = 0
    for start, end, url in sorted(_facets_of(record, len(data))):
        if start >= position:
            parts.append(escape(data[position:start].decode("utf-8", "replace")))
            parts.append(f'<a href="{escape(url)}">{escape(data[start:end].decode("utf-8", "replace"))}</a>')
            position = end
    parts.append(escape(data[position:].decode("utf-8", "replace")))
    return "".join(f"<p>{part}</p>" for part in "".join(parts).split("\n\n")).replace("\n", "<br>")


def _facets_of(record: Value, size: int) -> Iterator[tuple[int, int, str]]:
    for facet in list_of(record.get("facets")):
        index = map_of(facet.get("index"))
        start, end = index.get("byteStart"), index.get("byteEnd")
        url = next((text_of(feature, "uri") for feature in list_of(facet.get("features"))), "")
        if url and isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= size:
            yield start, end, url


def _media_of(message: Value) -> str:
    """Return links to the images of a message, with their descriptions."""
    images = list_of(map_of(message.get("embed")).get("images"))
    links = [
        f'<p><a href="{escape(url)}">{escape(text_of(image, "alt") or "Image")}</a></p>'
        for image in images
        if (url := text_of(image, "fullsize"))
    ]
    return "".join(links)
