"""Small sites that lack what the demo has: posts without sources, tags, views or authors, settings left empty."""

from pathlib import Path
from typing import Any

from msgspec.structs import fields

from sitegen.config.schema import Urls
from tests.support.sites import write

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
    """Return settings that disable these types of pages."""
    return "".join(["\n[urls]\n", *(f'{name} = ""\n' for name in names)])


OPTIONAL = [item.name for item in fields(Urls) if item.name not in ("post", "page")]
"""The URLs that may be "", which disables their type of page."""

SITES: dict[str, tuple[Any, ...]] = {
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
    "no description": (CONFIG.replace('description = "A letter about tests."\n', "").format(path="/"), [front(ONE)]),
    "only a page": (config(), [], {"content/pages/about.md": "---\ntitle: About\n---\n\nWho we are.\n"}),
    "right to left": (
        config(more='language = "fa"\n'),
        [
            front(f"title: {'روزنامه‌نگاری ' * words}\ndate: 2024-01-0{words}\ntags: [{'ا' * 60}]\nsource: {'ن' * 60}\n")
            + f"\n{'ب' * 70} https://example.org/{'path-' * 20}\n"
            for words in (1, 2, 9)
        ],
    ),
    "without spaces": (
        config(more='language = "ja"\n'),
        [
            front(f"title: {'新聞の歴史について' * times}\ndate: 2024-01-0{day}\ntags: [新聞]\nviews: {day}\n")
            + f"\n{'東京都の新聞' * 40}\n"
            for day, times in enumerate((1, 3, 28), 1)
        ],
    ),
    "wide content": (
        config(),
        [
            front(f"title: A look at https://example.org/{'path/' * 30}\ndate: 2024-01-02\n")
            + f"\n    {'code ' * 60}\n\nhttps://example.org/{'a' * 200}\n\n`{'x' * 150}`\n\n"
            + f"|{' Column name |' * 14}\n|{'---|' * 14}\n|{' value |' * 14}\n\n![Wide](wide.svg)\n\n"
            + "- a\n    - b\n        - c\n            - d\n                - e\n\n1000000. A number\n"
        ],
        {"content/posts/wide.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="4000" height="40"/>'},
    ),
    "long title": (config(), [front(f"title: {'A title that goes on and on. ' * 9}\ndate: 2024-01-02\n")]),
}
"""Settings, posts and other files of each site."""


def make_bare_site(root: Path, name: str) -> Path:
    """Write one of the sites into a folder."""
    settings, posts, *more = SITES[name]
    files = {f"content/posts/post-{number}.md": text for number, text in enumerate(posts, 1)}
    sources = "".join(f'["{name}"]\npolicy = "original"\n' for name in ("The Gazette", WORD, "ن" * 60))
    write(root, {"sitegen.toml": settings, "content/sources.toml": sources, **files, **(more[0] if more else {})})
    return root
