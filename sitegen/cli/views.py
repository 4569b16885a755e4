"""`sitegen views`."""

import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, replace
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sitegen.build.builder import Builder, Request
from sitegen.cli.file_days import find_newest_day
from sitegen.cli.output import Terminal, count_of, output_options
from sitegen.cli.user_cache import find_user_cache
from sitegen.config.load import read_config
from sitegen.content.ledger import VIEWS_FILE
from sitegen.content.ledger.views_file import check_platform, read_views, write_views
from sitegen.formats.dates import read_date, zone_named
from sitegen.system.atomic_write import write_atomically

if TYPE_CHECKING:
    from sitegen.importers.views.update import ExportReport, ViewsReport

MAX_LISTED_URLS = 10
"""Number of URLs without a post that are listed for each export, unless verbose."""


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="FILE...")
@click.option("--platform", metavar="NAME", help="Who counted the views. [default: detected]")
@click.option("--url-column", default="", metavar="NAME", help="Column of the URLs or titles, in another CSV file.")
@click.option("--count-column", default="", metavar="NAME", help="Column of the numbers of views.")
@click.option("--date-column", default="", metavar="NAME", help="Column of the dates, if there is one.")
@click.option("--from", "first", metavar="DATE", help="First day of the numbers, if the export does not say it.")
@click.option("--to", "last", metavar="DATE", help="Last day of the numbers, if the export does not say it.")
@click.option("--exported", metavar="DATE", help="Day of the export. [default: the date of the file]")
@click.option("--replace", "replace_smaller", is_flag=True, help="Let smaller numbers replace larger ones.")
@click.option("-n", "--dry-run", is_flag=True, help="Report what would change, and write nothing.")
@output_options
def command(
    terminal: Terminal,
    paths: tuple[Path, ...],
    platform: str | None,
    url_column: str,
    count_column: str,
    date_column: str,
    first: str | None,
    last: str | None,
    exported: str | None,
    replace_smaller: bool,
    dry_run: bool,
) -> None:
    """Read how often posts were viewed, and record it in views.csv.

    FILE is an export of Plausible, GoatCounter, Umami, Matomo, Google Analytics, Cloudflare, Simple
    Analytics, Substack, Buttondown or listmonk, or another CSV file with a column of URLs or titles
    and one of numbers. The format is detected. Reading a file again changes nothing. The exit code
    is 1 if a file has no views of posts.

    \b
    Example:
        sitegen views ~/Downloads/letters_example_org_20250601.zip
        sitegen views visits.csv --platform "My server" --count-column Hits
    """  # noqa: D301 - \b is click's mark, not a backslash
    from sitegen.importers.views.export import Columns, Period
    from sitegen.importers.views.match import make_finder
    from sitegen.importers.views.read import check_exports
    from sitegen.importers.views.update import day_of, find_unaffected, update_rows

    with (
        terminal.reporting_problems(),
        closing(Builder(terminal.root, time.time_ns, terminal.say_waiting, cache=find_user_cache())) as builder,
    ):
        config = read_config(terminal.root).config
        zone = zone_named(config.timezone)
        given = Period(_read_day(first, "--from"), _read_day(last, "--to"))
        named = _read_day(exported, "--exported")
        if given.first and given.last and given.first > given.last:
            raise click.BadParameter(f"{given.first} is after {given.last}", param_hint="--from")
        if platform is not None:
            try:
                check_platform(platform)
            except ValueError as error:
                raise click.BadParameter(str(error), param_hint="--platform") from None
        columns = Columns(url_column, count_column, date_column)
        if columns and platform is None:
            raise click.UsageError("Missing option '--platform': nothing in such a file says who counted the views.")
        found = check_exports([path.absolute() for path in paths], columns, platform or "")
        site = builder.plan(config, Request())
        finder = make_finder(terminal.root, site, config)
        with builder.lock.hold():
            old = read_views(terminal.root / VIEWS_FILE)
            days = [day_of(export, named or find_newest_day([path], zone).isoformat()) for path, export in found]
            exports = [(export, day, given) for (_, export), day in zip(found, days, strict=True)]
            update = update_rows(old, exports, finder, replace_smaller=replace_smaller)
            data = write_views(update.rows)
            is_changed = bool(update.rows or old) and data != write_views(old)
            if is_changed and not dry_run:
                write_atomically(terminal.root / VIEWS_FILE, data, durable=True)
    report = replace(update.report, written=is_changed and not dry_run)
    posts = [entry.post for entry in site.entries.values()]
    unaffected = find_unaffected(posts, config, update.rows)
    _say(terminal, report, unaffected, is_changed=is_changed)
    terminal.warn(problem for export in report.exports for problem in export.warnings)
    terminal.print_json({"ok": report.succeeded, **_to_data(report), "unaffected": unaffected})
    raise SystemExit(0 if report.succeeded else 1)


