"""What the tests of publishing share: small sites, contexts of publishes, servers on loopback."""

import os
import shutil
import subprocess
import time
from pathlib import Path

from sitegen.publish.base import PublishContext
from sitegen.publish.files import pack
from sitegen.publish.state import PublishRecord
from sitegen.publish.targets.digest_cache import DigestCache

SITE = {
    "index.html": "<p>front",
    "a/index.html": "<p>a",
    "b c/ü.html": "<p>named oddly: 50% #1 ~",
    "assets/style.0123abcd.css": "p{}",
    "feed.xml": "<rss/>",
    ".nojekyll": "",
    "_headers": "/*\n",
}


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def rewrite(folder: Path, files: dict[str, str]) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    return write(folder, files)


def contents(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()}


def ship(output: Path):
    return pack(output, contents(output))


def open_cache(folder: Path) -> DigestCache:
    return DigestCache(folder, folder.with_name(f"{folder.name}.digests"), time.time_ns)


def make_context(root: Path, name: str = "web", **environment: str) -> PublishContext:
    record = root / ".sitegen" / "publish" / f"{name}.json"
    record.parent.mkdir(parents=True, exist_ok=True)
    outside = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    scratch = record.with_suffix(".tmp")
    scratch.mkdir(exist_ok=True)
    pause = lambda seconds: time.sleep(min(seconds, 0.01))  # noqa: E731
    return PublishContext(root, PublishRecord(record), outside | environment, pause, time.time_ns, -1, scratch)


def publish_output(publisher, output: Path, force: bool = False):
    """Plan and publish, as the command does, and return the plan."""
    shipment = ship(output)
    plan = publisher.plan(shipment, force=force)
    publisher.publish(shipment, plan, lambda _done, _all: None)
    return plan


def git(folder: Path, *arguments: str, **more: str) -> str:
    identity = {f"GIT_{role}_{key}": "x@y.example" for role in ("AUTHOR", "COMMITTER") for key in ("NAME", "EMAIL")}
    done = subprocess.run(
        ["git", "-C", str(folder), *arguments],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, **identity, "GIT_CONFIG_GLOBAL": "/dev/null", **more},
    )
    return done.stdout.strip()
