"""Kill imports into a site with posts edited by hand, and kill publishes."""

import shutil
import signal
import time
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from random import Random

from sitegen.content.ledger.file import read_ledger
from sitegen.system.atomic_write import is_temporary
from tests.faults.clean_builds import CleanBuilds, digests
from tests.faults.processes import Run, preload, run
from tests.faults.site_under_test import CONFIG, SiteUnderTest, Tree, compare_trees, read_tree, remove
from tests.support.importing import EXPORTS, SAMPLES, import_sample
from tests.support.sites import post, write

OWN = {
    "sitegen.toml": CONFIG.format("Own"),
    "content/posts/2024-01-02-own.md": post("Own", text="Written by hand."),
    "content/pages/about.md": "---\ntitle: About\n---\n\nWho we are.\n",
}
EDIT = b"\nEdited by hand.\n"
ADDED_TEXT = {".md": "\n\nOne more paragraph.\n", ".html": "<p>One more paragraph.</p>\n", ".txt": "\nOne more line.\n"}
STATES = (("first", "first"), ("again", "again"), ("newer", "newer"), ("newer", "newest"))
"""The export that the killed import reads, and the one that the next import reads."""


class ImportedSite:
    """A site with the sample of a platform, imported for the first time, again, or in a newer state."""

    def __init__(self, home: Path, sample: str) -> None:
        self.root, self.home, self.sample = home / "site", home, sample
        for times, name in enumerate(("newer", "newest"), 1):
            shutil.copytree(EXPORTS / sample / "input", home / name)
            for path in sorted((home / name).rglob("*")):
                if path.suffix in ADDED_TEXT:
                    with path.open("a") as file:
                        file.write(ADDED_TEXT[path.suffix] * times)
        self.expected: dict[str, Tree] = {}
        self.seconds: dict[str, float] = {}
        import_sample(sample, home / "loaded")  # loads the modules that such imports need

    def prepare(self, state: str) -> None:
        """Prepare the site for an import whose uninterrupted result is known."""
        if state not in self.expected:
            self._prepare_files(state)
            self.seconds[state] = self.start(state).wait().seconds
            self.expected[state] = self.read()
        self._prepare_files(state)

    def _prepare_files(self, state: str) -> None:
        """Write a site; except for the first import, also import into it and edit posts."""
        remove(self.root)
        write(self.root, dict(OWN))
        if state != "first":
            result = self.start("first").wait()
            assert result.code == 0, result.output
            posts = sorted(name for name in self.read().keys() - OWN.keys() if name.endswith(".md"))
            edited, deleted = posts[0], posts[-1]
            with (self.root / edited).open("ab") as file:
                file.write(EDIT)
            if deleted != edited and state == "again":
                (self.root / deleted).unlink()
        self.before = self.read()

    def start(self, state: str, *, paused: bool = False) -> Run:
        """Start an import."""
        path = self.home / state if state in ("newer", "newest") else EXPORTS / self.sample / "input"
        arguments = ["-C", str(self.root), "import", "--from", SAMPLES[self.sample], str(path)]
        return Run(arguments, self.home / "log.txt", paused=paused)

    def read(self) -> Tree:
        """Return the files of the site's content, including temporary ones."""
        return {f"content/{name}": data for name, data in read_tree(self.root / "content").items()}

    def check_interrupted(self, state: str) -> Iterator[str]:
        """Yield files that a killed import left neither old nor new, and hand-written files that it changed."""
        after, expected = self.read(), self.expected[state]
        for name in sorted(after.keys() | self.before.keys()):
            if is_temporary(name):
                continue  # the next import writes it again, then moves it
            if after.get(name) not in (self.before.get(name), expected.get(name)):
                yield f"{name} is neither old nor new"
        for name, data in self.before.items():
            if (name in OWN or data.endswith(EDIT)) and after.get(name) != data:
                yield f"{name} was written by hand and has changed"

    def check_next_build(self, state: str) -> Iterator[str]:
        """Import again, and yield differences from an uninterrupted import."""
        result = self.start(state).wait()
        if result.code or result.hung:
            yield f"the next import ends with {result.code}: {result.output[-600:]}"
        yield from (violation.removeprefix("output/") for violation in compare_trees(self.read(), self.expected[state]))


def kill_imports(home: Path, random: Random) -> Iterator[str]:
    """Kill imports of each platform's sample at random moments, and sometimes a publish."""
    preload(home)
    exports: dict[str, ImportedSite] = {}
    killed_publishes = _kill_publishes(home, random)
    for number, (states, sample) in enumerate(cycle((states, sample) for states in STATES for sample in SAMPLES), 1):
        state, following = states
        if sample not in exports:
            exports[sample] = ImportedSite(home / sample, sample)
        export = exports[sample]
        if following not in export.expected:
            export.prepare(following)
        export.prepare(state)
        killed = export.start(state)
        time.sleep(random.random() * export.seconds[state])
        killed.kill(random.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGINT]))
        killed.wait()
        violations = [*export.check_interrupted(state), *export.check_next_build(following)]
        yield f"{sample}, {state}, {following}: {'; '.join(violations)}" if violations else ""
        if number % 3 == 0:
            yield next(killed_publishes)


def _kill_publishes(home: Path, random: Random) -> Iterator[str]:
    """Kill the command `publish` in its build, its checks, its replacement of the folder or its ledger update."""
    site, clean_builds = SiteUnderTest(home / "letter"), CleanBuilds(home)
    publish = ["-C", str(site.root), "publish", "--yes", "-j", "1", "--despite", "urls", "--despite", "errors"]
    seconds = run(publish, site.log).seconds
    ledger, published = site.root / "published.json", site.root / "www"
    while True:
        before = digests(read_tree(published))
        site.switch_to(1 - site.state)
        expected, trees = clean_builds.digests_of(site.root), _urls(ledger)
        killed = Run(publish, site.log)
        time.sleep(random.random() * seconds)
        killed.kill()
        killed.wait()
        violations = (
            [] if digests(read_tree(published)) in (before, expected) else ["www is neither the old site nor the new"]
        )
        violations += site.check_sources()
        expected = clean_builds.digests_of(site.root)
        result = run(publish, site.log)
        violations += [f"the next publish ends with {result.code}: {result.output[-600:]}"] if result.code else []
        violations += [f"www: {violation}" for violation in compare_trees(digests(read_tree(published)), expected)]
        violations += [f"the ledger lost {url}" for url in sorted(trees - _urls(ledger))]
        yield f"publish: {'; '.join(violations)}" if violations else ""


def _urls(ledger: Path) -> set[str]:
    """Return every URL of a ledger. Raises SiteError if the file is damaged."""
    return {url for record in read_ledger(ledger).records for url in record.urls}
