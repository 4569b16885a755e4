"""`sitegen init`."""

from pathlib import Path

import click

from sitegen.cli.terminal import Terminal, speaking
from sitegen.errors import Problem


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--title", default="My newsletter", show_default=True, help="The newsletter's name.")
@click.option("--base-url", default="http://localhost:8000/", show_default=True, help="Where it will be served.")
@speaking
def command(terminal: Terminal, folder: Path, title: str, base_url: str) -> None:
    """Make a new site in a folder: a config, three posts and a page, ready to build.

    \b
    Example:
        sitegen init my-archive --title "The Harbour Letter"
    """  # noqa: D301 - \b is click's mark, not a backslash
    from sitegen.skeleton import write_site  # noqa: PLC0415 - only this command needs it

    with terminal.telling_problems():
        try:
            written = write_site(folder, title, base_url)
        except FileExistsError as error:
            hint = "choose an empty folder, or another name"
            terminal.fail([Problem(str(error.filename), 0, "there is a file of this name already", hint)])
    for path in written:
        terminal.say(f"wrote {folder / path}", detail=True)
    terminal.say(f"a new site is in {folder}: run `sitegen -C {folder} serve --watch`")
    terminal.give({"ok": True, "written": written})
