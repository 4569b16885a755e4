"""Resolve the output folder to one name, and check that a build may write there."""

import os
from pathlib import Path, PurePosixPath

from sitegen.config.load import describe_setting
from sitegen.config.schema import Config
from sitegen.errors import Problem, SiteError

WORK = ".sitegen"
"""The folder beside the config for files that can be deleted at any time."""


def resolve_output(root: Path, folder: str) -> str:
    """Return the canonical name of an output folder: its path from the root if it is below it, or its absolute path.

    Symbolic links are followed, so `output`, `./output` and `/path/of/site/output` have the same name, and a site that
    is moved as a whole keeps the names of the folders in it.
    """
    base, target = os.path.realpath(root), os.path.realpath(root / folder)
    if target == base:
        return "."
    prefix = base.rstrip(os.sep) + os.sep
    return (target.removeprefix(prefix) if target.startswith(prefix) else target).replace(os.sep, "/")


def check_output(root: Path, config: Config, folder: str) -> str:
    """Return the name of an output folder by `resolve_output`. Raises SiteError if it contains the site's own files."""
    name = resolve_output(root, folder)
    base = PurePosixPath(os.path.realpath(root).replace(os.sep, "/"))
    target = base / name
    hint = 'choose a folder that contains nothing else, such as "output"'
    own = [(item, base / resolve_output(root, item), True) for item in (config.content, config.templates)]
    for item, path, is_closed in [("site", base, False), *own]:
        if path == target or target in path.parents or (is_closed and path in target.parents):
            message = f'the output folder "{folder}" and the {item} folder overlap'
            raise SiteError([_describe(root, config, folder, message, hint)])
    if name in (WORK, ".git") or name.startswith(".git/"):
        message = f'the output folder "{folder}" is the folder of another program'
        raise SiteError([_describe(root, config, folder, message, hint)])
    return name


def _describe(root: Path, config: Config, folder: str, message: str, hint: str) -> Problem:
    """Return a problem of an output folder, at the line of the setting unless the command line names the folder."""
    if folder != config.output:
        return Problem("", 0, message, hint)
    return describe_setting(root, ("output",), message, hint, otherwise="")
