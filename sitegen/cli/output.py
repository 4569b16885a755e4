"""Output of commands: how much is printed, in which form, and how problems are reported."""

import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, redirect_stdout
from functools import wraps
from pathlib import Path
from typing import Any, NoReturn, TextIO, TypeVar

import click
from msgspec import Struct
from msgspec.structs import replace

from sitegen.errors import Problem, SiteError, describe_os_error
from sitegen.formats.urls import hide_credentials

UNCHANGED = "nothing was changed"

Row = TypeVar("Row")

MAX_LISTED = 3
"""Number of warnings with the same message that are listed; of more, the first is shown with their number."""


class Terminal(Struct, frozen=True):
    """The site's folder, and how a command reports: as text, with more or less detail, or as JSON.

    User names and passwords of URLs are never printed.
    """

    root: Path
    quiet: bool = False
    verbose: bool = False
    as_json: bool = False
    report: TextIO | None = None

    def say(self, text: str, *, detail: bool = False) -> None:
        """Print a line of text; a `detail` only if the user asked for details."""
        if not self.quiet and not self.as_json and (self.verbose or not detail):
            click.echo(hide_credentials(text))

    def say_waiting(self) -> None:
        """Print that the command waits for another process to release the site's lock."""
        self.say("waiting for another build to finish")

    def shorten(self, rows: Sequence[Row], limit: int) -> tuple[Sequence[Row], str]:
        """Return the first `limit` rows, or all if verbose, and the line that counts the rest, "" if there is none."""
        if self.verbose or len(rows) <= limit:
            return rows, ""
        return rows[:limit], name_rest(len(rows) - limit)

    def print_json(self, values: Mapping[str, Any]) -> None:
        """Print a report as one line of JSON if the user asked for JSON."""
        if self.as_json:
            text = json.dumps(values, ensure_ascii=False, sort_keys=True, default=str)
            click.echo(hide_credentials(text), file=self.report)

    def warn(self, problems: Iterable[Problem]) -> None:
        """Print warnings to standard error; unless verbose, a warning of many files once, with their number."""
        if self.as_json:
            return
        groups: dict[tuple[str, str], list[Problem]] = {}
        for problem in problems:
            groups.setdefault((problem.message, problem.hint), []).append(problem)
        for same in groups.values():
            shown = same if self.verbose or len(same) <= MAX_LISTED else same[:1]
            for problem in shown:
                click.echo(self.colour(hide_credentials(f"warning: {problem}"), "yellow"), err=True)
            if left := len(same) - len(shown):
                click.echo(f"    {name_rest(left, 'like this')}", err=True)

    def confirm(self, question: str, hint: str, outcome: str = UNCHANGED) -> None:
        """Ask a question, and exit with code 1 and the `outcome` unless the answer is yes.

        Raises SiteError with a hint if standard input is not a terminal, and KeyboardInterrupt for Ctrl-C.
        """
        if self.as_json or not sys.stdin.isatty():
            raise SiteError([Problem("", 0, "cannot ask for confirmation: standard input is not a terminal", hint)])
        try:
            is_confirmed = click.confirm(question, err=True)
        except click.Abort as abort:
            click.echo(err=True)  # ends the line of the question
            if isinstance(abort.__context__, KeyboardInterrupt):
                raise KeyboardInterrupt from None
            is_confirmed = False  # Ctrl-D
        if not is_confirmed:
            click.echo(outcome, err=True)
            raise SystemExit(1)

    def colour(self, text: str, name: str) -> str:
        """Return text with its first line in a colour, if standard error is a terminal and NO_COLOR is not set."""
        if os.environ.get("NO_COLOR") or not sys.stderr.isatty():
            return text
        first, _, rest = text.partition("\n")
        return click.style(first, fg=name) + (f"\n{rest}" if rest else "")

    def fail(self, problems: Iterable[Problem], outcome: str = UNCHANGED) -> NoReturn:
        """Print problems and the outcome of the command, and exit with code 1."""
        problems = tuple(problems)
        shown = not self.as_json
        if self.as_json:
            try:
                self.print_json({"ok": False, "problems": [problem.to_data() for problem in problems]})
            except OSError as error:  # the report cannot be written, as on a full disk
                problems, shown = (*problems, Problem("", 0, f"the report cannot be written: {error.strerror}")), True
        if shown:
            for problem in dict.fromkeys(problems):
                click.echo(self.colour(hide_credentials(str(problem)), "red"), err=True)
            count = len(problems)
            click.echo(f"{count} {'problem' if count == 1 else 'problems'}: {outcome}.", err=True)
        discard_unwritten(self.report or sys.stdout)
        raise SystemExit(1)

    @contextmanager
    def reporting_problems(self, outcome: str = UNCHANGED) -> Iterator[None]:
        """Report errors of the site and the operating system as problems; our own bugs keep their traceback."""
        try:
            yield
        except SiteError as error:
            self.fail(error.problems, outcome)
        except OSError as error:
            outcome = "stopped; no file is half-written" if outcome == UNCHANGED else outcome
            self.fail([describe_os_error(error, self.root)], outcome)


