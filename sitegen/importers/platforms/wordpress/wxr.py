"""Reads the items of a WordPress export (WXR 1.0 to 1.2, RSS 2.0 with extensions) as a stream."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import IO, cast

from lxml import etree

from sitegen.formats.html_elements import names
from sitegen.importers.archive.archive import MEBIBYTE, Archive, UnreadableError
from sitegen.importers.archive.payload import Payload
from sitegen.importers.archive.text_encoding import CHUNK_SIZE, XmlBytes
from sitegen.importers.base import Location, Note, location_of

MAX_ITEM_BYTES = 48 * MEBIBYTE
MAX_LISTED_ERRORS = 3

CHANNEL_TAGS = names(
    "title link description pubDate language generator author category tag term image item channel rss wxr_version"
    " base_site_url base_blog_url cloud site lastBuildDate"
)
"""Elements of the channel that describe the old site, or define terms, authors and images of the items."""

OUTER_TAGS = ("channel", "rss")

TERM_TAGS = ("category", "tag", "term")
CATEGORY, TAG = "category", "post_tag"
"""The names of WordPress's own taxonomies."""

IGNORED_TAGS = names(
    "post_id comment_status ping_status menu_order post_parent pubDate post_date_gmt post_modified_gmt"
)
"""Elements of an item with settings of WordPress, or with the content of another element."""

IGNORED_META_KEYS = names("_edit_last _edit_lock _encloseme _pingme _wp_old_slug _wp_old_date _wp_page_template")
"""Keys of post meta with data of WordPress's editor."""


COMMENT_TAGS = names(
    "comment_id comment_author comment_author_url comment_date comment_date_gmt comment_content comment_approved"
    " comment_type comment_parent"
)
"""The elements of a comment that are read: not the ones with the author's email and IP address."""

COMMENT_LIKE_KEYS = ("_commentliked", "wpdiscuz_votes")
"""The keys of comment meta where WP ULike and wpDiscuz store the number of likes."""


@dataclass(slots=True)
class WxrItem:
    """One item: its simple elements by name, and its repeated elements.

    `content` and `excerpt` are the two elements named `encoded`; `terms` are (domain, name) pairs. With Polylang,
    `language` is the code of the item's language, and `translations` the name of the group of its translations.
    """

    where: Location
    fields: Payload
    meta: Payload
    content: str = ""
    excerpt: str = ""
    terms: list[tuple[str, str]] = field(default_factory=list)
    comments: list[dict[str, str]] = field(default_factory=list)
    language: str = ""
    translations: str = ""
    cut_off: bool = False

    def get(self, name: str) -> str:
        """Return the stripped text of an element, or "" if it is missing."""
        return str(self.fields.get(name) or "").strip()


@dataclass(frozen=True, slots=True)
class WxrTerm:
    """A term that the channel defines: `parent` is the slug of the one above it, or ""; `description` is HTML."""

    where: Location
    taxonomy: str
    slug: str
    name: str
    parent: str
    description: str


@dataclass(slots=True)
class Channel:
    """The site of a file: its URL, its generator, names of authors by login, and the locations of unread elements.

    `settings` are its title, description and language; `terms` are by taxonomy and slug.
    """

    url: str = ""
    generator: str = ""
    settings: dict[str, str] = field(default_factory=dict)
    authors: dict[str, str] = field(default_factory=dict)
    terms: dict[tuple[str, str], WxrTerm] = field(default_factory=dict)
    dropped: dict[str, Location] = field(default_factory=dict)


class _LimitedReader:
    """Passes bytes from a file to the parser, and raises UnreadableError for an item that is too large."""

    def __init__(self, source: XmlBytes) -> None:
        self.source, self.item_bytes = source, 0

    def read(self, length: int = CHUNK_SIZE) -> bytes:
        data = self.source.read(min(length, CHUNK_SIZE))
        self.item_bytes += len(data)
        if self.item_bytes > MAX_ITEM_BYTES:
            raise UnreadableError(f"an item is larger than {MAX_ITEM_BYTES // MEBIBYTE} MB")
        return data


