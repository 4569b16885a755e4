"""`sitegen init`."""

from pathlib import Path

import click

from sitegen.cli.terminal import Terminal, speaking
from sitegen.errors import Problem
from sitegen.hosts import HOSTS, REQUIREMENTS, add_host
from sitegen.origin import requirement
from sitegen.settings import has_site


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--title", default="My newsletter", show_default=True, help="The newsletter's name.")
@click.option("--base-url", default="http://localhost:8000/", show_default=True, help="Where it will be served.")
@click.option("--host", type=click.Choice(tuple(HOSTS)), help="Write what this host needs to build and publish it.")
@speaking
def command(terminal: Terminal, folder: Path, title: str, base_url: str, host: str | None) -> None:
    """Make a new site in a folder: a config, three posts and a page, ready to build.

    With --host, a folder that holds a site already only gets what that host needs.

    \b
    Example:
        sitegen init my-archive --title "The Harbour Letter"
        sitegen init . --host github
    """  # noqa: D301 - \b is click's mark, not a backslash
    from sitegen.skeleton import write_site  # noqa: PLC0415 - only this command needs it

    with terminal.telling_problems():
        written: tuple[str, ...] = ()
        there = has_site(folder)
        if host is None or not there:
            try:
                written = write_site(folder, title, base_url)
            except FileExistsError as error:
                hint = "choose an empty folder, or another name"
                terminal.fail([Problem(str(error.filename), 0, "there is a file of this name already", hint)])
        if host is not None:
            requirements, known = requirement()
            added = add_host(folder, host, requirements)
            written += added
            if REQUIREMENTS in added and not known:
                message = "nobody but you knows where this sitegen was installed from"
                hint = "write into it where the host finds sitegen"
                terminal.warn([Problem(REQUIREMENTS, 0, message, hint)])
    for path in dict.fromkeys(written):
        terminal.say(f"wrote {folder / path}", detail=host is None)
    if host is None or not there:
        terminal.say(f"a new site is in {folder}: run `sitegen -C {folder} serve`")
    else:
        terminal.say(f"{host} can build and publish the site: see docs/publishing.md for what to set there")
    terminal.give({"ok": True, "written": tuple(dict.fromkeys(written))})