def is_output_error(error: OSError) -> bool:
    """Return whether an error comes from printing, for which all commands use `click.echo`."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace is not None and trace.tb_frame.f_code is click.echo.__code__


def discard_unwritten(stream: TextIO) -> None:
    """Discard what cannot be written: otherwise Python tries again at its end, and replaces the exit code by 120."""
    try:
        stream.flush()
    except OSError:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)


def count_of(number: int, noun: str) -> str:
    """Return a number with its noun, whose plural ends in s: "1 post", "1,200 posts"."""
    return f"{number:,} {noun if number == 1 else f'{noun}s'}"


def name_rest(number: int, noun: str = "") -> str:
    """Return the line below a list that counts the rows that are not shown."""
    return f"and {number:,} more{f' {noun}' if noun else ''} (use -v to list them)"


def open_missing_streams() -> None:
    """Open the null device for each standard stream that the process was started without.

    Otherwise the next file that is opened would get the stream's number, and output would be written into it.
    """
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        try:
            os.fstat(number)
        except OSError:
            # `open` returns the lowest free number, and all lower ones are in use by now.
            os.open(os.devnull, os.O_RDWR)
            stream = open(number, mode, encoding="utf-8", closefd=False)  # noqa: SIM115 - it is used until the end
            setattr(sys, name, stream)


def output_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options for output to a command, and pass it the terminal as its first argument."""

    @click.option("-q", "--quiet", is_flag=True, help="Print problems only.")
    @click.option("-v", "--verbose", is_flag=True, help="Print more, such as the name of every file.")
    @click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
    @wraps(command)
    def wrapped(quiet: bool, verbose: bool, as_json: bool, **values: Any) -> None:
        terminal = click.get_current_context().find_object(Terminal)
        assert terminal is not None
        terminal = replace(terminal, quiet=quiet, verbose=verbose, as_json=as_json, report=sys.stdout)
        # What hooks and extensions print must not mix with the report.
        with redirect_stdout(sys.stderr) if as_json and sys.stderr is not None else nullcontext():
            command(terminal, **values)

    return wrapped


REFRESH_SECONDS = 0.1
"""Time between two states of a bar or a line of status."""


@contextmanager
def show_status(terminal: Terminal, text: str) -> Iterator[Callable[[str], None] | None]:
    """Yield a function that changes the text of a line below which a command works; None unless a terminal shows it."""
    if terminal.quiet or terminal.as_json or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console  # takes 46 ms, and only a terminal shows it
    from rich.live import Live
    from rich.markup import escape
    from rich.spinner import Spinner

    spinner = Spinner("dots", text, style="status.spinner")
    # Without `auto_refresh`, which needs a thread: worker processes cannot be forked while it runs.
    with Live(spinner, console=Console(stderr=True), auto_refresh=False, transient=True) as live:
        shown = 0.0

        def show(changed: str) -> None:
            nonlocal shown
            if (now := time.monotonic()) - shown >= REFRESH_SECONDS:
                shown = now
                spinner.update(text=escape(changed))
                live.refresh()

        live.refresh()
        yield show
