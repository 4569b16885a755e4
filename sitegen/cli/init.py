"""`sitegen init`."""

import shlex
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sitegen.cli.cms import EDITORS
from sitegen.cli.output import Terminal, output_options
from sitegen.config.base_url import check_base_url
from sitegen.config.load import has_site, read_config
from sitegen.config.schema import Config
from sitegen.errors import Problem
from sitegen.scaffold.host_files import HOSTS
from sitegen.scaffold.skeleton import TITLE

if TYPE_CHECKING:
    from sitegen.scaffold.requirements import Requirement

WELCOME = """\
A new site is in {folder}:
  sitegen.toml       settings: title, URL, language
  content/posts/     posts, one Markdown file each; `sitegen new "Title"` writes one
  content/pages/     pages; write into about.md what your newsletter is about
The page, the three posts, content/posts/lighthouse.svg and content/sources.toml are samples: edit or delete them. An
import deletes them if you have not edited them.
Next: run `{serve}` and open the URL that it shows."""


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--title", default=TITLE, show_default=True, help="Name of the newsletter.")
@click.option(
    "--base-url", metavar="URL", default="http://localhost:8000/", show_default=True, help="URL of the published site."
)
@click.option("--host", type=click.Choice(tuple(HOSTS)), help="Add the files that this host needs to build the site.")
@click.option("--cms", type=click.Choice(EDITORS), help="Add the configuration of this editor, as `sitegen cms` does.")
@click.option("--no-action", is_flag=True, help="Let GitHub run pip instead of sitegen's action.")
@output_options
def command(
    terminal: Terminal,
    folder: Path,
    title: str,
    base_url: str,
    host: str | None,
    cms: str | None,
    no_action: bool,
) -> None:
    """Create a new site in a folder.

    It has a config, three posts and a page, and is ready to build.

    With --host or --cms, a folder that already contains a site only gets the files that the host or the editor needs.

    \b
    Example:
        sitegen init my-archive --title "The Harbour Letter"
        sitegen init . --host github --cms sveltia
    """  # noqa: D301 - \b is click's mark, not a backslash
    written: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    with terminal.reporting_problems():
        existing = has_site(folder)
        config = read_config(folder).config if existing else Config(base_url=base_url)
        is_added = existing and (host is not None or cms is not None)
        if not is_added:
            written = _write_site(terminal, folder, title, base_url)
        if host is not None:
            from sitegen.scaffold.ci_workflows import (
                apply_host,
                find_hosts,
                plan_host,
            )
            from sitegen.scaffold.requirements import find_requirement

            requirement = find_requirement()
            others = [name for name in find_hosts(folder, config) if name != host]
            plan = plan_host(folder, host, requirement, config.output, use_action=not no_action)
        if cms is not None:
            from sitegen.scaffold.cms.editors import write_editor
            from sitegen.scaffold.cms.repository import find_repository

            editor_files, warnings = write_editor(folder, read_config(folder).config, cms, find_repository(folder))
            written = (*written, *editor_files.written)
            terminal.warn(warnings)
        if host is not None:
            apply_host(folder, plan)
            written, removed = (*written, *plan.files), plan.removed
            terminal.warn(plan.warnings)
    written = tuple(dict.fromkeys(written))
    for path in written:
        terminal.say(f"Wrote {folder / path}", detail=host is None and cms is None)
    for path in removed:
        terminal.say(f"Removed {folder / path}")
    if not is_added:
        terminal.say(WELCOME.format(folder=folder, serve=_command(folder, "serve")))
    if host is not None:
        terminal.warn([*check_base_url(folder, config.base_url), *_find_repository_above(folder.absolute(), host)])
        _say_next_steps(terminal, host, requirement, others)
    if cms is not None:
        terminal.say("`sitegen help write-in-a-browser` says how to open the editor")
    terminal.print_json({"ok": True, "written": written, "removed": removed})


def _write_site(terminal: Terminal, folder: Path, title: str, base_url: str) -> tuple[str, ...]:
    """Write a new site and return the paths of its files; exit if there is one of them already."""
    from sitegen.scaffold.skeleton import write_site

    try:
        return write_site(folder, title, base_url)
    except FileExistsError as error:
        hint = "choose an empty folder or another name; to add a host or an editor to a site, use --host or --cms"
        terminal.fail([Problem(str(error.filename), 0, "there is a file of this name already", hint)])


def _say_next_steps(terminal: Terminal, host: str, requirement: "Requirement", others: Iterable[str]) -> None:
    """Say how a host installs sitegen, where the next steps are, and which other hosts publish the site."""
    if requirement.checkout:
        what = "contains your checkout of sitegen as it is now: run this again when you change it"
    else:
        what = f"is a copy of the sitegen in use, because {host} cannot download it"
    if requirement.wheel:
        terminal.say(f"{requirement.wheel} {what}")
    terminal.say(f"{host} can build and publish the site: `sitegen help {HOSTS[host].guide}` has the next steps")
    for other in others:
        terminal.say(f"{other} publishes the site too: to stop that, delete {HOSTS[other].files[0][0]}")


def _command(folder: Path, name: str) -> str:
    """Return the command line that runs a command on the site in a folder."""
    return f"sitegen {name}" if folder == Path() else f"sitegen -C {shlex.quote(str(folder))} {name}"


def _find_repository_above(folder: Path, host: str) -> list[Problem]:
    """Return a problem if a site is below the root of a git repository, where hosts read their configuration."""
    above = next((parent for parent in folder.parents if (parent / ".git").exists()), None)
    if above is None or (folder / ".git").exists():
        return []
    message = f"the site is in a folder of the git repository {above}, but {host} reads its files only at the root"
    return [Problem("", 0, message, "give the site its own repository: run `git init` in its folder")]
