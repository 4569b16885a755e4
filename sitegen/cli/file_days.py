"""The day on which files were last written, which is that of an export."""

from collections.abc import Iterable
from datetime import date, datetime, tzinfo
from pathlib import Path


def find_newest_day(paths: Iterable[Path], zone: tzinfo) -> date:
    """Return the day on which the newest of some files and folders was last written; there must be one."""
    return datetime.fromtimestamp(max(path.stat().st_mtime for path in paths), zone).date()
