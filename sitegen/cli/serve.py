"""`sitegen serve`."""

import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from itertools import chain
from types import FrameType
from typing import NoReturn

import click

from sitegen.build.builder import Request
from sitegen.cli.build import describe_build, show_progress
from sitegen.cli.font_folders import find_font_folders
from sitegen.cli.output import Terminal, output_options
from sitegen.cli.user_cache import find_user_cache
from sitegen.config.load import require_site
from sitegen.config.schema import base_path
from sitegen.formats.urls import hide_credentials
from sitegen.serve.http.server import Server, listen
from sitegen.serve.session import Outcome, Session
from sitegen.serve.state import Live
from sitegen.serve.watch.watcher import Watch
from sitegen.system.processes import available_jobs

SHUTDOWN_SECONDS = 2.0
"""The process exits after this time even during a build: the files that it leaves are complete at any moment."""

COMPLETION_SECONDS = 6.0
"""The time for rendering deferred files after a stop. Docker kills a process ten seconds after SIGTERM."""

MAX_NAMED_FILES = 3
"""Number of changed files that the line of a rebuild names."""


@click.command()
@click.option(
    "--watch/--no-watch",
    "-w",
    "watching",
    default=True,
    show_default=True,
    help="Rebuild on every change and reload open pages.",
)
@click.option(
    "-p",
    "--port",
    type=click.IntRange(0, 65535),
    metavar="N",
    default=8000,
    show_default=True,
    help="Port; 0 for any free port.",
)
@click.option(
    "--host", metavar="HOST", default="127.0.0.1", show_default=True, help="Host name or IP address to listen on."
)
@click.option("--open", "opening", is_flag=True, help="Open the site in the browser.")
@click.option("--drafts", is_flag=True, help="Include drafts. Builds into a preview folder.")
@click.option("--future", is_flag=True, help="Include posts dated in the future. Builds into a preview folder.")
@click.option("--follow", is_flag=True, help="Show the post that was edited last in open pages.")
@click.option("--poll", is_flag=True, help="Poll for changes, for folders without file-system events.")
@click.option(
    "-j", "--jobs", type=click.IntRange(1), metavar="N", help="Number of processes. [default: number of CPUs]"
)
@output_options
def command(
    terminal: Terminal,
    watching: bool,
    port: int,
    host: str,
    opening: bool,
    drafts: bool,
    future: bool,
    follow: bool,
    poll: bool,
    jobs: int | None,
) -> None:
    """Preview the site in your browser; rebuild and reload on every change.

    The server serves the files that `build` writes. With --drafts or --future they are built into
    a preview folder, so that you cannot publish them by accident.

    \b
    Example:
        sitegen serve --drafts
    """  # noqa: D301 - \b is click's mark, not a backslash
    if not watching and (follow or poll):
        raise click.UsageError("--follow and --poll cannot be used with --no-watch")
    request = Request(drafts=drafts, future=future, font_folders=find_font_folders(), jobs=jobs or available_jobs())
    caught = _end_at_once()
    with terminal.reporting_problems("the server was not started"):
        require_site(terminal.root)
        listener = listen(host, port)
    live = Live(watching=watching)
    server = Server(listener, host, live, lambda line: click.echo(f"refused: {line}", err=True))
    session = Session(
        terminal.root, request, live, time.time_ns, terminal.say_waiting, follow=follow, cache=find_user_cache()
    )
    resources = ExitStack()
    try:
        with show_progress(terminal) as progress:
            outcome = session.build(progress=progress)
        _report(terminal, outcome, ())
        if outcome.report is None and not watching:
            raise SystemExit(1)
        server.start()
        url = _find_url(session, listener)
        used = listener.getsockname()[1]
        if port not in (0, used):
            terminal.say(f"Port {port} is in use: using {used}")
        terminal.say(f"Serving {url} (press Ctrl-C to stop)")
        terminal.print_json({"url": url})
        if opening:
            click.launch(url)
        if watching:
            watch = Watch(session.watched_folders, str(session.root), terminal.say, session.due, poll=poll)
            resources.callback(watch.close)
            _keep_building(terminal, session, server, outcome, watch)
        else:
            threading.Event().wait()
    except KeyboardInterrupt:
        caught()
        _complete(terminal, session)
        _exit_after(SHUTDOWN_SECONDS)
        terminal.say("Stopped")
    finally:
        live.stop_waiting()  # no build comes that a request could wait for
        resources.close()
        server.close()
        session.close()


