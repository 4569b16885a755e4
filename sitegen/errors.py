"""Problems: what is wrong with a site, in which file and line, and how to fix it.

SiteError
└── raised once per stage, with every Problem that the stage found
"""

import errno
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ERROR, WARNING, ADVICE = "error", "warning", "advice"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is wrong with a site.

    `path` is relative to the site's root, with forward slashes; `line` counts from 1, and is 0 for the whole file;
    `excerpt` is the line itself; `hint` says what to do; `severity` is ERROR, WARNING or ADVICE.

    A problem of a built file also has an `id`, which names its type in the manual; `page` is the file, below the
    output folder, and `page_line` the line there; `more_pages` counts further pages with the same problem;
    `search_text` is in the post's own file at the line that has the problem.
    """

    path: str
    line: int
    message: str
    hint: str = ""
    excerpt: str = ""
    severity: str = ERROR
    id: str = ""
    page: str = ""
    page_line: int = 0
    more_pages: int = 0
    search_text: str = ""

    def __str__(self) -> str:
        """Return the location and the message, then the line itself, then the hint."""
        location = f"{self.path}:{self.line}" if self.line else self.path
        rows = [f"{location}: {self.message}" if location else self.message]
        rows += [f"    {text}" for text in (self.excerpt.strip(), self.hint) if text]
        return "\n".join(rows)

    def to_data(self) -> dict[str, Any]:
        """Return the problem as plain values, ready for JSON; those of a built file only if it has an id."""
        names = ("path", "line", "message", "hint", "excerpt", "severity")
        more = ("id", "page", "page_line", "more_pages") if self.id else ()
        return {name: getattr(self, name) for name in (*names, *more)}


class SiteError(Exception):
    """The site cannot be built; `problems` are all that one stage found, sorted by path and line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems), key=lambda p: (p.path, p.line, p.message)))
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[type["SiteError"], tuple[tuple[Problem, ...]]]:
        return SiteError, (self.problems,)


class ProblemCollector(AbstractContextManager[None]):
    """Collects the problems of steps that do not depend on each other, to raise them all at once.

    Each step runs in a `with` block of its own, which ends at a SiteError. `raise_found` comes after the steps, and
    before anything that uses their results.
    """

    __slots__ = ("_found",)

    def __init__(self) -> None:
        self._found: list[Problem] = []

    def __exit__(self, _type: object, error: BaseException | None, trace: object) -> bool:
        if isinstance(error, SiteError):
            self._found += error.problems
            return True
        return False

    def raise_found(self) -> None:
        """Raise SiteError with all problems of the steps so far, if there are any."""
        if self._found:
            raise SiteError(self._found)


def naming(path: str | Path) -> AbstractContextManager[None]:
    """Add a file name to each OSError that has none: those of `open` have one, those of `read` do not."""
    return _Naming(path)


class _Naming(AbstractContextManager[None]):
    """The context manager of `naming`: a generator would take as long as reading a small file."""

    __slots__ = ("_path",)

    def __init__(self, path: str | Path) -> None:
        self._path = path

    def __exit__(self, _type: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, OSError) and error.filename is None:
            error.filename = str(self._path)


_DENIED = "give your user the permission to read and write this file or folder"
_FULL = "free some disk space, and run the command again"
_OS_HINTS = {
    errno.EACCES: _DENIED,
    errno.EPERM: _DENIED,
    errno.EROFS: "the file system is read-only: use a folder that can be written",
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
}


def describe_os_error(error: OSError, root: Path) -> Problem:
    """Return an error of the operating system as a problem of a file, with its path relative to the root."""
    name = str(error.filename2 or error.filename or "")
    path = name[len(str(root)) + 1 :] if name.startswith(f"{root}/") else name
    messages = {
        FileExistsError: "a file has the path of a folder that is needed",
        IsADirectoryError: "a folder has the path of a file that is needed",
        NotADirectoryError: "a file has the path of a folder that is needed",
    }
    if type(error) in messages:
        return Problem(path, 0, messages[type(error)], "move it away")
    hint = _OS_HINTS.get(error.errno or 0, "check free disk space and file permissions")
    return Problem(path or "system", 0, error.strerror or str(error), hint)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that is most similar to a misspelt one, or None."""
    folded = {name.casefold(): name for name in known}
    from difflib import get_close_matches  # noqa: PLC0415 - only problems have hints

    matches = get_close_matches(word.casefold(), folded, n=1, cutoff=0.7)
    return folded[matches[0]] if matches else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return 'did you mean "x"?' for a misspelt word, or an empty string."""
    match = nearest(word, known)
    return f'did you mean "{match}"?' if match else ""
