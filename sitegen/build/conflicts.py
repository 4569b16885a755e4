"""What lies in the output folder where files of ours must go, and is not ours to remove."""

import os
import stat
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from sitegen.system import fingerprints


def find_obstacles(
    folder: str, files: Iterable[tuple[str, str]], owned: Collection[str], gone: Collection[str]
) -> Mapping[str, str]:
    """Return what is in the way of files, said in words, by the path below the folder where it lies.

    `files` are path and fingerprint of each. We wrote those that are `owned`; those that are `gone` will be
    removed, and are in nobody's way.
    """
    found: dict[str, str] = {}
    is_there = {"": True}

    def look(above: str) -> bool:
        if above not in is_there:
            is_there[above] = look(above.rpartition("/")[0]) and os.path.lexists(f"{folder}/{above}")
            if is_there[above] and (fault := _judge_folder(f"{folder}/{above}", above in gone)):
                found[above] = fault
        return is_there[above]

    for path, fingerprint in files:
        if look(path.rpartition("/")[0]) and (fault := _judge_file(folder, path, fingerprint, path in owned, gone)):
            found[path] = fault
    return found


def _judge_folder(place: str, is_gone: bool) -> str:
    try:
        mode = os.lstat(place).st_mode
    except OSError:
        return ""
    if stat.S_ISDIR(mode) or is_gone:
        return ""
    return "a symbolic link is where a folder must go" if stat.S_ISLNK(mode) else "a file is where a folder must go"


def _judge_file(folder: str, path: str, fingerprint: str, is_owned: bool, gone: Collection[str]) -> str:
    place = f"{folder}/{path}"
    try:
        mode = os.lstat(place).st_mode
    except OSError:
        return ""
    if stat.S_ISDIR(mode):
        below = (f"{above[len(folder) + 1 :]}/{name}" for above, _, names in os.walk(place) for name in names)
        return "" if all(name in gone for name in below) else "a folder that holds files is where a page must go"
    if not is_owned and fingerprints.of_file(Path(place)) != fingerprint:
        return "the output folder holds a file that sitegen did not write"
    return ""
