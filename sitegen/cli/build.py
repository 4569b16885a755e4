"""`sitegen build`."""

import gc
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import click
from msgspec.structs import asdict, replace

from sitegen.build.build_site import Report
from sitegen.build.builder import Builder
from sitegen.build.request import Request
from sitegen.cli.font_folders import find_font_folders
from sitegen.cli.output import REFRESH_SECONDS, Terminal, count_of, output_options
from sitegen.cli.user_cache import find_user_cache
from sitegen.config.load import read_config
from sitegen.config.schema import Config
from sitegen.content.sources import describe_unlisted
from sitegen.errors import SiteError
from sitegen.media.encoded_images import describe_missing_encoder
from sitegen.model import SkippedPost
from sitegen.system.gc import collector_paused
from sitegen.system.processes import available_jobs
from sitegen.system.progress import Progress, no_progress

if TYPE_CHECKING:
    import rich.progress

MIN_FILES = 500
"""A build of fewer files ends before a progress bar could be read."""


@click.command()
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    help="Folder to build into, relative to the site. [default: `output` of the config]",
)
@click.option("--base-url", metavar="URL", help="Base URL to build for. [default: `base_url` of the config]")
@click.option("--drafts", is_flag=True, help="Include drafts.")
@click.option("--future", is_flag=True, help="Include posts dated in the future.")
@click.option("--no-images", is_flag=True, help="Show images as they are, for drafts: nothing is encoded.")
@click.option("--fresh", is_flag=True, help="Ignore the build cache and rebuild everything.")
@click.option("--strict", is_flag=True, help="Treat warnings as errors.")
@click.option("--explain", is_flag=True, help="Show for each rendered page what changed.")
@click.option("--verify", is_flag=True, help="Compare the output with that of a clean build, byte for byte.")
@click.option("--record", is_flag=True, help="Update published.json, for sites deployed without `sitegen publish`.")
@click.option(
    "-j", "--jobs", type=click.IntRange(1), metavar="N", help="Number of processes. [default: number of CPUs]"
)
@output_options
def command(
    terminal: Terminal,
    output: str | None,
    base_url: str | None,
    drafts: bool,
    future: bool,
    no_images: bool,
    fresh: bool,
    strict: bool,
    explain: bool,
    verify: bool,
    record: bool,
    jobs: int | None,
) -> None:
    """Build the site into its output folder.

    Only pages affected by a change are rendered. The result is the same as that of a clean build,
    byte for byte.

    \b
    Example:
        sitegen build --drafts --output preview
    """  # noqa: D301 - \b is click's mark, not a backslash
    if record and (drafts or future or base_url or no_images):
        raise click.UsageError("--record cannot be used with --drafts, --future, --base-url or --no-images")
    request = Request(
        output=output or "",
        drafts=drafts,
        future=future,
        fresh=fresh,
        explain=explain,
        strict=strict,
        images="skip" if no_images else "encode",
        font_folders=find_font_folders(),
        jobs=jobs or available_jobs(),
    )
    start = time.monotonic()
    with collector_paused(until_exit=True), terminal.reporting_problems(), ExitStack() as stack:
        overrides = {"base_url": base_url} if base_url else {}
        config = read_config(terminal.root, overrides).config
        with show_progress(terminal) as progress:
            builder = Builder(terminal.root, time.time_ns, terminal.say_waiting, cache=find_user_cache())
            stack.callback(lambda: terminal.warn(builder.close()))
            report = builder.build(config, request, progress)
        recorded = _record(terminal, config, builder) if record else None
        _report(terminal, report, output or config.output, time.monotonic() - start, recorded)
        if report.rendered and not report.unchanged:
            pages = f"{config.content}/pages/"
            published = [post for post in builder.published_posts() if not post.path.startswith(pages)]
            if note := describe_unlisted(published):
                terminal.say(note)
            if not no_images and config.cards.enabled:
                from sitegen.media.cards.notes import describe_cards

                for line in describe_cards(config, terminal.root, request.font_folders):
                    terminal.say(line)
            if not no_images and (note := describe_missing_encoder(config, builder.entries())):
                terminal.say(note)
        if verify:
            from sitegen.build.verify import verify_output

            compared = verify_output(terminal.root, config, replace(request, fresh=False), time.time_ns)
            terminal.say(f"Verified: {compared:,} files are the same as in a clean build")
        gc.freeze()  # otherwise the interpreter's last collection visits a million values that end with it


