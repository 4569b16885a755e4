"""Thousands of files that change at once while they are served: checkouts, moves of folders, removals."""

import shutil
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from pathlib import Path
from random import Random

from tests.faults.clean import LONG
from tests.faults.process import preload
from tests.faults.row import UnfitError
from tests.faults.served import Judge, base, git, many_posts
from tests.support.serving import serving
from tests.support.sites import post, write

FEW, MANY = 200, 5_000


def while_serving(home: Path, random: Random) -> Iterator[str]:
    """Change a few hundred files at once in each of the ways, then thousands, again and again."""
    if shutil.which("git") is None:
        raise UnfitError("git is not installed")
    preload(home)
    yield from islice(_change_in_bulk(home / "few", random, FEW), len(WAYS))
    yield from _change_in_bulk(home / "many", random, MANY)


def _change_in_bulk(home: Path, random: Random, many: int) -> Iterator[str]:
    root, judge = home / "site", Judge(home, random)
    write(root, dict(base() | many_posts(many, "from the first branch")))
    git(root, "init", "-q", "-b", "first")
    git(root, "add", "content", "sitegen.toml")
    git(root, "commit", "-q", "-m", "first")
    git(root, "checkout", "-q", "-b", "second")
    for number in range(0, many, 10):
        (root / f"content/posts/many/post-{number}.md").unlink()
    write(root, dict(many_posts(many // 10, "new on the second branch", "many/new", "new")))
    edited = many_posts(many, "from the second branch")
    write(root, {name: data for name, data in edited.items() if (root / name).exists()})
    git(root, "add", "content")
    git(root, "commit", "-q", "-m", "second")
    with serving(root, "--watch", patience=LONG) as server:
        for way in cycle(WAYS):
            way(root)
            yield f"{way.__name__} of {many}: {'; '.join(faults)}" if (faults := list(judge.judge(server))) else ""


def check_out_first(root: Path) -> None:
    git(root, "checkout", "-q", "-f", "first")


def check_out_second(root: Path) -> None:
    git(root, "checkout", "-q", "-f", "second")


def move_within(root: Path) -> None:
    """Move the folder, and edit a post where it lies then."""
    (root / "content/posts/many").rename(root / "content/posts/moved")
    (root / "content/posts/moved/post-7.md").write_text(post("Post 7", text="edited in its new place"))


def move_out(root: Path) -> None:
    (root / "content/posts/moved").rename(root / "outside")


def move_in(root: Path) -> None:
    """Move the folder back under its first name, with one post edited while it was away."""
    (root / "outside/post-9.md").write_text(post("Post 9", text="edited while it was away"))
    (root / "outside").rename(root / "content/posts/many")


def remove(root: Path) -> None:
    shutil.rmtree(root / "content/posts/many")


WAYS: tuple[Callable[[Path], None], ...] = (
    *(check_out_first, check_out_second, move_within, move_out, move_in),
    *(check_out_first, remove, check_out_second),
)
