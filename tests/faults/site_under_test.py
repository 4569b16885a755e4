"""A site that switches between two states, and the checks of the guarantees after a fault."""

import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from sitegen.build.staging import STAGE
from tests.faults.processes import Run, RunResult, run
from tests.support.sites import post, write
from tests.support.waiting import TIMEOUT_SECONDS

Tree = dict[str, bytes]

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
CONFIG = 'title = "The {} Letter"\nbase_url = "https://letter.example.org/"\nauthor = "Ada"\n'
CONFIG += '[[publish]]\nname = "web"\nkind = "folder"\npath = "www"\n'


def site_files(state: int, extra_posts: int = 0) -> Tree:
    """Return the files of a state by path; posts, images, sources and templates differ between the states."""
    files: dict[str, str | bytes] = {
        "sitegen.toml": CONFIG.format("Test"),
        "content/posts/2024-01-01-first.md": post("First", "2024-01-01", "See [the other](2024-01-02-second.md)."),
        "content/posts/2024-01-02-second.md": post(
            f"Second {state}", "2024-01-02", f"The second letter.\n\n![]({'one' if state else 'two'}.png)", "news, rain"
        ),
        "content/posts/one.png": PNG,
        "content/posts/two.png": PNG + b"more" * (1 + state),
        "content/pages/about.md": f"---\ntitle: About\n---\n\nWho we are: {state}.\n",
        "content/sources.toml": '["The Old House"]\nurl = "https://old.example/"\n',
    }
    if state:
        files["content/posts/2024-02-01-third.md"] = post("Third", "2024-02-01", "The third.", "snow")
        files["content/papers/paper.bin"] = bytes(range(256)) * 300
        files["templates/partials/post-footer.html"] = "<footer>Ours.</footer>\n"
    else:
        files["content/posts/2023-05-06-old.md"] = post("Old", "2023-05-06", "An old one.", "sun")
        files["content/papers"] = "a file that becomes a folder\n"
    for number in range(extra_posts):
        name = f"content/posts/2022-03-04-many-{number}.md"
        title = f"Many {number} {state if number % 3 else ''}"
        files[name] = post(title, "2022-03-04", "Words. " * number, f"t{number % 7}")
    return {name: text.encode() if isinstance(text, str) else text for name, text in files.items()}


def read_tree(folder: Path) -> Tree:
    """Return the files below a folder with their bytes, without the staging folder."""
    found: Tree = {}
    for folder_path, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name != STAGE]
        for name in names:
            path = Path(folder_path, name)
            found[path.relative_to(folder).as_posix()] = (
                b"-> " + os.fsencode(path.readlink()) if path.is_symlink() else path.read_bytes()
            )
    return found


