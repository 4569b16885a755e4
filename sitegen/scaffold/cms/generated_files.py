"""Write files that are generated again later, unless the user has edited them since."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sitegen.errors import Problem, SiteError, naming
from sitegen.site.editor_page import MARK
from sitegen.system.atomic_write import write_if_changed

_SEALED = "Run that again after changes to the site. Check sum: "
_MARK = re.compile(rb"%s \w+`\. %s([0-9a-f]{16})" % (re.escape(MARK).encode(), re.escape(_SEALED).encode()))


@dataclass(frozen=True, slots=True)
class GeneratedFiles:
    """The paths of the files that were written or would be, and of those that are up to date already."""

    written: tuple[str, ...]
    unchanged: tuple[str, ...]


def seal(editor: str, text: str, before: str, mark: str) -> str:
    """Return a file with a line that names the program that wrote it, and a check sum of all other lines.

    `before` is the start of the file below which the line is put, `mark` the line with `{}` for the sentence.
    """
    digest = _digest(text.encode())
    sentence = f"{MARK} {editor}`. {_SEALED}{digest}"
    return before + mark.replace("{}", sentence) + "\n" + text.removeprefix(before)


def write_generated(root: Path, files: Mapping[str, str], *, dry_run: bool = False) -> GeneratedFiles:
    """Write generated files below a folder; with `dry_run`, only find out which would be written.

    Raises SiteError, before writing any, for each file whose contents were edited or that is not a generated one.
    """
    existing: dict[str, bytes] = {}
    for path in files:
        if (root / path).exists():
            with naming(root / path):
                existing[path] = (root / path).read_bytes()
    hint = "move it away and run this again, then copy your changes into the new file"
    problems = [
        Problem(path, 0, "the file has changes of yours, or was not written by sitegen", hint)
        for path, data in existing.items()
        if not _is_sealed(data) and not _is_same(data, files[path])
    ]
    if problems:
        raise SiteError(problems)
    unchanged = tuple(path for path, data in existing.items() if _is_same(data, files[path]))
    written = tuple(path for path in files if path not in unchanged)
    for path in () if dry_run else written:
        write_if_changed((root / path).resolve(), files[path].encode())
    return GeneratedFiles(written, unchanged)


def _is_sealed(data: bytes) -> bool:
    """Return whether a file is as `seal` returned it; git may have changed its line endings."""
    rows = data.replace(b"\r\n", b"\n").splitlines(keepends=True)
    for number, row in enumerate(rows[:5]):
        if mark := _MARK.search(row):
            return _digest(b"".join(rows[:number] + rows[number + 1 :])) == mark[1].decode()
    return False


def _is_same(data: bytes, text: str) -> bool:
    return data.replace(b"\r\n", b"\n") == text.encode()


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]
