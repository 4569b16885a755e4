"""Find foreign files in the output folder at the paths of files to write."""

import os
import stat
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from sitegen.system import fingerprints


def find_conflicts(
    folder: str, files: Iterable[tuple[str, str]], owned: Collection[str], removed: Collection[str]
) -> Mapping[str, str]:
    """Return messages about foreign files and links that conflict with files to write, by path below the folder.

    `files` are pairs of path and fingerprint. `owned` are the paths that sitegen wrote, `removed` those that it will
    remove, which do not conflict.
    """
    found: dict[str, str] = {}
    existing = {"": True}

    def check_folder(parent: str) -> bool:
        if parent not in existing:
            existing[parent] = check_folder(parent.rpartition("/")[0]) and os.path.lexists(f"{folder}/{parent}")
            if existing[parent] and (conflict := _check_folder(f"{folder}/{parent}", parent in removed)):
                found[parent] = conflict
        return existing[parent]

    for path, fingerprint in files:
        is_present = check_folder(path.rpartition("/")[0])
        if is_present and (conflict := _check_file(folder, path, fingerprint, path in owned, removed)):
            found[path] = conflict
    return found


def _check_folder(folder: str, is_removed: bool) -> str:
    try:
        mode = os.lstat(folder).st_mode
    except OSError:
        return ""
    if stat.S_ISDIR(mode) or is_removed:
        return ""
    return "a symbolic link is where a folder must go" if stat.S_ISLNK(mode) else "a file is where a folder must go"


def _check_file(folder: str, path: str, fingerprint: str, is_owned: bool, removed: Collection[str]) -> str:
    target = f"{folder}/{path}"
    try:
        mode = os.lstat(target).st_mode
    except OSError:
        return ""
    if stat.S_ISDIR(mode):
        below = (f"{parent[len(folder) + 1 :]}/{name}" for parent, _, names in os.walk(target) for name in names)
        return "" if all(name in removed for name in below) else "a folder that holds files is where a page must go"
    if not is_owned and fingerprints.of_file(Path(target)) != fingerprint:
        return "the output folder holds a file that sitegen did not write"
    return ""
