"""Publishes with the installed program rclone: to SFTP, WebDAV, and some seventy services."""

import json
import re
import tempfile
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from sitegen.errors import SiteError
from sitegen.publish.files import SourceFile
from sitegen.publish.targets.link_tree import staged
from sitegen.publish.targets.subprocess import Program

_UNFINISHED = re.compile(r".+\.[0-9a-f]{8}\.partial")


class Rclone:
    """A folder of an rclone remote: the mark of a file is its hash, or its size and time if there is none."""

    def __init__(self, remote: str, program: Program, scratch: Path) -> None:
        self.remote, self.program, self.scratch = remote, program, scratch
        self.folders: frozenset[str] = frozenset()

    def read(self) -> dict[str, str]:
        """Return the marks of all files there, by their paths; nothing if the folder does not exist yet."""
        try:
            rows = json.loads(self._run("lsjson", "--recursive", "--hash", "--", self.remote))
        except SiteError as error:
            if "directory not found" in str(error):
                return {}
            raise
        self.folders = frozenset(row["Path"] for row in rows if row["IsDir"])
        return {row["Path"]: _mark(row) for row in rows if not row["IsDir"]}

    def mark_of(self, file: SourceFile) -> str:  # noqa: ARG002 - which hash there is, only the remote knows
        """Return "": a file's mark is only known once it is there."""
        return ""

    def is_leftover(self, path: str) -> bool:
        """Return whether a path is that of rclone's files of interrupted transfers."""
        return _UNFINISHED.fullmatch(path) is not None

    def send(self, files: Mapping[str, SourceFile], sent: Callable[[int], None]) -> None:
        """Put files there."""
        # An interrupted removal leaves an empty folder, and a server moves no file into its place.
        if not self.folders.isdisjoint(files):
            self._remove_empty_folders()
        with staged(files, self.scratch) as folder:
            self._listed(
                files, "copy", "--copy-links", "--ignore-times", "--no-traverse", "--", str(folder), self.remote
            )
        sent(len(files))

    def remove(self, paths: Collection[str]) -> None:
        """Remove files, and the folders that are empty then."""
        self._listed(paths, "delete", "--", self.remote)
        self._remove_empty_folders()

    def _remove_empty_folders(self) -> None:
        self._run("rmdirs", "--leave-root", "--", self.remote)

    def _listed(self, paths: Collection[str], *arguments: str) -> None:
        with tempfile.TemporaryDirectory(prefix="list-", dir=self.scratch) as folder:
            listed = Path(folder) / "paths"
            listed.write_bytes("".join(f"{path}\n" for path in paths).encode("utf-8", "surrogateescape"))
            self._run(arguments[0], f"--files-from-raw={listed}", *arguments[1:])

    def _run(self, *arguments: str) -> bytes:
        return self.program.run(*arguments)


def _mark(row: Mapping[str, object]) -> str:
    hashes = row.get("Hashes")
    if isinstance(hashes, dict) and hashes:
        name = min(hashes)
        return f"{name} {hashes[name]}"
    return f"{row['Size']} {row['ModTime']}"
