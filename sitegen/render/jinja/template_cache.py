"""Compiled templates, cached in the user's own folder and authenticated with a key of that user."""

import os
import secrets
import stat
from contextlib import suppress
from hashlib import blake2b
from hmac import compare_digest
from pathlib import Path
from typing import Any

from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket

from sitegen.system.atomic_write import write_atomically
from sitegen.system.fingerprints import of_value

KEY_BYTES = 32
MAC_BYTES = 32
MAX_ENTRIES = 1_000
"""Older entries are removed. An entry is a template of one site, theme or version; it takes some 10 KB."""


class TemplateCache(BytecodeCache):
    """Keeps compiled templates below `folder`, which no other user may write to.

    A compiled template is code, so it is loaded only if this user made it: the key is a file that only the
    user can read, made at first use, and each entry begins with its BLAKE2b MAC over the version, the template
    and the code. An entry that anyone else made, or that is damaged, counts as missing. `version` is the fingerprint of
    the code and the libraries that templates are compiled with; what Jinja passes to the filters and tests of the
    environment is part of the code too, and must not change after the first template.

    A folder that cannot be written to costs time and nothing else: templates are then compiled in each process.
    """

    def __init__(self, folder: Path, version: str) -> None:
        self.folder, self.version = folder / "templates", version
        self._calls = ""
        self._key_file = folder / "key"
        self._key: bytes | None = None
        self._is_usable = True
        self._is_pruned = False

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill a bucket with the cached code of its template, for Jinja."""
        try:
            data = self._path(bucket).read_bytes()
        except OSError:
            return
        key = self._find_key()
        if key is not None and compare_digest(data[:MAC_BYTES], self._mac(key, bucket, data[MAC_BYTES:])):
            bucket.bytecode_from_string(data[MAC_BYTES:])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Cache the code of a bucket's template, for Jinja."""
        if not self._is_usable:
            return
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            key = self._find_key() or self._make_key()
            code = bucket.bytecode_to_string()
            self._write(self._path(bucket), self._mac(key, bucket, code) + code)
            self._prune()
        except OSError:
            self._is_usable = False

    def _path(self, bucket: Bucket) -> Path:
        return self.folder / blake2b(self._name(bucket).encode(), digest_size=16).hexdigest()

    def _name(self, bucket: Bucket) -> str:
        self._calls = self._calls or describe_calls(bucket.environment)
        return f"{self.version} {self._calls} {bucket.key}"

    def _mac(self, key: bytes, bucket: Bucket, code: bytes) -> bytes:
        state = blake2b(key=key, digest_size=MAC_BYTES, person=b"sitegen template")
        state.update(f"{self._name(bucket)} {bucket.checksum}\n".encode())
        state.update(code)
        return state.digest()

    def _find_key(self) -> bytes | None:
        """Return the user's key; None if there is none, or one that another user made or could read."""
        if self._key is None:
            try:
                descriptor = os.open(self._key_file, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | NONBLOCKING)
            except OSError:
                return None
            try:  # the status must be that of the file that is read
                data = os.read(descriptor, KEY_BYTES + 1) if _is_own(os.fstat(descriptor)) else b""
            finally:
                os.close(descriptor)
            if len(data) == KEY_BYTES:
                self._key = data
        return self._key

    @staticmethod
    def _write(path: Path, data: bytes) -> None:
        """Write a file that only this user can read; other processes may write the same one."""
        write_atomically(path, data, concurrent=True, mode=0o600)

    def _make_key(self) -> bytes:
        """Make a key in place of none or of one that is not to be trusted; another process may do so too."""
        self._write(self._key_file, secrets.token_bytes(KEY_BYTES))
        key = self._find_key()
        if key is None:  # a file system without permissions: a key that others can read proves nothing
            raise PermissionError(f"{self._key_file} can be read by other users")
        return key

    def _prune(self) -> None:
        """Remove the entries that were written longest ago, once in a process."""
        if self._is_pruned:
            return
        self._is_pruned = True
        with os.scandir(self.folder) as items:
            entries = sorted((item.stat(follow_symlinks=False).st_mtime_ns, item.path) for item in items)
        for _, path in entries[:-MAX_ENTRIES]:
            with suppress(FileNotFoundError):
                os.unlink(path)  # noqa: PTH108 - as scandir names it


def describe_call(function: Any) -> str:
    """Return what Jinja passes to a filter or a test beside its arguments, such as "context", "" for nothing."""
    passed = getattr(function, "jinja_pass_arg", None)
    return passed.name if passed else ""


def describe_calls(environment: Environment) -> str:
    """Return the fingerprint of the names of an environment's filters and tests, and of what is passed to them."""
    functions = (environment.filters, environment.tests)
    return of_value([sorted((name, describe_call(item)) for name, item in named.items()) for named in functions])


NONBLOCKING = getattr(os, "O_NONBLOCK", 0)
"""Opening a pipe in place of the key would wait for its writer."""


def _is_own(status: os.stat_result) -> bool:
    """Return whether a file is a plain one of this user that no other can read or write."""
    if not stat.S_ISREG(status.st_mode):
        return False
    # Windows keeps other users out of the profile's folder, and has no such modes.
    return os.name == "nt" or (status.st_uid == os.geteuid() and not status.st_mode & 0o077)
