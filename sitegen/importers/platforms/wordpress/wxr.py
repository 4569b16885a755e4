"""Reads the items of a WordPress export (WXR 1.0 to 1.2, RSS 2.0 with extensions) as a stream."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import IO, cast

from lxml import etree

from sitegen.formats.html_elements import names
from sitegen.importers.archive.archive import MEBIBYTE, Archive, UnreadableError
from sitegen.importers.archive.payload import Payload
from sitegen.importers.archive.text_encoding import CHUNK_SIZE, XmlBytes
from sitegen.importers.base import Location, Note

ITEM_LIMIT = 48 * MEBIBYTE
SHOWN_ERRORS = 3

CHANNEL = names(
    "title link description pubDate language generator author category tag term image item channel rss wxr_version"
    " base_site_url base_blog_url cloud site lastBuildDate"
)
"""Elements of the channel that describe the old site itself, or define what the items name."""

TERMS = ("category", "tag", "term")

SETTINGS = names("post_id comment_status ping_status menu_order post_parent pubDate post_date_gmt post_modified_gmt")
"""Elements of an item that steer WordPress, or repeat what another one says."""

META_SETTINGS = names("_edit_last _edit_lock _encloseme _pingme _wp_old_slug _wp_old_date _wp_page_template")
"""Keys of post meta that WordPress itself keeps for its editor."""


@dataclass(frozen=True, slots=True)
class Comment:
    """What is counted of a comment: whether it was approved, and its kind ("" or "comment" is a person's)."""

    approved: str
    kind: str


@dataclass(slots=True)
class WxrItem:
    """One item: its simple elements by name, and those that repeat.

    `content` and `excerpt` are the two elements called `encoded`; `terms` are (domain, name) pairs.
    """

    where: Location
    fields: Payload
    meta: Payload
    content: str = ""
    excerpt: str = ""
    terms: list[tuple[str, str]] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    cut_off: bool = False

    def get(self, name: str) -> str:
        """Return an element's text, trimmed, "" where it is missing."""
        return str(self.fields.get(name) or "").strip()


@dataclass(slots=True)
class Channel:
    """What the file says of the whole site: its URL, authors' names by login, and the elements that are not read."""

    url: str = ""
    generator: str = ""
    authors: dict[str, str] = field(default_factory=dict)
    left_out: dict[str, Location] = field(default_factory=dict)


class _Counting:
    """Holds the bytes between parser and file, and stops an item without an end."""

    def __init__(self, source: XmlBytes) -> None:
        self.source, self.since = source, 0

    def read(self, length: int = CHUNK_SIZE) -> bytes:
        data = self.source.read(min(length, CHUNK_SIZE))
        self.since += len(data)
        if self.since > ITEM_LIMIT:
            raise UnreadableError(f"an item is larger than {ITEM_LIMIT // MEBIBYTE} MB")
        return data


@dataclass(frozen=True, slots=True)
class _Fault:
    """What the report says of a fault of the XML, and whether it leaves the last item without its end."""

    note: Note
    cuts_item: bool = False


def read_wxr(archive: Archive, name: str, channel: Channel) -> Iterator[WxrItem | Note]:
    """Yield the items of a file, and fill `channel` on the way; faults of the file come as Notes.

    Entities, DTDs and the network are off; elements are dropped once read, so memory stays flat. An
    item that the end of the file cuts off comes with `cut_off`.
    """
    source = XmlBytes(archive, name)
    counting = _Counting(source)
    number = 0
    held: WxrItem | None = None
    try:
        context = etree.iterparse(
            cast("IO[bytes]", counting),
            events=("end",),
            recover=True,
            huge_tree=True,
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            remove_comments=True,
            encoding="utf-8",
        )
        for _, element in context:
            tag = _local(element)
            parent = element.getparent()
            if tag == "item":
                if held is not None:
                    yield held
                number += 1
                counting.since = 0
                held = _read_item(element, Location(name, element.sourceline or 0))
                _forget(element)
            elif parent is not None and _local(parent) in ("channel", "rss"):
                _read_channel(element, tag, channel, Location(name, element.sourceline or 0))
                if tag not in ("channel", "rss"):
                    _forget(element)
        for fault in _faults(context.error_log, name, number):
            if held is not None and fault.cuts_item:
                held.cut_off = True
            yield fault.note
    except (etree.XMLSyntaxError, UnreadableError) as error:
        yield Note(Location(name), f"the file was read as far as item {number}: {error}")
    finally:
        source.close()
    if held is not None:
        yield held
    if source.repaired:
        yield Note(Location(name), f"{source.repaired} characters that XML forbids were repaired")


def _faults(log: Iterable[etree._LogEntry], name: str, number: int) -> list[_Fault]:
    """Return what was wrong with a file: that it is cut off, otherwise its first few faults."""
    # A prefix that nobody declares harms nothing: elements are known by their local names.
    entries = [entry for entry in log if "amespace prefix" not in entry.message]
    if any("remature end" in entry.message or "not finished" in entry.message for entry in entries):
        between = any(f"in tag {outer}" in entry.message for entry in entries for outer in ("channel", "rss"))
        return [_Fault(Note(Location(name), f"the file is cut off after item {number}"), cuts_item=not between)]
    message = "the XML is faulty, and was read as far as it made sense"
    return [_Fault(Note(Location(name, entry.line), f"{message}: {entry.message}")) for entry in entries[:SHOWN_ERRORS]]


def _read_item(element: etree._Element, where: Location) -> WxrItem:
    fields: dict[str, str] = {}
    meta: dict[str, str] = {}
    item = WxrItem(where, Payload(fields, "item elements", SETTINGS), Payload(meta, "post meta", META_SETTINGS))
    for child in element:
        tag, text = _local(child), "".join(map(str, child.itertext())) if len(child) == 0 else ""
        if tag == "encoded":
            if "excerpt" in str(child.tag):
                item.excerpt = text
            else:
                item.content += text
        elif tag == "category":
            item.terms.append((child.get("domain") or "category", text.strip()))
        elif tag == "postmeta":
            pair = {_local(part): part.text or "" for part in child}
            meta.setdefault(pair.get("meta_key", "").strip(), pair.get("meta_value", ""))
        elif tag == "comment":
            pair = {_local(part): (part.text or "").strip() for part in child}
            item.comments.append(Comment(pair.get("comment_approved", "1"), pair.get("comment_type", "")))
        else:
            fields.setdefault(tag, text or "".join(map(str, child.itertext())))
    return item


def _read_channel(element: etree._Element, tag: str, channel: Channel, where: Location) -> None:
    text = (element.text or "").strip()
    if tag not in CHANNEL and (text or len(element)):
        channel.left_out.setdefault(tag, where)
    for child in element if tag in TERMS else ():
        if _local(child).endswith("description") and (child.text or "").strip():
            channel.left_out.setdefault(_local(child), where)
    if tag in ("base_blog_url", "link") and text.startswith("http"):
        channel.url = text if tag == "base_blog_url" or not channel.url else channel.url
    elif tag == "generator":
        channel.generator = text
    elif tag == "author":
        parts = {_local(part): (part.text or "").strip() for part in element}
        name = (
            parts.get("author_display_name")
            or f"{parts.get('author_first_name', '')} {parts.get('author_last_name', '')}".strip()
        )
        if login := parts.get("author_login", ""):
            channel.authors[login] = name or login


def _local(element: etree._Element) -> str:
    tag = element.tag
    # Where a file forgets to declare a prefix the tag keeps it.
    return tag.rpartition("}")[2].rpartition(":")[2] if isinstance(tag, str) else ""


def _forget(element: etree._Element) -> None:
    element.clear()
    while (before := element.getprevious()) is not None:
        parent = before.getparent()
        assert parent is not None
        parent.remove(before)
