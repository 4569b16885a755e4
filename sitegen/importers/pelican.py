"""Imports a folder written for Pelican."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from sitegen.importers.archive import Archive
from sitegen.importers.engines import use_default
from sitegen.importers.folder import read_folder
from sitegen.importers.foreign_values import path_of
from sitegen.importers.house import House, Outline, content_of, home_of, score_texts
from sitegen.importers.items import Item, Options
from sitegen.importers.liquid import Resolve
from sitegen.importers.old_site import read_settings, zone_of
from sitegen.slugs import slugify

NAME = "pelican"
PRIVATE: tuple[str, ...] = ()

_HEADER = re.compile(rb"\A\xef?\xbb?\xbf?(?:Title|Date):[ \t]*\S[^\n]*\n", re.IGNORECASE)
_FILE_LINK = re.compile(r"[{|](?:filename|static|attach)[|}]")
_INDEX_LINK = re.compile(r"\]\([{|]index[|}]/?\)")
_OTHER_LINK = re.compile(r"[{|](?:tag|category|author)[|}][^)\s]*")


def recognise(archive: Archive) -> int:
    """Return 90 for Pelican's settings, 80 for header lines without a fence."""
    if archive.find("pelicanconf.py"):
        return 90
    return score_texts(archive, lambda name: bool(_HEADER.match(archive.head(name))), 0.5, 80)


def read(archive: Archive, options: Options) -> Iterator[Item]:
    """Yield a post for each Markdown article; reStructuredText is skipped by name."""
    home, config = home_of(archive, "pelicanconf.py")
    settings, notes = read_settings(archive, config)
    yield from notes
    content = content_of(archive, home, str(settings.get("PATH") or "content").strip("./"), "content")
    url = str(settings.get("SITEURL") or "")
    house = House(
        content=content,
        refuse=lambda inner: "",  # noqa: ARG005 - every text of the content folder is an article or a page
        render=_render,
        address=partial(_address, settings=settings, known=bool(config)),
        guid=lambda outline: _guid(url, outline),
        url=url,
        engine=use_default,
        zone=zone_of(settings.get("TIMEZONE")),
        languages=frozenset(("-",)),
    )
    yield from read_folder(archive, options, house)


def _render(text: str, outline: Outline, resolve: Resolve) -> tuple[str, Counter[str]]:  # noqa: ARG001 - the shape of all
    left = Counter(" ".join(found.split()) for found in _OTHER_LINK.findall(text))
    return _INDEX_LINK.sub("](/)", _FILE_LINK.sub("", text)), left


def _address(outline: Outline, settings: Mapping[str, Any], *, known: bool) -> str:
    """Return the path that Pelican gives an article: its `url` or `save_as`, else the settings' pattern."""
    if outline.fields.address:
        return path_of("/" + outline.fields.address.lstrip("/"))
    if not known:
        return ""
    pages = outline.folder.split("/")[0] in (settings.get("PAGE_PATHS") or ["pages"])
    kind = "PAGE" if pages else "ARTICLE"
    pattern = str(settings.get(f"{kind}_URL") or ("pages/{slug}.html" if pages else "{slug}.html"))
    by_name = settings.get("SLUGIFY_SOURCE") == "basename"
    values = {
        "slug": outline.fields.slug or slugify(_basename(outline) if by_name else outline.fields.title or outline.stem),
        "lang": outline.fields.language or str(settings.get("DEFAULT_LANG") or "en"),
        "category": slugify(str(outline.front.values.get("category") or settings.get("DEFAULT_CATEGORY") or "misc")),
        "author": slugify(outline.fields.authors[0]) if outline.fields.authors else "",
    }
    if "{date" in pattern and outline.date is None:
        return ""
    filled = re.sub(r"\{date(?::([^{}]*))?\}", lambda match: format(outline.date, match[1] or "%Y-%m-%d"), pattern)
    filled = re.sub(r"\{(slug|lang|category|author)\}", lambda match: values[match[1]], filled)
    return path_of("/" + filled.lstrip("/")) if "{" not in filled else ""


def _basename(outline: Outline) -> str:
    return outline.inner.rsplit("/", 1)[-1].rsplit(".", 1)[0]


def _guid(url: str, outline: Outline) -> str:
    """Return the tag URI (RFC 4151) that Pelican's feeds have for an article."""
    host = urlsplit(url).hostname
    if not host or not outline.address or outline.date is None:
        return ""
    return f"tag:{host},{outline.date:%Y-%m-%d}:{urlsplit(url).path.rstrip('/')}{outline.address}"
