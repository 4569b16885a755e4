"""The user's own cache folder, where the platform puts it."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path


def find_user_cache(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Path | None:
    """Return the folder for what sitegen keeps for this user; None where the user has no home.

    `$XDG_CACHE_HOME` or `~/.cache` (XDG Base Directory Specification 0.8, which passes over relative paths),
    `~/Library/Caches` on macOS, `%LOCALAPPDATA%` on Windows.
    """
    if platform == "win32":
        named, below = environment.get("LOCALAPPDATA", ""), "AppData/Local"
    elif platform == "darwin":
        named, below = "", "Library/Caches"
    else:
        named, below = environment.get("XDG_CACHE_HOME", ""), ".cache"
    home = environment.get("USERPROFILE" if platform == "win32" else "HOME", "")
    for folder in (named, f"{home}/{below}" if home else ""):
        if folder and Path(folder).is_absolute():
            return Path(folder) / "sitegen"
    return None
