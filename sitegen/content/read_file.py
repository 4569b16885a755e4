"""One file read once: its stamp, its fingerprint and, if it is a post, what it says."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Literal, Protocol

from sitegen.cache.codec import EntryRow, pack_entry
from sitegen.cache.store import seal
from sitegen.errors import Problem, SiteError
from sitegen.model import Body, Entry
from sitegen.search.entry import TermsByLevel
from sitegen.system import fingerprints
from sitegen.system.files import Stamp, is_quiet, stamp_of
from sitegen.system.hook_recorder import Known
from sitegen.system.processes import Parcel

Kind = Literal["post", "page"]

READ = os.O_RDONLY | getattr(os, "O_BINARY", 0)
PIECE = 1 << 22
"""So many bytes of a file are read at once."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A post's entry, its body unless the build cache has it, and the terms by which a search finds it."""

    entry: Entry
    body: Body | None
    search: TermsByLevel | None


class Parse(Protocol):
    """Turns a text's path and bytes into what it says."""

    def prepare(self) -> None:
        """Load what parsing needs, so that forked workers find it there."""

    def __call__(self, path: str, data: bytes, kind: Kind) -> Parsed:
        """Return what the file says; raise SiteError with all that is wrong with it."""

    def take_reads(self) -> tuple[tuple[str, Known], ...]:
        """Return what hooks and extensions have read in this process since the last time."""

    def keep_reads(self, reads: Iterable[tuple[str, Known]]) -> None:
        """Note what they have read, in whichever process, before what was made from it is kept."""


@dataclass(frozen=True, slots=True)
class Examined(Parcel):
    """What reading a file came to: its stamp, whether that may be believed, and the rows to keep.

    The body and the search terms are sealed already, since only the store has a use for them. `reads` are the
    files that hooks and extensions read for it.
    """

    path: str
    stamp: Stamp
    quiet: bool
    digest: str
    entry: EntryRow | None = None
    body: bytes | None = None
    search: bytes | None = None
    problems: tuple[Problem, ...] = ()
    missing: bool = False
    reads: tuple[tuple[str, Known], ...] = ()


def examine(place: str, path: str, kind: Kind | None, now: int, known: str, context: str, parse: Parse) -> Examined:
    """Read the file at a place; parse it where it is of a kind and its bytes are not of the `known` digest.

    `path` is the file's name in the site, `now` the time in ns, `context` the fingerprint of what texts are
    parsed with. Nothing is raised: problems are returned.
    """
    try:
        file = os.open(place, READ)
        try:
            stamp = stamp_of(os.fstat(file))
            data, fingerprint = _read(file, stamp[1], keep=kind is not None)
            quiet = is_quiet(stamp, now) and stamp == stamp_of(os.fstat(file))
        finally:
            os.close(file)
    except FileNotFoundError:
        return Examined(path, (0, 0, 0, 0), quiet=False, digest="", missing=True)
    except OSError as error:
        fault = Problem(path, 0, f"the file cannot be read: {error.strerror}", "see who may read it")
        return Examined(path, (0, 0, 0, 0), quiet=False, digest="", problems=(fault,))
    if kind is None or fingerprint == known:
        return Examined(path, stamp, quiet, fingerprint)
    try:
        parsed = parse(path, data, kind)
    except SiteError as error:
        return Examined(path, stamp, quiet, fingerprint, problems=error.problems, reads=parse.take_reads())
    return Examined(
        path,
        stamp,
        quiet,
        fingerprint,
        pack_entry(parsed.entry),
        seal("body", parsed.entry.body, parsed.body) if parsed.body is not None else None,
        seal("search", path, (fingerprint, context, parsed.search)) if parsed.search is not None else None,
        reads=parse.take_reads(),
    )


def _read(descriptor: int, size: int, *, keep: bool) -> tuple[bytes, str]:
    """Return a file's bytes, where they are to be kept, and their fingerprint."""
    chunk = os.read(descriptor, min(size + 1, PIECE))
    if len(chunk) == size:
        return chunk, fingerprints.of_bytes(chunk)
    state = blake2b(digest_size=fingerprints.SIZE)
    chunks = []
    while chunk:
        state.update(chunk)
        if keep:
            chunks.append(chunk)
        chunk = os.read(descriptor, PIECE)
    return b"".join(chunks), state.hexdigest()
