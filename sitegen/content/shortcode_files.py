"""The files of a site's shortcodes: `templates/shortcodes/NAME.html`."""

from pathlib import Path

from sitegen.config.shortcodes import ENDING, FOLDER
from sitegen.errors import naming


def list_macro_files(root: Path, templates: str) -> dict[str, Path]:
    """Return the files of a site's shortcodes by their names, in order."""
    folder = root / templates / FOLDER
    with naming(folder):
        paths = sorted(folder.glob(f"*{ENDING}")) if folder.is_dir() else []
    return {path.name.removesuffix(ENDING): path for path in paths if path.is_file()}