def remove(path: Path) -> None:
    """Remove the file or folder at a path, if there is one."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def build_clean(home: Path, files: Tree, jobs: int = 1, timeout: float = TIMEOUT_SECONDS) -> Tree:
    """Return the output of a clean build of a site with these files."""
    remove(home / "clean")
    root = write(home / "clean", dict(files))
    result = run(["-C", str(root), "build", "-j", str(jobs)], home / "clean.txt", timeout)
    assert result.code == 0, result.output
    tree = read_tree(root / "output")
    remove(root)
    return tree


class SiteUnderTest:
    """The folder of a site, its current state, and the output of a clean build of each state."""

    def __init__(self, home: Path, extra_posts: int = 0, jobs: int = 1, user: int = 0) -> None:
        self.user = user
        self.home, self.root = home, home / "site"
        self.log = home / "log.txt"
        self.arguments = ["-C", str(self.root), "build", "-j", str(jobs)]
        self.states = [site_files(0, extra_posts), site_files(1, extra_posts)]
        self.state = 0
        self.before: Tree = {}
        self.clean_outputs = [build_clean(home, state) for state in self.states]
        self.create()

    @property
    def output(self) -> Path:
        """The output folder."""
        return self.root / "output"

    @property
    def expected(self) -> Tree:
        """The output of a clean build of the current state."""
        return self.clean_outputs[self.state]

    def switch_to(self, state: int) -> None:
        """Write the files of a state, and remove those of the other."""
        expected = self.states[state]
        for name in self.states[1 - state].keys() - expected.keys():
            remove(self.root / name)
        for name, data in expected.items():
            path = self.root / name
            if path.is_dir():
                shutil.rmtree(path)
            if not path.is_file() or path.read_bytes() != data:
                write(self.root, {name: data})
        self.state = state

    def create(self) -> None:
        """Write the site's first state and build it."""
        write(self.root, dict(self.states[0]))
        self.state = 0
        result = run(self.arguments, self.log)
        assert result.code == 0, result.output

    def change_owner(self) -> None:
        """Make the user who builds the owner of the site, if that is another user."""
        if self.user and os.geteuid() == 0:
            for path in (self.home, *self.home.rglob("*")):
                os.chown(path, self.user, self.user, follow_symlinks=False)
            for folder in (self.home, *self.home.parents):
                if folder.stat().st_uid == os.geteuid() and not folder.stat().st_mode & 0o001:
                    folder.chmod(folder.stat().st_mode | 0o011)

    def prepare(self, build_type: str) -> None:
        """Prepare a build of a type: "cold" without output and cache, "edit" in the other state, or "unchanged"."""
        if build_type == "cold":
            remove(self.output)
            remove(self.root / ".sitegen")
        self.before = read_tree(self.output)
        if build_type == "edit":
            self.switch_to(1 - self.state)

    def start(self, *, paused: bool = False) -> Run:
        """Start a build."""
        return Run(self.arguments, self.log, paused=paused, user=self.user)

    def check_sources(self) -> Iterator[str]:
        """Yield source files that a build changed."""
        for name, data in self.states[self.state].items():
            path = self.root / name
            if not path.is_file() or path.read_bytes() != data:
                yield f"{name} was changed by the build"

    def check_old_or_new(self, after: Tree | None = None) -> Iterator[str]:
        """Yield output files that are neither the old nor the new version: incomplete, missing or unknown."""
        after = read_tree(self.output) if after is None else after
        for name in sorted(after.keys() | self.before.keys() | self.expected.keys()):
            allowed = (self.before.get(name), self.expected.get(name))
            if after.get(name) not in allowed:
                what = "is missing" if name not in after else f"is neither old nor new ({len(after[name])} bytes)"
                yield f"output/{name} {what}"

    def check_next_build(self) -> Iterator[str]:
        """Build again without a fault, and yield differences from a clean build."""
        result = run(self.arguments, self.log)
        if result.hung:
            yield "the next build hangs"
        elif result.code:
            yield f"the next build ends with {result.code}: {result.output}"
        yield from self.check_clean()

    def check_clean(self) -> Iterator[str]:
        """Yield differences between the output and a clean build."""
        yield from compare_trees(read_tree(self.output), self.expected)
        if (self.output / STAGE).exists():
            yield "the staging folder of an interrupted build was not removed"

    def check_interrupted(self) -> str:
        """Check the output after an interrupted build and the next build; return the violations."""
        return "; ".join([*self.check_old_or_new(), *self.check_next_build(), *self.check_sources()])

    def check_failed(self, result: RunResult) -> str:
        """Check a build that met a fault: its end, its output, and the next build; return the violations."""
        violations = list(check_message(result))
        violations += self.check_clean() if result.code == 0 else self.check_old_or_new()
        return "; ".join([*violations, *self.check_next_build(), *self.check_sources()])


def compare_trees(after: Mapping[str, bytes], expected: Mapping[str, bytes]) -> Iterator[str]:
    """Yield the differences between two trees."""
    for name in sorted(after.keys() | expected.keys()):
        if name not in after:
            yield f"output/{name} is missing"
        elif name not in expected:
            yield f"output/{name} should not exist"
        elif after[name] != expected[name]:
            yield f"output/{name} differs from a clean build's"


def check_message(result: RunResult) -> Iterator[str]:
    """Yield what is wrong with the end of a build that met a fault: it must exit with 1 and name path and cause."""
    if result.hung:
        yield "it hangs"
    elif result.code not in (0, 1):
        yield f"it ends with {result.code}: {result.output[-600:]}"
    elif "Traceback" in result.output:
        yield f"it prints a traceback: {result.output[-600:]}"
    elif result.code == 1:
        first = result.output.lstrip().partition("\n")[0]
        folder_path, colon, cause = first.partition(": ")
        if not (colon and folder_path.strip() and cause.strip()):
            yield f"its message names no path and cause: {result.output[-300:]!r}"
