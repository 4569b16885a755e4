"""The demo archive of this repository, built for a test, and the checkers for it."""

import time
from pathlib import Path

from sitegen.build.builder import Builder
from sitegen.build.request import Request
from sitegen.config.load import read_config
from tests.support.sites import CACHE

ROOT = Path(__file__).parents[2]

PAGES = {
    "home": "",
    "post": "posts/letters-under-the-street/",
    "post with a table": "posts/how-late-was-the-news/",
    "post with code and a source": "posts/what-the-editor-cut/",
    "post with a picture": "posts/arms-on-the-hill/",
    "Persian post": "posts/kaghaz-e-akhbar/",
    "Japanese post": "posts/kawaraban/",
    "German post": "de/posts/der-mann-der-nicht-mehr-abschreiben-wollte/",
    "German home": "de/",
    "translation": "de/posts/der-hundertste-brief/",
    "archive": "archive/",
    "numbered page": "archive/page/1/",
    "year": "archive/2020/",
    "sources": "sources/",
    "source": "sources/the-harbour-gazette/",
    "tags": "tags/",
    "tag": "tags/telegraphy/",
    "authors": "authors/",
    "author": "authors/ines-marlow/",
    "most read": "most-read/",
    "most read of a year": "most-read/2020/",
    "search": "search/?q=pigeon",
    "figures": "figures/",
    "feeds": "feeds/",
    "page": "about/",
    "404": "404.html",
}
"""A page of every type, by its path below the base URL."""


def build_demo(work: Path, output: Path, address: str) -> Path:
    """Build the demo archive with a base URL into a folder, and return the folder."""
    builder = Builder(ROOT, time.time_ns, work=work, cache=CACHE)
    try:
        builder.build(read_config(ROOT, {"base_url": address}).config, Request(output=str(output)))
    finally:
        builder.close()
    return output
