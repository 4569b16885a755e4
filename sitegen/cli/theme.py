"""`sitegen theme`."""

import sys

import click

from sitegen.cli.output import Terminal, output_options
from sitegen.config.load import read_config
from sitegen.scaffold.theme_files import copy_original, diff_originals, list_theme, read_original

STATES = {
    "theme": "",
    "replaced": "replaced by your file",
    "changed": "replaced by your file; the original has changed since",
}


@click.group()
def command() -> None:
    """List, show and copy the theme's files, to change them in your site.

    \b
    Example:
        sitegen theme list
        sitegen theme copy partials/footer.html
        sitegen theme diff
    """  # noqa: D301 - \b is click's mark, not a backslash


@command.command("list")
@output_options
def list_(terminal: Terminal) -> None:
    """List the files of the theme, and those that your site replaces."""
    with terminal.reporting_problems():
        files = list_theme(terminal.root / read_config(terminal.root).config.templates)
    width = max(len(file.name) for file in files)
    for file in files:
        terminal.say(f"{file.name:{width}}  {STATES[file.state]}".rstrip())
    terminal.print_json({"files": {file.name: file.state for file in files}})


@command.command()
@click.argument("name")
@output_options
def show(terminal: Terminal, name: str) -> None:
    """Print a file of the theme, NAME, as it is without your changes."""
    with terminal.reporting_problems():
        text = read_original(name)
    if not terminal.as_json:
        sys.stdout.write(text)
    terminal.print_json({"name": name, "text": text})


@command.command()
@click.argument("name")
@output_options
def copy(terminal: Terminal, name: str) -> None:
    """Copy a file of the theme, NAME, into your site, to edit it there.

    The original is stored too, for `sitegen theme diff`.
    """
    with terminal.reporting_problems():
        path = copy_original(terminal.root / read_config(terminal.root).config.templates, name)
    shown = path.relative_to(terminal.root).as_posix()
    terminal.say(f"Wrote {shown}: it replaces the theme's file")
    terminal.print_json({"ok": True, "written": [shown]})


@command.command()
@output_options
def diff(terminal: Terminal) -> None:
    """Show what has changed in the theme's files since you copied them."""
    with terminal.reporting_problems():
        found = dict(diff_originals(terminal.root / read_config(terminal.root).config.templates))
    for name, text in found.items():
        terminal.say(text or f"{name}: the theme no longer has this file")
    if not found:
        terminal.say("The originals of your copies have not changed")
    terminal.print_json({"changed": found})
