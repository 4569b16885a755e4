"""`sitegen new`."""

from datetime import datetime

import click

from sitegen.cli.output import Terminal, output_options
from sitegen.config.load import read_config
from sitegen.config.post_types import find_type
from sitegen.errors import Problem
from sitegen.formats.dates import zone_named


@click.command()
@click.argument("title")
@click.option("--source", metavar="NAME", help="Where the post was first published.")
@click.option("--type", "type_name", metavar="NAME", help="Write a post of a type that the config defines.")
@click.option("--draft", is_flag=True, help="Mark it as a draft.")
@click.option("--page", is_flag=True, help="Write a page without a date instead of a post, such as About.")
@click.option("--open", "opening", is_flag=True, help="Open the file in your editor ($VISUAL or $EDITOR).")
@output_options
def command(
    terminal: Terminal,
    title: str,
    source: str | None,
    type_name: str | None,
    draft: bool,
    page: bool,
    opening: bool,
) -> None:
    """Write a new post or page with its front matter filled in.

    \b
    Example:
        sitegen new "The telegraph's last message" --source "The Harbour Gazette"
        sitegen new "About us" --page --open
        sitegen new "Leek soup" --type recipes
    """  # noqa: D301 - \b is click's mark, not a backslash
    if page and source is not None:
        raise click.UsageError("--source cannot be used with --page")
    if type_name is not None and (page or source is not None):
        raise click.UsageError(f"--type cannot be used with {'--page' if page else '--source'}")
    written = "page" if page else "post"
    with terminal.reporting_problems():
        config = read_config(terminal.root).config
        from sitegen.scaffold.new_post import write_page, write_post, write_typed

        now = datetime.now(zone_named(config.timezone))
        try:
            if type_name is not None:
                post_type = find_type(config, type_name)
                path = write_typed(terminal.root, config, title, now, post_type, draft=draft)
            elif page:
                path = write_page(terminal.root, config, title, draft=draft)
            else:
                path = write_post(terminal.root, config, title, now, source or "", draft=draft)
        except FileExistsError as error:
            message = f"there is a {written} of this name already"
            terminal.fail([Problem(str(error.filename), 0, message, "choose another title")])
        except ValueError as error:
            terminal.fail([Problem("", 0, str(error), f"give the {written} a title with letters")])
    terminal.say(f"Wrote {path}")
    terminal.print_json({"ok": True, "path": path})
    if opening:
        click.edit(filename=str(terminal.root / path))
