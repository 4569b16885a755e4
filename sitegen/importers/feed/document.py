"""Holds the items of one feed file, and reads slugs and aliases from the links of entries."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from sitegen.importers.base import Item
from sitegen.importers.markdown_source.front_matter_values import strip_page_ending

MAX_FEED_BYTES = 64 * 1024 * 1024
"""The size limit of a feed, which is read into memory as a whole."""


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """The items of one file, the URLs and names that refer to it, and the URL of the file with older entries."""

    name: str
    items: tuple[Item, ...]
    references: frozenset[str]
    older: str


def make_document(name: str, items: list[Item], url: str, older: str) -> FeedDocument:
    """Return the document of a file; saved files are also identified by the last part of their URLs."""
    references = {url, name, name.rsplit("/", 1)[-1]}
    if url:
        references.add(urlsplit(url).path.rsplit("/", 1)[-1])
    by_name = urlsplit(older).path.rsplit("/", 1)[-1]
    known = older if older in references else by_name or older
    return FeedDocument(name, tuple(items), frozenset(references - {""}), known)


def slug_from_link(link: str) -> str:
    """Return the last part of a link's path that identifies the post, without an extension, or "".

    An id such as `tag:news.example,2020:7` in place of a link gives none.
    """
    path = urlsplit(link).path
    names = path.split("/") if path.startswith("/") else ()
    parts = [part for part in names if part and part not in ("index.html", "index.php")]
    stem = strip_page_ending(parts[-1]) if parts else ""
    return "" if stem.isdigit() else stem


def aliases_from_link(link: str) -> tuple[str, ...]:
    """Return the path of an entry's old URL, or none for a URL with a query, which a static file cannot serve.

    An id such as `urn:uuid:…` in place of a link gives none either.
    """
    parts = urlsplit(link)
    return (parts.path,) if parts.path.startswith("/") and parts.path.strip("/") and not parts.query else ()
