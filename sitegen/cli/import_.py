"""`sitegen import`."""

import os
from collections.abc import Callable
from pathlib import Path

import click
from msgspec import to_builtins
from msgspec.structs import replace

from sitegen.cli.file_days import find_newest_day
from sitegen.cli.output import Terminal, output_options, show_status
from sitegen.config.load import read_config
from sitegen.content.ledger import LEDGER_FILE
from sitegen.content.sources import check_url
from sitegen.formats.dates import ORDERS, read_date, zone_named
from sitegen.importers.base import IMAGES, Options
from sitegen.importers.registry import FORMATS
from sitegen.system.processes import available_jobs

Progress = Callable[[int, str], None]


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="PATH...")
@click.option(
    "--from",
    "format_name",
    type=click.Choice(sorted(FORMATS)),
    metavar="FORMAT",
    help=f"Format of the export: {', '.join(sorted(FORMATS))}. [default: detected]",
)
@click.option("--into", metavar="DIR", help="Folder to write posts to. [default: the site's posts]")
@click.option("--date", metavar="DATE", help="Date for posts without one. [default: they become drafts]")
@click.option("--date-from", type=click.Choice(["git"]), help="Date posts without one by their first git commit.")
@click.option("--dates", metavar="START+STEP", help="Date posts without one in order: 2018-04-20+7d, +2w or +1m.")
@click.option("--date-order", type=click.Choice(ORDERS), help="Order of day, month, year in dates such as 07-06-2022.")
@click.option("--images", type=click.Choice(IMAGES), default="copy", show_default=True, help="What to do with images.")
@click.option("--include-paid", is_flag=True, help="Publish posts for paying readers. [default: they become drafts]")
@click.option("--old-url", metavar="URL", help="URL of the old site, if the export does not contain it.")
@click.option("--exported", metavar="DATE", help="Day of the export, for its counts. [default: the date of the file]")
@click.option("--replies-as-comments", is_flag=True, help="Mail: import answers as comments on the first message.")
@click.option("-n", "--dry-run", is_flag=True, help="Report what would be imported, and write nothing.")
@output_options
def command(
    terminal: Terminal,
    paths: tuple[Path, ...],
    format_name: str | None,
    into: str | None,
    date: str | None,
    date_from: str | None,
    dates: str | None,
    date_order: str | None,
    images: str,
    include_paid: bool,
    old_url: str | None,
    exported: str | None,
    replies_as_comments: bool,
    dry_run: bool,
) -> None:
    """Import posts from the export of a newsletter platform.

    The format is detected from the files. The report lists every item. Importing an export again
    changes nothing, and posts that you edited are not overwritten. The exit code is 1 if nothing,
    or only a fraction of the export, was imported.

    \b
    Example:
        sitegen import ~/Downloads/substack-export.zip
    """  # noqa: D301 - \b is click's mark, not a backslash
    from sitegen.importers.output.report_text import format_report
    from sitegen.importers.output.undated import read_series
    from sitegen.importers.run import run_import
    from sitegen.scaffold.skeleton import (
        find_needless_samples,
        find_samples,
        read_initial_settings,
        remove_samples,
    )

    with terminal.reporting_problems():
        config = read_config(terminal.root).config
        zone = zone_named(config.timezone)
        try:
            day = read_date(date, zone, date_order or "") if date else None
        except ValueError as error:
            raise click.BadParameter(str(error), param_hint="--date") from None
        try:
            series = read_series(dates) if dates else None
        except ValueError as error:
            raise click.BadParameter(str(error), param_hint="--dates") from None
        try:
            old_site = check_url(old_url) if old_url else ""
        except ValueError as error:
            raise click.BadParameter(str(error), param_hint="--old-url") from None
        try:
            export_day = read_date(exported, zone).date() if exported else find_newest_day(paths, zone)
        except ValueError as error:
            raise click.BadParameter(str(error), param_hint="--exported") from None
        content = terminal.root / config.content
        # What a publish has recorded must not disappear unnoticed.
        is_published = (terminal.root / LEDGER_FILE).exists()
        needless = () if is_published else find_needless_samples(content, config)
        options = Options(
            zone,
            day,
            include_paid,
            images,
            old_site,
            date_order=date_order or "",
            date_from=date_from or "",
            dates=series,
            environment=dict(os.environ),
            exported=export_day,
            replies_as_comments=replies_as_comments,
            samples=frozenset(f"{config.content}/{path}" for path in find_samples(content)),
            needless_samples=frozenset(f"{config.content}/{path}" for path in needless),
        )
        with show_status(terminal, "reading") as show:
            report = run_import(
                [path.absolute() for path in paths],
                terminal.root,
                into or f"{config.content}/posts",
                options,
                format=format_name or "",
                dry_run=dry_run,
                progress=show and (lambda count, title: show(f"{count:,} read: {title[:60]}")),
                config=config,
                initial=read_initial_settings(),
                jobs=available_jobs(),
                waiting=lambda: terminal.say("waiting for another import to finish"),
            )
        if report.succeeded and report.created and not dry_run:
            report = replace(report, removed_samples=remove_samples(content, needless))
    terminal.say(format_report(report))
    if terminal.as_json:
        terminal.print_json({"ok": report.succeeded, **to_builtins(report)})
    if not report.succeeded:
        raise SystemExit(1)
