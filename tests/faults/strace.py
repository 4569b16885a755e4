"""Attach strace to a paused run, to make chosen system calls fail or kill the process."""

import os
import re
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from tests.faults.processes import Run, RunResult
from tests.faults.scenario import UnavailableError

CALL = re.compile(r"^\d+ +(\w+)\(")


@cache
def unavailable_reason() -> str:
    """Return why system calls cannot be traced here, or an empty string."""
    if shutil.which("strace") is None:
        return "strace is not installed"
    tried = subprocess.run(["strace", "-o", os.devnull, "true"], check=False, capture_output=True, text=True)
    return "" if tried.returncode == 0 else f"tracing is not permitted: {tried.stderr.strip()}"


def require() -> None:
    """Raise UnavailableError if system calls cannot be traced."""
    if reason := unavailable_reason():
        raise UnavailableError(reason)


def attach(run: Run, options: Sequence[str], log: Path) -> subprocess.Popen[bytes]:
    """Attach strace to a paused run, and release the run."""
    tracer = subprocess.Popen(
        ["strace", "-f", "-qq", "-o", str(log), *options, "-p", str(run.pid)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    status = Path(f"/proc/{run.pid}/status")
    while tracer.poll() is None and "TracerPid:\t0\n" in status.read_text():
        time.sleep(0.001)
    run.release()
    return tracer


def trace(run: Run, options: Sequence[str], log: Path) -> RunResult:
    """Wait for a paused run to end under strace."""
    tracer = attach(run, options, log)
    result = run.wait()
    try:
        tracer.wait(10)
    except subprocess.TimeoutExpired:
        tracer.kill()
        tracer.wait()
    return result


def count_calls(run: Run, names: Sequence[str], log: Path) -> Counter[str]:
    """Return how often a run makes each of the calls, at most in any of its processes."""
    trace(run, ["-e", f"trace={','.join(names)}"], log)
    each: dict[str, Counter[str]] = {}
    for line in log.read_text("utf-8", "replace").splitlines():
        found = CALL.match(line)
        if found:
            each.setdefault(line.split(" ", 1)[0], Counter())[found[1]] += 1
    return Counter({name: max((counts[name] for counts in each.values()), default=0) for name in names})
