"""Disqus: the XML of "Export comments", with threads (pages) and posts (comments) side by side."""

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

_ID = "{http://disqus.com/disqus-internals}id"


def recognise(head: bytes) -> bool:
    """Return whether a file begins like an export of Disqus."""
    return b"<disqus" in head


def read(data: bytes, name: str) -> CommentExport:
    """Return the comments of an export. Raises UnreadableError if it is not XML."""
    root, damage = parse_xml(data)
    export = CommentExport("Disqus", damage=damage)
    threads: dict[str, PostReference] = {}
    for element in root:
        if _name(element) == "thread":
            key, link = element.get(_ID) or "", text_at(element, "{*}link")
            threads[key] = PostReference(
                (text_at(element, "{*}id"),), (link,) if link else (), text_at(element, "{*}title")
            )
        elif _name(element) == "post":
            if text_at(element, "{*}isDeleted") == "true":
                export.dropped["deleted comment"] += 1
            elif text_at(element, "{*}isSpam") == "true":
                export.dropped["spam comment"] += 1
            elif text_at(element, "{*}isApproved") == "false":
                export.dropped["pending comment"] += 1
            else:
                comment = make_comment(
                    location_of(element, name),
                    element.get(_ID) or "",
                    text_at(element, "{*}message"),
                    text_at(element, "{*}author/{*}name"),
                    time_of(text_at(element, "{*}createdAt")),
                    _reference(element, "parent"),
                )
                thread = threads.get(_reference(element, "thread"), PostReference())
                export.comments.append(FoundComment(comment, thread))
    return export


def _name(element: etree._Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _reference(element: etree._Element, name: str) -> str:
    child = element.find(f"{{*}}{name}")
    return (child.get(_ID) or "") if child is not None else ""