def _read_day(text: str | None, option: str) -> str:
    try:
        return read_date(text, UTC).date().isoformat() if text else ""
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint=option) from None


def _say(terminal: Terminal, report: "ViewsReport", unaffected: Sequence[str], *, is_changed: bool) -> None:
    for export in report.exports:
        _say_export(terminal, export)
    if report.smaller:
        posts = count_of(len(report.smaller), "post")
        terminal.say(f"The new number is smaller for {posts}, and does not count; `--replace` takes it")
        for one in report.smaller[: None if terminal.verbose else MAX_LISTED_URLS]:
            terminal.say(f"    {one.post}: {one.known:,} on {one.platform}, now {one.new:,}")
    if unaffected:
        posts = count_of(len(unaffected), "post")
        terminal.say(f"{posts} with `views` in the front matter that the new numbers do not change")
        for path in unaffected:
            terminal.say(f"    {path}", detail=True)
    if report.unused:
        terminal.say(f"{VIEWS_FILE} has {count_of(len(report.unused), 'path')} that no post of the site has")
        for path in report.unused:
            terminal.say(f"    {path}", detail=True)
    counts = [f"{number:,} {name}" for name in ("added", "changed", "removed") if (number := getattr(report, name))]
    if not is_changed:
        terminal.say(f"{VIEWS_FILE} is unchanged")
    elif report.written:
        terminal.say(f"Updated {VIEWS_FILE}: {', '.join(counts) or 'reordered'}. Commit it with the site")
    else:
        terminal.say(f"Would update {VIEWS_FILE}: {', '.join(counts) or 'reordered'}")


def _say_export(terminal: Terminal, export: "ExportReport") -> None:
    period = f"{export.first} to {export.last}" if export.first else f"until {export.last}"
    posts = count_of(export.posts, "post")
    terminal.say(f"{export.file}: {export.platform}, {period}: {export.views:,} views of {posts}")
    if export.other_pages:
        pages = f"{count_of(export.other_pages, 'other page')} of the site"
        terminal.say(f"  {export.views_of_other_pages:,} views of {pages}", detail=True)
    if export.unmatched:
        total = sum(export.unmatched.values())
        terminal.say(f"  No post: {count_of(len(export.unmatched), 'URL')} with {total:,} views")
        listed, rest = terminal.shorten(list(export.unmatched.items()), MAX_LISTED_URLS)
        for url, number in listed:
            terminal.say(f"    {number:,} {url[:100]}")
        if rest:
            terminal.say(f"    {rest}")


def _to_data(report: "ViewsReport") -> dict[str, object]:
    data = asdict(report)
    for export, row in zip(report.exports, data["exports"], strict=True):
        row["warnings"] = [problem.to_data() for problem in export.warnings]
    data["smaller"] = [
        {"post": one.post, "platform": one.platform, "known": one.known, "new": one.new} for one in report.smaller
    ]
    return data
