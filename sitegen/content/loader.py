"""Read the files of a site and parse its documents, each only if it changed."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct, field

from sitegen.cache.codec import Unpacker, read_source
from sitegen.cache.store import Store
from sitegen.comments.discussion import CommentSettings
from sitegen.content.file_index import FileIndex, FileState, Folders, find_stale, scan_site, stat_files
from sitegen.content.read_file import FileRead, Parse, read_file
from sitegen.errors import Problem, SiteError
from sitegen.model import Entry
from sitegen.system.processes import MIN_PARALLEL_ITEMS, spread
from sitegen.system.progress import Progress, no_progress

if TYPE_CHECKING:
    from sitegen.comments.load import ParsedComments

BATCH_FILES = 256
"""The number of files whose rows are written to the build cache in one transaction."""

MAX_COMPARED = 64
"""If more documents than this changed, they are not compared with their previous versions."""


class Scan(Struct, frozen=True):
    """The result of a scan: the files, and the names of those that changed since the last snapshot.

    `before` has the changed documents of the last snapshot, as far as the build cache has them.
    """

    files: FileIndex
    changed: frozenset[str] = frozenset()
    before: Mapping[str, Entry] = field(default_factory=dict)


class ReadSettings(Struct, frozen=True):
    """How to read the files of a site: its folders, and the parser of its documents.

    `parse_key` is the fingerprint of everything that parsing depends on, `now` the time in ns, `comments` how comment
    files are parsed.
    """

    folders: Folders
    now: int
    jobs: int
    parse_key: str
    parse: Parse
    comments: CommentSettings
    progress: Progress = no_progress


class _Document(Struct, frozen=True):
    """The result of parsing a document, with the fingerprint of its bytes and the parse key."""

    fingerprint: str
    parse_key: str
    entry: Entry | None
    problems: tuple[Problem, ...] = ()


class Loader:
    """Reads and parses the files of one site, and caches the results in memory and in the build cache.

    The caches are keyed by a file's stamp or fingerprint, so that they never change a result.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self._latest = FileIndex()
        self._documents: dict[str, _Document] = {}
        self._parser: tuple[str, Parse] | None = None
        self._unpacker = Unpacker()

    def parser(self, parse_key: str, make: Callable[[], Parse]) -> Parse:
        """Return the parser of the last build if it has the same parse key, because creating one takes long."""
        if self._parser is None or self._parser[0] != parse_key or not self._parser[1].is_current():
            self._parser = parse_key, make()
        return self._parser[1]

    def scan(self, last: FileIndex, settings: ReadSettings, changed_paths: Collection[str] = frozenset()) -> Scan:
        """Return the files of the site, after reading those whose stamps cannot be trusted.

        If `changed_paths` names known documents only, no other file is scanned. Documents that changed are parsed
        at once, so that no file is read twice. Raises SiteError for files that cannot be read; the problems
        of documents are reported by `entries`.
        """
        base = self._latest if self._latest.states else last
        stamps = stat_files(settings.folders, changed_paths, base) if changed_paths and base.states else None
        ignored, removed = base.ignored, set[str]()
        if stamps is None:
            stamps, ignored = scan_site(settings.folders)
            removed = base.states.keys() - stamps.keys()
        stale = find_stale(base, stamps)
        before = self._find_before(stale, last, settings) if len(stale) <= MAX_COMPARED else {}
        states: dict[str, FileState] = {}
        problems: list[Problem] = []
        for done, result in enumerate(self._read(stale, base, settings), 1):
            settings.progress("reading", done, len(stale))
            if result.missing:
                removed.add(result.path)
                continue
            states[result.path] = (result.stamp if result.quiet else None, result.fingerprint)
            if result.problems and not settings.folders.document_type(result.path):
                problems += result.problems
        if problems:
            raise SiteError(problems)
        files = base.replace(states, removed, ignored)
        for name in removed:
            self._documents.pop(name, None)
        self._latest = files
        changed = files.diff(last) if base is not last else _find_changed(states, removed, last)
        return Scan(files, changed, {name: before[name] for name in changed if name in before})

    def entries(
        self, files: FileIndex, settings: ReadSettings, names: Collection[str] | None = None
    ) -> tuple[Entry, ...]:
        """Return the entries of all documents, or of those named, by path. Raises SiteError with all problems."""
        documents = [name for name in sorted(files.states if names is None else names) if _is_document(settings, name)]
        if names is None and len(self._documents) < len(documents):
            self._load(files, settings.parse_key)
        stale = [name for name in documents if self._find(name, files, settings.parse_key) is None]
        for _ in self._read(stale, None, settings):
            pass
        found = [self._documents[name] for name in documents]
        problems = [
            (name, problem) for name, document in zip(documents, found, strict=True) for problem in document.problems
        ]
        if problems:
            raise SiteError(_merge_problems_of_code(problems))
        return tuple([document.entry for document in found if document.entry is not None])

    def stored(self, files: FileIndex, settings: ReadSettings, names: Collection[str]) -> dict[str, Entry]:
        """Return those of some documents of an index that the build cache has, by path."""
        found = {}
        for name, (fingerprint, parse_key, row) in self.store.some("source", [*names], read_source):
            if name in files.states and files.states[name][1] == fingerprint and parse_key == settings.parse_key:
                found[name] = self._unpacker.entry(row)
        return found

    def stored_entries(self, files: FileIndex) -> Iterator[Entry]:
        """Yield the entries of the documents of an index from the build cache."""
        for name, (fingerprint, _, row) in self.store.all("source", read_source):
            if name in files.states and files.states[name][1] == fingerprint:
                yield self._unpacker.entry(row)

    def remove_orphans(self, files: FileIndex) -> None:
        """Remove the rows of missing files from the build cache, if there are many."""
        names = files.states.keys() | self._latest.states.keys()
        for table in ("source", "search"):
            if self.store.count(table) > len(names) * 1.25 + 50:
                self.store.remove(table, self.store.names(table) - names)
        if self.store.count("body") > self.store.count("source") * 1.25 + 50:
            used = {row[2][1] for _, row in self.store.all("source", read_source)}
            self.store.remove("body", self.store.names("body") - used)

    def forget(self) -> None:
        """Clear the caches in memory, after the build cache that they belong to was removed."""
        self._latest = FileIndex()
        self._documents.clear()
        self._parser = None

    def _find(self, name: str, files: FileIndex, parse_key: str) -> _Document | None:
        document = self._documents.get(name)
        if document and document.fingerprint == files.states[name][1] and document.parse_key == parse_key:
            return document
        return None

    def _find_before(self, stale: Iterable[str], last: FileIndex, settings: ReadSettings) -> dict[str, Entry]:
        """Return documents of the last snapshot: a build that failed may have parsed newer versions."""
        names = [name for name in stale if name in last.states and _is_document(settings, name)]
        found = {name: document.entry for name in names if (document := self._find(name, last, settings.parse_key))}
        missing = [name for name in names if name not in self._documents]
        entries = {name: entry for name, entry in found.items() if entry is not None}
        return entries | self.stored(last, settings, missing)

    def _load(self, files: FileIndex, parse_key: str) -> None:
        # The strings of the index are used again: copies would take a tenth of the memory of a post.
        names = {name: name for name in files.states if name not in self._documents}
        for name, (fingerprint, of_key, row) in self.store.all("source", read_source):
            if of_key == parse_key and name in names and files.states[name][1] == fingerprint:
                known, post = names[name], row[0]
                entry = self._unpacker.entry(((known, *post[1:]) if post[0] == known else post, *row[1:]))
                self._documents[known] = _Document(files.states[known][1], parse_key, entry)

    def _read(self, names: Sequence[str], base: FileIndex | None, settings: ReadSettings) -> Iterator[FileRead]:
        """Yield the result of reading each file; parse documents unless `base` has their fingerprint; store rows."""
        folders, parse, parse_key = settings.folders, settings.parse, settings.parse_key
        # Few files are read in this process: then the engines are loaded for the first document that has changed, if
        # there is one. A file that was edited just before the last build has not.
        is_prepared = len(names) >= MIN_PARALLEL_ITEMS and any(map(folders.document_type, names))
        if is_prepared:
            parse.prepare()
        states = base.states if base is not None else {}
        # Comment files follow the documents: with both in turn, the processor's caches have the code of neither.
        comment_files = {name for name in names if folders.has_comments(name)}
        names = sorted(names, key=comment_files.__contains__)
        parse_comments = _make_comment_parser(settings.comments) if comment_files else None

        def task(name: str) -> FileRead:
            known = states[name][1] if name in states else ""
            has_comments = name in comment_files
            document_type = None if has_comments else folders.document_type(name)
            of_comments = parse_comments if has_comments else None
            inputs = folders.location(name), name, document_type, settings.now, known, parse_key, parse, of_comments
            return read_file(*inputs, is_prepared=is_prepared)

        for batch in _batches(spread(task, names, settings.jobs)):
            bodies = {result.entry[1]: result.body for result in batch if result.entry and result.body}
            rows = [(item.path, (item.fingerprint, parse_key, item.entry)) for item in batch if item.entry]
            parse.store_reads(known for item in batch for known in item.reads)
            if bodies:
                self.store.put_sealed("body", bodies.items())
            if rows:
                self.store.put_sealed("search", [(item.path, item.search) for item in batch if item.search])
                self.store.put("source", rows)
            if comment_files:
                _store_comments(self.store, [item.comments for item in batch if item.comments])
            for result in batch:
                if result.entry is not None or result.problems or result.missing:
                    entry = self._unpacker.entry(result.entry) if result.entry is not None else None
                    document = _Document(result.fingerprint, parse_key, entry, result.problems)
                    self._documents[result.path] = document
                yield result


