"""Imports plain Markdown files, with or without front matter."""

from collections import Counter
from collections.abc import Iterator

from sitegen.importers.archive.archive import Archive
from sitegen.importers.base import Item, Options
from sitegen.importers.generators.layout import GeneratorLayout, Outline
from sitegen.importers.generators.reader import read_folder
from sitegen.importers.markdown_source.engines import choose_for_commonmark, use_default
from sitegen.importers.markdown_source.liquid import Resolve


def read(archive: Archive, options: Options) -> Iterator[Item]:
    """Yield a post for each Markdown file."""
    engine = use_default if archive.find("mkdocs.yml", "mkdocs.yaml") else choose_for_commonmark
    yield from read_folder(archive, options, GeneratorLayout(content="", refuse=_accept, render=_leave, engine=engine))


def _accept(inner: str) -> str:  # noqa: ARG001 - the signature of the callback
    return ""


def _leave(text: str, outline: Outline, resolve: Resolve) -> tuple[str, Counter[str]]:  # noqa: ARG001 - the signature of the callback
    return text, Counter()
