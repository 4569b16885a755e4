"""Imports plain Markdown files: a folder, or single ones, with or without front matter."""

from collections import Counter
from collections.abc import Iterator

from sitegen.importers.archive.archive import Archive
from sitegen.importers.archive.evidence import find_share, has_front_matter, read_head, score_share
from sitegen.importers.base import Item, Options
from sitegen.importers.generators.html_post import is_html
from sitegen.importers.generators.layout import TEXTS, House, Outline
from sitegen.importers.generators.reader import read_folder
from sitegen.importers.markdown_source.engines import choose_for_commonmark, use_default
from sitegen.importers.markdown_source.liquid import Resolve

NAME = "plain"
PRIVATE: tuple[str, ...] = ()


def recognise(archive: Archive) -> int:
    """Return up to 35 by the share of documents that are Markdown or have front matter: every other format is surer."""
    return score_share(find_share(archive, lambda name: _is_text(archive, name)), 35)


def _is_text(archive: Archive, name: str) -> bool:
    return name.lower().endswith(TEXTS) or (is_html(name) and has_front_matter(read_head(archive, name, 64)))


def read(archive: Archive, options: Options) -> Iterator[Item]:
    """Yield a post for each Markdown file."""
    engine = use_default if archive.find("mkdocs.yml", "mkdocs.yaml") else choose_for_commonmark
    yield from read_folder(archive, options, House(content="", refuse=_accept, render=_leave, engine=engine))


def _accept(inner: str) -> str:  # noqa: ARG001 - the shape of all
    return ""


def _leave(text: str, outline: Outline, resolve: Resolve) -> tuple[str, Counter[str]]:  # noqa: ARG001 - the shape of all
    return text, Counter()
