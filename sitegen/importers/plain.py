"""Imports plain Markdown files: a folder, or single ones, with or without front matter."""

from collections import Counter
from collections.abc import Iterator

from sitegen.importers.archive import Archive
from sitegen.importers.folder import read_folder
from sitegen.importers.house import TEXTS, House, Outline
from sitegen.importers.items import Item, Options
from sitegen.importers.liquid import Resolve

NAME = "plain"
PRIVATE: tuple[str, ...] = ()


def recognise(archive: Archive) -> int:
    """Return 10 for anything with a Markdown file in it: every other format is surer."""
    return 10 if any(name.lower().endswith(TEXTS) for name in archive.names) else 0


def read(archive: Archive, options: Options) -> Iterator[Item]:
    """Yield a post for each Markdown file."""
    yield from read_folder(archive, options, House(content="", refuse=_accept, render=_leave))


def _accept(inner: str) -> str:  # noqa: ARG001 - the shape of all
    return ""


def _leave(text: str, outline: Outline, resolve: Resolve) -> tuple[str, Counter[str]]:  # noqa: ARG001 - the shape of all
    return text, Counter()
