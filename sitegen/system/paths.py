"""Check that relative paths from data (caches, records, exports, settings) stay inside their folder."""

import os
from collections.abc import Collection

_IS_WINDOWS = os.name == "nt"


def is_inside(path: str) -> bool:
    """Return whether a relative path with forward slashes stays below the folder that it is relative to.

    Absolute paths, `..`, `.`, empty parts and NUL do not; nor do backslashes and drives on Windows.
    Symbolic links are not followed.
    """
    if "\0" in path or (_IS_WINDOWS and ("\\" in path or ":" in path)):
        return False
    return all(part not in ("", ".", "..") for part in path.split("/"))


def find_outside(paths: Collection[str]) -> str | None:
    """Return the first path that is not inside its folder, or None."""
    # One search for all of them: thousands of paths are checked in each build.
    joined = "\n".join(("", *paths, ""))
    if _IS_WINDOWS or any(mark in joined for mark in ("..", "\0", "//", "\n/", "/\n", "./", "\n.\n", "/.\n", "\n\n")):
        return next((path for path in paths if not is_inside(path)), None)
    return None
