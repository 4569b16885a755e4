"""Check that relative paths from data (caches, records, exports, settings) stay inside their folder."""

import os
import re
from collections.abc import Collection

_IS_WINDOWS = os.name == "nt"
_SUSPICIOUS = re.compile(r"\.\.|\0|//|\n/|/\n|\./|\n\n|\.\n")
"""What only paths contain, each on a line, that may not be inside, and some others."""


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
    if _IS_WINDOWS or _SUSPICIOUS.search("\n".join(("", *paths, ""))):
        return next((path for path in paths if not is_inside(path)), None)
    return None