def _record(terminal: Terminal, config: Config, builder: Builder) -> bool:
    """Write the ledger as it is after this build is deployed; return whether it changed.

    Raises SiteError, and writes nothing, if a published URL would stop working.
    """
    from sitegen.content.ledger.record import update_ledger

    ledger = builder.reconcile(config, builder.published_posts())
    with terminal.reporting_problems("published.json was not updated"):
        if ledger.problems:
            raise SiteError(ledger.problems)
        return update_ledger(terminal.root, ledger.data)


def _report(terminal: Terminal, report: Report, output: str, seconds: float, recorded: bool | None) -> None:
    terminal.warn(report.warnings)
    for path in report.rendered:
        reason = report.reasons.get(path)
        terminal.say(f"rendered {path}: {reason}" if reason else f"rendered {path}", detail=not reason)
    for path in report.removed:
        terminal.say(f"removed  {path}", detail=True)
    for item in report.skipped:
        terminal.say(f"skipped  {item.path}: {item.reason}", detail=True)
    for path in report.ignored:
        terminal.say(f"ignored  {path}: hidden and temporary files are not published", detail=True)
    terminal.say(f"{describe_build(report, f'{seconds:.2f} s')} → {output.rstrip('/')}/")
    if report.skipped:
        more = "" if terminal.verbose else " Use -v to list them."
        terminal.say(f"{describe_skipped(report.skipped)}.{more}")
    if recorded:
        terminal.say("Updated published.json: commit it with the site")
    terminal.print_json(
        {
            "ok": True,
            **({} if recorded is None else {"ledger_changed": recorded}),
            "rendered": report.rendered,
            "removed": report.removed,
            "unchanged": report.unchanged,
            "skipped": [asdict(item) for item in report.skipped],
            "ignored": report.ignored,
            "warnings": [warning.to_data() for warning in report.warnings],
            "reasons": dict(report.reasons),
            "seconds": round(seconds, 3),
        }
    )


def describe_build(report: Report, duration: str) -> str:
    """Return what a build did in one line, such as "Built 3 pages in 0.09 s (252 unchanged, 1 removed)"."""
    counts = {"unchanged": report.unchanged, "removed": len(report.removed)}
    rest = ", ".join(f"{count:,} {name}" for name, count in counts.items() if count)
    pages = f"{len(report.rendered):,} {'page' if len(report.rendered) == 1 else 'pages'}"
    return f"Built {pages} in {duration}{f' ({rest})' if rest else ''}"


def describe_skipped(skipped: Sequence[SkippedPost]) -> str:
    """Return how many posts were not built, by reason: "Skipped 2 posts: 1 draft, 1 scheduled for 2031-01-05"."""
    counts = Counter(item.status for item in skipped)
    days = sorted(item.day for item in skipped if item.day)
    names = {"draft": "draft" if counts["draft"] == 1 else "drafts", "scheduled": "scheduled"}
    if days:
        names["scheduled"] += f" for {days[0]}" if days[0] == days[-1] else f" from {days[0]} to {days[-1]}"
    reasons = ", ".join(f"{count:,} {names.get(status, status)}" for status, count in counts.items())
    return f"Skipped {count_of(len(skipped), 'post')}: {reasons}"


@contextmanager
def show_progress(terminal: Terminal) -> Iterator[Progress]:
    """Yield a function that shows a long build's progress on a terminal."""
    if terminal.quiet or terminal.as_json or not sys.stderr.isatty():
        yield no_progress
        return
    bar = _Bar()
    try:
        yield bar.show
    finally:
        bar.close()


class _Bar:
    """Rich's progress bar, created at the first file of a long build."""

    def __init__(self) -> None:
        self._bar: rich.progress.Progress | None = None
        self._task: tuple[str, rich.progress.TaskID] | None = None
        self._shown = 0.0

    def show(self, phase: str, done: int, total: int) -> None:
        """Show how many files of the total are done."""
        now = time.monotonic()
        if total < MIN_FILES or (now - self._shown < REFRESH_SECONDS and done < total):
            return
        self._shown = now
        if self._bar is None:
            import rich.console  # takes 46 ms, and only long builds show a bar
            import rich.progress

            # Worker processes cannot be forked while a thread of the bar runs.
            self._bar = rich.progress.Progress(
                console=rich.console.Console(stderr=True), transient=True, auto_refresh=False
            )
            self._bar.start()
        if self._task is None or self._task[0] != phase:
            if self._task is not None:
                self._bar.remove_task(self._task[1])
            self._task = (phase, self._bar.add_task(phase, total=total))
        self._bar.update(self._task[1], completed=done)
        self._bar.refresh()

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()
