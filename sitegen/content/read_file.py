"""Read a file once: its stamp, its fingerprint and, if it is a document, its parsed content."""

import os
from collections.abc import Callable, Iterable
from hashlib import blake2b
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from sitegen.cache.codec import EntryRow, pack_entry
from sitegen.cache.store import seal
from sitegen.content.file_index import DocumentType
from sitegen.errors import Problem, SiteError
from sitegen.model import Body, Entry
from sitegen.search.entry import TermsByLevel
from sitegen.system import fingerprints
from sitegen.system.files import Stamp, is_quiet, stamp_of
from sitegen.system.hook_recorder import Known

if TYPE_CHECKING:
    from sitegen.comments.load import ParsedComments

READ = os.O_RDONLY | getattr(os, "O_BINARY", 0)
CHUNK_BYTES = 1 << 22
"""The number of bytes that are read from a file at once."""


class Parsed(Struct, frozen=True):
    """A post's entry, its body unless the build cache has it, and the terms by which a search finds it."""

    entry: Entry
    body: Body | None
    search: TermsByLevel | None


class Parse(Protocol):
    """Parses documents."""

    def is_current(self) -> bool:
        """Return whether the hooks that the parser uses, if any, are still those of the site."""

    def prepare(self) -> None:
        """Load what parsing needs, so that forked workers inherit it. Raises SiteError if that fails."""

    def __call__(self, path: str, data: bytes, document_type: DocumentType) -> Parsed:
        """Return the parsed document. Raises SiteError with all its problems."""

    def render_text(self, text: str, path: str, line: int) -> Body:
        """Render Markdown that begins at a line of a file and is not a document. Raises SiteError."""

    def take_reads(self) -> tuple[tuple[str, Known], ...]:
        """Return what hooks and extensions have read in this process since the last time."""

    def store_reads(self, reads: Iterable[tuple[str, Known]]) -> None:
        """Store the files that were read in any process, before results that depend on them are stored."""


class FileRead(Struct, frozen=True):
    """The result of reading a file: its stamp, whether that can be trusted, and the rows for the build cache.

    The body and the search terms are already encoded and sealed, because only the build cache uses them. `reads`
    are the files that hooks and extensions read for the document, `comments` those of a comment file.
    """

    path: str
    stamp: Stamp
    quiet: bool
    fingerprint: str
    entry: EntryRow | None = None
    body: bytes | None = None
    search: bytes | None = None
    problems: tuple[Problem, ...] = ()
    missing: bool = False
    reads: tuple[tuple[str, Known], ...] = ()
    comments: "ParsedComments | None" = None


def read_file(
    file_path: str,
    path: str,
    document_type: DocumentType | None,
    now: int,
    known: str,
    parse_key: str,
    parse: Parse,
    parse_comments: "Callable[[str, bytes, str], ParsedComments] | None" = None,
    *,
    is_prepared: bool = True,
) -> FileRead:
    """Read the file at `file_path`; parse it if it is a document or comment file whose fingerprint is not `known`.

    `path` is the file's name in the site, `now` the time in ns, `parse_key` the fingerprint of everything that
    parsing depends on. `parse_comments` parses a comment file with its name, bytes and fingerprint; it is None for any
    other file. `is_prepared` says that `parse` is prepared already. Problems of the file are returned, not raised.
    """
    try:
        file = os.open(file_path, READ)
        try:
            status = os.fstat(file)
            stamp = stamp_of(status)
            keep = document_type is not None or parse_comments is not None
            data, fingerprint = _read(file, status.st_size, keep=keep)
            quiet = is_quiet(stamp, now) and stamp == stamp_of(os.fstat(file))
        finally:
            os.close(file)
    except FileNotFoundError:
        return FileRead(path, b"", quiet=False, fingerprint="", missing=True)
    except OSError as error:
        problem = Problem(path, 0, f"the file cannot be read: {error.strerror}", "check its permissions")
        return FileRead(path, b"", quiet=False, fingerprint="", problems=(problem,))
    if parse_comments is not None and fingerprint != known:
        return FileRead(path, stamp, quiet, fingerprint, comments=parse_comments(path, data, fingerprint))
    if document_type is None or fingerprint == known:
        return FileRead(path, stamp, quiet, fingerprint)
    if not is_prepared:
        parse.prepare()
    try:
        parsed = parse(path, data, document_type)
    except SiteError as error:
        return FileRead(path, stamp, quiet, fingerprint, problems=error.problems, reads=parse.take_reads())
    return FileRead(
        path,
        stamp,
        quiet,
        fingerprint,
        pack_entry(parsed.entry),
        seal("body", parsed.entry.body, parsed.body) if parsed.body is not None else None,
        seal("search", path, (fingerprint, parse_key, parsed.search)) if parsed.search is not None else None,
        reads=parse.take_reads(),
    )


def _read(descriptor: int, size: int, *, keep: bool) -> tuple[bytes, str]:
    """Return a file's bytes, if `keep` is true, and their fingerprint."""
    chunk = os.read(descriptor, min(size + 1, CHUNK_BYTES))
    if len(chunk) == size:
        return chunk, fingerprints.of_bytes(chunk)
    state = blake2b(digest_size=fingerprints.SIZE)
    chunks = []
    while chunk:
        state.update(chunk)
        if keep:
            chunks.append(chunk)
        chunk = os.read(descriptor, CHUNK_BYTES)
    return b"".join(chunks), state.hexdigest()
