"""Caches what a check has read of each file, so that a later check reads only files that changed.

The facts of a file depend on its bytes, the limits, the base URL, the code, the files to which its URLs lead, and for
feeds the sizes of media files. The cache stores the fingerprint of the bytes, the URLs with the result of `locate` for
each, and the sizes. If the site has other files or redirects than before, facts are used only if each URL still leads
to the same file. A file with a broken link is read again, since the hint names other files.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path

from msgspec import MsgspecError, Raw, Struct, field
from msgspec.msgpack import Decoder, encode

from sitegen.check.documents.document_facts import DocumentFacts
from sitegen.check.links.located_urls import UrlKey
from sitegen.check.links.resolve import BROKEN, Address, Hosting, locate
from sitegen.check.pages.page_facts import CheckedPage
from sitegen.system.fingerprints import of_value
from sitegen.system.sealed_file import read_sealed, write_sealed

CHANGES_SUFFIX = ".changes"
"""What the name of the second file has after that of the first."""

CHANGES_SHARE = 4
"""A check writes the second file if at most one of this many files differs from what the first one has."""


class PageEntry(Struct, frozen=True, array_like=True):
    """The facts of a page, and the fingerprint of its bytes."""

    digest: str
    facts: CheckedPage


class DocumentEntry(Struct, frozen=True, array_like=True):
    """The same of another file; `sizes` are those of files on whose size the facts depend, None for a missing file."""

    digest: str
    sizes: dict[str, int | None]
    facts: DocumentFacts


class _Urls(Struct, frozen=True, array_like=True):
    """The URLs of all files with where each leads, and the numbers of those of each file."""

    table: tuple[tuple[UrlKey, Address], ...] = ()
    files: dict[str, tuple[int, ...]] = field(default_factory=dict)


class _StoredFacts(Struct, frozen=True, array_like=True):
    """The content of one of the two files.

    `key` is the fingerprint of all that every entry depends on, `files` that of the names of the site's files, `id`
    that of the content, and `base` the `id` of the file whose content this one changes. `urls` are encoded _Urls: they
    are a third of the content, and only needed if the site has other files than before.
    """

    key: str = ""
    files: str = ""
    id: str = ""
    base: str = ""
    urls: Raw = Raw()
    pages: dict[str, PageEntry] = field(default_factory=dict)
    documents: dict[str, DocumentEntry] = field(default_factory=dict)


_decode = Decoder(_StoredFacts).decode
_decode_urls = Decoder(_Urls).decode


class _FactsPart:
    """The content of one of the two files; its URLs are decoded when they are needed."""

    def __init__(self, stored: _StoredFacts, hosting: Hosting) -> None:
        self.stored, self.pages, self.documents = stored, stored.pages, stored.documents
        self._hosting = hosting

    @cached_property
    def urls(self) -> _Urls:
        """The URLs, none if they are damaged."""
        try:
            urls = _decode_urls(self.stored.urls)
        except MsgspecError:
            return _Urls()
        known = range(len(urls.table))
        return urls if all(number in known for numbers in urls.files.values() for number in numbers) else _Urls()

    @cached_property
    def stale(self) -> frozenset[int]:
        """The numbers of the URLs that lead to another file now, or to none."""
        return frozenset(
            number
            for number, (key, address) in enumerate(self.urls.table)
            if address.how in BROKEN or _locate(self._hosting, key) != address
        )

    def is_current(self, path: str) -> bool:
        """Return whether all URLs of a file lead where they led before."""
        numbers = self.urls.files.get(path)
        return numbers is not None and self.stale.isdisjoint(numbers)


class FactsCache:
    """Holds the facts that earlier checks have stored in two files, and those to store for the next one.

    The second file, with CHANGES_SUFFIX, has the entries that differ from those of the first, so that a check after a
    small change writes little. `digest_of(path)` returns the fingerprint of the bytes of a file of the site, and
    `size_of(path)` its size, None if it is missing. `dependencies` are all other values that facts depend on.
    """

    def __init__(
        self,
        file: Path,
        hosting: Hosting,
        dependencies: Iterable[object],
        digest_of: Callable[[str], str],
        size_of: Callable[[str], int | None],
    ) -> None:
        self._file, self._hosting, self._digest_of, self._size_of = file, hosting, digest_of, size_of
        self._changes_file = file.with_name(file.name + CHANGES_SUFFIX)
        location = hosting.scheme, hosting.host, hosting.base
        self._key = of_value((location, tuple(dependencies)))
        self._files = of_value((tuple(sorted(hosting.files)), hosting.redirects))
        first, second = _read(file), _read(self._changes_file)
        if first.key != self._key:
            first = _StoredFacts()
        if not first.id or second.base != first.id:
            second = _StoredFacts()
        self._first = _FactsPart(first, hosting)
        self._parts = (_FactsPart(second, hosting), self._first)
        self._has_same_files = first.files == self._files
        self._pages: dict[str, PageEntry] = {}
        self._documents: dict[str, DocumentEntry] = {}
        self._sources: dict[str, _FactsPart | tuple[UrlKey, ...]] = {}
        """Where the URLs of each file are: in a part, or new ones."""
        self._has_changed = False

    def find_page(self, path: str) -> CheckedPage | None:
        """Return the facts of a page, None if it has to be read."""
        for part in self._parts:
            entry = part.pages.get(path)
            if entry is not None and self._is_valid(part, path, entry):
                self._pages[path], self._sources[path] = entry, part
                return entry.facts
        return None

    def find_document(self, path: str) -> DocumentFacts | None:
        """Return the facts of a file that is not a page, None if it has to be read."""
        for part in self._parts:
            entry = part.documents.get(path)
            if (
                entry is not None
                and self._is_valid(part, path, entry)
                and all(self._size_of(name) == size for name, size in entry.sizes.items())
            ):
                self._documents[path], self._sources[path] = entry, part
                return entry.facts
        return None

    def add_page(self, facts: CheckedPage, digest: str, urls: Iterable[UrlKey]) -> None:
        """Add the facts of a page that was read."""
        self._has_changed = True
        self._pages[facts.path], self._sources[facts.path] = PageEntry(digest, facts), tuple(urls)

    def add_document(
        self, facts: DocumentFacts, digest: str, urls: Iterable[UrlKey], sizes: Mapping[str, int | None]
    ) -> None:
        """Add the facts of another file that was read."""
        self._has_changed = True
        self._documents[facts.path] = DocumentEntry(digest, dict(sizes), facts)
        self._sources[facts.path] = tuple(urls)

    def save(self) -> None:
        """Store the facts of this check for the next one."""
        if not self._has_changed and self._has_same_files:
            return
        first = self._first
        pages = {path: entry for path, entry in self._pages.items() if first.pages.get(path) is not entry}
        documents = {path: entry for path, entry in self._documents.items() if first.documents.get(path) is not entry}
        is_small = CHANGES_SHARE * (len(pages) + len(documents)) <= len(self._pages) + len(self._documents)
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            if self._has_same_files and is_small:
                self._write(self._changes_file, first.stored.id, pages, documents, {})
            else:
                known = {
                    key: address
                    for part in self._parts
                    for number, (key, address) in enumerate(part.urls.table)
                    if self._has_same_files or number not in part.stale
                }
                self._write(self._file, "", self._pages, self._documents, known)
        except (OSError, UnicodeEncodeError):  # a read-only folder, a full disk, a lone surrogate in the site
            return

    def _write(
        self,
        file: Path,
        base: str,
        pages: dict[str, PageEntry],
        documents: dict[str, DocumentEntry],
        known: Mapping[UrlKey, Address],
    ) -> None:
        """Write one of the two files; `known` says where some of the URLs lead."""
        numbers: dict[UrlKey, int] = {}
        files = {
            path: tuple([numbers.setdefault(key, len(numbers)) for key in self._find_urls(path)])
            for path in (*pages, *documents)
        }
        table = tuple((key, known.get(key) or _locate(self._hosting, key)) for key in numbers)
        urls = Raw(encode(_Urls(table, files)))
        entries: tuple[PageEntry | DocumentEntry, ...] = (*pages.values(), *documents.values())
        id_ = of_value((self._key, self._files, base, tuple(files), tuple(entry.digest for entry in entries)))
        contents = encode(_StoredFacts(self._key, self._files, id_, base, urls, pages, documents))
        write_sealed(file, contents, concurrent=True)

    def _find_urls(self, path: str) -> Iterator[UrlKey]:
        source = self._sources[path]
        if isinstance(source, tuple):
            return iter(source)
        table = source.urls.table
        return (table[number][0] for number in source.urls.files.get(path, ()))

    def _is_valid(self, part: _FactsPart, path: str, entry: PageEntry | DocumentEntry) -> bool:
        return (self._has_same_files or part.is_current(path)) and entry.digest == self._digest_of(path)


def _locate(hosting: Hosting, key: UrlKey) -> Address:
    """Return where a URL leads, by its key in `hosting.known`."""
    if isinstance(key, str):
        return locate(hosting, "", key)
    scope, url = key
    is_of_page = url[:1] in ("", "#", "?")
    return locate(hosting, scope if is_of_page or not scope else f"{scope}/", url)


def _read(file: Path) -> _StoredFacts:
    """Return the content of the cache, without entries if it is missing, damaged or of another version."""
    contents = read_sealed(file)
    try:
        return _decode(contents) if contents else _StoredFacts()
    except MsgspecError:
        return _StoredFacts()
