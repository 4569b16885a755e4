"""Imports a folder written for Zola."""

import re
from collections import Counter
from collections.abc import Iterator

from sitegen.importers.archive import Archive
from sitegen.importers.folder import read_folder
from sitegen.importers.foreign_values import path_of
from sitegen.importers.house import House, Outline, content_of, home_of, score_texts
from sitegen.importers.items import Item, Options
from sitegen.importers.liquid import Resolve
from sitegen.importers.old_site import read_settings
from sitegen.importers.shortcodes import render_zola
from sitegen.slugs import slugify

NAME = "zola"
PRIVATE: tuple[str, ...] = ()

_CONFIGS = ("zola.toml", "config.toml")
_MARKS = re.compile(rb"(?m)^\[(?:taxonomies|extra)\]|^(?:page_template|sort_by|insert_anchor_links)\s*=|\]\(@/")


def recognise(archive: Archive) -> int:
    """Return 95 for Zola's settings, 60 for front matter and links that only Zola has."""
    _, config = home_of(archive, *_CONFIGS)
    if config:
        settings, _ = read_settings(archive, config)
        if "base_url" in settings:
            return 95
    return score_texts(archive, lambda name: _is_marked(archive.head(name, 16_384)), 0.1, 60)


def _is_marked(head: bytes) -> bool:
    return head.startswith(b"+++") and _MARKS.search(head) is not None


def read(archive: Archive, options: Options) -> Iterator[Item]:
    """Yield a post for each page of the content folder; the indexes of sections are none."""
    home, config = home_of(archive, *_CONFIGS)
    settings, notes = read_settings(archive, config)
    yield from notes
    content = content_of(archive, home, "content")
    url = str(settings.get("base_url") or "")
    languages = settings.get("languages")
    known = bool(config) or content.endswith("content/")
    default = str(settings.get("default_language") or "en")
    house = House(
        content=content,
        refuse=_refuse,
        render=_render,
        address=lambda outline: _address(outline, default) if known or outline.fields.address else "",
        guid=lambda outline: url.rstrip("/") + outline.address if url and outline.address else "",
        url=url,
        languages=frozenset(languages) if isinstance(languages, dict) else frozenset(),
    )
    yield from read_folder(archive, options, house)


def _refuse(inner: str) -> str:
    base = inner.rsplit("/", 1)[-1]
    return "the index of a section: sitegen makes its lists itself" if base.startswith("_index.") else ""


def _render(text: str, outline: Outline, resolve: Resolve) -> tuple[str, Counter[str]]:  # noqa: ARG001 - the shape of all
    return render_zola(text)


def _address(outline: Outline, default: str) -> str:
    """Return the path that Zola gives a page: its `path`, else its folders and its slug."""
    prefix = f"/{outline.language}" if outline.language and outline.language != default else ""
    if outline.fields.address:
        return path_of(f"{prefix}/{outline.fields.address.strip('/')}/")
    folders = "/".join(slugify(name, split_apostrophes=True) for name in outline.folder.split("/") if name)
    name = outline.fields.slug or slugify(outline.stem, split_apostrophes=True)
    return path_of(f"{prefix}/{folders}/{name}/" if folders else f"{prefix}/{name}/")
