"""The files of a site as one build saw them, immutable, and what changed from one build to the next."""

import os
import stat
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Literal

from msgspec import Struct, field

from sitegen.comments import COMMENTS_SUFFIX
from sitegen.config.site_folders import find_missing_folders
from sitegen.errors import Problem, SiteError
from sitegen.system.files import Stamp, is_ignored, is_markdown, scan, stamp_of

THEME = "<theme>/"
"""The prefix of the names of files of the built-in theme, which no file of a site can have."""

DocumentType = Literal["post", "page"]

FileState = tuple[Stamp | None, str]
"""A file's stamp, None while it cannot be trusted, and the fingerprint of its bytes."""


class Folders(Struct, frozen=True):
    """Where the files of a site are: its root, the theme, and the folders of content and templates below the root.

    `written` are the output folders, into which no symbolic link may lead. `posts` are the folders of posts below the
    content folder.
    """

    root: Path
    theme: Path
    content: str
    templates: str
    written: tuple[str, ...] = ()
    posts: tuple[str, ...] = ("posts",)

    def path(self, name: str) -> Path:
        """Return the path of a file on the disk."""
        return Path(self.location(name))

    def location(self, name: str) -> str:
        """Return the path of a file on the disk as a string, in a fifth of the time of a Path."""
        return f"{self.theme}/{name[len(THEME) :]}" if name.startswith(THEME) else f"{self.root}/{name}"

    def document_type(self, name: str) -> DocumentType | None:
        """Return the type of a document with front matter, None for any other file."""
        if is_markdown(name):
            if any(name.startswith(f"{self.content}/{folder}/") for folder in self.posts):
                return "post"
            if name.startswith(f"{self.content}/pages/"):
                return "page"
        return None

    def has_comments(self, name: str) -> bool:
        """Return whether a file is a comment file, by its name and its folder."""
        if not name.endswith(COMMENTS_SUFFIX):
            return False
        return self.document_type(f"{name.removesuffix(COMMENTS_SUFFIX)}.md") is not None


class FileIndex(Struct, frozen=True):
    """The files of a site by name: the path below its root, or below the theme after THEME.

    `ignored` are the hidden and temporary files of the content folder, which are not published.
    """

    states: Mapping[str, FileState] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()

    @property
    def fingerprints(self) -> dict[str, str]:
        """Return the fingerprint of each file, in the order of the names."""
        states = self.states
        return {name: states[name][1] for name in sorted(states)}

    def diff(self, before: "FileIndex") -> frozenset[str]:
        """Return the names of the files that were added, removed or changed since another index."""
        if self.states is before.states:
            return frozenset()
        of_name = before.states.get
        # Most states are the same objects in both, so that their fingerprints need not be compared.
        suspects = [name for name, state in self.states.items() if of_name(name) is not state]
        changed = {name for name in suspects if (old := of_name(name)) is None or old[1] != self.states[name][1]}
        return frozenset(changed | (before.states.keys() - self.states.keys()))

    def replace(
        self, states: Mapping[str, FileState], removed: Collection[str], ignored: tuple[str, ...]
    ) -> "FileIndex":
        """Return an index with other states of some files, and without some files."""
        is_same = all(self.states.get(name) == state for name, state in states.items())
        if is_same and not removed and ignored == self.ignored:
            return self
        merged = {**self.states, **states}
        for name in removed:
            merged.pop(name, None)
        return FileIndex(merged, ignored)


def scan_site(folders: Folders) -> tuple[dict[str, Stamp], tuple[str, ...]]:
    """Return the stamps of all files by name, and the ignored ones. Raises SiteError if they cannot be scanned."""
    problems: list[Problem] = []
    ignored: list[str] = []
    found = scan(folders.root, folders.content, problems, ignored, folders.written)
    found |= scan(folders.root, folders.templates, problems, None, folders.written)
    if folders.theme != folders.root / folders.templates:
        found |= {THEME + name: stamp for name, stamp in scan(folders.theme, "", problems).items()}
    problems += find_missing_folders(folders.root, folders.content, folders.templates)
    if problems:
        raise SiteError(sorted(problems, key=lambda problem: problem.path))
    return found, tuple(sorted(ignored))


def find_stale(index: FileIndex, stamps: Mapping[str, Stamp]) -> list[str]:
    """Return the names of the files, in order, whose bytes are not known by their stamps."""
    of_name = index.states.get
    return sorted([name for name, stamp in stamps.items() if not (state := of_name(name)) or state[0] != stamp])


def stat_files(folders: Folders, names: Iterable[str], index: FileIndex) -> dict[str, Stamp] | None:
    """Return the stamps of some files; None if any is not a document that the index has and that still exists.

    Files that an editor writes beside a document, and removes again, are skipped.
    """
    stamps: dict[str, Stamp] = {}
    for name in names:
        if any(map(is_ignored, name.split("/"))):
            continue
        try:
            status = os.lstat(folders.location(name))
        except OSError:
            if name in index.states or any(other.startswith(f"{name}/") for other in index.states):
                return None
            continue
        if name not in index.states or folders.document_type(name) is None or not stat.S_ISREG(status.st_mode):
            return None
        stamps[name] = stamp_of(status)
    return stamps
