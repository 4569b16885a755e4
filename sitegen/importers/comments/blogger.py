"""Blogger: the Atom feed of "Back up content", in which comments are entries that refer to their posts (RFC 4685)."""

import re

from lxml import etree

from sitegen.importers.base import location_of
from sitegen.importers.comments.found import (
    CommentExport,
    FoundComment,
    PostReference,
    make_comment,
    time_of,
)
from sitegen.importers.comments.xml import parse_xml, text_at

_ATOM = "{http://www.w3.org/2005/Atom}"
_REPLY = "{http://purl.org/syndication/thread/1.0}in-reply-to"
_NUMBER = re.compile(r"(?:post|page)-(\d+)")


def recognise(head: bytes) -> bool:
    """Return whether a file begins like an Atom feed of Blogger."""
    return b"http://www.w3.org/2005/Atom" in head and (b"blogger" in head.lower())


def read(data: bytes, name: str) -> CommentExport:
    """Return the comments of a feed. Raises UnreadableError if it is not XML."""
    root, damage = parse_xml(data)
    export = CommentExport("Blogger", damage=damage)
    posts: dict[str, PostReference] = {}
    rows: list[etree._Element] = []
    for entry in root.iter(f"{_ATOM}entry"):
        entry_type = next(
            (c.get("term") or "" for c in entry.iter(f"{_ATOM}category") if "#kind" in (c.get("scheme") or "")), ""
        )
        if entry_type.endswith("#comment") or _local(entry, "type") == "COMMENT":
            rows.append(entry)
        elif entry_type.endswith(("#post", "#page")) or _local(entry, "type") in ("POST", "PAGE"):
            key = text_at(entry, f"{_ATOM}id")
            urls = (_link(entry, "alternate") or _local(entry, "filename"),)
            posts[key] = PostReference(
                (key, *_NUMBER.findall(key)), tuple(filter(None, urls)), text_at(entry, f"{_ATOM}title")
            )
    for entry in rows:
        status = _local(entry, "status")
        if status and status not in ("LIVE", "PUBLISHED"):
            export.dropped[f'comment with the state "{status[:40].lower()}"'] += 1
            continue
        reply = entry.find(_REPLY)
        post = (reply.get("ref") if reply is not None else "") or _local(entry, "parent")
        comment = make_comment(
            location_of(entry, name),
            _comment_number(text_at(entry, f"{_ATOM}id")),
            text_at(entry, f"{_ATOM}content"),
            text_at(entry, f"{_ATOM}author/{_ATOM}name"),
            time_of(text_at(entry, f"{_ATOM}published")),
            _comment_number(_link(entry, "related").rpartition("/")[2] or _local(entry, "inReplyTo")),
            _link(entry, "alternate"),
        )
        export.comments.append(FoundComment(comment, posts.get(post, PostReference((post,)))))
    return export


def _comment_number(text: str) -> str:
    found = _NUMBER.search(text)
    return found[1] if found else text


def _local(entry: etree._Element, name: str) -> str:
    """Return the text of an element of Blogger's own namespace."""
    for child in entry:
        if isinstance(child.tag, str) and child.tag.rpartition("}")[2] == name and "blogger" in child.tag:
            return (child.text or "").strip()
    return ""


def _link(entry: etree._Element, relation: str) -> str:
    return next((link.get("href") or "" for link in entry.iter(f"{_ATOM}link") if link.get("rel") == relation), "")
