"""Finds the settings that an export states of its site and that a new site does not have yet."""

from collections.abc import Iterable, Mapping
from itertools import chain
from pathlib import Path

from sitegen.config.schema import Config
from sitegen.content.ledger import LEDGER_FILE
from sitegen.importers.base import ImportedPost, Item, SuggestedTable
from sitegen.importers.output.import_state import RECORDS_FOLDER, WORK_FOLDER

SETTINGS = ("title", "description", "language", "timezone", "author")
"""The settings that a first import sets. The base URL is not one of them: only the user knows whether the new site will
have the domain of the old one."""


def _is_new_site(root: Path) -> bool:
    """Return whether nothing has been imported into a site yet, not even by an import that was killed, or published."""
    found = chain(
        (root / RECORDS_FOLDER).glob("*.json"),
        *((root / WORK_FOLDER).glob(f"*.{ending}") for ending in ("json", "journal")),
    )
    return not any(found) and not (root / LEDGER_FILE).exists()


def find_new_settings(
    items: Iterable[Item], root: Path, config: Config, initial: Mapping[str, str]
) -> Mapping[str, str]:
    """Return the settings that an export states before its first post, or nothing if it contains no post.

    Only a site into which nothing was imported gets any. `initial` are those that `sitegen init` writes; a setting that
    has another value now is not returned, nor one that the export states in the same way.
    """
    if not initial or not _is_new_site(root):
        return {}
    stated: dict[str, str] = {}
    for item in items:
        if isinstance(item, SuggestedTable) and not item.keys:
            stated = {**item.values, **stated}
        elif isinstance(item, ImportedPost):
            break
    else:
        return {}
    if config.languages:  # then the main language was chosen with them
        stated.pop("language", None)
    defaults = Config()
    return {
        key: stated[key]
        for key in SETTINGS
        if stated.get(key)
        and getattr(config, key) in (getattr(defaults, key), initial.get(key))
        and stated[key] != getattr(config, key)
    }
