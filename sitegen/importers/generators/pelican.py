"""Imports a folder written for Pelican."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any
from unicodedata import normalize
from urllib.parse import quote, urlsplit

from sitegen.importers.archive.archive import Archive
from sitegen.importers.base import Item, Options
from sitegen.importers.generators.ascii_text import transliterate
from sitegen.importers.generators.content_files import content_of, home_of
from sitegen.importers.generators.layout import House, Outline
from sitegen.importers.generators.reader import read_folder
from sitegen.importers.generators.site_settings import read_settings, zone_of
from sitegen.importers.markdown_source.engines import use_default
from sitegen.importers.markdown_source.front_matter_values import path_of
from sitegen.importers.markdown_source.liquid import Resolve

_FILE_LINK = re.compile(r"[{|](?:filename|static|attach)[|}]")
_INDEX_LINK = re.compile(r"\]\([{|]index[|}]/?\)")
_OTHER_LINK = re.compile(r"[{|](?:tag|category|author)[|}][^)\s]*")

_PATTERNS = {
    "ARTICLE": "{slug}.html",
    "ARTICLE_LANG": "{slug}-{lang}.html",
    "PAGE": "pages/{slug}.html",
    "PAGE_LANG": "pages/{slug}-{lang}.html",
}


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
        is_page=lambda outline: outline.date is None and _is_page(outline, settings),
        has_pages=True,
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
    """Return the path that Pelican gives an article: its `url` or `save_as`, otherwise the settings' pattern."""
    if outline.fields.address:
        return path_of("/" + outline.fields.address.lstrip("/"))
    if not known:
        return ""
    is_page = _is_page(outline, settings)
    default = str(settings.get("DEFAULT_LANG") or "en")
    language = outline.fields.language or default
    kind = ("PAGE" if is_page else "ARTICLE") + ("_LANG" if language != default else "")
    pattern = str(settings.get(f"{kind}_URL") or _PATTERNS[kind])
    by_name = settings.get("SLUGIFY_SOURCE") == "basename"
    author = outline.fields.authors[0] if outline.fields.authors else str(settings.get("AUTHOR") or "")
    values = {
        "slug": outline.fields.slug
        or _slugify(_basename(outline) if by_name else outline.fields.title or outline.stem, settings),
        "lang": language,
        "category": _slugify(_category(outline, settings), settings),
        "author": _slugify(author, settings),
    }
    if not values["slug"]:
        return ""
    if "{date" in pattern and outline.date is None:
        return ""
    filled = re.sub(r"\{date(?::([^{}]*))?\}", lambda match: format(outline.date, match[1] or "%Y-%m-%d"), pattern)
    filled = re.sub(r"\{(slug|lang|category|author)\}", lambda match: values[match[1]], filled)
    return path_of(quote("/" + filled.lstrip("/"))) if "{" not in filled else ""


def _category(outline: Outline, settings: Mapping[str, Any]) -> str:
    """Return an article's category: its own, otherwise the name of its folder, otherwise the default one."""
    if own := outline.front.values.get("category"):
        return str(own)
    folder = outline.folder.rsplit("/", 1)[-1] if settings.get("USE_FOLDER_AS_CATEGORY", True) else ""
    return folder or str(settings.get("DEFAULT_CATEGORY") or "misc")


def _slugify(text: str, settings: Mapping[str, Any]) -> str:
    """Return a string as Pelican's default rules write it in URLs; "" if its letters are not Latin."""
    is_unicode = settings.get("SLUGIFY_USE_UNICODE") is True
    plain = normalize("NFC", text) if is_unicode else transliterate(text) or ""
    slug = re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", plain).strip())
    return slug if settings.get("SLUGIFY_PRESERVE_CASE") is True else slug.lower()


def _is_page(outline: Outline, settings: Mapping[str, Any]) -> bool:
    return outline.folder.split("/")[0] in (settings.get("PAGE_PATHS") or ["pages"])


def _basename(outline: Outline) -> str:
    return outline.inner.rsplit("/", 1)[-1].rsplit(".", 1)[0]


def _guid(url: str, outline: Outline) -> str:
    """Return the tag URI (RFC 4151) that Pelican's feeds have for an article."""
    host = urlsplit(url).hostname
    if not host or not outline.address or outline.date is None:
        return ""
    return f"tag:{host},{outline.date:%Y-%m-%d}:{urlsplit(url).path.rstrip('/')}{outline.address}"
