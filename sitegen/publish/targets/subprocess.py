"""Runs the programs that some targets need, and reports their errors as problems."""

import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sitegen.errors import Problem, SiteError
from sitegen.formats.urls import hide_credentials
from sitegen.publish.targets.failures import DENIED, TRANSIENT, explain

PAUSES = (1.0, 2.0, 4.0, 8.0)
"""The seconds between attempts after transient failures."""

_OUTPUT_LINES = 6
"""The number of last lines of a program's output that a problem shows."""


@dataclass(frozen=True, slots=True)
class Program:
    """An installed program: how it is called, with which environment, and what a message calls the target.

    A `lock` (the descriptor of a file) is inherited, so that no other process starts while the program runs on
        after we were stopped.
    """

    command: tuple[str, ...]
    label: str
    environment: Mapping[str, str]
    pause: Callable[[float], None]
    lock: int

    def run(self, *arguments: str, data: bytes = b"", more: Mapping[str, str] | None = None) -> bytes:
        """Return what the program prints; raise SiteError if it fails or is not installed.

        After transient failures it is tried again, with increasing pauses.
        """
        for pause in (*PAUSES, None):
            done = self.call(arguments, data, more)
            if done.returncode == 0:
                return done.stdout
            output = done.stderr.decode(errors="replace").strip()
            if pause is None or not TRANSIENT.search(output) or DENIED.search(output):
                raise SiteError([self.problem(arguments, output)])
            self.pause(pause)
        raise AssertionError("the last attempt either returns or raises")

    def call(
        self, arguments: Sequence[str], data: bytes = b"", more: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        """Run the program once, and return its result; raise SiteError if it is not installed."""
        environment = {**self.environment, **(more or {})}
        try:
            return subprocess.run(
                [*self.command, *arguments],
                input=data,
                capture_output=True,
                check=False,
                env=environment,
                pass_fds=(self.lock,) if self.lock >= 0 and os.name == "posix" else (),
            )
        except FileNotFoundError:
            name = self.command[0]
            hint = f"install {name}, for example by your system's packages"
            raise SiteError([Problem(self.label, 0, f"the program {name} is not installed", hint)]) from None

    def problem(self, arguments: Sequence[str], output: str) -> Problem:
        """Return a failed call as a problem, with the end of its error output, without credentials."""
        name = self.command[0]
        rows = hide_credentials(output).splitlines() or ["it gave no reason"]
        if known := explain(name, hide_credentials(output)):
            return Problem(self.label, 0, known.message.rstrip(": "), known.hint, _excerpt(rows))
        last, more = rows[-1], _excerpt(rows[:-1])
        if DENIED.search(output):
            hint = f"see that {name} has credentials for it: it must work by hand without asking for a password"
            return Problem(self.label, 0, f"the target does not let {name} in: {last}", hint, more)
        verb = next((word for word in arguments if not word.startswith("-") and "=" not in word), "")
        return Problem(self.label, 0, f"{name} {verb} failed: {last}", f"try it by hand with {name}", more)


def _excerpt(rows: Sequence[str]) -> str:
    return "\n    ".join(rows[-_OUTPUT_LINES:])
