#!/usr/bin/env python3
"""Save files thousands of times under a watching server, and check that it serves each save and does not grow.

    .venv/bin/python bench/soak.py [--saves 20000] [--growth 10]

The saves are of ten types (in place, by rename, a new post and its removal, an invalid post and its fix,
a style sheet, sometimes a template). An open page listens to the events, and each save is requested until
it is served. Prints memory and descriptors; exits with 1 if memory grows after the first tenth by more than
a limit in megabytes, or descriptors or threads by any number.
"""

import argparse
import pathlib
import sys
import tempfile
import time
from itertools import islice

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from tests.support.serving import serving, write_site
from tests.support.soaking import listen, measure_resources, save_repeatedly


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--saves", type=int, default=20_000)
    options.add_argument("--growth", type=float, default=10, help="megabytes of memory after the first tenth")
    chosen = options.parse_args()
    early = None
    with tempfile.TemporaryDirectory() as folder, serving(write_site(pathlib.Path(folder)), "--watch") as server:
        events = listen(server)
        start = time.monotonic()
        for number in islice(save_repeatedly(server), chosen.saves):
            if number % max(1, chosen.saves // 10) == 0:
                now = measure_resources(server)
                row = f"{number:6} saves  {time.monotonic() - start:6.0f} s  {now.memory:6.1f} MB"
                print(f"{row}  {now.descriptors} descriptors  {now.threads} threads  {len(events)} events", flush=True)
                early = early or now
    assert early
    grown = now.memory - early.memory
    print(f"grown by {grown:.1f} MB, {now.descriptors - early.descriptors} descriptors")
    if grown > chosen.growth or now.descriptors > early.descriptors + 2 or now.threads > early.threads + 2:
        sys.exit("it grows")


if __name__ == "__main__":
    main()
