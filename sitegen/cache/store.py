"""The build cache: results of earlier builds in one SQLite file, which can be deleted at any time."""

import errno
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar
from zlib import crc32

from msgspec import MsgspecError
from msgspec.msgpack import Encoder

from sitegen.errors import Problem

Value = TypeVar("Value")
Read = Callable[[bytes], Value]
"""Decodes a row's payload to a known type; raises a MsgspecError for anything else."""

SCHEMA = 26
"""Is increased with each change of the form of a row: another number is another version, and not damage."""
TABLES = ("source", "body", "search", "terms", "page", "discussion", "thread", "comment_terms", "fact")
SEAL_BYTES = 4
PAGE_BYTES = 16_384
"""The size of a page of the file: most bodies fit into one."""
MAX_QUERY_ROWS = 256
DISK_ERRORS = {
    "SQLITE_FULL": errno.ENOSPC,
    "SQLITE_IOERR": errno.EIO,
    "SQLITE_CANTOPEN": errno.EACCES,
    "SQLITE_READONLY": errno.EACCES,
    "SQLITE_PERM": errno.EPERM,
    "SQLITE_NOMEM": errno.ENOMEM,
}


class StoreError(Exception):
    """The file is damaged, or not a build cache of this version; the caller creates a new one."""

    def __str__(self) -> str:
        """Return what is wrong with the build cache, as the end of a sentence."""
        return f"was damaged ({super().__str__()})"


class OtherVersionError(StoreError):
    """The file was written by another version of sitegen."""

    def __str__(self) -> str:
        """Return what is wrong with the build cache, as the end of a sentence."""
        return "was written by another version of sitegen"


