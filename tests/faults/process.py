"""Runs of sitegen as processes of their own, forked from one that has loaded it, so that each takes little time."""

import contextlib
import ctypes
import importlib
import io
import os
import select
import signal
import sys
import time
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sitegen.cli import main
from sitegen.system import fingerprints
from tests.support.sites import build, make_site

PATIENCE = 20.0
"""A run that takes longer than so many seconds hangs."""
INTERRUPTED = 130
"""The exit code of a run that was interrupted."""
BUG = 70
"""The exit code of a run that ended with a traceback."""
ANY_TRACER = 0x59616D61, -1
"""What prctl takes to let any process trace this one, where the Yama module would forbid it."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended.

    Its exit code (minus the signal that killed it), what it said, the seconds that it took, those of the
    processor, the most memory that it had in use (MB), and whether it hung and had to be stopped.
    """

    code: int
    said: str
    seconds: float
    processor: float
    memory: float
    hung: bool


class _Voice(io.RawIOBase):
    """Standard output and error that speak by `writev`: calls of `write` that are made to fail leave it alone."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self.descriptor

    def write(self, data: bytes) -> int:
        return os.writev(self.descriptor, [data])


class Run:
    """Holds one run of sitegen; with `held` it waits for `release`, so that a tracer can be attached before."""

    def __init__(self, arguments: Sequence[str], log: Path, *, held: bool = False, user: int = 0) -> None:
        self.log = log
        self.gate: int | None = None
        waits, self.gate = os.pipe()
        said = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        sys.stdout.flush()
        sys.stderr.flush()
        self.start = time.monotonic()
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
        self.pid = os.fork()
        if not self.pid:
            self._live(arguments, said, waits, self.gate, user)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
        os.close(said)
        os.close(waits)
        if not held:
            self.release()

    def _live(self, arguments: Sequence[str], said: int, waits: int, gate: int, user: int) -> None:
        """Be the run, and end."""
        code = BUG
        try:
            os.setsid()
            if user and os.geteuid() == 0:
                os.setgroups([])
                os.setgid(user)
                os.setuid(user)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            with contextlib.suppress(OSError, AttributeError):
                ctypes.CDLL(None).prctl(*ANY_TRACER, 0, 0, 0)
            voice = io.TextIOWrapper(io.BufferedWriter(_Voice(said)), encoding="utf-8", errors="backslashreplace")
            sys.stdout, sys.stderr = voice, voice
            os.close(gate)
            with contextlib.suppress(OSError):  # where a trial makes all reads fail, this one too
                os.read(waits, 1)
            try:
                signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
            except KeyboardInterrupt:
                os._exit(INTERRUPTED)
            try:
                main.main(list(arguments), prog_name="sitegen")
            except SystemExit as end:
                code = end.code if isinstance(end.code, int) else int(end.code is not None)
            except BaseException:  # noqa: BLE001 - whatever it is, the judge shall see it
                traceback.print_exc()
            voice.flush()
        finally:
            os._exit(code)

    def release(self) -> None:
        """Let a held run go."""
        if self.gate is not None:
            with contextlib.suppress(BrokenPipeError):
                os.write(self.gate, b"!")
            os.close(self.gate)
            self.gate = None

    def kill(self, number: int = signal.SIGKILL) -> None:
        """Send the run a signal, and nobody else."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def wait(self, patience: float = PATIENCE) -> Ended:
        """Wait for the end; a run that hangs is killed with all that it started."""
        descriptor = os.pidfd_open(self.pid)
        try:
            ready, _, _ = select.select([descriptor], [], [], max(0.0, patience - (time.monotonic() - self.start)))
            if not ready:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self.pid, signal.SIGKILL)
                self.kill()
        finally:
            os.close(descriptor)
        _, status, used = os.wait4(self.pid, 0)
        seconds = time.monotonic() - self.start
        said = self.log.read_text("utf-8", "backslashreplace")
        code, processor = os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime
        return Ended(code, said, seconds, processor, used.ru_maxrss / 1024, not ready)


def run(arguments: Sequence[str], log: Path, patience: float = PATIENCE) -> Ended:
    """Run sitegen to its end."""
    return Run(arguments, log).wait(patience)


@contextlib.contextmanager
def killing(processes: Sequence[Run]) -> Iterator[None]:
    """Leave no run behind."""
    try:
        yield
    finally:
        for process in processes:
            process.kill()


def preload(home: Path) -> None:
    """Load into this process all that a build needs, so that forked runs begin with their work at once."""
    fingerprints.of_code()
    for name in ("sitegen.cli.build", "click._textwrap", "jinja2.debug", "encodings.idna", "multiprocessing"):
        importlib.import_module(name)
    build(make_site(home / "preload"), jobs=1)
