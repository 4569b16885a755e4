"""The user's cache folder on each platform."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path


def find_user_cache(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Path | None:
    """Return the folder of sitegen in the user's cache folder; None for a user without a home.

    `$XDG_CACHE_HOME` or `~/.cache` (XDG Base Directory Specification 0.8, which ignores relative paths),
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
