"""Change thousands of files at once while serving: checkouts, moves of folders, removals."""

import shutil
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from pathlib import Path
from random import Random

from tests.faults.clean_builds import BULK_TIMEOUT_SECONDS
from tests.faults.processes import preload
from tests.faults.scenario import UnavailableError
from tests.faults.served_site import ServingOracle, base_files, make_posts, run_git
from tests.support.serving import serving
from tests.support.sites import post, write

FEW_POSTS, MANY_POSTS = 200, 5_000


def change_while_serving(home: Path, random: Random) -> Iterator[str]:
    """Make each change to a few hundred files at once, then repeatedly to thousands."""
    if shutil.which("git") is None:
        raise UnavailableError("git is not installed")
    preload(home)
    yield from islice(_change_in_bulk(home / "few", random, FEW_POSTS), len(CHANGES))
    yield from _change_in_bulk(home / "many", random, MANY_POSTS)


def _change_in_bulk(home: Path, random: Random, post_count: int) -> Iterator[str]:
    root, oracle = home / "site", ServingOracle(home, random)
    write(root, dict(base_files() | make_posts(post_count, "from the first branch")))
    run_git(root, "init", "-q", "-b", "first")
    run_git(root, "add", "content", "sitegen.toml")
    run_git(root, "commit", "-q", "-m", "first")
    run_git(root, "checkout", "-q", "-b", "second")
    for number in range(0, post_count, 10):
        (root / f"content/posts/many/post-{number}.md").unlink()
    write(root, dict(make_posts(post_count // 10, "new on the second branch", "many/new", "new")))
    edited = make_posts(post_count, "from the second branch")
    write(root, {name: data for name, data in edited.items() if (root / name).exists()})
    run_git(root, "add", "content")
    run_git(root, "commit", "-q", "-m", "second")
    with serving(root, "--watch", timeout=BULK_TIMEOUT_SECONDS) as server:
        for change in cycle(CHANGES):
            change(root)
            yield (
                f"{change.__name__} of {post_count}: {'; '.join(violations)}"
                if (violations := list(oracle.check(server)))
                else ""
            )


def check_out_first(root: Path) -> None:
    run_git(root, "checkout", "-q", "-f", "first")


def check_out_second(root: Path) -> None:
    run_git(root, "checkout", "-q", "-f", "second")


def move_within(root: Path) -> None:
    """Move the folder, then edit a post in it."""
    (root / "content/posts/many").rename(root / "content/posts/moved")
    (root / "content/posts/moved/post-7.md").write_text(post("Post 7", text="edited after the move"))


def move_out(root: Path) -> None:
    (root / "content/posts/moved").rename(root / "outside")


def move_in(root: Path) -> None:
    """Move the folder back to its old name, with one post edited in the meantime."""
    (root / "outside/post-9.md").write_text(post("Post 9", text="edited outside of the content folder"))
    (root / "outside").rename(root / "content/posts/many")


def remove(root: Path) -> None:
    shutil.rmtree(root / "content/posts/many")


CHANGES: tuple[Callable[[Path], None], ...] = (
    *(check_out_first, check_out_second, move_within, move_out, move_in),
    *(check_out_first, remove, check_out_second),
)
