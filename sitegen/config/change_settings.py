"""Changes settings of a site in its config, and leaves the rest of the file as it is."""

import os
from collections.abc import Mapping
from pathlib import Path

from sitegen.config.load import CONFIGS
from sitegen.errors import naming
from sitegen.formats.toml_edit import set_strings
from sitegen.system.atomic_write import write_atomically


def set_settings(root: Path, values: Mapping[str, str], *, dry_run: bool = False) -> bool:
    """Set strings above the tables of `sitegen.toml`, and return whether that is possible.

    It is not if the settings are in pyproject.toml, if the file cannot be written, or if its lines are not as
    `formats.toml_edit` can change them: then nothing is written. With `dry_run`, nothing is written in any case.
    """
    file = (root / CONFIGS[0]).resolve()
    if not values:
        return True
    if not file.is_file() or not os.access(file, os.W_OK):
        return False
    with naming(file):
        text = file.read_bytes().decode()
        try:
            changed = set_strings(text, values)
        except ValueError:
            return False
        if not dry_run:
            write_atomically(file, changed.encode(), durable=True, mode=file.stat().st_mode & 0o777)
    return True
