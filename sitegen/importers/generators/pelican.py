"""Imports sites for Pelican."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any
from unicodedata import normalize
from urllib.parse import quote, unquote, urlsplit

from sitegen.importers.archive.archive import Archive
from sitegen.importers.base import Item, Options
from sitegen.importers.generators.ascii_text import transliterate
from sitegen.importers.generators.content_files import find_content_folder, find_site_root
from sitegen.importers.generators.layout import GeneratorLayout, Outline
from sitegen.importers.generators.reader import read_folder
from sitegen.importers.generators.site_settings import read_settings, read_zone
from sitegen.importers.markdown_source.engines import use_default
from sitegen.importers.markdown_source.front_matter_values import path_of
from sitegen.importers.markdown_source.liquid import Resolve
from sitegen.importers.suggest_settings import suggest_site

_FILE_LINK = re.compile(r"[{|](?:filename|static|attach)[|}]")
_INDEX_LINK = re.compile(r"\]\([{|]index[|}]/?\)")
_TERM_LINK = re.compile(r"[{|](tag|category|author)[|}]([^)\s#]*)")

_PATTERNS = {
    "ARTICLE": "{slug}.html",
    "ARTICLE_LANG": "{slug}-{lang}.html",
    "PAGE": "pages/{slug}.html",
    "PAGE_LANG": "pages/{slug}-{lang}.html",
    "TAG": "tag/{slug}.html",
    "CATEGORY": "category/{slug}.html",
    "AUTHOR": "author/{slug}.html",
}
_TERMS = {"tags": "TAG", "categories": "CATEGORY", "authors": "AUTHOR"}
"""What begins the names of the settings for the terms of a taxonomy."""


def read(archive: Archive, options: Options) -> Iterator[Item]:
    """Yield a post for each Markdown article, and a Skipped for reStructuredText."""
    home, config = find_site_root(archive, "pelicanconf.py")
    settings, notes = read_settings(archive, config)
    yield from notes
    content = find_content_folder(archive, home, str(settings.get("PATH") or "content").strip("./"), "content")
    url = str(settings.get("SITEURL") or "")
    term_path = partial(_term_path, settings=settings, known=bool(config))
    layout = GeneratorLayout(
        content=content,
        refuse=lambda inner: "",  # noqa: ARG005 - all documents of the content folder are articles or pages
        render=partial(_render, term_path=term_path),
        is_page=lambda outline: outline.date is None and _is_page(outline, settings),
        has_pages=True,
        address=partial(_old_path, settings=settings, known=bool(config)),
        guid=lambda outline: _guid(url, outline),
        url=url,
        engine=use_default,
        zone=read_zone(settings.get("TIMEZONE")),
        languages=frozenset(("-",)),
        term_path=lambda taxonomy, name, post: term_path(taxonomy, name),  # noqa: ARG005 - in all languages
    )
    yield suggest_site(
        settings,
        title="SITENAME",
        description="SITESUBTITLE",
        language="DEFAULT_LANG",
        timezone="TIMEZONE",
        author="AUTHOR",
    )
    yield from read_folder(archive, options, layout)


def _render(
    text: str,
    outline: Outline,  # noqa: ARG001 - the signature of the callback
    resolve: Resolve,  # noqa: ARG001 - as above
    term_path: Callable[[str, str], str],
) -> tuple[str, Counter[str]]:
    left: Counter[str] = Counter()

    def replace(match: re.Match[str]) -> str:
        """Return the old path of the page of a term, to which a link leads."""
        taxonomy = next(name for name, setting in _TERMS.items() if setting == match[1].upper())
        path = term_path(taxonomy, unquote(match[2]))
        left.update(() if path else (match[0],))
        return quote(path) or match[0]

    text = _TERM_LINK.sub(replace, text)
    return _INDEX_LINK.sub("](/)", _FILE_LINK.sub("", text)), left


def _old_path(outline: Outline, settings: Mapping[str, Any], *, known: bool) -> str:
    """Return the path of an article in Pelican: its `url` or `save_as`, otherwise by the pattern in the settings."""
    if outline.fields.address:
        return path_of("/" + outline.fields.address.lstrip("/"))
    if not known:
        return ""
    is_page = _is_page(outline, settings)
    default = str(settings.get("DEFAULT_LANG") or "en")
    language = outline.fields.language or default
    page_type = ("PAGE" if is_page else "ARTICLE") + ("_LANG" if language != default else "")
    pattern = str(settings.get(f"{page_type}_URL") or _PATTERNS[page_type])
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


def _term_path(taxonomy: str, name: str, settings: Mapping[str, Any], *, known: bool) -> str:
    """Return the path of the page of a tag, a category or an author, by the pattern in the settings."""
    key = _TERMS.get(taxonomy, "")
    if not known or not key or not settings.get(f"{key}_SAVE_AS", True):
        return ""
    slug = _slugify(name, settings)
    filled = str(settings.get(f"{key}_URL") or _PATTERNS[key]).replace("{slug}", slug)
    return path_of(quote("/" + filled.lstrip("/"))) if slug and "{" not in filled else ""


def _category(outline: Outline, settings: Mapping[str, Any]) -> str:
    """Return the category of an article, otherwise the name of its folder, otherwise the default."""
    if own := outline.front.values.get("category"):
        return str(own)
    folder = outline.folder.rsplit("/", 1)[-1] if settings.get("USE_FOLDER_AS_CATEGORY", True) else ""
    return folder or str(settings.get("DEFAULT_CATEGORY") or "misc")


def _slugify(text: str, settings: Mapping[str, Any]) -> str:
    """Return a slug by the default rules of Pelican, or "" if its letters are not Latin."""
    is_unicode = settings.get("SLUGIFY_USE_UNICODE") is True
    plain = normalize("NFC", text) if is_unicode else transliterate(text) or ""
    slug = re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", plain).strip())
    return slug if settings.get("SLUGIFY_PRESERVE_CASE") is True else slug.lower()


def _is_page(outline: Outline, settings: Mapping[str, Any]) -> bool:
    return outline.folder.split("/")[0] in (settings.get("PAGE_PATHS") or ["pages"])


def _basename(outline: Outline) -> str:
    return outline.inner.rsplit("/", 1)[-1].rsplit(".", 1)[0]


def _guid(url: str, outline: Outline) -> str:
    """Return the id of an article in Pelican's feeds, a tag URI (RFC 4151)."""
    host = urlsplit(url).hostname
    if not host or not outline.address or outline.date is None:
        return ""
    return f"tag:{host},{outline.date:%Y-%m-%d}:{urlsplit(url).path.rstrip('/')}{outline.address}"
