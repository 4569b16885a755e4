"""`sitegen build`."""

import gc
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

import click

from sitegen.build.builder import Builder
from sitegen.build.request import Request
from sitegen.cli.output import Terminal, speaking
from sitegen.cli.user_cache import find_user_cache
from sitegen.config.load import read_config
from sitegen.config.schema import Config
from sitegen.content.sources import describe_unlisted
from sitegen.errors import SiteError
from sitegen.model import Report
from sitegen.system.gc import collector_paused
from sitegen.system.processes import available_jobs
from sitegen.system.progress import Progress, no_progress

if TYPE_CHECKING:
    import rich.progress

MIN_FILES = 500
"""With fewer files a build is over before a progress bar could be read."""

REFRESH_SECONDS = 0.1


@click.command()
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    help="Build into this folder instead of the config's, relative to the site's folder.",
)
@click.option("--base-url", metavar="URL", help="Build for this address instead of the config's.")
@click.option("--drafts", is_flag=True, help="Build drafts too.")
@click.option("--future", is_flag=True, help="Build posts whose date is still to come too.")
@click.option("--fresh", is_flag=True, help="Forget what earlier builds found out.")
@click.option("--strict", is_flag=True, help="Treat warnings as problems.")
@click.option("--explain", is_flag=True, help="Say for each drawn page what had changed.")
@click.option("--verify", is_flag=True, help="Build once more from nothing, and compare byte for byte.")
@click.option(
    "--record", is_flag=True, help="Record in the ledger what was built, for output that is sent by other means."
)
@click.option("-j", "--jobs", type=click.IntRange(1), metavar="N", help="Use N processes; one a processor by default.")
@speaking
def command(
    terminal: Terminal,
    output: str | None,
    base_url: str | None,
    drafts: bool,
    future: bool,
    fresh: bool,
    strict: bool,
    explain: bool,
    verify: bool,
    record: bool,
    jobs: int | None,
) -> None:
    """Build the site into its output folder.

    Only what changed is drawn; the folder is then, byte for byte, what a build from nothing would
    have written.

    \b
    Example:
        sitegen build --drafts --output preview
    """  # noqa: D301 - \b is click's mark, not a backslash
    if record and (drafts or future or base_url):
        raise click.UsageError("--record remembers what readers get: leave --drafts, --future and --base-url out")
    request = Request(
        output=output or "",
        drafts=drafts,
        future=future,
        fresh=fresh,
        explain=explain,
        strict=strict,
        jobs=jobs or available_jobs(),
    )
    start = time.monotonic()
    with collector_paused(), terminal.telling_problems(), ExitStack() as stack:
        overrides = {"base_url": base_url} if base_url else {}
        config = read_config(terminal.root, overrides).config
        with show_progress(terminal) as progress:
            waiting = lambda: terminal.say("another build is at work: waiting for it")  # noqa: E731
            builder = Builder(terminal.root, time.time_ns, waiting, progress, cache=find_user_cache())
            stack.callback(lambda: terminal.warn(builder.close()))
            report = builder.build(config, request)
        recorded = _record(terminal, config, builder, report) if record else None
        _tell(terminal, report, time.monotonic() - start, recorded)
        if report.drawn and not report.kept:
            left_out = {item.path for item in report.left_out}
            pages = f"{config.content}/pages/"
            published = [
                post for post in builder.posts() if post.path not in left_out and not post.path.startswith(pages)
            ]
            if note := describe_unlisted(published):
                terminal.say(note)
        if verify:
            from sitegen.build.verify import verify_output  # noqa: PLC0415 - only on demand

            compared = verify_output(terminal.root, config, replace(request, fresh=False), time.time_ns)
            terminal.say(f"verified: {compared} files are what a build from nothing writes")
        gc.freeze()  # else the next sweep, and the interpreter's last, visit a million values that end with it


def _record(terminal: Terminal, config: Config, builder: Builder, report: Report) -> bool:
    """Write the ledger as it is once this build is out; return whether it says something new.

    Ends, and writes nothing, where readers would miss something.
    """
    from sitegen.ledger.record import keep_ledger, settle_texts  # noqa: PLC0415 - only on demand

    left_out = {item.path for item in report.left_out}
    settlement = settle_texts(terminal.root, config, [post for post in builder.posts() if post.path not in left_out])
    with terminal.telling_problems("nothing was recorded: readers would miss what is named here"):
        if settlement.problems:
            raise SiteError(settlement.problems)
        return keep_ledger(terminal.root, settlement.ledger)


def _tell(terminal: Terminal, report: Report, seconds: float, recorded: bool | None) -> None:
    terminal.warn(report.warnings)
    for path in report.drawn:
        reason = report.reasons.get(path)
        terminal.say(f"drawn    {path}: {reason}" if reason else f"drawn    {path}", detail=not reason)
    for path in report.removed:
        terminal.say(f"removed  {path}", detail=True)
    for item in report.left_out:
        terminal.say(f"left out {item.path}: {item.reason}")
    for path in report.ignored:
        terminal.say(f"ignored  {path}: hidden and temporary files are not published", detail=True)
    removed = len(report.removed)
    terminal.say(f"{report.rendered} drawn, {report.kept} kept, {removed} removed in {seconds:.2f} s")
    if recorded:
        terminal.say("published.json was updated: commit it with the site")
    terminal.give(
        {
            "ok": True,
            **({} if recorded is None else {"ledger_changed": recorded}),
            "drawn": report.drawn,
            "removed": report.removed,
            "kept": report.kept,
            "left_out": [asdict(item) for item in report.left_out],
            "ignored": report.ignored,
            "warnings": [asdict(item) for item in report.warnings],
            "reasons": dict(report.reasons),
            "seconds": round(seconds, 3),
        }
    )


@contextmanager
def show_progress(terminal: Terminal) -> Iterator[Progress]:
    """Give a function that shows on a terminal how far a long build has come, from the reading of files on."""
    if terminal.quiet or terminal.as_json or not sys.stderr.isatty():
        yield no_progress
        return
    bar = _Bar()
    try:
        yield bar.show
    finally:
        bar.close()


class _Bar:
    """Holds rich's progress bar, made at the first file of a long build."""

    def __init__(self) -> None:
        self._bar: rich.progress.Progress | None = None
        self._task: tuple[str, rich.progress.TaskID] | None = None
        self._shown = 0.0

    def show(self, phase: str, done: int, total: int) -> None:
        """Show how many files of all are done."""
        now = time.monotonic()
        if total < MIN_FILES or (now - self._shown < REFRESH_SECONDS and done < total):
            return
        self._shown = now
        if self._bar is None:
            import rich.console  # noqa: PLC0415 - takes 46 ms, and only long builds show a bar
            import rich.progress  # noqa: PLC0415

            # A thread of the bar's own would keep the build from starting worker processes.
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
