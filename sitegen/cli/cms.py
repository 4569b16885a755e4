"""`sitegen cms`."""

import re

import click

from sitegen.cli.output import Terminal, output_options
from sitegen.config.load import read_config

EDITORS = ("sveltia", "decap", "pages", "frontmatter")


@click.command()
@click.argument("editor", type=click.Choice(EDITORS))
@click.option("--repository", metavar="OWNER/NAME", help="Repository of the site. [default: git's remote origin]")
@click.option("--branch", metavar="NAME", help="Branch that the editor writes to. [default: git's current branch]")
@click.option("-n", "--dry-run", is_flag=True, help="List the files that would be written, and change nothing.")
@output_options
def command(terminal: Terminal, editor: str, repository: str | None, branch: str | None, dry_run: bool) -> None:
    """Write the configuration of an editor for writing in the browser.

    People write posts in a form. Sveltia CMS and Decap CMS become a page of the site. Pages CMS is at app.pagescms.org,
    and Front Matter an extension of Visual Studio Code.

    The form has a field for each key of front matter, with the tags, authors and sources that the site uses. Run it
    again after you have changed the config or used new tags. A file that you have edited is not overwritten.

    \b
    Example:
        sitegen cms sveltia
        sitegen cms decap --repository ada/letters
    """  # noqa: D301 - \b is click's mark, not a backslash
    from dataclasses import replace

    from sitegen.scaffold.cms.editors import describe_next_step, write_editor
    from sitegen.scaffold.cms.repository import UNKNOWN, find_repository

    if repository is not None and not re.fullmatch(r"[\w.-]+(/[\w.-]+)+", repository):
        raise click.UsageError(f"`{repository}` is not the name of a repository: write it as OWNER/NAME")
    with terminal.reporting_problems():
        config = read_config(terminal.root).config
        found = find_repository(terminal.root)
        if repository is not None:
            found = replace(found or UNKNOWN, path=repository)
        if branch is not None:
            found = replace(found or UNKNOWN, branch=branch)
        files, warnings = write_editor(terminal.root, config, editor, found, dry_run=dry_run)
    terminal.warn(warnings)
    for path in files.written:
        terminal.say(f"{'Would write' if dry_run else 'Wrote'} {path}")
    for path in files.unchanged:
        terminal.say(f"{path} is unchanged", detail=bool(files.written))
    if not dry_run:
        terminal.say(
            f"Next: {describe_next_step(config, editor)}. `sitegen help write-in-a-browser` explains each step"
        )
    terminal.print_json(
        {
            "ok": True,
            "written": files.written,
            "unchanged": files.unchanged,
            "warnings": [warning.to_data() for warning in warnings],
        }
    )
