"""Run sitegen in processes forked from one that has already loaded it, which saves the time of loading."""

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
from sitegen.system import fingerprints, processes
from tests.support.sites import build, write
from tests.support.waiting import TIMEOUT_SECONDS

INTERRUPTED_CODE = 130
"""The exit code of a run that was interrupted."""
TRACEBACK_CODE = 70
"""The exit code of a run that ended with a traceback."""
ANY_TRACER = 0x59616D61, -1
"""Arguments of prctl that let any process trace this one, even if the Yama module restricts tracing."""


@dataclass(frozen=True, slots=True)
class RunResult:
    """The result of a run.

    `code` is the exit code, or minus the signal that killed it; `memory` is the peak in MB, without what the run
    inherited from this process; `hung` says that the run exceeded its timeout and was killed.
    """

    code: int
    output: str
    seconds: float
    cpu_seconds: float
    memory: float
    hung: bool


class _LogOutput(io.RawIOBase):
    """Standard output and error written with `writev`, so that injected failures of `write` do not affect them."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self.descriptor

    def write(self, data: bytes) -> int:
        return os.writev(self.descriptor, [data])


class Run:
    """One run of sitegen. If `paused`, it waits for `release`, so that a tracer can be attached first."""

    def __init__(self, arguments: Sequence[str], log: Path, *, paused: bool = False, user: int = 0) -> None:
        self.log = log
        self.release_end: int | None = None
        wait_end, self.release_end = os.pipe()
        output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        sys.stdout.flush()
        sys.stderr.flush()
        self.start = time.monotonic()
        self.inherited = _resident_memory()
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
        self.pid = os.fork()
        if not self.pid:
            self._run_and_exit(arguments, output, wait_end, self.release_end, user)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
        os.close(output)
        os.close(wait_end)
        if not paused:
            self.release()

    def _run_and_exit(self, arguments: Sequence[str], output: int, wait_end: int, release_end: int, user: int) -> None:
        """Run sitegen in the forked process, then exit."""
        code = TRACEBACK_CODE
        try:
            os.setsid()
            if user and os.geteuid() == 0:
                os.setgroups([])
                os.setgid(user)
                os.setuid(user)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            with contextlib.suppress(OSError, AttributeError):
                ctypes.CDLL(None).prctl(*ANY_TRACER, 0, 0, 0)
            log_output = io.TextIOWrapper(
                io.BufferedWriter(_LogOutput(output)), encoding="utf-8", errors="backslashreplace"
            )
            sys.stdout, sys.stderr = log_output, log_output
            os.close(release_end)
            processes.MIN_SECONDS_BEFORE_WORKERS = 0.0  # so that a build of few posts has workers too
            with contextlib.suppress(OSError):  # a trial can make all reads fail
                os.read(wait_end, 1)
            try:
                signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
                main.main(list(arguments), prog_name="sitegen")
            except SystemExit as end:
                code = end.code if isinstance(end.code, int) else int(end.code is not None)
            except KeyboardInterrupt:
                # The command line catches it once it has begun: this one came before, as between two calls.
                code = INTERRUPTED_CODE
            except BaseException:  # noqa: BLE001 - any exception is a violation
                traceback.print_exc()
            log_output.flush()
        finally:
            os._exit(code)

    def release(self) -> None:
        """Let a paused run continue."""
        if self.release_end is not None:
            with contextlib.suppress(BrokenPipeError):
                os.write(self.release_end, b"!")
            os.close(self.release_end)
            self.release_end = None

    def has_ended(self) -> bool:
        """Return whether the run has ended; `wait` returns its result."""
        return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def kill(self, number: int = signal.SIGKILL) -> None:
        """Send a signal to the run, but not to its children."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def wait(self, timeout: float = TIMEOUT_SECONDS) -> RunResult:
        """Wait for the end; a run that takes longer counts as hung, and is killed with all its children."""
        descriptor = os.pidfd_open(self.pid)
        try:
            ready, _, _ = select.select([descriptor], [], [], max(0.0, timeout - (time.monotonic() - self.start)))
            if not ready:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self.pid, signal.SIGKILL)
                self.kill()
        finally:
            os.close(descriptor)
        _, status, used = os.wait4(self.pid, 0)
        seconds = time.monotonic() - self.start
        output = self.log.read_text("utf-8", "backslashreplace")
        code, cpu_seconds = os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime
        memory = max(0.0, used.ru_maxrss / 1024 - self.inherited)
        return RunResult(code, output, seconds, cpu_seconds, memory, not ready)


def _resident_memory() -> float:
    """Return the resident memory of this process in MB, which a forked one begins with."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


def run(arguments: Sequence[str], log: Path, timeout: float = TIMEOUT_SECONDS) -> RunResult:
    """Run sitegen and return the result."""
    return Run(arguments, log).wait(timeout)


@contextlib.contextmanager
def killing(processes: Sequence[Run]) -> Iterator[None]:
    """Kill the runs at the end of the block."""
    try:
        yield
    finally:
        for process in processes:
            process.kill()


def preload(home: Path) -> None:
    """Load all modules that a build needs into this process, so that forked runs start immediately."""
    fingerprints.of_code()
    others = "click._textwrap", "jinja2.debug", "encodings.idna", "multiprocessing"
    for name in ("sitegen.cli.build", "sitegen.system.workers", *others):
        importlib.import_module(name)
    from tests.faults.site_under_test import site_files  # noqa: PLC0415 - that module imports this one

    build(write(home / "preload", dict(site_files(0))), jobs=1)
