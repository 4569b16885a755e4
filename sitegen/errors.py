"""Problems: what is wrong with a site, where, and what to do about it.

SiteError
└── raised once per stage, with every Problem that the stage found
"""

import difflib
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with the site's input.

    `path` is relative to the site's root, with forward slashes; `line` counts from 1, 0 where a
    line has no meaning; `excerpt` is the line itself; `hint` says what to do.
    """

    path: str
    line: int
    message: str
    hint: str = ""
    excerpt: str = ""

    def __str__(self) -> str:
        """Show place and message, then the line itself, then the remedy."""
        place = f"{self.path}:{self.line}" if self.line else self.path
        rows = [f"{place}: {self.message}" if place else self.message]
        rows += [f"    {text}" for text in (self.excerpt.strip(), self.hint) if text]
        return "\n".join(rows)


class SiteError(Exception):
    """The site cannot be built; `problems` holds all that one stage found, sorted by place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems), key=lambda p: (p.path, p.line, p.message)))
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[type["SiteError"], tuple[tuple[Problem, ...]]]:
        return SiteError, (self.problems,)


def naming(path: str | Path) -> AbstractContextManager[None]:
    """Let a fault of the system that names no file name this one: `open` says what it failed for, `read` does not."""
    return _Naming(path)


class _Naming(AbstractContextManager[None]):
    """What `naming` gives: a generator would take as long as the reading of a small file."""

    __slots__ = ("_path",)

    def __init__(self, path: str | Path) -> None:
        self._path = path

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, OSError) and error.filename is None:
            error.filename = str(self._path)


def tell_fault(error: OSError, root: Path) -> Problem:
    """Return a fault of the system as a problem of a file, its path relative to `root` where it lies there."""
    name = str(error.filename2 or error.filename or "")
    path = name[len(str(root)) + 1 :] if name.startswith(f"{root}/") else name
    kinds = {
        FileExistsError: "a file is where a folder must go",
        IsADirectoryError: "a folder is where a file must go",
        NotADirectoryError: "what should be a folder is a file",
    }
    if type(error) in kinds:
        return Problem(path, 0, kinds[type(error)], "move it away")
    hint = "see that the disk is sound and has room, and that you may read and write there"
    return Problem(path or "system", 0, error.strerror or str(error), hint)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that a misspelt one most likely means, or None."""
    folded = {name.casefold(): name for name in known}
    matches = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=0.7)
    return folded[matches[0]] if matches else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return 'did you mean "x"?' for a misspelt word, or an empty string."""
    match = nearest(word, known)
    return f'did you mean "{match}"?' if match else ""
