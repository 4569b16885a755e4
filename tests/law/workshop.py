"""A site's folder under edit, its builder, and the judge who compares each build with a clean one."""

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from msgspec import structs

from sitegen.build.builder import WORK, Builder, Request
from sitegen.build.manifest import manifest_of, read_manifest
from sitegen.build.output_folder import resolve_output
from sitegen.build.output_record import OutputRecord
from sitegen.build.staging import STAGE
from sitegen.config.load import read_config
from sitegen.config.schema import Config
from sitegen.errors import Problem, SiteError
from sitegen.model import Report
from sitegen.render.theme import find_theme
from sitegen.system import processes
from sitegen.system.files import Stamp, stamp_of
from tests.law.matter import COMPUTED, CONFIG, GOOD_PAGES, ICONS, LOGOS, MARKS, OWN, PAGES, POSTS, TOOL
from tests.support.sites import CACHE

COMPILED_ANEW = 32
"""One in this many clean builds compiles all templates, which takes longer than all the rest of it."""

Tree = dict[str, bytes | None]
"""The files below a folder with their bytes; folders, their names ending in a slash, with None."""


def moment(day: str) -> int:
    """Return the beginning of a day (UTC) in nanoseconds."""
    return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp()) * 1_000_000_000


CLOCKS: dict[str, Callable[[], int]] = {
    "real": time.time_ns,
    "past": lambda: moment("2023-06-01"),
    "later": lambda: moment("2100-01-01"),
    "latest": lambda: moment("2100-03-01"),
}
"""At "real" time no file has been quiet for long, at "past" all files are of the future, later all are quiet."""


def read_tree(folder: Path) -> Tree:
    """Return what is below a folder but what waits there; links stand for themselves."""
    tree: Tree = {}
    pending = [(str(folder), "")]
    while pending:
        place, prefix = pending.pop()
        if not Path(place).is_dir():
            continue
        with os.scandir(place) as items:
            for item in items:
                if item.name == STAGE:
                    continue
                if item.is_symlink():
                    tree[prefix + item.name] = b"link to " + os.fsencode(Path(item.path).readlink())
                elif item.is_dir():
                    tree[f"{prefix}{item.name}/"] = None
                    pending.append((item.path, f"{prefix}{item.name}/"))
                else:
                    tree[prefix + item.name] = Path(item.path).read_bytes()
    return tree


