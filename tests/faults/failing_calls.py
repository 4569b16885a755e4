"""Make system calls fail: disk full, permission denied, too many open files, input/output error."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

from tests.faults import strace
from tests.faults.killed_builds import BUILD_TYPES
from tests.faults.processes import preload
from tests.faults.site_under_test import SiteUnderTest

ERRORS = {
    "ENOSPC": ("openat", "mkdir", "write", "pwrite64", "rename", "sendfile", "copy_file_range", "ftruncate"),
    "EIO": ("openat", "read", "pread64", "write", "pwrite64", "rename", "unlink", "getdents64", "mkdir", "sendfile"),
    "EACCES": ("openat", "mkdir", "rename", "unlink", "rmdir", "newfstatat"),
    "EMFILE": ("openat",),
}


def fail_each_call(home: Path, random: Random) -> Iterator[str]:
    """Make the Nth call fail, once or from then on, for every N and each error that the call can return."""
    strace.require()
    preload(home)
    site, log = SiteUnderTest(home / "one"), home / "calls.txt"
    names = sorted({name for calls in ERRORS.values() for name in calls})
    cases = []
    for build_type in BUILD_TYPES:
        site.prepare(build_type)
        counts = strace.count_calls(site.start(paused=True), names, log)
        for error, calls in ERRORS.items():
            cases += [
                (build_type, error, name, f"{number}{suffix}")
                for name in calls
                for number in range(1, counts[name] + 1)
                for suffix in ("", "+")
            ]
    random.shuffle(cases)
    for build_type, error, name, when in cases:
        site.prepare(build_type)
        options = ["-e", f"inject={name}:error={error}:when={when}"]
        result = strace.trace(site.start(paused=True), options, log)
        violations = site.check_failed(result)
        yield f"{build_type}, {error} at {name} {when}: {violations}" if violations else ""
