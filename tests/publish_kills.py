"""Publishes a small site again and again, kills it at random moments, and lets the next publish finish.

Run by the tests as a program of its own, which forks for every publish: `publish_kills.py KIND ROUNDS FOLDER PORT`.
"""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from sitegen.config import Config, Target
from sitegen.errors import SiteError
from sitegen.publish.folder import FolderPublisher
from sitegen.publish.targets import open_target
from tests.publish_servers import KEYS
from tests.publishing import bring, contents, rewrite

BUSY = 7
REFUSED = 8


def main() -> None:
    kind, rounds, root, port = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
    target, read = prepare(kind, root, port)
    chance = random.Random(kind)
    rewrite(root / "output", make_site(chance, 0))
    start = time.monotonic()
    assert publish(target, kind, root) == 0
    lasts = time.monotonic() - start
    finished = 0
    for number in range(1, rounds + 1):
        rewrite(root / "output", make_site(chance, number))
        child = fork(target, kind, root)
        time.sleep(chance.uniform(0, 1.3 * lasts))
        # Now and then only the publish itself dies, and what it has started runs on.
        (os.killpg if number % 4 else os.kill)(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        finished += os.WIFEXITED(status)
        if number % 3 == 0:
            rewrite(root / "output", make_site(chance, number + 1000))
        while (code := publish(target, kind, root)) == BUSY:
            time.sleep(0.02)
        assert code == 0, f"round {number}: the next publish ended with {code}"
        assert read() == contents(root / "output"), f"round {number}: the remote is not the output"
    sys.stdout.write(f"{rounds - finished} of {rounds} killed before the end, {lasts:.2f} s each\n")


def make_site(chance: random.Random, number: int) -> dict[str, str]:
    pages = {f"posts/{chance.randrange(30)}/index.html": f"<p>{number}" for _ in range(12)}
    odd = {"x": "a file"} if number % 2 else {"x/index.html": "in a folder"}
    return {"index.html": f"<p>{number}", f"assets/style.{number:08x}.css": "p{}", "feed.xml": "<rss/>", **pages, **odd}


def prepare(kind: str, root: Path, port: int):
    if kind == "git":
        remote = root / "remote.git"
        subprocess.run(["git", "init", "--quiet", "--bare", str(remote)], check=True)
        target = Target("web", "git", remote=str(remote), identity="A <a@example.com>")
        return target, lambda: read_branch(remote)
    if kind == "s3":
        target = Target("web", "s3", url="s3://bucket/site", endpoint=f"http://127.0.0.1:{port}")
        return target, lambda: contents(root / "data" / "bucket" / "site")
    if kind == "rsync":
        return Target("web", "rsync", remote=str(root / "www")), lambda: contents(root / "www")
    return Target("web", "folder", path="www"), lambda: contents(root / "www")


def read_branch(remote: Path) -> dict[str, str]:
    def ask(*arguments: str) -> str:
        command = ["git", "--git-dir", str(remote), *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    names = ask("ls-tree", "-r", "--name-only", "gh-pages").split()
    return {name: ask("cat-file", "blob", f"gh-pages:{name}") for name in names}


def publish(target: Target, kind: str, root: Path) -> int:
    _, status = os.waitpid(fork(target, kind, root), 0)
    return os.waitstatus_to_exitcode(status)


def fork(target: Target, kind: str, root: Path) -> int:
    child = os.fork()
    if child:
        os.setpgid(child, child)  # both sides say it, so that it is so for both from here on
        return child
    os.setpgid(0, 0)
    code = 1
    try:
        environment = {**os.environ, **KEYS, "GIT_CONFIG_GLOBAL": os.devnull}
        opened = open_target(target, Config(), root, root / ".sitegen", environment, lambda _seconds: None)
        with opened as (publisher, _):
            by_file = kind == "folder-by-file" and isinstance(publisher, FolderPublisher)
            bring(publisher.transfer if by_file else publisher, root / "output")
        code = 0
    except SiteError as error:
        code = BUSY if "by another process" in str(error) else REFUSED
        if code == REFUSED:
            sys.stderr.write(f"{error}\n")
            sys.stderr.flush()
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
