"""`sitegen new`."""

from datetime import datetime

import click

from sitegen.cli.terminal import Terminal, speaking
from sitegen.dates import zone_named
from sitegen.errors import Problem
from sitegen.settings import read_config


@click.command()
@click.argument("title")
@click.option("--source", metavar="NAME", help="Where the post was first published.")
@click.option("--draft", is_flag=True, help="Mark it as a draft.")
@speaking
def command(terminal: Terminal, title: str, source: str | None, draft: bool) -> None:
    """Write a new post with its front matter filled in.

    \b
    Example:
        sitegen new "The telegraph's last message" --source "The Harbour Gazette"
    """  # noqa: D301 - \b is click's mark, not a backslash
    with terminal.telling_problems():
        config = read_config(terminal.root).config
        from sitegen.new import write_post  # noqa: PLC0415 - only this command needs it

        now = datetime.now(zone_named(config.timezone))
        try:
            path = write_post(terminal.root, config, title, now, source or "", draft=draft)
        except FileExistsError as error:
            terminal.fail(
                [Problem(str(error.filename), 0, "there is a post of this name already", "choose another title")]
            )
        except ValueError as error:
            terminal.fail([Problem("", 0, str(error), "give the post a title with letters")])
    terminal.say(f"wrote {path}")
    terminal.give({"ok": True, "path": path})