class Store:
    """One SQLite file of sealed rows: those of TABLES by name.

    A row's blob begins with a seal, the CRC-32 of its table, its name and its payload, so that a flipped bit is
    detected. Payloads are MessagePack. Each read names the type of the row: the seal does not authenticate, so nothing
    in the file is executed, and a row of another type counts as damaged. After a fork the file is opened again, as
    SQLite requires; a cache `in_memory` is for one process.
    """

    def __init__(self, path: Path, *, in_memory: bool = False) -> None:
        self.path, self.in_memory = path, in_memory
        self.warnings: tuple[Problem, ...] = ()
        self._connections: dict[int, sqlite3.Connection] = {}
        self._inode = 0

    @property
    def connection(self) -> sqlite3.Connection:
        """The connection of the running process to the file."""
        process = os.getpid()
        if process not in self._connections:
            self._connections[process] = self._open()
        return self._connections[process]

    def _open(self) -> sqlite3.Connection:
        if not self.in_memory:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        database = ":memory:" if self.in_memory else self.path
        try:
            connection = sqlite3.connect(database, isolation_level=None, check_same_thread=False)
        except sqlite3.DatabaseError as error:
            raise self._to_exception(error) from error
        try:
            # Losing the last rows in a power failure only costs time, because each row is checked when it is read.
            connection.execute("PRAGMA synchronous = OFF")
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if version not in (0, SCHEMA):
                raise OtherVersionError
            if version == 0:
                connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")
                if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                    raise StoreError("not a build cache")
                connection.execute("BEGIN")
                for table in TABLES:
                    connection.execute(f"CREATE TABLE {table} (name TEXT PRIMARY KEY, data BLOB)")
                connection.execute(f"PRAGMA user_version = {SCHEMA}")
                connection.execute("COMMIT")
        except sqlite3.DatabaseError as error:
            connection.close()
            raise self._to_exception(error) from error
        except StoreError:
            connection.close()
            raise
        self._inode = 0 if self.in_memory else self.path.stat().st_ino
        return connection

    def is_current(self) -> bool:
        """Return whether the open connection is to the file that is at the path now."""
        if self.in_memory or os.getpid() not in self._connections:
            return True
        try:
            return self._inode == self.path.stat().st_ino
        except FileNotFoundError:
            return False

    def get(self, table: str, name: str, read: Read[Value]) -> Value | None:
        """Return the value of a row, or None. Raises StoreError if it is damaged or of another type."""
        statement = f"SELECT data FROM {table} WHERE name = ?"  # noqa: S608 - one of TABLES
        try:
            row = self.connection.execute(statement, (name,)).fetchone()
        except sqlite3.DatabaseError as error:
            raise self._to_exception(error) from error
        return None if row is None else _unseal(table, name, row[0], read)

    def some(self, table: str, names: Sequence[str], read: Read[Value]) -> Iterator[tuple[str, Value]]:
        """Yield name and value of each existing row of those named, in half the time of `get`."""
        for start in range(0, len(names), MAX_QUERY_ROWS):
            part = names[start : start + MAX_QUERY_ROWS]
            marks = ",".join("?" * len(part))
            statement = f"SELECT name, data FROM {table} WHERE name IN ({marks})"  # noqa: S608 - one of TABLES
            for name, data in self._query(statement, part):
                yield name, _unseal(table, name, data, read)

    def all(self, table: str, read: Read[Value]) -> Iterator[tuple[str, Value]]:
        """Yield name and value of each row of a table."""
        for name, data in self._query(f"SELECT name, data FROM {table}"):  # noqa: S608 - one of TABLES
            yield name, _unseal(table, name, data, read)

    def names(self, table: str) -> set[str]:
        """Return the names of all rows of a table."""
        return {name for (name,) in self._query(f"SELECT name FROM {table}")}  # noqa: S608 - one of TABLES

    def is_empty(self, table: str) -> bool:
        """Return whether a table has no rows, without counting them."""
        return next(self._query(f"SELECT 1 FROM {table} LIMIT 1"), None) is None  # noqa: S608 - one of TABLES

    def count(self, table: str) -> int:
        """Return the number of rows of a table."""
        return int(next(self._query(f"SELECT count(*) FROM {table}"))[0])  # noqa: S608 - one of TABLES

    def put(self, table: str, rows: Iterable[tuple[str, Any]]) -> None:
        """Write rows in one transaction, replacing those with the same name."""
        self.put_sealed(table, ((name, seal(table, name, value)) for name, value in rows))

    def put_sealed(self, table: str, rows: Iterable[tuple[str, bytes]]) -> None:
        """Write rows whose values are already sealed, in one transaction."""
        self._change(f"INSERT OR REPLACE INTO {table} VALUES (?, ?)", rows)  # noqa: S608 - one of TABLES

    def remove(self, table: str, names: Iterable[str]) -> None:
        """Delete rows by name, in one transaction."""
        self._change(f"DELETE FROM {table} WHERE name = ?", ((name,) for name in names))  # noqa: S608 - one of TABLES

    def _query(self, statement: str, values: Sequence[str] = ()) -> Iterator[tuple[Any, ...]]:
        try:
            # A damaged page may be found only after many rows. `yield from` would close the cursor when a reader
            # stops early, and the connection may be closed by then.
            for row in self.connection.execute(statement, values):  # noqa: UP028 - as the comment above says
                yield row
        except sqlite3.DatabaseError as error:
            raise self._to_exception(error) from error

    def _change(self, statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
        connection = self.connection
        try:
            connection.execute("BEGIN")
            connection.executemany(statement, rows)
            connection.execute("COMMIT")
        except sqlite3.DatabaseError as error:
            raise self._to_exception(error) from error
        finally:
            connection.rollback()  # undoes an interrupted transaction; does nothing after a commit

    def _to_exception(self, error: sqlite3.DatabaseError) -> Exception:
        """Return an OSError for an error of the disk, which a new file would not fix, or a StoreError."""
        code = getattr(error, "sqlite_errorname", "")
        number = next((number for name, number in DISK_ERRORS.items() if code.startswith(name)), None)
        if number is None or self.path.is_dir():
            return StoreError(str(error))
        return OSError(number, os.strerror(number), str(self.path))

    def close(self) -> None:
        """Close this process's connection."""
        connection = self._connections.pop(os.getpid(), None)
        if connection is not None:
            connection.close()

    def discard(self) -> None:
        """Remove all rows, with the file."""
        self.close()
        if not self.in_memory:
            discard(self.path)

    def move_to_memory(self, warning: Problem) -> None:
        """Continue with an empty cache in memory, because the file cannot be written; `warning` has the cause."""
        self.close()
        self.in_memory, self.warnings = True, (warning,)


def discard(path: Path) -> None:
    """Remove the files of a build cache, even if they are folders now."""
    for file in (path, path.with_name(path.name + "-journal"), path.with_name(path.name + "-wal")):
        if file.is_dir() and not file.is_symlink():
            shutil.rmtree(file)
        else:
            file.unlink(missing_ok=True)


def seal(table: str, name: str, value: Any) -> bytes:
    """Return a value as the bytes of a row, sealed for its table and name."""
    payload = _ENCODER.encode(value)
    return _check_sum(table, name, payload) + payload


def _unseal(table: str, name: Any, data: Any, read: Read[Value]) -> Value:
    if not isinstance(data, bytes) or not isinstance(name, str):
        raise StoreError(f"row {name!r} of {table}")
    payload = data[SEAL_BYTES:]
    if _check_sum(table, name, payload) != data[:SEAL_BYTES]:
        raise StoreError(f"row {name!r} of {table}")
    try:
        return read(payload)
    except (MsgspecError, ValueError, RecursionError) as error:  # ValueError: text that is not UTF-8
        raise StoreError(f"row {name!r} of {table}: {error}") from error


_ENCODER = Encoder()


def _check_sum(table: str, name: str, payload: bytes) -> bytes:
    return crc32(payload, crc32(f"{table}:{name}:".encode())).to_bytes(SEAL_BYTES, "big")
