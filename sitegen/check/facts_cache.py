"""Caches what a check has read of each file, so that a later check reads only files that changed.

The facts of a file depend on its bytes, the limits, the base URL, the code, the files to which its URLs lead, and for
feeds the sizes of media files. The cache stores the fingerprint of the bytes, the URLs with the result of `locate` for
each, and the sizes. If the site has other files or redirects than before, facts are used only if each URL still leads
to the same file. A file with a broken link is read again, since the hint names other files.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from msgspec import MsgspecError, Struct, field
from msgspec.msgpack import Decoder, encode

from sitegen.check.documents.document_facts import DocumentFacts
from sitegen.check.links.located_urls import UrlKey
from sitegen.check.links.resolve import CASE, MISSING, OUTSIDE, Address, Hosting, locate
from sitegen.check.pages.page_facts import CheckedPage
from sitegen.system.fingerprints import of_value
from sitegen.system.sealed_file import read_sealed, write_sealed

_BROKEN = frozenset((MISSING, CASE, OUTSIDE))


class PageEntry(Struct, frozen=True, array_like=True):
    """The facts of a page: the fingerprint of its bytes, and the numbers of its URLs in the table of URLs."""

    digest: str
    urls: tuple[int, ...]
    facts: CheckedPage


class DocumentEntry(Struct, frozen=True, array_like=True):
    """The same of another file; `sizes` are those of the files whose size was asked for, None for a missing file."""

    digest: str
    urls: tuple[int, ...]
    sizes: dict[str, int | None]
    facts: DocumentFacts


class _StoredFacts(Struct, frozen=True, array_like=True):
    """The content of the cache; `key` is the fingerprint of all that every entry depends on."""

    key: str = ""
    files: str = ""
    urls: tuple[tuple[UrlKey, Address], ...] = ()
    pages: dict[str, PageEntry] = field(default_factory=dict)
    documents: dict[str, DocumentEntry] = field(default_factory=dict)


_decode = Decoder(_StoredFacts).decode


class FactsCache:
    """Holds the facts that an earlier check has stored in a file, and those to store for the next one.

    `digest_of(path)` returns the fingerprint of the bytes of a file of the site, and `size_of(path)` its size, None if
    it is missing. `dependencies` are all other values that facts depend on.
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
        location = hosting.scheme, hosting.host, hosting.base
        self._key = of_value((location, tuple(dependencies)))
        self._files = of_value((tuple(sorted(hosting.files)), hosting.redirects))
        self._old = _read(file)
        if self._old.key != self._key:
            self._old = _StoredFacts()
        self._has_same_files = self._old.files == self._files
        self._stale = frozenset() if self._has_same_files else frozenset(self._find_stale())
        self._pages: dict[str, PageEntry] = {}
        self._documents: dict[str, DocumentEntry] = {}
        # While the site has the same files, URLs have the same numbers, and those that no file has any more remain.
        self._numbers = {key: number for number, (key, _) in enumerate(self._old.urls)} if self._has_same_files else {}
        self._has_changed = False

    def find_page(self, path: str) -> CheckedPage | None:
        """Return the facts of a page, None if it has to be read."""
        entry = self._old.pages.get(path)
        if entry is None or not self._is_valid(path, entry):
            return None
        self._pages[path] = PageEntry(entry.digest, self._renumber(entry.urls), entry.facts)
        return entry.facts

    def find_document(self, path: str) -> DocumentFacts | None:
        """Return the facts of a file that is not a page, None if it has to be read."""
        entry = self._old.documents.get(path)
        if entry is None or not self._is_valid(path, entry):
            return None
        if any(self._size_of(name) != size for name, size in entry.sizes.items()):
            return None
        self._documents[path] = DocumentEntry(entry.digest, self._renumber(entry.urls), entry.sizes, entry.facts)
        return entry.facts

    def add_page(self, facts: CheckedPage, digest: str, urls: Iterable[UrlKey]) -> None:
        """Add the facts of a page that was read."""
        self._has_changed = True
        self._pages[facts.path] = PageEntry(digest, tuple(map(self._number, urls)), facts)

    def add_document(
        self, facts: DocumentFacts, digest: str, urls: Iterable[UrlKey], sizes: Mapping[str, int | None]
    ) -> None:
        """Add the facts of another file that was read."""
        self._has_changed = True
        self._documents[facts.path] = DocumentEntry(digest, tuple(map(self._number, urls)), dict(sizes), facts)

    def save(self) -> None:
        """Store the facts of this check for the next one."""
        is_same = len(self._pages) == len(self._old.pages) and len(self._documents) == len(self._old.documents)
        if not self._has_changed and is_same and self._has_same_files:
            return
        known = {key: address for number, (key, address) in enumerate(self._old.urls) if number not in self._stale}
        urls = tuple((key, known.get(key) or _locate(self._hosting, key)) for key in self._numbers)
        try:
            contents = encode(_StoredFacts(self._key, self._files, urls, self._pages, self._documents))
            self._file.parent.mkdir(parents=True, exist_ok=True)
            write_sealed(self._file, contents, concurrent=True)
        except (OSError, UnicodeEncodeError):  # a read-only folder, a full disk, a lone surrogate in the site
            return

    def _is_valid(self, path: str, entry: PageEntry | DocumentEntry) -> bool:
        return self._stale.isdisjoint(entry.urls) and entry.digest == self._digest_of(path)

    def _find_stale(self) -> Iterator[int]:
        """Yield the numbers of the URLs that lead to another file now, or to none."""
        for number, (key, address) in enumerate(self._old.urls):
            if address.how in _BROKEN or _locate(self._hosting, key) != address:
                yield number

    def _renumber(self, urls: tuple[int, ...]) -> tuple[int, ...]:
        if self._has_same_files:
            return urls
        return tuple([self._number(self._old.urls[number][0]) for number in urls])

    def _number(self, key: UrlKey) -> int:
        return self._numbers.setdefault(key, len(self._numbers))


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
