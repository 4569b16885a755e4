"""`sitegen takedown`."""

import time
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import click

from sitegen.build.builder import Builder, Request
from sitegen.cli.font_folders import find_font_folders
from sitegen.cli.output import Terminal, count_of, output_options
from sitegen.cli.user_cache import find_user_cache
from sitegen.comments.ledger import LEDGER
from sitegen.config.load import read_config
from sitegen.content.ledger import LEDGER_FILE
from sitegen.content.ledger.file import read_ledger
from sitegen.formats.mime_types import TEXTS, ending
from sitegen.publish.comment_takedown import find_comment, take_comment_down
from sitegen.publish.takedown import find_post, plan_takedown, take_down
from sitegen.system.files import list_files
from sitegen.system.processes import available_jobs

DATA = ("toml", "yaml", "yml")


@click.command()
@click.argument("post", required=False)
@click.option("--comment", metavar="ID", help="Remove one comment instead of a post.")
@click.option("-n", "--dry-run", is_flag=True, help="List the files that would be deleted, and change nothing.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask for confirmation.")
@output_options
def command(terminal: Terminal, post: str | None, comment: str | None, dry_run: bool, yes: bool) -> None:
    """Remove a post or a comment from the site permanently.

    POST is its file, URL or slug. sitegen deletes the file and the images that no other post uses,
    records in published.json that the post was taken down, so that its guid is never used again,
    and builds the site. Publish it afterwards.

    The ID of a comment is in its file, and in the link of its date. No later import brings the comment back.

    \b
    Example:
        sitegen takedown content/posts/2024-01-11-first-published-elsewhere.md
    """  # noqa: D301 - \b is click's mark, not a backslash
    if (post is None) == (comment is None):
        raise click.UsageError("name either a post, or a comment with --comment ID")
    if comment is not None:
        _take_comment_down(terminal, comment, dry_run=dry_run, yes=yes)
        return
    assert post is not None
    with closing(Builder(terminal.root, time.time_ns, terminal.say_waiting, cache=find_user_cache())) as builder:
        with terminal.reporting_problems():
            config = read_config(terminal.root).config
            request = Request(font_folders=find_font_folders(), jobs=available_jobs())
            builder.build(config, request)
            entries = tuple(builder.entries())
            meant = find_post((entry.post for entry in entries), post, config)
            content = terminal.root / config.content
            files = [f"{config.content}/{path}" for path in list_files(content)]
            texts = _read_texts(terminal.root, (config.content, config.templates))
            takedown = plan_takedown(entries, meant, files, texts, config, read_ledger(terminal.root / LEDGER_FILE))
            for path in takedown.files:
                terminal.say(f"- {path}")
            if dry_run:
                terminal.print_json({"ok": True, "taken_down": False, "files": takedown.files, "url": meant.url})
                return
            if not yes:
                _ask(terminal, meant.title)
            take_down(terminal.root, takedown)
        with terminal.reporting_problems("the post was taken down, but the site could not be built"):
            report = builder.build(config, request)
    removed, rebuilt = count_of(len(report.removed), "file"), count_of(len(report.rendered), "page")
    terminal.say(f'Took down "{meant.title}": {removed} removed, {rebuilt} rebuilt')
    terminal.say("Now commit published.json and run `sitegen publish`")
    values = {"files": takedown.files, "url": meant.url, "removed": report.removed, "rendered": report.rendered}
    terminal.print_json({"ok": True, "taken_down": True, **values})


def _take_comment_down(terminal: Terminal, name: str, *, dry_run: bool, yes: bool) -> None:
    with terminal.reporting_problems():
        found = find_comment(terminal.root, read_config(terminal.root).config.content, name)
    values = {"file": found.file, "id": found.comment.id}
    shown = " ".join(found.comment.text.split())[:60]
    terminal.say(f"- {found.file}: {found.comment.id}, {found.comment.author or 'anonymous'}: {shown}")
    if not dry_run:
        with terminal.reporting_problems():
            if not yes:
                _ask(terminal, f"the comment {found.comment.id}")
            take_comment_down(terminal.root, found)
        terminal.say(f"Took down the comment {found.comment.id}. Now commit {LEDGER} and run `sitegen publish`")
    terminal.print_json({"ok": True, "taken_down": not dry_run, **values})


def _read_texts(root: Path, folders: Iterable[str]) -> dict[str, str]:
    """Return the content of the text files in some folders by their paths from the root."""
    return {
        f"{folder}/{path}": (root / folder / path).read_text("utf-8", errors="replace")
        for folder in folders
        for path in list_files(root / folder)
        if ending(path) in (*TEXTS, *DATA, "markdown")
    }


def _ask(terminal: Terminal, title: str) -> None:
    hint = "add --yes to take it down without confirmation, or --dry-run to list the files that would be deleted"
    terminal.confirm(f'Delete these files and take down "{title}" permanently?', hint)