def remove(path: Path) -> None:
    """Remove whatever is at a path."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


class Workshop:
    """Holds a site's folder, the builder that builds it again and again, and what belongs to nobody in the output.

    `foreign` are the files of the output folder that sitegen has no record of, with their bytes;
    `hurt` says that the build cache was damaged or replaced, so that only the manifest lists sitegen's files;
    `serving` that each build comes after the quick one with which a server answers, and `ending` how the server ends
    before it has rendered feeds and the search index: not at all, or by "close" or "crash".
    """

    def __init__(self, home: Path) -> None:
        self.home, self.root, self.packages = home, home / "site", home / "packages"
        self.packages.mkdir(parents=True)
        sys.path.insert(0, str(self.packages))
        (self.packages / "law_marks.py").write_text(MARKS[0])
        (self.packages / "law_tool.py").write_text(TOOL[0])
        self.links: dict[str, str] = {}
        self.kept_links: dict[str, str] = {}
        self.clock, self.request = "later", Request()
        self.settings = {name: variants[0] for name, variants in CONFIG.items()}
        self.foreign: Tree = {}
        self.hurt = False
        self.serving, self.ending = False, ""
        self.seen: dict[str, Stamp] = {}
        self.builds = self.cleanings = 0
        self.jobs = 1
        self.kept: Tree = {}
        self.failures = 0
        self.builder: Builder | None = None
        self.posts: dict[int, dict[str, str]] = {}
        self.kept_fields = dict(self.posts), dict(self.settings)
        for number, name in enumerate(sorted(self._theme_files())):
            text = "" if name.startswith("assets/") else PAGES[number % GOOD_PAGES] if name != "post.html" else POSTS[1]
            self.write(f"templates/{name}", text)
        self.write("templates/page.html", COMPUTED)
        self.write("templates/assets/a.css", "a{}")
        for name, variants in OWN.items():
            self.write(f"templates/{name}", variants[0] or "")
        self.write("content/icon.png", ICONS[0] or b"")
        self.write("content/logo.svg", LOGOS[0] or "")
        self.write("content/shared/deep/x.txt", "shared")
        self.write(".hidden", "secret")
        (self.root / "alias").symlink_to("output")
        self.write("content/pages/about.md", "---\ntitle: About\n---\nAbout us.\n")
        self.write_config()

    def _theme_files(self) -> Iterator[str]:
        theme = find_theme()
        return (file.relative_to(theme).as_posix() for file in theme.rglob("*") if file.is_file())

    def now(self) -> int:
        """Return the time in nanoseconds, by the clock of the day."""
        return CLOCKS[self.clock]()

    @property
    def name(self) -> str:
        """The output folder as it is called."""
        return self.request.output or "output"

    @property
    def output(self) -> str:
        """The one name of the output folder."""
        return resolve_output(self.root, self.name)

    @property
    def folder(self) -> Path:
        """The output folder."""
        return self.root / self.output

    def end(self) -> None:
        """Forget what was installed for the site."""
        self.restart(crash=True)
        sys.path.remove(str(self.packages))
        for name in ("law_marks", "law_tool"):
            sys.modules.pop(name, None)

    def link(self, name: str, target: str | None) -> None:
        """Make a symbolic link of the site, or remove it."""
        path = self.root / name
        if path.is_symlink() or path.is_file():
            path.unlink()
        self.links.pop(name, None)
        if target is not None and not path.exists() and path.parent.is_dir():
            path.symlink_to(target)
            self.links[name] = target

    def write(self, name: str, data: str | bytes | None) -> None:
        """Write a file of the site, or remove it."""
        path = self.root / name
        for place in (path, *path.parents):
            if place.is_symlink() and self.root in place.parents:
                self.link(place.relative_to(self.root).as_posix(), None)
        if data is None:
            remove(path)
            return
        if path.is_dir():
            remove(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)

    def write_config(self) -> None:
        """Write the config that the settings make."""
        tables: dict[str, list[str]] = {"": []}
        for name, value in self.settings.items():
            table, _, key = name.rpartition(".")
            tables.setdefault(table, []).append(f"{key} = {value}\n")
        text = "".join((f"[{name}]\n" if name else "") + "".join(rows) for name, rows in tables.items())
        self.write("sitegen.toml", text)

    def write_post(self, slot: int, fields: dict[str, str] | None) -> None:
        """Write, change or (None) delete the post of a slot."""
        if fields is None:
            self.posts.pop(slot, None)
            self.write(f"content/posts/p{slot}.md", None)
            return
        self.posts[slot] = fields
        front = "".join(f"{name}: {value}\n" for name, value in fields.items() if name != "body" and value)
        self.write(f"content/posts/p{slot}.md", f"---\n{front}---\n{fields.get('body', '')}")

    def sources(self) -> list[str]:
        """Return the names of all files that the site is made from, in order."""
        top = [path.name for path in self.root.iterdir() if path.is_file()]
        folders = [self.root / "content", self.root / "templates"]
        below = [path.relative_to(self.root).as_posix() for folder in folders for path in folder.rglob("*")]
        found = sorted(top) + sorted(name for name in below if (self.root / name).is_file())
        return [name for name in found if not (self.root / name).is_symlink()]

    def restart(self, *, crash: bool = False) -> None:
        """End the process that builds; in a crash it keeps nothing that it had in mind."""
        if self.builder is not None:
            if crash:
                self.builder.tools.store.close()
            else:
                self.builder.close()
        self.builder = None

    def forget_all(self, *, record: bool = True) -> None:
        """Remove all that sitegen knows of its output; with `record` also what the user's cache has of it."""
        remove(self.root / WORK)
        if not record:
            self.hurt = True  # what a process that has not ended yet wrote is not in the record
            return
        for folder in (self.root / "output", self.root / WORK / "preview"):
            file = OutputRecord(CACHE, folder).file
            assert file is not None
            remove(file)
        self.hurt = False
        for name, data in read_tree(self.root / "output").items():
            self.foreign.setdefault(name, data)

    def config(self) -> Config:
        """Return the site's config as it is read."""
        return read_config(self.root).config

    @contextmanager
    def forking(self) -> Iterator[None]:
        """Let few items suffice for a second process, where there are jobs for one."""
        before, processes.MIN_PARALLEL_ITEMS = (
            processes.MIN_PARALLEL_ITEMS,
            2 if self.jobs > 1 else processes.MIN_PARALLEL_ITEMS,
        )
        try:
            yield
        finally:
            processes.MIN_PARALLEL_ITEMS = before

    def build(self, config: Config) -> Report:
        """Build as the process under test does."""
        self.builds += 1
        if self.builder is None:
            self.builder = Builder(self.root, self.now, cache=CACHE)
        with self.forking():
            return self.builder.build(config, self.request)

    def answer(self, config: Config) -> None:
        """Build as a server does first, looking at nothing but the files that are said to have changed."""
        before, self.seen = self.seen, {name: stamp_of((self.root / name).stat()) for name in self.sources()}
        changed = frozenset(name for name, _ in before.items() ^ self.seen.items())
        if self.serving and self.builder is not None and changed:
            with suppress(SiteError), self.forking():
                self.builder.build(config, structs.replace(self.request, changed_paths=changed, pages_first=True))
            if self.ending:
                self.restart(crash=self.ending == "crash")

    def try_to_build(self, config: Config) -> tuple[Problem, ...]:
        """Build, and return the problems that were in the way."""
        try:
            self.build(config)
        except SiteError as error:
            return error.problems
        return ()

    def build_clean(self, config: Config) -> tuple[Tree, tuple[Problem, ...]]:
        """Return what a build from nothing writes into an empty folder, or its problems."""
        clean, work = self.home / "clean", self.home / "work"
        remove(clean)
        remove(work)
        cache = None if self.cleanings % COMPILED_ANEW == 0 else CACHE
        builder = Builder(self.root, CLOCKS[self.clock], work=work, cache=cache)
        request = Request(str(clean), drafts=self.request.drafts, future=self.request.future)
        self.cleanings += 1
        try:
            builder.build(config, request)
        except SiteError as error:
            return {}, error.problems
        finally:
            builder.tools.store.close()
        return read_tree(clean), ()

    def judge(self) -> bool:
        """Build, hold the output to the law, and return whether the build succeeded."""
        try:
            config = self.config()
        except SiteError:
            self.fail()
            return False
        self.answer(config)
        before = read_tree(self.folder)
        self.hurt = self.hurt or self.request.fresh
        clean, faults = self.build_clean(config)
        foreign = self.foreign if self.output == "output" else {}
        known = read_manifest(manifest_of(self.root / WORK, self.output))
        doubtful = {name for name in before if not name.endswith("/") and name not in known} if self.hurt else set()
        problems = self.try_to_build(config)
        if problems:
            after = read_tree(self.folder)
            agree(after, before, "a build that failed changed the output")
            if faults:
                assert places(problems) == places(faults), "a clean build has other problems"
            else:
                self.judge_obstacles(problems, clean, {**dict.fromkeys(doubtful), **foreign}, before)
            self.fail()
            return False
        assert not faults, f"a clean build fails: {faults}"
        self.request = structs.replace(self.request, fresh=False)
        after = read_tree(self.folder)
        self.judge_tree(after, clean, before, foreign, doubtful)
        assert not (self.folder / STAGE).exists(), "what a killed build left was not cleared away"
        again = self.build(config)
        if any("a new one was created" in warning.message for warning in again.warnings):
            again = self.build(config)
        assert again.rendered == (), f"one more build drew {again.rendered}"
        assert again.removed == (), f"one more build removed {again.removed}"
        agree(read_tree(self.folder), after, "one more build changed the output")
        if self.output == "output":
            self.foreign = {name: data for name, data in after.items() if name not in clean}
        self.failures = 0
        self.kept = {name: (self.root / name).read_bytes() for name in self.sources()}
        self.kept_fields = dict(self.posts), dict(self.settings)
        self.kept_links = dict(self.links)
        return True

    def judge_tree(self, after: Tree, clean: Tree, before: Tree, foreign: Tree, doubtful: set[str]) -> None:
        """Refuse a tree that is not a clean build's with what belongs to others."""
        expected = dict(clean)
        for name, data in foreign.items():
            if name in before and name.rstrip("/") not in clean:  # an empty folder gives way to a page
                expected.setdefault(name, data)
        # A folder stays where something that is not ours is left in it.
        for name in list(after):
            if name not in expected and name in doubtful and after[name] == before.get(name):
                expected[name] = after[name]
        for name in list(expected):
            parts = name.rstrip("/").split("/")
            for length in range(1, len(parts)):
                expected.setdefault("/".join(parts[:length]) + "/", None)
        agree(after, expected, "the output is not a clean build's")

    def judge_obstacles(self, problems: tuple[Problem, ...], clean: Tree, foreign: Tree, before: Tree) -> None:
        """Refuse problems but those that name a file in the way that sitegen has no record of."""
        for problem in problems:
            assert problem.path.startswith(f"{self.name}/") or problem.path == self.name, problem
            name = problem.path[len(self.name) + 1 :]
            in_the_way = [
                other for other in before if not name or other.rstrip("/") == name or other.startswith(f"{name}/")
            ]
            kept = [other for other in in_the_way if other in foreign]
            assert kept, f"nothing of somebody else's is in the way: {problem}"
            assert any(clean.get(other, b"") != before[other] for other in kept), f"the same is there: {problem}"
            for other in in_the_way:
                self.foreign.pop(other, None)
            remove(self.folder / name)

    def fail(self) -> None:
        """After a build that failed: go on with the broken site once, then put back the last good one."""
        self.failures += 1
        if self.failures < 2 or not self.kept:
            return
        self.failures = 0
        self.posts, self.settings = map(dict, self.kept_fields)
        for name in self.links.keys() | self.kept_links.keys():
            self.link(name, self.kept_links.get(name))
        for name in self.sources():
            if name not in self.kept:
                remove(self.root / name)
        for name, data in self.kept.items():
            path = self.root / name
            if not path.is_file() or path.read_bytes() != data:
                self.write(name, data)


def places(problems: tuple[Problem, ...]) -> list[tuple[str, int, str]]:
    """Return where problems are and what they say."""
    return [(problem.path, problem.line, problem.message) for problem in problems]


def agree(one: Tree, other: Tree, complaint: str) -> None:
    """Refuse two trees that differ."""
    rows = differences(one, other)
    if rows:
        raise AssertionError(f"{complaint}:\n  " + "\n  ".join(rows))


def differences(one: Tree, other: Tree) -> list[str]:
    """Return what tells two trees apart, in words."""
    rows = []
    for name in sorted(one.keys() | other.keys()):
        if name not in one:
            rows.append(f"{name} is missing")
        elif name not in other:
            rows.append(f"{name} is there")
        elif one[name] != other[name]:
            rows.append(f"{name}: {one[name]!r:.400} instead of {other[name]!r:.400}")
    return rows
