"""strace, attached to a run that waits, to make chosen system calls fail or be the last."""

import os
import re
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from tests.faults.process import Ended, Run
from tests.faults.row import UnfitError

CALL = re.compile(r"^\d+ +(\w+)\(")


@cache
def why_not() -> str:
    """Say why calls cannot be traced here, or return an empty string."""
    if shutil.which("strace") is None:
        return "strace is not installed"
    tried = subprocess.run(["strace", "-o", os.devnull, "true"], check=False, capture_output=True, text=True)
    return "" if tried.returncode == 0 else f"tracing is not permitted: {tried.stderr.strip()}"


def require() -> None:
    """Raise UnfitError where system calls cannot be traced."""
    if reason := why_not():
        raise UnfitError(reason)


def attach(run: Run, options: Sequence[str], log: Path) -> subprocess.Popen[bytes]:
    """Attach strace to a held run, and let it go."""
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


def trace(run: Run, options: Sequence[str], log: Path) -> Ended:
    """Run to the end under strace."""
    tracer = attach(run, options, log)
    ended = run.wait()
    try:
        tracer.wait(10)
    except subprocess.TimeoutExpired:
        tracer.kill()
        tracer.wait()
    return ended


def count_calls(run: Run, names: Sequence[str], log: Path) -> Counter[str]:
    """Return how often a run makes each of the calls, in the process that makes most of them."""
    trace(run, ["-e", f"trace={','.join(names)}"], log)
    each: dict[str, Counter[str]] = {}
    for line in log.read_text("utf-8", "replace").splitlines():
        found = CALL.match(line)
        if found:
            each.setdefault(line.split(" ", 1)[0], Counter())[found[1]] += 1
    return Counter({name: max((counts[name] for counts in each.values()), default=0) for name in names})
