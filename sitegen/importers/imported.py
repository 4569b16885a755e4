"""Finds out which posts of a site were imported, by the import records."""

import posixpath
from collections.abc import Callable
from functools import cache
from pathlib import Path

from sitegen.errors import SiteError
from sitegen.importers.output.import_state import RECORDS_FOLDER, parse_record, record_name
from sitegen.importers.registry import FORMATS


def find_imported(root: Path) -> Callable[[str], bool]:
    """Return a function that checks whether a path, relative to the site's root, belongs to an imported post.

    A damaged record is ignored here, since the next import reports it.
    """
    files: dict[str, frozenset[str]] = {}
    for path in sorted((root / RECORDS_FOLDER).glob("*.json")):
        try:
            saved = parse_record(path.read_bytes(), path.name)
        except SiteError:
            continue
        files[path.stem] = frozenset(record.file for record in saved.posts.values())

    @cache
    def find_files(folder: str) -> frozenset[str]:
        return frozenset().union(*[files.get(record_name(name, folder), ()) for name in FORMATS])

    def is_imported(path: str) -> bool:
        folder, file = posixpath.split(path)
        return file in find_files(folder)

    return is_imported
