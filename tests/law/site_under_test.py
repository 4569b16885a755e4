"""A site that is edited and built over and over, each build compared with a clean one."""

import os
import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

from msgspec import structs

from sitegen.build.build_site import Report
from sitegen.build.builder import WORK, Builder, Request
from sitegen.build.manifest import manifest_of, read_manifest
from sitegen.build.output_folder import resolve_output
from sitegen.build.output_record import OutputRecord
from sitegen.build.staging import STAGE
from sitegen.build.stored_site import read_stored_site
from sitegen.cache.store import Store
from sitegen.config.load import read_config
from sitegen.config.schema import Config
from sitegen.errors import Problem, SiteError
from sitegen.render.theme import find_theme
from sitegen.system import processes
from sitegen.system.files import Stamp, stamp_of
from tests.law.variants import (
    CARD_FONTS,
    COMPUTED_INCLUDE,
    CONFIG,
    ICONS,
    LOGOS,
    MARKS,
    PAGES,
    PARTIALS,
    POSTS,
    TOOL,
    VALID_PAGE_TEMPLATES,
)
from tests.support.sites import CACHE

COMPILE_INTERVAL = 32
"""Every 32nd clean build compiles all templates, which takes longer than the rest of the build."""

ROOTS = ("site", "elsewhere-site")
"""The names of the folders between which the site moves."""

Tree = dict[str, bytes | None]
"""The files below a folder with their bytes; folders, their names ending in a slash, with None."""


def nanoseconds_of(day: str) -> int:
    """Return the start of a day (UTC) in nanoseconds since 1970."""
    return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp()) * 1_000_000_000


CLOCKS: dict[str, Callable[[], int]] = {
    "real": time.time_ns,
    "past": lambda: nanoseconds_of("2023-06-01"),
    "later": lambda: nanoseconds_of("2100-01-01"),
    "latest": lambda: nanoseconds_of("2100-03-01"),
}
"""At "real" time all files have just changed; at "past" they are from the future; later they are long unchanged."""


