"""Imports and publishes of a site that are killed, while some of its posts were edited by hand."""

import shutil
import signal
import time
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from random import Random

from sitegen.ledger.file import read_ledger
from sitegen.system.atomic_write import is_temporary
from tests.faults.clean import Clean, digests
from tests.faults.letter import CONFIG, Letter, Tree, differences, read_tree, remove
from tests.faults.process import Run, preload, run
from tests.support.importing import EXPORTS, SAMPLES, import_sample
from tests.support.sites import post, write

OWN = {
    "sitegen.toml": CONFIG.format("Own"),
    "content/posts/2024-01-02-own.md": post("Own", text="Written by hand."),
    "content/pages/about.md": "---\ntitle: About\n---\n\nWho we are.\n",
}
EDIT = b"\nEdited by hand.\n"
NEWER = {".md": "\n\nOne more paragraph.\n", ".html": "<p>One more paragraph.</p>\n", ".txt": "\nOne more line.\n"}
STATES = (("first", "first"), ("again", "again"), ("newer", "newer"), ("newer", "newest"))
"""What is imported when the import is killed, and what by the one after it."""


class Export:
    """Holds a site into which the sample of a platform is imported: for the first time, again, in a newer state."""

    def __init__(self, home: Path, sample: str) -> None:
        self.root, self.home, self.sample = home / "site", home, sample
        for times, name in enumerate(("newer", "newest"), 1):
            shutil.copytree(EXPORTS / sample / "input", home / name)
            for path in sorted((home / name).rglob("*")):
                if path.suffix in NEWER:
                    with path.open("a") as file:
                        file.write(NEWER[path.suffix] * times)
        self.wanted: dict[str, Tree] = {}
        self.seconds: dict[str, float] = {}
        import_sample(sample, home / "loaded")  # loads what such imports need

    def begin(self, state: str) -> None:
        """Make ready for an import, of which it is known what it leaves when nothing disturbs it."""
        if state not in self.wanted:
            self._make_ready(state)
            self.seconds[state] = self.start(state).wait().seconds
            self.wanted[state] = self.read()
        self._make_ready(state)

    def _make_ready(self, state: str) -> None:
        """Write a site of its own; then, but for the first import, let it be imported to and edited."""
        remove(self.root)
        write(self.root, dict(OWN))
        if state != "first":
            ended = self.start("first").wait()
            assert ended.code == 0, ended.said
            posts = sorted(name for name in self.read().keys() - OWN.keys() if name.endswith(".md"))
            edited, deleted = posts[0], posts[-1]
            with (self.root / edited).open("ab") as file:
                file.write(EDIT)
            if deleted != edited and state == "again":
                (self.root / deleted).unlink()
        self.before = self.read()

    def start(self, state: str, *, held: bool = False) -> Run:
        """Begin an import."""
        path = self.home / state if state in ("newer", "newest") else EXPORTS / self.sample / "input"
        arguments = ["-C", str(self.root), "import", "--from", SAMPLES[self.sample], str(path)]
        return Run(arguments, self.home / "said.txt", held=held)

    def read(self) -> Tree:
        """Return the files of the site's content, those that wait included."""
        return {f"content/{name}": data for name, data in read_tree(self.root / "content").items()}

    def judge_broken_off(self, state: str) -> Iterator[str]:
        """Yield what a killed import left that is neither old nor new, or was edited by hand and is not as it was."""
        after, wanted = self.read(), self.wanted[state]
        for name in sorted(after.keys() | self.before.keys()):
            if is_temporary(name):
                continue  # the next import writes it anew, and moves it
            if after.get(name) not in (self.before.get(name), wanted.get(name)):
                yield f"{name} is neither old nor new"
        for name, data in self.before.items():
            if (name in OWN or data.endswith(EDIT)) and after.get(name) != data:
                yield f"{name} was written by hand, and is not as it was"

    def judge_next(self, state: str) -> Iterator[str]:
        """Import again, and yield what is not as if nothing had happened."""
        ended = self.start(state).wait()
        if ended.code or ended.hung:
            yield f"the next import ends with {ended.code}: {ended.said[-600:]}"
        yield from (fault.removeprefix("output/") for fault in differences(self.read(), self.wanted[state]))


def killed(home: Path, random: Random) -> Iterator[str]:
    """Kill imports of each platform's sample at any moment, and whole publishes now and then."""
    preload(home)
    exports: dict[str, Export] = {}
    publishes = _kill_publishes(home, random)
    for number, (states, sample) in enumerate(cycle((states, sample) for states in STATES for sample in SAMPLES), 1):
        state, following = states
        if sample not in exports:
            exports[sample] = Export(home / sample, sample)
        export = exports[sample]
        if following not in export.wanted:
            export.begin(following)
        export.begin(state)
        broken = export.start(state)
        time.sleep(random.random() * export.seconds[state])
        broken.kill(random.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGINT]))
        broken.wait()
        faults = [*export.judge_broken_off(state), *export.judge_next(following)]
        yield f"{sample}, {state}, {following}: {'; '.join(faults)}" if faults else ""
        if number % 3 == 0:
            yield next(publishes)


def _kill_publishes(home: Path, random: Random) -> Iterator[str]:
    """Kill the command `publish`: its build, its check, its exchange of the folder, its ledger."""
    letter, clean = Letter(home / "letter"), Clean(home)
    publish = ["-C", str(letter.root), "publish", "--yes", "-j", "1", "--despite", "urls", "--despite", "errors"]
    seconds = run(publish, letter.log).seconds
    ledger, there = letter.root / "published.json", letter.root / "www"
    while True:
        before = digests(read_tree(there))
        letter.go(1 - letter.state)
        wanted, known = clean.of(letter.root), _addresses(ledger)
        killed_run = Run(publish, letter.log)
        time.sleep(random.random() * seconds)
        killed_run.kill()
        killed_run.wait()
        faults = [] if digests(read_tree(there)) in (before, wanted) else ["www is neither the old site nor the new"]
        faults += letter.judge_sources()
        wanted = clean.of(letter.root)
        ended = run(publish, letter.log)
        faults += [f"the next publish ends with {ended.code}: {ended.said[-600:]}"] if ended.code else []
        faults += [f"www: {fault}" for fault in differences(digests(read_tree(there)), wanted)]
        faults += [f"the ledger forgot {url}" for url in sorted(known - _addresses(ledger))]
        yield f"publish: {'; '.join(faults)}" if faults else ""


def _addresses(ledger: Path) -> set[str]:
    """Return every URL of a ledger, which raises SiteError where it is not whole."""
    return {url for record in read_ledger(ledger).records for url in record.urls}
