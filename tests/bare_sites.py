"""Small sites that lack what the demo has: posts without sources, tags, views or authors, settings left empty."""

from dataclasses import fields
from pathlib import Path

from sitegen.config import Urls

from .building import write

CONFIG = """\
title = "The Test Letter"
description = "A letter about tests."
base_url = "https://letter.example.org{path}"
"""
ONE = "title: One\ndate: 2024-01-02\n"
FULL = ONE + "tags: [news]\nauthors: [Ada]\nsource: The Gazette\nviews: {count: 5, on: Wix, at: 2024-02-01}\n"
SECOND = FULL.replace("One", "Two").replace("01-02", "01-03")
TEXT = "Some words about one thing, and some about another, so that there is a summary of a usual length.\n"
WORD = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz"
"""A word of 63 letters."""


def front(text: str) -> str:
    """Return a post's file with this front matter."""
    return f"---\n{text}---\n\n{TEXT}"


def without(key: str) -> str:
    """Return front matter without the line of a key."""
    return "".join(line for line in FULL.splitlines(keepends=True) if not line.startswith(f"{key}:"))


def config(path: str = "/", more: str = "") -> str:
    """Return a site's settings, with the path of its base URL and more settings."""
    return CONFIG.format(path=path) + more


def urls(*names: str) -> str:
    """Return settings that leave these kinds of page out."""
    return "".join(["\n[urls]\n", *(f'{name} = ""\n' for name in names)])


OPTIONAL = [item.name for item in fields(Urls) if item.name not in ("post", "page")]
"""The URLs that may be "": each then leaves its kind of page out."""

SITES = {
    "one post": (config(), [front(ONE)]),
    "empty": (config(), []),
    **{f"no {key}": (config(), [front(without(key))]) for key in ("tags", "authors", "source", "views")},
    "no pages but posts": (config(more=urls(*OPTIONAL)), [front(FULL), front(SECOND)]),
    "base path": (config("/letter/"), [front(FULL)]),
    "base path, no pages but posts": (config("/letter/", urls(*OPTIONAL)), [front(FULL), front(SECOND)]),
    "no formats": (config(more="[feeds]\nformats = []\n"), [front(FULL)]),
    "long word": (
        config(),
        [
            f"---\ntitle: {WORD} {day}\ndate: 2024-01-0{day}\ntags: [t{WORD}]\nauthors: [a{WORD}]\nsource: {WORD}\n"
            f"views: {5 + day}\nsummary: {WORD} and {WORD}\n---\n\n{WORD}\n\n## {WORD}\n\n- {WORD}\n\n> {WORD}\n\n"
            f"## Two {WORD}\n\n## Three\n\n| {WORD} | {WORD} |\n|---|---|\n| 1 | 2 |\n"
            for day in (1, 2, 3)
        ],
    ),
    "long title": (config(), [front(f"title: {'A title that goes on and on. ' * 9}\ndate: 2024-01-02\n")]),
}
"""Settings and posts of each site."""


def make_bare_site(root: Path, name: str) -> Path:
    """Write one of the sites into a folder."""
    settings, posts = SITES[name]
    files = {f"content/posts/post-{number}.md": text for number, text in enumerate(posts, 1)}
    sources = "".join(f'["{name}"]\npolicy = "original"\n' for name in ("The Gazette", WORD))
    write(root, {"sitegen.toml": settings, "content/sources.toml": sources, **files})
    return root