@dataclass(frozen=True, slots=True)
class _XmlProblem:
    """The note about an error in the XML, and whether it cuts off the last item."""

    note: Note
    cuts_item: bool = False


def read_wxr(
    archive: Archive, name: str, channel: Channel, types: frozenset[str] | None = None
) -> Iterator[WxrItem | Note]:
    """Yield the items of a file, and a Note for each error in the XML; fill `channel` with the data of the site.

    With `types`, only items of these post types are read.
    Entities, DTDs and network access are disabled. Elements are released once they are read, so the use of memory is
    constant. An item at the end of a truncated file has `cut_off` set.
    """
    source = XmlBytes(archive, name)
    reader = _LimitedReader(source)
    number = 0
    pending: WxrItem | None = None
    outer: list[etree._Element] = []
    try:
        context = etree.iterparse(
            cast("IO[bytes]", reader),
            events=("start", "end"),
            tag=("{*}item", *(f"{{*}}{tag}" for tag in OUTER_TAGS)),  # events for all elements would take twice as long
            recover=True,
            huge_tree=True,
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            remove_comments=True,
            encoding="utf-8",
        )
        for element in _find_items(context, outer):
            if pending is not None:
                yield pending
            number += 1
            reader.item_bytes = 0
            if element.getparent() in outer:
                _read_channel(reversed(list(element.itersiblings(preceding=True))), name, channel)
            is_wanted = types is None or _find_type(element) in types
            pending = _read_item(element, location_of(element, name)) if is_wanted else None
            _release(element)
        for problem in _find_xml_problems(context.error_log, name, number):
            if pending is not None and problem.cuts_item:
                pending.cut_off = True
            yield problem.note
    except (etree.XMLSyntaxError, UnreadableError) as error:
        yield Note(Location(name), f"the file was read up to item {number}: {error}")
    finally:
        source.close()
    for element in outer:
        _read_channel(element, name, channel)
    if pending is not None:
        yield pending
    if source.repaired:
        yield Note(Location(name), f"{source.repaired} characters that XML forbids were repaired")


def _find_items(context: Iterable[tuple[str, etree._Element]], outer: list[etree._Element]) -> Iterator[etree._Element]:
    """Yield each item when it is complete, and add the elements around items to `outer` when they begin."""
    for event, element in context:
        if event == "end" and _local_name(element) == "item":
            yield element
        elif event == "start" and _local_name(element) in OUTER_TAGS:
            outer.append(element)


def _find_xml_problems(log: Iterable[etree._LogEntry], name: str, number: int) -> list[_XmlProblem]:
    """Return the errors of a file: either that it is cut off, or its first few errors."""
    # Undeclared prefixes are harmless, since elements are identified by their local names.
    entries = [entry for entry in log if "amespace prefix" not in entry.message]
    if any("remature end" in entry.message or "not finished" in entry.message for entry in entries):
        ends_between_items = any(
            f"in tag {outer}" in entry.message for entry in entries for outer in ("channel", "rss")
        )
        return [
            _XmlProblem(
                Note(Location(name), f"the file is cut off after item {number}"), cuts_item=not ends_between_items
            )
        ]
    message = "the XML is not well-formed, so parts of it may be missing"
    return [
        _XmlProblem(Note(Location(name, entry.line), f"{message}: {entry.message}"))
        for entry in entries[:MAX_LISTED_ERRORS]
    ]


def _find_type(element: etree._Element) -> str:
    """Return the post type of an item, "" if it has none."""
    texts = ("".join(map(str, child.itertext())) for child in element if _local_name(child) == "post_type")
    return next(texts, "").strip()