def _complete(terminal: Terminal, session: Session) -> None:
    """Render the files that the last build has left to a later one, unless the user stops the server again."""
    if not session.is_incomplete:
        return
    pending = session.pending_files
    limit = _exit_after(COMPLETION_SECONDS)
    try:
        outcome = session.build()
    except KeyboardInterrupt:
        return
    finally:
        limit.cancel()
    _report(terminal, outcome, (), completed=pending)


def _exit_after(seconds: float) -> threading.Timer:
    """End the process after some seconds, unless the timer is cancelled."""
    timer = threading.Timer(seconds, os._exit, (0,))
    timer.daemon = True
    timer.start()
    return timer


def _end_at_once() -> Callable[[], None]:
    """Let SIGTERM stop the server as Ctrl-C does, and both stop worker processes without a traceback.

    Returns a function to call when the exception has arrived: the process then has its time to end.
    """
    parent = os.getpid()
    limits: list[threading.Timer] = []

    def end(_number: int, _frame: FrameType | None) -> NoReturn:
        if os.getpid() != parent:
            os._exit(1)
        # Python drops exceptions that are raised while it finalises an object, and another thread may hold a lock.
        limits.append(_exit_after(SHUTDOWN_SECONDS))
        raise KeyboardInterrupt

    def caught() -> None:
        for limit in limits:
            limit.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    return caught


def _find_url(session: Session, listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - what is shown, not what is bound
    base = base_path(session.config) if session.config else ""
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{port}{base}/"


def _keep_building(terminal: Terminal, session: Session, server: Server, last: Outcome, watch: Watch) -> None:
    """Build again after each change, until the user stops it."""
    session.live.wake = watch.wake
    # Changes after the first build and before the watcher started made no events.
    for changed in chain((frozenset[str](),), watch):
        outcome = session.build(changed)
        server.streams.notify()
        if outcome.differs(last):
            names = sorted(os.path.relpath(path, session.root) for path in changed)
            _report(terminal, outcome, names, repaired=bool(last.problems), completed=last.pending)
        last = outcome
        if not changed:
            session.rest()


def _report(
    terminal: Terminal,
    outcome: Outcome,
    changed: Sequence[str],
    *,
    repaired: bool = False,
    completed: frozenset[str] = frozenset(),
) -> None:
    """Print the line of a build, or its problems.

    `repaired` says that the last build had some, `completed` are the files that it had deferred.
    """
    milliseconds = round(outcome.seconds * 1000)
    report = outcome.report
    if repaired and not outcome.problems:
        terminal.say("All problems are fixed")
    problems = [problem.to_data() for problem in outcome.problems]
    if report is not None:
        terminal.warn(report.warnings)
        what = describe_build(report, f"{milliseconds} ms")
        more = len(changed) - MAX_NAMED_FILES
        names = ", ".join(changed[:MAX_NAMED_FILES]) + (f" and {more} more" if more > 0 else "")
        if not changed and report.rendered and completed.issuperset(report.rendered):
            has_cards = any(path.startswith("cards/") for path in report.rendered)
            names = "Feeds, search and share cards" if has_cards else "Feeds and search"
        terminal.say(f"{names}: {what}" if names else what)
        for path in report.rendered:
            terminal.say(f"rendered {path}", detail=True)
    if terminal.as_json:
        rendered, removed = (report.rendered, report.removed) if report else ((), ())
        values = {"rendered": rendered, "removed": removed, "problems": problems, "milliseconds": milliseconds}
        values["warnings"] = [warning.to_data() for warning in report.warnings] if report else []
        terminal.print_json({"ok": not problems, "changed": changed} | values)
        return
    for problem in outcome.problems:
        click.echo(terminal.colour(hide_credentials(str(problem)), "red"), err=True)
    if outcome.uses_last_config:
        click.echo("the config has errors: using the last valid one until they are fixed", err=True)
    elif problems:
        count = f"{len(problems)} problem{'s' if len(problems) > 1 else ''}"
        click.echo(f"{count}: {_served(outcome)}", err=True)


def _served(outcome: Outcome) -> str:
    if outcome.served:
        return "still serving the last successful build"
    return "no build has succeeded yet; sitegen builds again when you save a fix"
