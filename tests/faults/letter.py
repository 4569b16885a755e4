"""A site with two states to go back and forth between, and the judge of what a fault left of its output."""

import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from sitegen.build.staging import STAGE
from tests.faults.process import PATIENCE, Ended, Run, run
from tests.support.sites import post, write

Tree = dict[str, bytes]

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
CONFIG = 'title = "The {} Letter"\nbase_url = "https://letter.example.org/"\nauthor = "Ada"\n'
CONFIG += '[[publish]]\nname = "web"\nkind = "folder"\npath = "www"\n'


def matter(state: int, many: int = 0) -> Tree:
    """Return the files of a state, by path: texts, pictures, sources and templates come, go and change between them."""
    files: dict[str, str | bytes] = {
        "sitegen.toml": CONFIG.format("Test"),
        "content/posts/2024-01-01-first.md": post("First", "2024-01-01", "See [the other](2024-01-02-second.md)."),
        "content/posts/2024-01-02-second.md": post(
            f"Second {state}", "2024-01-02", f"The second letter.\n\n![]({'one' if state else 'two'}.png)", "news, rain"
        ),
        "content/posts/one.png": PICTURE,
        "content/posts/two.png": PICTURE + b"more" * (1 + state),
        "content/pages/about.md": f"---\ntitle: About\n---\n\nWho we are: {state}.\n",
        "content/sources.toml": '["The Old House"]\nurl = "https://old.example/"\n',
    }
    if state:
        files["content/posts/2024-02-01-third.md"] = post("Third", "2024-02-01", "The third.", "snow")
        files["content/papers/paper.bin"] = bytes(range(256)) * 300
        files["templates/partials/post-footer.html"] = "<footer>Ours.</footer>\n"
    else:
        files["content/posts/2023-05-06-old.md"] = post("Old", "2023-05-06", "An old one.", "sun")
        files["content/papers"] = "was a file, becomes a folder\n"
    for number in range(many):
        name = f"content/posts/2022-03-04-many-{number}.md"
        title = f"Many {number} {state if number % 3 else ''}"
        files[name] = post(title, "2022-03-04", "Words. " * number, f"t{number % 7}")
    return {name: text.encode() if isinstance(text, str) else text for name, text in files.items()}


def read_tree(folder: Path) -> Tree:
    """Return the files below a folder with their bytes, but for those that wait to be put in place."""
    found: Tree = {}
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name != STAGE]
        for name in names:
            path = Path(place, name)
            found[path.relative_to(folder).as_posix()] = (
                b"-> " + os.fsencode(path.readlink()) if path.is_symlink() else path.read_bytes()
            )
    return found