def _merge_problems_of_code(problems: Iterable[tuple[str, Problem]]) -> Iterator[Problem]:
    """Yield the problems of documents, each with its document's path; one in code once, with its first document."""
    of_code: dict[Problem, list[str]] = {}
    for name, problem in problems:
        if problem.path.endswith(".py"):
            of_code.setdefault(problem, []).append(name)
        else:
            yield problem
    for problem, names in of_code.items():
        more = f" and {len(names) - 1:,} more" if names[1:] else ""
        yield replace(problem, hint=f"{problem.hint} (it was called for {names[0]}{more})")


def _find_changed(states: Mapping[str, FileState], removed: Collection[str], last: FileIndex) -> frozenset[str]:
    """Return which of the files that were read or removed have changed since an index."""
    known = last.states
    changed = {name for name, (_, fingerprint) in states.items() if name not in known or known[name][1] != fingerprint}
    return frozenset(changed | (known.keys() & removed))


def _make_comment_parser(settings: CommentSettings) -> "Callable[[str, bytes, str], ParsedComments]":
    from sitegen.comments.load import parse_file  # noqa: PLC0415 - loads pyromark and YAML, for few sites

    return partial(parse_file, key=settings.key, settings=settings)


def _store_comments(store: Store, files: "Sequence[ParsedComments]") -> None:
    from sitegen.comments.load import store_parsed  # noqa: PLC0415 - as above

    store_parsed(store, files)


def _is_document(settings: ReadSettings, name: str) -> bool:
    return settings.folders.document_type(name) is not None


def _batches(results: Iterable[FileRead]) -> Iterator[list[FileRead]]:
    batch = []
    for result in results:
        batch.append(result)
        if len(batch) == BATCH_FILES:
            yield batch
            batch = []
    if batch:
        yield batch
