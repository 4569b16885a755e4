"""Publishes with the installed program rsync: over SSH, to a daemon, or to a disk."""

import re
import tempfile
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from sitegen.publish.files import SourceFile
from sitegen.publish.targets.link_tree import staged
from sitegen.publish.targets.subprocess import Program

_ROW = re.compile(r"(?P<kind>.)\S{9}\S?\s+(?P<size>[\d,.]+) (?P<time>\d{4}/\d\d/\d\d \d\d:\d\d:\d\d) (?P<path>.*)")
_UNFINISHED = re.compile(r"(?:.*/)?\.[^/]+\.[A-Za-z0-9]{6}")


class Rsync:
    """A folder behind rsync as a remote: the mark of a file is its size and time."""

    def __init__(self, remote: str, program: Program, scratch: Path) -> None:
        self.remote, self.program, self.scratch = remote.rstrip("/") + "/", program, scratch

    def read(self) -> dict[str, str]:
        """Return size and time of all files there, by their paths; nothing if the folder does not exist yet."""
        arguments = ("--recursive", "--list-only", "--8-bit-output", "--no-motd", "--", self.remote)
        done = self.program.call(arguments)
        output = done.stderr.decode(errors="replace")
        if done.returncode == 23 and "No such file or directory" in output:
            return {}
        rows = done.stdout if done.returncode == 0 else self.program.run(*arguments)
        marks = {}
        for row in rows.decode("utf-8", "surrogateescape").split("\n"):
            found = _ROW.fullmatch(row)
            if found and found["kind"] in "-l":
                marks[found["path"]] = f"{found['size']} {found['time']}"
        return marks

    def mark_of(self, file: SourceFile) -> str:  # noqa: ARG002 - a file gets its time there
        """Return "": a file's mark is only known once it is there."""
        return ""

    def is_leftover(self, path: str) -> bool:
        """Return whether a path is that of rsync's files of interrupted transfers."""
        return _UNFINISHED.fullmatch(path) is not None

    def send(self, files: Mapping[str, SourceFile], sent: Callable[[int], None]) -> None:
        """Put files there, each in one step."""
        options = (
            "--copy-links",
            "--times",
            "--omit-dir-times",
            "--ignore-times",
            "--mkpath",
            "--chmod=D755,F644",
            "--force",
        )
        with staged(files, self.scratch) as folder:
            self._move(folder, files, *options)
        sent(len(files))

    def remove(self, paths: Collection[str]) -> None:
        """Remove files; folders that are empty then stay."""
        with tempfile.TemporaryDirectory(prefix="remove-", dir=self.scratch) as folder:
            for path in paths:
                (Path(folder) / path).parent.mkdir(parents=True, exist_ok=True)
            self._move(Path(folder), paths, "--delete-missing-args", "--force")

    def _move(self, folder: Path, paths: Collection[str], *options: str) -> None:
        listed = b"\0".join(path.encode("utf-8", "surrogateescape") for path in paths)
        self.program.run(*options, "--from0", "--files-from=-", "--", f"{folder}/", self.remote, data=listed)