def _read_item(element: etree._Element, where: Location) -> WxrItem:
    fields: dict[str, str] = {}
    meta: dict[str, str] = {}
    item = WxrItem(where, Payload(fields, "item elements", IGNORED_TAGS), Payload(meta, "post meta", IGNORED_META_KEYS))
    for child in element:
        tag, text = _local_name(child), "".join(map(str, child.itertext())) if len(child) == 0 else ""
        if tag == "encoded":
            if "excerpt" in str(child.tag):
                item.excerpt = text
            else:
                item.content += text
        elif tag == "category":
            domain, slug = child.get("domain") or "category", child.get("nicename") or text.strip()
            if domain == "language":  # Polylang
                item.language = slug
            elif domain == "post_translations":
                item.translations = slug
            else:
                item.terms.append((domain, text.strip()))
        elif tag == "postmeta":
            meta.setdefault(*_read_meta(child))
        elif tag == "comment":
            item.comments.append(dict(_read_comment(child)))
        else:
            fields.setdefault(tag, text or "".join(map(str, child.itertext())))
    return item


def _read_comment(element: etree._Element) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each part of a comment that is read."""
    for part in element:
        name, text = _local_name(part), part.text or ""
        if name == "commentmeta":
            name, text = _read_meta(part)
        if name in COMMENT_TAGS or name in COMMENT_LIKE_KEYS:
            yield name, text.strip()


def _read_meta(element: etree._Element) -> tuple[str, str]:
    """Return the key and the value of an element with meta data."""
    pair = {_local_name(part): part.text or "" for part in element}
    return pair.get("meta_key", "").strip(), pair.get("meta_value", "")


def _read_channel(elements: Iterable[etree._Element], name: str, channel: Channel) -> None:
    """Read the elements of the channel of a file that are not items."""
    for element in elements:
        tag = _local_name(element)
        if tag and tag != "item" and tag not in OUTER_TAGS:
            _read_channel_element(element, tag, channel, location_of(element, name))


def _read_channel_element(element: etree._Element, tag: str, channel: Channel, where: Location) -> None:
    text = (element.text or "").strip()
    if tag not in CHANNEL_TAGS and (text or len(element)):
        channel.dropped.setdefault(tag, where)
    if tag in TERM_TAGS and len(element):
        term = _read_term(element, tag, where)
        channel.terms.setdefault((term.taxonomy, term.slug), term)
    if tag in ("base_blog_url", "link") and text.startswith("http"):
        channel.url = text if tag == "base_blog_url" or not channel.url else channel.url
    elif tag in ("title", "description", "language"):
        channel.settings.setdefault(tag, text)
    elif tag == "generator":
        channel.generator = text
    elif tag == "author":
        parts = {_local_name(part): (part.text or "").strip() for part in element}
        name = (
            parts.get("author_display_name")
            or f"{parts.get('author_first_name', '')} {parts.get('author_last_name', '')}".strip()
        )
        if login := parts.get("author_login", ""):
            channel.authors[login] = name or login


def _read_term(element: etree._Element, tag: str, where: Location) -> WxrTerm:
    """Return a term; the names of the parts differ by taxonomy, such as `cat_name`, `tag_name` and `term_name`."""
    parts = {_local_name(part): (part.text or "").strip() for part in element}
    if tag == "term":
        taxonomy, slug = parts.get("term_taxonomy", ""), parts.get("term_slug", "")
    elif tag == "tag":
        taxonomy, slug = TAG, parts.get("tag_slug", "")
    else:
        taxonomy, slug = CATEGORY, parts.get("category_nicename", "")
    return WxrTerm(
        where,
        taxonomy,
        slug,
        parts.get("cat_name") or parts.get("tag_name") or parts.get("term_name") or "",
        parts.get("category_parent") or parts.get("term_parent") or "",
        parts.get("category_description") or parts.get("tag_description") or parts.get("term_description") or "",
    )


def _local_name(element: etree._Element) -> str:
    tag = element.tag
    # The tag includes the prefix if the file does not declare it.
    return tag.rpartition("}")[2].rpartition(":")[2] if isinstance(tag, str) else ""


def _release(element: etree._Element) -> None:
    element.clear()
    while (before := element.getprevious()) is not None:
        parent = before.getparent()
        assert parent is not None
        parent.remove(before)
