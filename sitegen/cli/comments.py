"""`sitegen comments`."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sitegen.cli.output import Terminal, count_of, output_options
from sitegen.config.load import read_config

if TYPE_CHECKING:
    from sitegen.importers.comments.run import CommentReport

MAX_LISTED = 10
"""Number of rows of each section of the report, unless verbose."""


@click.group()
def command() -> None:
    """Import comments of readers, or add one from an email.

    \b
    Example:
        sitegen comments import disqus.xml
    """  # noqa: D301 - \b is click's mark, not a backslash


@command.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="PATH...")
@click.option("-n", "--dry-run", is_flag=True, help="Report what would be imported, and write nothing.")
@output_options
def import_(terminal: Terminal, paths: Sequence[Path], dry_run: bool) -> None:
    """Import comments from the export of a comment system.

    Each comment is added to the comment file of its post, which is found by the id on the platform, the guid
    or the URL. Comments whose post is not in the site are listed. Importing an export again changes
    nothing, and comments that you edited or deleted stay so.

    \b
    Example:
        sitegen comments import ~/Downloads/disqus.xml.gz
    """  # noqa: D301 - \b is click's mark, not a backslash
    from sitegen.importers.comments.run import import_comments

    with terminal.reporting_problems():
        config = read_config(terminal.root).config
        report = import_comments([path.absolute() for path in paths], terminal.root, config, dry_run=dry_run)
    _say(terminal, report, dry_run=dry_run)
    succeeded = bool(report.posts) and not (report.damaged or report.counts.problems)
    terminal.print_json({"ok": succeeded, **asdict(report)})
    if not succeeded:
        raise SystemExit(1)


@command.command("add")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True), metavar="FILE")
@click.option("--post", required=True, metavar="POST", help="The post that it is about: a file, URL or slug.")
@click.option("--author", default="", metavar="NAME", help="Name of the author. [default: the sender's name]")
@click.option("--date", default="", metavar="DATE", help="When it was written. [default: the message's date, or now]")
@click.option("--reply-to", default="", metavar="ID", help="The comment that it answers.")
@click.option("-n", "--dry-run", is_flag=True, help="Show the comment, and write nothing.")
@output_options
def add(terminal: Terminal, file: str, post: str, author: str, date: str, reply_to: str, dry_run: bool) -> None:
    """Add a comment from an email.

    FILE is a saved email message (.eml) or a Markdown file; - reads standard input. Only the name, the date and the
    text are stored. A comment that contains an email address is refused.

    \b
    Example:
        sitegen comments add answer.txt --post frost --author "Ada Smith"
    """  # noqa: D301 - \b is click's mark, not a backslash
    from sitegen.importers.add_comment import CommentInput, add_comment

    with terminal.reporting_problems():
        config = read_config(terminal.root).config
        with click.open_file(file, "rb") as opened:
            given = CommentInput(opened.read(), file, post, datetime.now(UTC), author, date, reply_to)
        result = add_comment(given, terminal.root, config, dry_run=dry_run)
    comment = result.comment
    done = "Added" if result.added else "Unchanged, already there"
    suffix = " (dry run: nothing was written)" if dry_run else ""
    terminal.say(f"{done}: {comment.id} by {comment.author or 'anonymous'} in {result.file}{suffix}")
    if result.removed:
        terminal.say(f"Not stored: {', '.join(result.removed)}")
    found = {"added": result.added, "file": result.file, "id": comment.id, "removed": result.removed}
    terminal.print_json({"ok": True, **found})


def _say(terminal: Terminal, report: "CommentReport", *, dry_run: bool) -> None:
    from sitegen.importers.output.report_text import summarise_comments

    suffix = " (dry run: nothing was written)" if dry_run else ""
    posts = count_of(report.posts, "post")
    terminal.say(f"{', '.join(report.platforms)}: comments on {posts}: {summarise_comments(report.counts)}{suffix}")
    sections = {
        "Comments on posts that are not in the site": [(name, f"{n:,}") for name, n in report.unmatched.items()],
        "Not published there, and not imported": [(name, f"{n:,}") for name, n in report.dropped.items()],
        "Problems": [*report.damaged, *report.counts.problems],
        "Files without comments": report.unknown,
    }
    for title, rows in sections.items():
        if rows:
            terminal.say(f"\n{title}:")
        listed, rest = terminal.shorten(rows, MAX_LISTED)
        for name, text in listed:
            terminal.say(f"  {name}: {text}")
        if rest:
            terminal.say(f"  {rest}")
