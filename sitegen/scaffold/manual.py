"""Where the pages of the manual are."""

from pathlib import Path


def find_manual() -> Path:
    """Return the folder of the manual: in the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "manual"
    return installed if installed.is_dir() else package.parent / "docs"
