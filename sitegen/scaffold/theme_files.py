"""Copies of the theme's files in a site, each with the original that it was copied from."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from sitegen.errors import Problem, SiteError, did_you_mean, naming
from sitegen.render.theme import find_theme
from sitegen.system.atomic_write import write_if_changed
from sitegen.system.files import list_files

ORIGINALS = ".originals"
"""The folder, in that of the site's templates, with the originals of copies as they were. Keep it with the site."""


@dataclass(frozen=True, slots=True)
class ThemeFile:
    """A file of the theme. `state` is "theme", "replaced" by a file of the site, or "changed" since it was copied."""

    name: str
    state: str


def list_theme(templates: Path) -> tuple[ThemeFile, ...]:
    """Return the files of the theme, in order; `templates` is the site's folder for templates."""
    return tuple(ThemeFile(name, _find_state(templates, name)) for name in list_files(find_theme()))


def read_original(name: str) -> str:
    """Return a file of the theme; raise SiteError if it has none of this name."""
    theme = find_theme()
    names = list_files(theme)
    if name not in names:
        hint = did_you_mean(name, names) or "run `sitegen theme list` for the names"
        raise SiteError([Problem("", 0, f'the theme has no file "{name}"', hint)])
    return _read(theme / name)


def copy_original(templates: Path, name: str) -> Path:
    """Copy a file of the theme into the site and return the copy; raise SiteError if the site has one already."""
    text, copy = read_original(name), templates / name
    if copy.exists():
        hint = f"run `sitegen theme show {name}` to see the original"
        raise SiteError([Problem(str(copy), 0, "the site has this file already", hint)])
    # The original first: a copy without it could not be compared.
    for path in (templates / ORIGINALS / name, copy):
        write_if_changed(path, text.encode())
    return copy


def diff_originals(templates: Path) -> Iterator[tuple[str, str]]:
    """Yield the name of each copy whose original has changed since, with the changes as a unified diff.

    The diff is empty if the theme no longer has the file.
    """
    originals, theme = templates / ORIGINALS, find_theme()
    for path in sorted(originals.rglob("*")):
        name = path.relative_to(originals).as_posix()
        if not path.is_file() or not (templates / name).is_file():
            continue
        if not (theme / name).is_file():
            yield name, ""
        elif (before := _read(path)) != (now := _read(theme / name)):
            rows = unified_diff(
                before.splitlines(), now.splitlines(), f"{name} (when copied)", f"{name} (now)", lineterm=""
            )
            yield name, "\n".join(rows)


def _find_state(templates: Path, name: str) -> str:
    if templates.resolve() == find_theme() or not (templates / name).is_file():
        return "theme"
    original = templates / ORIGINALS / name
    return "changed" if original.is_file() and _read(original) != _read(find_theme() / name) else "replaced"


def _read(path: Path) -> str:
    with naming(path):
        return path.read_text("utf-8")
