"""Small sites in a folder, and builds of them, for tests."""

import atexit
import shutil
import tempfile
import time
from pathlib import Path

from sitegen.build.build_site import Report
from sitegen.build.builder import Builder
from sitegen.build.request import Request
from sitegen.config.load import read_config

CACHE = Path(tempfile.mkdtemp(prefix="sitegen-cache-"))
"""The user's cache folder, shared by the tests of this process: compiling templates takes time."""
atexit.register(shutil.rmtree, CACHE, ignore_errors=True)

CONFIG = """\
title = "The Test Letter"
base_url = "https://letter.example.org/"
author = "Ada"
"""

POST = """\
---
title: {title}
date: {date}
tags: [{tags}]
---

{text}
"""


def write(root: Path, files: dict[str, str | bytes]) -> Path:
    """Write files below a folder, by path."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return root


def post(title: str, date: str = "2024-01-02", text: str = "Some words.", tags: str = "news") -> str:
    """Return a post's file."""
    return POST.format(title=title, date=date, text=text, tags=tags)


def make_site(root: Path, files: dict[str, str | bytes] | None = None, config: str = CONFIG) -> Path:
    """Write a site of three posts and a page, with additional or other files."""
    standard: dict[str, str | bytes] = {
        "sitegen.toml": config,
        "content/posts/2024-01-01-first.md": post("First", "2024-01-01", "The first letter."),
        "content/posts/2024-01-02-second.md": post("Second", "2024-01-02", "The second letter.", "news, rain"),
        "content/posts/2024-01-03-third.md": post("Third", "2024-01-03", "The third letter.", "rain"),
        "content/pages/about.md": "---\ntitle: About\n---\n\nWho we are.\n",
    }
    return write(root, standard | (files or {}))


def build(root: Path, **wishes: object) -> Report:
    """Build a site in this process, as a command would, and return the report."""
    builder = Builder(root, time.time_ns, cache=CACHE)
    try:
        return builder.build(read_config(root).config, Request(**wishes))  # type: ignore[arg-type]
    finally:
        builder.close()


def tree(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every file below a folder, by path."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
