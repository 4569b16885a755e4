"""Publishing that is killed, over lines that break, and beside builds."""

import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

from tests.building import post
from tests.faults.clean import Clean, digests
from tests.faults.letter import Letter, differences, judge_words, read_tree
from tests.faults.process import Run, killing, preload, run

MANY = 60
"""So many posts make a publish take long enough for builds to come in between."""


def beside_builds(home: Path, random: Random) -> Iterator[str]:
    """Publish while a post is edited and others build; what goes out is the site before the edit or after it."""
    preload(home)
    letter, clean = Letter(home / "one", MANY), Clean(home)
    publish = ["-C", str(letter.root), "publish", "--yes", "-j", "1"]
    lasts = run(publish, letter.log).seconds
    file, number = letter.root / "content/posts/2024-01-02-second.md", 0
    while True:
        number += 1
        _exchange(file, post(f"Second {number}", "2024-01-02", "Edited.", f"t{number % 5}"))
        allowed = [clean.of(letter.root)]
        out = Run(publish, home / "publish.txt")
        time.sleep(random.random() * lasts)
        _exchange(file, post(f"Second {number}, edited", "2024-01-02", "Edited beside.", f"t{number % 3}"))
        runs = []
        for other in range(random.randint(1, 3)):
            runs.append(Run(letter.arguments, home / f"said-{other}.txt"))
            time.sleep(random.random() * 0.05)
        with killing([out, *runs]):
            if random.random() < 0.25:
                runs[0].kill()
            faults = [fault for one in runs[1:] for fault in judge_words(one.wait())]
            runs[0].wait()
            ended = out.wait()
        faults += [f"publish ends with {ended.code}: {ended.said[-600:]}"] if ended.code or ended.hung else []
        allowed.append(clean.of(letter.root))
        there = digests(read_tree(letter.root / "www"))
        if there not in allowed:
            faults += [f"published: {fault}" for fault in differences(there, allowed[-1])][:5] or ["?"]
        for arguments in (letter.arguments, publish):
            ended = run(arguments, letter.log)
            faults += [f"the next ends with {ended.code}: {ended.said[-600:]}"] if ended.code or ended.hung else []
        wanted = clean.of(letter.root)
        for name in ("output", "www"):
            faults += [f"{name}: {fault}" for fault in differences(digests(read_tree(letter.root / name)), wanted)][:5]
        clean.known.clear()
        yield "; ".join(faults)


def _exchange(file: Path, text: str) -> None:
    """Write a file in one step."""
    spare = file.with_name(".spare.tmp")
    spare.write_text(text)
    spare.replace(file)
