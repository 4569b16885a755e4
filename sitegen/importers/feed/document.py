"""One file of a feed as values, and what every kind of feed reads from an entry's link."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from sitegen.importers.base import Item
from sitegen.importers.markdown_source.front_matter_values import strip_page_ending

LARGEST = 64 * 1024 * 1024
"""A feed is read whole; no feed is so large but by mistake, or to do harm."""


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """One file's items, the addresses that other files may call it by, and that of the file with older entries."""

    name: str
    items: tuple[Item, ...]
    addresses: frozenset[str]
    earlier: str


def make_document(name: str, items: list[Item], address: str, earlier: str) -> FeedDocument:
    """Return a file's document; files that were saved are found by the last part of their addresses, too."""
    addresses = {address, name, name.rsplit("/", 1)[-1]}
    if address:
        addresses.add(urlsplit(address).path.rsplit("/", 1)[-1])
    by_name = urlsplit(earlier).path.rsplit("/", 1)[-1]
    known = earlier if earlier in addresses else by_name or earlier
    return FeedDocument(name, tuple(items), frozenset(addresses - {""}), known)


def slug_of(link: str) -> str:
    """Return the last part of a link's path that names the post, without an ending, or ""."""
    parts = [part for part in urlsplit(link).path.split("/") if part and part not in ("index.html", "index.php")]
    stem = strip_page_ending(parts[-1]) if parts else ""
    return "" if stem.isdigit() else stem


def aliases_of(link: str) -> tuple[str, ...]:
    """Return the path of an entry's old URL, unless a query makes it one that no file can answer.

    An id such as `urn:uuid:…`, which stands for a link where there is none, is no address.
    """
    parts = urlsplit(link)
    return (parts.path,) if parts.path.startswith("/") and parts.path.strip("/") and not parts.query else ()
