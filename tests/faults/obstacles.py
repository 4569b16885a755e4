"""What is in the way: outputs that are files, links or somebody else's, files that nobody may read or write."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from tests.faults.letter import Letter, Tree, read_tree, remove
from tests.faults.process import Ended, preload

NOBODY = 65534
FOREIGN = b"not ours, and not to be touched"


def _output_is_a_file(letter: Letter) -> None:
    remove(letter.output)
    letter.output.write_bytes(FOREIGN)


def _output_is_a_link(letter: Letter) -> None:
    elsewhere = letter.home / "elsewhere"
    remove(elsewhere)
    elsewhere.mkdir()
    (elsewhere / "index.html").write_bytes(FOREIGN)
    remove(letter.output)
    letter.output.symlink_to(elsewhere)


def _output_leads_nowhere(letter: Letter) -> None:
    remove(letter.output)
    letter.output.symlink_to(letter.home / "nowhere/at/all")


def _output_is_foreign(letter: Letter) -> None:
    remove(letter.output)
    (letter.output / "posts/first").mkdir(parents=True)
    (letter.output / "posts/first/index.html").write_bytes(FOREIGN)
    (letter.output / "photos.zip").write_bytes(FOREIGN)


def _page_is_a_folder(letter: Letter) -> None:
    remove(letter.output / "index.html")
    (letter.output / "index.html").mkdir(parents=True)
    (letter.output / "index.html/mine.txt").write_bytes(FOREIGN)


def _folder_is_a_link(letter: Letter) -> None:
    elsewhere = letter.home / "elsewhere"
    remove(elsewhere)
    (elsewhere / "second").mkdir(parents=True)
    (elsewhere / "second/index.html").write_bytes(FOREIGN)
    remove(letter.output / "posts")
    (letter.output / "posts").symlink_to(elsewhere)


def _folder_is_a_file(letter: Letter) -> None:
    remove(letter.output / "tags")
    (letter.output / "tags").write_bytes(FOREIGN)


def _work_is_a_file(letter: Letter) -> None:
    remove(letter.root / ".sitegen")
    (letter.root / ".sitegen").write_bytes(FOREIGN)


def _work_is_a_link(letter: Letter) -> None:
    remove(letter.root / ".sitegen")
    (letter.root / ".sitegen").symlink_to(letter.home / "nowhere/at/all")


def _lock_is_a_folder(letter: Letter) -> None:
    remove(letter.root / ".sitegen/lock")
    (letter.root / ".sitegen/lock").mkdir(parents=True)


def _content_is_gone(letter: Letter) -> None:
    remove(letter.root / "content")


def _content_is_a_file(letter: Letter) -> None:
    remove(letter.root / "content")
    (letter.root / "content").write_bytes(FOREIGN)


def _post_is_a_pipe(letter: Letter) -> None:
    os.mkfifo(letter.root / "content/posts/pipe.md")


def _post_is_a_circle(letter: Letter) -> None:
    (letter.root / "content/posts/circle.md").symlink_to("circle.md")


def _post_leads_out(letter: Letter) -> None:
    (letter.root / "content/posts/passwords.md").symlink_to("/etc/passwd")


def _config_is_a_folder(letter: Letter) -> None:
    remove(letter.root / "sitegen.toml")
    (letter.root / "sitegen.toml").mkdir()


def _config_is_gone(letter: Letter) -> None:
    remove(letter.root / "sitegen.toml")


def _published_is_a_folder(letter: Letter) -> None:
    remove(letter.root / "published.json")
    (letter.root / "published.json").mkdir()


def _denied(name: str, mode: int) -> Callable[[Letter], None]:
    """Return what takes rights to a file or folder from the user who builds."""

    def deny(letter: Letter) -> None:
        path = letter.root / name
        if path.exists():
            if os.geteuid() == 0:
                os.chown(path, 0, 0)
            path.chmod(mode)

    deny.__qualname__ = f"denied {name} {mode:o}"
    return deny


WAYS: tuple[Callable[[Letter], None], ...] = (
    *(_output_is_a_file, _output_is_a_link, _output_leads_nowhere, _output_is_foreign, _page_is_a_folder),
    *(_folder_is_a_link, _folder_is_a_file, _work_is_a_file, _work_is_a_link, _lock_is_a_folder),
    *(_content_is_gone, _content_is_a_file, _post_is_a_pipe, _post_is_a_circle, _post_leads_out),
    *(_config_is_a_folder, _config_is_gone, _published_is_a_folder),
    *(_denied(name, 0o000) for name in ("content", "content/posts", "content/posts/2024-01-02-second.md", "templates")),
    *(_denied(name, 0o000) for name in ("content/posts/one.png", "content/sources.toml", "sitegen.toml", "output")),
    *(_denied(name, 0o555) for name in ("output", "output/posts", "output/posts/second", ".sitegen", "")),
    *(_denied(name, 0o000) for name in (".sitegen/store.db", ".sitegen/lock", ".sitegen", "output/index.html")),
    *(_denied(name, 0o444) for name in (".sitegen/store.db", ".sitegen/lock", "output/index.html")),
)


def in_the_way(home: Path, random: Random) -> Iterator[str]:
    """Put each of these in the way of a build from nothing and of one after an edit."""
    preload(home)
    letter = Letter(home / "one", user=NOBODY)
    for kind in ("edit", "cold"):
        for way in WAYS:
            remove(letter.root)
            remove(letter.home / "elsewhere")
            letter.begin_anew()
            letter.begin(kind)
            letter.output.mkdir(exist_ok=True)
            (letter.root / ".sitegen").mkdir(exist_ok=True)
            letter.give()
            way(letter)
            before = _everything(letter, kind)
            ended = letter.start().wait()
            faults = list(_judge(ended, before, letter))
            yield f"{kind}, {way.__qualname__}: {'; '.join(faults)}: {ended.said}" if faults else ""


def _everything(letter: Letter, kind: str) -> Tree:
    """Return the files that are not ours; one that lies where we wrote a page before cannot be told from it."""
    tree = {}
    ours = letter.clean[0].keys() | letter.clean[1].keys() if kind == "edit" else set()
    for folder in (letter.output, letter.home / "elsewhere", letter.root / ".sitegen", letter.root / "content"):
        for path in (folder, *folder.rglob("*")):
            if path.is_file() and path.read_bytes() == FOREIGN and path.relative_to(folder).as_posix() not in ours:
                tree[path.relative_to(letter.home).as_posix()] = FOREIGN
    return tree


def _judge(ended: Ended, foreign: Tree, letter: Letter) -> Iterator[str]:
    if ended.hung:
        yield "it hangs"
    elif ended.code not in (0, 1):
        yield f"it ends with {ended.code}"
    if "Traceback" in ended.said:
        yield "it shows a traceback"
    if ended.code == 1 and ": " not in ended.said.partition("\n")[0]:
        yield "it does not say where and why"
    for name in foreign:
        if not (letter.home / name).is_file() or (letter.home / name).read_bytes() != FOREIGN:
            yield f"{name} was not ours, and is not as it was"
    if ended.code == 0 and letter.output.is_dir() and not letter.output.is_symlink():
        after = read_tree(letter.output)
        if any(after.get(name) != data for name, data in letter.wanted.items()) and (letter.root / "content").is_dir():
            yield "it says that all is well, and the output is not right"