def remove(path: Path) -> None:
    """Remove whatever is at a path."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def build_clean(home: Path, files: Tree, jobs: int = 1, patience: float = PATIENCE) -> Tree:
    """Return what a build from nothing writes for a site of these files."""
    remove(home / "clean")
    root = write(home / "clean", dict(files))
    ended = run(["-C", str(root), "build", "-j", str(jobs)], home / "clean.txt", patience)
    assert ended.code == 0, ended.said
    tree = read_tree(root / "output")
    remove(root)
    return tree


class Letter:
    """Holds a site's folder, the state that it is in, and what a clean build of each state writes."""

    def __init__(self, home: Path, many: int = 0, jobs: int = 1, user: int = 0) -> None:
        self.user = user
        self.home, self.root = home, home / "site"
        self.log = home / "said.txt"
        self.arguments = ["-C", str(self.root), "build", "-j", str(jobs)]
        self.states = [matter(0, many), matter(1, many)]
        self.state = 0
        self.before: Tree = {}
        self.clean = [build_clean(home, state) for state in self.states]
        self.begin_anew()

    @property
    def output(self) -> Path:
        """The output folder."""
        return self.root / "output"

    @property
    def wanted(self) -> Tree:
        """What a clean build of the site as it is writes."""
        return self.clean[self.state]

    def go(self, state: int) -> None:
        """Bring the site's own files to a state."""
        wanted = self.states[state]
        for name in self.states[1 - state].keys() - wanted.keys():
            remove(self.root / name)
        for name, data in wanted.items():
            path = self.root / name
            if path.is_dir():
                shutil.rmtree(path)
            if not path.is_file() or path.read_bytes() != data:
                write(self.root, {name: data})
        self.state = state

    def begin_anew(self) -> None:
        """Write the site's first state where there is none, and build it."""
        write(self.root, dict(self.states[0]))
        self.state = 0
        ended = run(self.arguments, self.log)
        assert ended.code == 0, ended.said

    def give(self) -> None:
        """Give the site to the user who builds, where there is another one than ours."""
        if self.user and os.geteuid() == 0:
            for path in (self.home, *self.home.rglob("*")):
                os.chown(path, self.user, self.user, follow_symlinks=False)
            for folder in (self.home, *self.home.parents):
                if folder.stat().st_uid == os.geteuid() and not folder.stat().st_mode & 0o001:
                    folder.chmod(folder.stat().st_mode | 0o011)

    def begin(self, kind: str) -> None:
        """Make ready for a build from nothing, after an edit, or of what is built already."""
        if kind == "cold":
            remove(self.output)
            remove(self.root / ".sitegen")
        self.before = read_tree(self.output)
        if kind == "edit":
            self.go(1 - self.state)

    def start(self, *, held: bool = False) -> Run:
        """Begin a build."""
        return Run(self.arguments, self.log, held=held, user=self.user)

    def judge_sources(self) -> Iterator[str]:
        """Yield what a build did to the files that people write."""
        for name, data in self.states[self.state].items():
            path = self.root / name
            if not path.is_file() or path.read_bytes() != data:
                yield f"{name} is not as it was written"

    def judge_files(self, after: Tree | None = None) -> Iterator[str]:
        """Yield files of the output that are neither old nor new: torn, lost, or nobody's."""
        after = read_tree(self.output) if after is None else after
        for name in sorted(after.keys() | self.before.keys() | self.wanted.keys()):
            allowed = (self.before.get(name), self.wanted.get(name))
            if after.get(name) not in allowed:
                what = "is not there" if name not in after else f"is neither old nor new ({len(after[name])} bytes)"
                yield f"output/{name} {what}"

    def judge_next(self) -> Iterator[str]:
        """Build again without a fault, and yield what is not as a clean build would have left it."""
        ended = run(self.arguments, self.log)
        if ended.hung:
            yield "the next build hangs"
        elif ended.code:
            yield f"the next build ends with {ended.code}: {ended.said}"
        yield from self.judge_equal()

    def judge_equal(self) -> Iterator[str]:
        """Yield where the output is not what a clean build writes."""
        yield from differences(read_tree(self.output), self.wanted)
        if (self.output / STAGE).exists():
            yield "what a broken build left waiting was not cleared away"

    def judge_broken_off(self) -> str:
        """Judge what a build left that was broken off, and the next one; return what is wrong, in words."""
        return "; ".join([*self.judge_files(), *self.judge_next(), *self.judge_sources()])

    def judge_failed(self, ended: Ended) -> str:
        """Judge a build that met a fault: how it ended, what it left, and the next one."""
        faults = list(judge_words(ended))
        faults += self.judge_equal() if ended.code == 0 else self.judge_files()
        return "; ".join([*faults, *self.judge_next(), *self.judge_sources()])


def differences(after: Mapping[str, bytes], wanted: Mapping[str, bytes]) -> Iterator[str]:
    """Yield what tells two trees apart, in words."""
    for name in sorted(after.keys() | wanted.keys()):
        if name not in after:
            yield f"output/{name} is missing"
        elif name not in wanted:
            yield f"output/{name} should not be there"
        elif after[name] != wanted[name]:
            yield f"output/{name} differs from a clean build's"


def judge_words(ended: Ended) -> Iterator[str]:
    """Yield what is wrong with how a build ended that met a fault: exit 1, with the place and the cause."""
    if ended.hung:
        yield "it hangs"
    elif ended.code not in (0, 1):
        yield f"it ends with {ended.code}: {ended.said[-600:]}"
    elif "Traceback" in ended.said:
        yield f"it shows a traceback: {ended.said[-600:]}"
    elif ended.code == 1:
        first = ended.said.lstrip().partition("\n")[0]
        place, colon, cause = first.partition(": ")
        if not (colon and place.strip() and cause.strip()):
            yield f"it does not say where and why: {ended.said[-300:]!r}"