def read_tree(folder: Path) -> Tree:
    """Return the files below a folder, without its staging folder; links are not followed."""
    tree: Tree = {}
    pending = [(str(folder), "")]
    while pending:
        path, prefix = pending.pop()
        if not Path(path).is_dir():
            continue
        with os.scandir(path) as items:
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
    """Remove a file, link or folder, if it exists."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


class SiteUnderTest:
    """Holds a site's folder, its builder, and the foreign files of its output.

    `foreign` has the files of the output folder that sitegen has no record of, with their bytes. `cache_damaged` says
    that the build cache was damaged or replaced, or that a process ended before it could store what it had built, so
    that only the manifest lists sitegen's files. With `serving`, a build of the pages alone precedes each build, as in
    a server; `ending` says how the server ends between the two: not at all, or by "close" or "crash". `restored`
    counts the builds that loaded only a part of the last site, by what the pages of the site show.
    """

    def __init__(self, home: Path) -> None:
        self.home, self.root, self.packages = home, home / ROOTS[0], home / "packages"
        self.packages.mkdir(parents=True)
        sys.path.insert(0, str(self.packages))
        (self.packages / "law_marks.py").write_text(MARKS[0])
        (self.packages / "law_tool.py").write_text(TOOL[0])
        self.links: dict[str, str] = {}
        self.last_good_links: dict[str, str] = {}
        self.clock, self.request = "later", Request()
        self.settings = {name: variants[0] for name, variants in CONFIG.items()}
        self.foreign: Tree = {}
        self.cache_damaged = False
        self.serving, self.ending = False, ""
        self.stamps: dict[str, Stamp] = {}
        self.builds = self.clean_builds = 0
        self.jobs = 1
        self.last_good_files: Tree = {}
        self.failures = 0
        self.restored: Counter[str] = Counter()
        self.builder: Builder | None = None
        self.posts: dict[int, dict[str, str]] = {}
        self.last_good_fields = dict(self.posts), dict(self.settings)
        for number, name in enumerate(sorted(self._theme_files())):
            template = POSTS[1] if name == "post.html" else PAGES[number % VALID_PAGE_TEMPLATES]
            self.write(f"templates/{name}", "" if name.startswith("assets/") else template)
        self.write("templates/page.html", COMPUTED_INCLUDE)
        self.write("templates/assets/a.css", "a{}")
        for name, variants in PARTIALS.items():
            self.write(f"templates/{name}", variants[0] or "")
        self.write("content/icon.png", ICONS[0] or b"")
        self.write("content/logo.svg", LOGOS[0] or "")
        self.write("card.ttf", CARD_FONTS[0] or b"")
        self.write("content/shared/deep/x.txt", "shared")
        self.write(".hidden", "secret")
        (self.root / "alias").symlink_to("output")
        self.write("content/pages/about.md", "---\ntitle: About\n---\nAbout us.\n")
        self.write_config()

    def _theme_files(self) -> Iterator[str]:
        theme = find_theme()
        return (file.relative_to(theme).as_posix() for file in theme.rglob("*") if file.is_file())

    def now(self) -> int:
        """Return the time of the current clock in nanoseconds."""
        return CLOCKS[self.clock]()

    @property
    def name(self) -> str:
        """The output folder as the request names it."""
        return self.request.output or "output"

    @property
    def output(self) -> str:
        """The resolved name of the output folder."""
        return resolve_output(self.root, self.name)

    @property
    def folder(self) -> Path:
        """The output folder."""
        return self.root / self.output

    def close(self) -> None:
        """Close the builder, and remove the installed modules from this process."""
        self.restart(crash=True)
        sys.path.remove(str(self.packages))
        for name in ("law_marks", "law_tool"):
            sys.modules.pop(name, None)

    def link(self, name: str, target: str | None) -> None:
        """Create a symbolic link in the site, or remove it."""
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
        for parent in (path, *path.parents):
            if parent.is_symlink() and self.root in parent.parents:
                self.link(parent.relative_to(self.root).as_posix(), None)
        if data is None:
            remove(path)
            return
        if path.is_dir():
            remove(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)

    def write_config(self) -> None:
        """Write the configuration file from the settings."""
        tables: dict[str, list[str]] = {"": []}
        for name, value in self.settings.items():
            table, _, key = name.rpartition(".")
            tables.setdefault(table, []).append(f"{key} = {value}\n")
        text = "".join((f"[{name}]\n" if name else "") + "".join(rows) for name, rows in tables.items())
        self.write("sitegen.toml", text)

    def write_post(self, slot: int, fields: dict[str, str] | None) -> None:
        """Write the post of a slot, or delete it if `fields` is None."""
        if fields is None:
            self.posts.pop(slot, None)
            self.write(f"content/posts/p{slot}.md", None)
            return
        self.posts[slot] = fields
        front = "".join(f"{name}: {value}\n" for name, value in fields.items() if name != "body" and value)
        self.write(f"content/posts/p{slot}.md", f"---\n{front}---\n{fields.get('body', '')}")

    def sources(self) -> list[str]:
        """Return the sorted names of all source files of the site."""
        top = [path.name for path in self.root.iterdir() if path.is_file()]
        folders = [self.root / "content", self.root / "templates"]
        below = [path.relative_to(self.root).as_posix() for folder in folders for path in folder.rglob("*")]
        found = sorted(top) + sorted(name for name in below if (self.root / name).is_file())
        return [name for name in found if not (self.root / name).is_symlink()]

    def restart(self, *, crash: bool = False) -> None:
        """End the builder; after a crash it has saved nothing that it held in memory."""
        if self.builder is not None:
            if crash:
                # If the manifest is lost as well, a build refuses to replace what it no longer recognizes: no file of
                # a user is in danger, and the problem says what to do.
                self.cache_damaged = self.cache_damaged or not self.builder.snapshot.is_stored
                self.builder.tools.store.close()
            else:
                self.builder.close()
        self.builder = None

    def delete_records(self, *, record: bool = True) -> None:
        """Delete the work folder; with `record`, also the records of the output in the user's cache.

        There is one for each folder that the site was in.
        """
        remove(self.root / WORK)
        if not record:
            self.cache_damaged = True  # the record lacks what a running process wrote
            return
        for root, output in product(ROOTS, ("output", f"{WORK}/preview")):
            file = OutputRecord(CACHE, self.home / root / output).file
            assert file is not None
            remove(file)
        self.cache_damaged = False
        for name, data in read_tree(self.root / "output").items():
            self.foreign.setdefault(name, data)

    def config(self) -> Config:
        """Read the site's configuration."""
        return read_config(self.root).config

    @contextmanager
    def worker_processes(self) -> Iterator[None]:
        """Start worker processes for as few as two items, if there is more than one job."""
        before = processes.MIN_PARALLEL_ITEMS, processes.MIN_SECONDS_BEFORE_WORKERS
        if self.jobs > 1:
            processes.MIN_PARALLEL_ITEMS, processes.MIN_SECONDS_BEFORE_WORKERS = 2, 0
        try:
            yield
        finally:
            processes.MIN_PARALLEL_ITEMS, processes.MIN_SECONDS_BEFORE_WORKERS = before

    def build(self, config: Config) -> Report:
        """Build with the builder under test."""
        self.builds += 1
        if self.builder is None:
            self.builder = Builder(self.root, self.now, cache=CACHE)
        with self.worker_processes():
            return self.builder.build(config, self.request)

    def build_pages_first(self, config: Config) -> None:
        """Build the pages first, as a server does, from the list of changed paths alone."""
        before, self.stamps = self.stamps, {name: stamp_of((self.root / name).stat()) for name in self.sources()}
        changed = frozenset(name for name, _ in before.items() ^ self.stamps.items())
        if self.serving and self.builder is not None and changed:
            with suppress(SiteError), self.worker_processes():
                self.builder.build(
                    config, structs.replace(self.request, changed_paths=changed, pages_first=True, images="defer")
                )
            if self.ending:
                self.restart(crash=self.ending == "crash")

    def try_to_build(self, config: Config) -> tuple[Problem, ...]:
        """Build, and return the problems that stopped the build."""
        try:
            report = self.build(config)
        except SiteError as error:
            return error.problems
        assert self.builder is not None
        if report.rendered and self.builder.snapshot.site is None:
            self.restored.update(self._find_features(self.builder.tools.store))
        return ()

    def _find_features(self, store: Store) -> Iterator[str]:
        """Yield what the pages show of a site of which a build has loaded a part."""
        stored = store.get("fact", f"site of {self.output}", read_stored_site)
        assert stored is not None
        yield "any"
        if len(stored.editions) > 1:
            yield "languages"
        for name in ("images", "cards", "searched"):
            if getattr(stored, name):
                yield name

    def build_clean(self, config: Config) -> tuple[Tree, tuple[Problem, ...]]:
        """Return the output of a clean build in an empty folder, or its problems."""
        clean, work = self.home / "clean", self.home / "work"
        remove(clean)
        remove(work)
        cache = None if self.clean_builds % COMPILE_INTERVAL == 0 else CACHE
        builder = Builder(self.root, CLOCKS[self.clock], work=work, cache=cache)
        request = Request(
            str(clean), drafts=self.request.drafts, future=self.request.future, images=self.request.images
        )
        self.clean_builds += 1
        try:
            builder.build(config, request)
        except SiteError as error:
            return {}, error.problems
        finally:
            builder.tools.store.close()
        return read_tree(clean), ()

    def build_and_check(self) -> bool:
        """Build, compare the output with a clean build, and return whether the build succeeded."""
        try:
            config = self.config()
        except SiteError:
            self.fail()
            return False
        self.build_pages_first(config)
        before = read_tree(self.folder)
        self.cache_damaged = self.cache_damaged or self.request.fresh
        clean, clean_problems = self.build_clean(config)
        foreign = self.foreign if self.output == "output" else {}
        known = read_manifest(manifest_of(self.root / WORK, self.output))
        unrecorded = (
            {name for name in before if not name.endswith("/") and name not in known} if self.cache_damaged else set()
        )
        problems = self.try_to_build(config)
        if problems:
            after = read_tree(self.folder)
            assert_equal_trees(after, before, "a failed build changed the output")
            if clean_problems:
                assert locations_of(problems) == locations_of(clean_problems), "a clean build has other problems"
            else:
                self.check_conflicts(problems, clean, {**dict.fromkeys(unrecorded), **foreign}, before)
            self.fail()
            return False
        assert not clean_problems, f"a clean build fails: {clean_problems}"
        self.request = structs.replace(self.request, fresh=False)
        after = read_tree(self.folder)
        self.check_tree(after, clean, before, foreign, unrecorded)
        assert not (self.folder / STAGE).exists(), "the staging folder of a killed build was not removed"
        again = self.build(config)
        if any("a new one was created" in warning.message for warning in again.warnings):
            again = self.build(config)
        assert again.rendered == (), f"a second build rendered {again.rendered}"
        assert again.removed == (), f"a second build removed {again.removed}"
        assert_equal_trees(read_tree(self.folder), after, "a second build changed the output")
        if self.output == "output":
            self.foreign = {name: data for name, data in after.items() if name not in clean}
        self.failures = 0
        self.last_good_files = {name: (self.root / name).read_bytes() for name in self.sources()}
        self.last_good_fields = dict(self.posts), dict(self.settings)
        self.last_good_links = dict(self.links)
        return True

    def check_tree(self, after: Tree, clean: Tree, before: Tree, foreign: Tree, unrecorded: set[str]) -> None:
        """Check that a tree is a clean build's, with the foreign files that were there before."""
        expected = dict(clean)
        for name, data in foreign.items():
            if name in before and name.rstrip("/") not in clean:  # an empty folder gives way to a page
                expected.setdefault(name, data)
        # A file that only a lost build cache listed may remain, and so may its folders.
        for name in list(after):
            if name not in expected and name in unrecorded and after[name] == before.get(name):
                expected[name] = after[name]
        for name in list(expected):
            parts = name.rstrip("/").split("/")
            for length in range(1, len(parts)):
                expected.setdefault("/".join(parts[:length]) + "/", None)
        assert_equal_trees(after, expected, "the output differs from a clean build")

    def check_conflicts(self, problems: tuple[Problem, ...], clean: Tree, foreign: Tree, before: Tree) -> None:
        """Check that each problem names a foreign file that a page conflicts with, then remove that file."""
        for problem in problems:
            assert problem.path.startswith(f"{self.name}/") or problem.path == self.name, problem
            name = problem.path[len(self.name) + 1 :]
            at_path = [
                other for other in before if not name or other.rstrip("/") == name or other.startswith(f"{name}/")
            ]
            conflicts = [other for other in at_path if other in foreign]
            assert conflicts, f"no foreign file is at this path: {problem}"
            assert any(clean.get(other, b"") != before[other] for other in conflicts), f"no conflict: {problem}"
            for other in at_path:
                self.foreign.pop(other, None)
            remove(self.folder / name)
            self.remove_empty_folders((self.folder / name).parent)

    def remove_empty_folders(self, folder: Path) -> None:
        """Remove a folder below the output folder, and those above it, if they are empty.

        A build keeps an empty folder that no file of its records was in, as it keeps all that it does not know.
        """
        while self.folder in folder.parents and folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
            folder = folder.parent

    def fail(self) -> None:
        """Leave the site broken after one failed build; restore the last good files after the second."""
        self.failures += 1
        if self.failures < 2 or not self.last_good_files:
            return
        self.failures = 0
        self.posts, self.settings = map(dict, self.last_good_fields)
        for name in self.links.keys() | self.last_good_links.keys():
            self.link(name, self.last_good_links.get(name))
        for name in self.sources():
            if name not in self.last_good_files:
                remove(self.root / name)
        for name, data in self.last_good_files.items():
            path = self.root / name
            if not path.is_file() or path.read_bytes() != data:
                self.write(name, data)


def locations_of(problems: tuple[Problem, ...]) -> list[tuple[str, int, str]]:
    """Return the path, line and message of each problem."""
    return [(problem.path, problem.line, problem.message) for problem in problems]


def assert_equal_trees(one: Tree, other: Tree, message: str) -> None:
    """Raise AssertionError with the differences of two trees, if there are any."""
    rows = differences(one, other)
    if rows:
        raise AssertionError(f"{message}:\n  " + "\n  ".join(rows))


def differences(one: Tree, other: Tree) -> list[str]:
    """Return one line for each difference of two trees."""
    rows = []
    for name in sorted(one.keys() | other.keys()):
        if name not in one:
            rows.append(f"{name} is missing")
        elif name not in other:
            rows.append(f"{name} should not exist")
        elif one[name] != other[name]:
            rows.append(f"{name}: {one[name]!r:.400} instead of {other[name]!r:.400}")
    return rows
