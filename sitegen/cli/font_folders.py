"""The folders of installed fonts on each platform."""

import os
import sys
from collections.abc import Mapping


def find_font_folders(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> tuple[str, ...]:
    """Return the folders of the machine's fonts and of the user's, which need not exist.

    On Linux and other systems these are `fonts` in `$XDG_DATA_HOME` and `$XDG_DATA_DIRS` (XDG Base Directory
    Specification 0.8), and `~/.fonts`.
    """
    home = environment.get("USERPROFILE" if platform == "win32" else "HOME", "")
    if platform == "win32":
        local = environment.get("LOCALAPPDATA", "")
        windows = environment.get("WINDIR", "C:/Windows")
        return (f"{windows}/Fonts", *((f"{local}/Microsoft/Windows/Fonts",) if local else ()))
    if platform == "darwin":
        return ("/System/Library/Fonts", "/Library/Fonts", *((f"{home}/Library/Fonts",) if home else ()))
    shared = [*environment.get("XDG_DATA_DIRS", "").split(":"), "/usr/local/share", "/usr/share"]
    own = environment.get("XDG_DATA_HOME") or (f"{home}/.local/share" if home else "")
    folders = [f"{folder.rstrip('/')}/fonts" for folder in (*shared, own) if folder.startswith("/")]
    return tuple(dict.fromkeys([*folders, *([f"{home}/.fonts"] if home else [])]))
