"""Which folder the output is in, whatever it is called, and whether a build may write there."""

import os
from pathlib import Path, PurePosixPath

from sitegen.config.schema import Config
from sitegen.errors import Problem, SiteError

WORK = ".sitegen"
"""The folder beside the config where everything lies that may be thrown away."""


def resolve_output(root: Path, folder: str) -> str:
    """Return the one name of an output folder: its path from the root if it is below it, else its absolute path.

    Symbolic links are followed, so `output`, `./output` and `/path/of/site/output` have one name, and a site that
    is moved as a whole keeps the names of the folders in it.
    """
    base, place = os.path.realpath(root), os.path.realpath(root / folder)
    if place == base:
        return "."
    prefix = base.rstrip(os.sep) + os.sep
    return (place.removeprefix(prefix) if place.startswith(prefix) else place).replace(os.sep, "/")


def check_output(root: Path, config: Config, folder: str) -> str:
    """Return the name of an output folder by `resolve_output`; raise SiteError where it holds the site's own files."""
    name = resolve_output(root, folder)
    base = PurePosixPath(os.path.realpath(root).replace(os.sep, "/"))
    place = base / name
    hint = 'choose a folder that holds nothing else, such as "output"'
    own = [(item, base / resolve_output(root, item), True) for item in (config.content, config.templates)]
    for item, path, is_closed in [("site", base, False), *own]:
        if path == place or place in path.parents or (is_closed and path in place.parents):
            message = f'the output folder "{folder}" and the {item} folder overlap'
            raise SiteError([Problem("", 0, message, hint)])
    if name in (WORK, ".git") or name.startswith(".git/"):
        raise SiteError([Problem("", 0, f'the output folder "{folder}" is the folder of another program', hint)])
    return name
