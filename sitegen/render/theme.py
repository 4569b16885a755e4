"""The folder of the default theme."""

from pathlib import Path


def find_theme() -> Path:
    """Return the folder of the default theme: in the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "theme"
    return installed if installed.is_dir() else package.parent / "templates"
