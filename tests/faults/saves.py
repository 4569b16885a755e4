"""Saves while a site is served: as editors save, each in its own time, and many thousands in one run."""

import time
from collections.abc import Iterator
from itertools import count, cycle
from pathlib import Path
from random import Random

from tests.support.editors import SAVES
from tests.support.serving import post, serving, write_site
from tests.support.soaking import holding, listen, save_without_end

GLANCE = 0.002
"""Seconds between two looks at whether a save is served."""
WARM = 100
"""After so many saves a server has what it needs."""
GROWTH = 10.0
"""Megabytes that it may take more after that, however many saves there are."""
PASSING = 2
"""Descriptors and threads of requests that are under way."""


def of_editors(home: Path, random: Random) -> Iterator[str | float]:
    """Save a post as each editor does, at any moment after the last save; yield the seconds until it is served."""
    root = write_site(home / "site")
    files = {save: root / f"content/posts/{save.__name__.replace('_', '-')}.md" for save in SAVES}
    for file in files.values():
        file.write_text(post(file.stem, f"save {0:08}."))
    with serving(root, "--watch", patience=60) as server:
        for number, save in zip(count(1), cycle(SAVES)):
            time.sleep(random.random() * random.choice([0.005, 0.05, 0.3]))
            file, words = files[save], f"save {number:08}."
            save(file, post(file.stem, words))
            start = time.monotonic()
            try:
                server.wait(lambda: words in server.text(f"/posts/{file.stem}/"), GLANCE)  # noqa: B023
            except AssertionError as missed:
                yield f"{save.__name__}: {missed}"
            else:
                yield f"a traceback: {server.said[-2000:]}" if "Traceback" in server.said else time.monotonic() - start


def without_end(home: Path, random: Random) -> Iterator[str | float]:
    """Save in every way under one server; yield the megabytes that it takes more than when it was warm."""
    with serving(write_site(home / "site"), "--watch", patience=60) as server:
        listen(server)
        saves = save_without_end(server)
        early, grown = None, 0.0
        while True:
            try:
                number = next(saves)
            except AssertionError as missed:
                yield f"a save is not served: {missed}"
                return
            if number % WARM:
                yield grown
                continue
            now = holding(server)
            early = early or now
            grown = now.memory - early.memory
            faults = [f"memory grew by {grown:.1f} MB"] if grown > GROWTH else []
            for name in ("descriptors", "threads"):
                more = getattr(now, name) - getattr(early, name)
                faults += [f"{more} more {name}"] if more > PASSING else []
            faults += [f"a traceback: {server.said[-2000:]}"] if "Traceback" in server.said else []
            yield f"after {number} saves: {'; '.join(faults)}" if faults else grown
