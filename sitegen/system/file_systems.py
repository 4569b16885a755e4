"""Which file systems change a file's stamp whenever the file changes."""

import re
import sys
from pathlib import Path

MOUNTS = Path("/proc/self/mountinfo")

EXACT = frozenset(("bcachefs", "btrfs", "ext2", "ext3", "ext4", "f2fs", "overlay", "tmpfs", "xfs", "zfs"))
"""File systems of this machine that set the time of the last change of the inode, which no program can choose."""

_ESCAPE = re.compile(r"\\([0-7]{3})")


def has_exact_stamps(folder: Path, mounts: Path = MOUNTS) -> bool:
    """Return whether every change of a file in a folder changes its stamp.

    It does on the usual file systems of Linux. A network file system may give the times that a file had some seconds
    ago, FAT and many FUSE file systems have no time of the last change of the inode, and Windows gives the time of the
    file's creation instead. Other systems do not say which file system they have, so the answer is False.
    """
    if sys.platform != "linux":
        return False
    try:
        rows = mounts.read_text("utf-8", "surrogateescape").splitlines()
        path = folder.resolve()
    except OSError:
        return False
    # Of two file systems at the same path, the later one covers the earlier one (proc(5)).
    found = (0, "")
    for row in rows:
        fields, _, source = row.partition(" - ")
        point = Path(_ESCAPE.sub(lambda match: chr(int(match[1], 8)), fields.split()[4]))
        if path.is_relative_to(point) and len(point.parts) >= found[0]:
            found = len(point.parts), source.split()[0]
    return found[1] in EXACT
