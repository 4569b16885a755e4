"""Builds of files whose times are misleading: unchanged after an edit, or far in the past or future."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

from tests.faults.processes import preload
from tests.faults.site_under_test import SiteUnderTest, build_clean


def change_times(home: Path, random: Random) -> Iterator[str]:
    """Edit posts without changing their size and time; set times far in the past or future; touch unchanged posts."""
    preload(home)
    site = SiteUnderTest(home / "one")
    far = (0, 10**18, time.time_ns() + 10**17, 2**33 * 10**9)
    while True:
        site.prepare("unchanged")
        change = random.choice(["same", "far", "touch", "replace"])
        state = dict(site.states[site.state])
        for name in random.sample(sorted(name for name in state if name.endswith(".md")), 2):
            path = site.root / name
            time_ns = path.stat().st_mtime_ns if change in ("same", "replace") else random.choice(far)
            target = path.with_name("spare.tmp") if change == "replace" else path
            if change != "touch":
                state[name] = swap_letters(state[name])
                target.write_bytes(state[name])
            os.utime(target, ns=(time_ns, time_ns))
            target.replace(path)
        site.states[site.state] = state
        site.clean_outputs[site.state] = build_clean(home, state)
        result = site.start().wait()
        violations = [] if result.code == 0 else [f"it ends with {result.code}: {result.output[-900:]}"]
        violations += [*site.check_clean(), *site.check_next_build(), *site.check_sources()]
        yield f"{change}: {'; '.join(violations)}" if violations else ""


def swap_letters(post: bytes) -> bytes:
    """Return a post of the same size with another body."""
    front, delimiter, body = post.rpartition(b"---\n")
    return front + delimiter + body.translate(bytes.maketrans(b"STWA", b"TWAS"))
