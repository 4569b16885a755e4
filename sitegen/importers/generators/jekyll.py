"""Imports sites for Jekyll."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from fnmatch import fnmatchcase
from functools import partial
from typing import Any
from unicodedata import category
from urllib.parse import quote

from sitegen.importers.archive.archive import Archive
from sitegen.importers.archive.evidence import has_front_matter, read_head
from sitegen.importers.base import Item, Options
from sitegen.importers.generators.content_files import find_site_root
from sitegen.importers.generators.jekyll_includes import Includes
from sitegen.importers.generators.layout import GeneratorLayout, Outline
from sitegen.importers.generators.old_pages import LIST_NAMES
from sitegen.importers.generators.reader import read_folder
from sitegen.importers.generators.site_settings import read_settings, read_zone
from sitegen.importers.markdown_source.engines import choose_for_kramdown
from sitegen.importers.markdown_source.front_matter_values import path_of
from sitegen.importers.markdown_source.kramdown import render_kramdown
from sitegen.importers.markdown_source.liquid import Resolve, render_liquid
from sitegen.importers.suggest_settings import suggest_site

_STYLES = {
    "date": "/:categories/:year/:month/:day/:title:output_ext",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title:output_ext",
    "weekdate": "/:categories/:year/W:week/:short_day/:title:output_ext",
    "none": "/:categories/:title:output_ext",
}
LANGUAGE_KEYS = ("default_lang", "lang", "locale", "language")
"""Where the settings have the language of the site: for Polyglot, themes, and jekyll-seo-tag."""

_PRETTY = frozenset("._~!$&'()+,;=@")
"""Punctuation that Jekyll's mode "pretty" allows in a slug."""

_PROGRAM = re.compile(rb"\{%-? *(?:for|if|unless|case|assign|capture|tablerow)\b")


def read(archive: Archive, options: Options) -> Iterator[Item]:
    """Yield a post for each document in `_posts`, `_drafts` and collections, and for pages."""
    home, config = find_site_root(archive, "_config.yml", "_config.yaml", "_config.toml")
    settings, notes = read_settings(archive, config)
    yield from notes
    home = home if config else _above_posts(archive)
    source = str(settings.get("source") or "").strip("./")
    content = f"{home}{source}/" if source and any(n.startswith(f"{home}{source}/") for n in archive.names) else home
    has_posts = any("_posts/" in name for name in archive.names)
    known = bool(config) or has_posts
    url = str(settings.get("url") or "") + str(settings.get("baseurl") or "")
    layout = GeneratorLayout(
        content=content,
        refuse=partial(_refuse, has_posts=has_posts, read=lambda inner: read_head(archive, content + inner, 65_536)),
        is_page=lambda outline: has_posts and _is_page(outline.inner),
        # Links are relative to the base path of the new site, so the old one is dropped.
        render=partial(_render, settings={**settings, "url": url, "baseurl": ""}, includes=Includes(archive, content)),
        finish=render_kramdown,
        address=lambda outline: _localize(outline, _old_path(outline, settings, known=known), settings),
        guid=lambda outline: _guid(url, outline.address),
        separator=" ",
        engine=choose_for_kramdown,
        url=url,
        zone=read_zone(settings.get("timezone")),
        languages=frozenset(("-",)),
        defaults=lambda inner: _defaults(settings, inner),
        term_path=lambda taxonomy, name, post: _term_path(taxonomy, name, settings),  # noqa: ARG005 - in all languages
        translation_key=_translation_key,
        shared_path=partial(_shared_path, settings=settings) if isinstance(settings.get("languages"), list) else None,
    )
    language = next((key for key in LANGUAGE_KEYS if settings.get(key)), "")
    yield suggest_site(
        settings, title="title", description="description", language=language, timezone="timezone", author="author"
    )
    yield from read_folder(archive, options, layout)


def _above_posts(archive: Archive) -> str:
    """Return the top folder, which zip files often have, for a site without settings."""
    found = {name[: match.start()] for name in archive.names if (match := re.search(r"_(?:posts|drafts)/", name))}
    return found.pop() if len(found) == 1 else ""


def _is_page(inner: str) -> bool:
    """Return whether a document is a page, and not in a folder of posts, drafts or a collection."""
    return not any(folder.startswith("_") for folder in inner.split("/")[:-1])


def _refuse(inner: str, *, has_posts: bool, read: Callable[[str], bytes]) -> str:
    folders = inner.split("/")[:-1]
    if "_posts" in folders or "_drafts" in folders or not has_posts:
        return ""
    if folders and folders[0].startswith(("_layouts", "_includes", "_data", "_site", "_sass", "_plugins")):
        return "part of the old theme"
    if any(folder.startswith("_") for folder in folders):
        return ""
    stem = inner.rsplit("/", 1)[-1].rsplit(".", 1)[0].lower()
    if stem in LIST_NAMES and (stem != "index" or not folders):
        return "a list of posts, which sitegen generates itself"
    head = read(inner)
    if not has_front_matter(head):
        return "not a page: it has no front matter"
    return "a template, not a page: it has loops or conditions" if _PROGRAM.search(head) else ""


def _defaults(settings: Mapping[str, Any], inner: str) -> Mapping[str, Any]:
    """Return the default front matter for a path; longer scopes take precedence."""
    found: list[tuple[int, Mapping[str, Any]]] = []
    rules = settings.get("defaults")
    for rule in rules if isinstance(rules, list) else ():
        scope = rule.get("scope") if isinstance(rule, Mapping) else None
        values = rule.get("values") if isinstance(rule, Mapping) else None
        if not isinstance(scope, Mapping) or not isinstance(values, Mapping):
            continue
        path, collection = str(scope.get("path") or "").strip("/"), str(scope.get("type") or "posts")
        drafts = collection == "drafts" and "_drafts/" in inner
        if collection not in ("posts", "") and not drafts and f"_{collection}/" not in inner:
            continue
        if not path or inner == path or inner.startswith(f"{path}/") or fnmatchcase(inner, path):
            found.append((len(path), values))
    merged: dict[str, Any] = {}
    for _, values in sorted(found, key=lambda one: one[0]):
        merged.update({key: value for key, value in values.items() if key not in ("layout", "toc", "comments")})
    return merged


def _render(
    text: str, outline: Outline, resolve: Resolve, *, settings: Mapping[str, Any], includes: Includes
) -> tuple[str, Counter[str]]:
    page = {**outline.front.values, "title": outline.fields.title, "url": outline.address, "slug": outline.slug}
    text, left = render_liquid(text, settings, page, resolve, outline.form, includes.reader(outline.name))
    return text, left


_FORMATS = {
    "year": "%Y", "short_year": "%y", "month": "%m", "day": "%d", "y_day": "%j",
    "hour": "%H", "minute": "%M", "second": "%S", "week": "%V", "w_year": "%G", "short_day": "%a", "long_day": "%A",
    "short_month": "%b", "long_month": "%B",
}  # fmt: skip
_NAMES = [
    *_FORMATS, "i_month", "i_day", "w_day", "categories", "slugified_categories", "title", "name", "slug",
    "output_ext", "collection",
]  # fmt: skip
_PLACEHOLDER = re.compile(f":({'|'.join(sorted(_NAMES, key=len, reverse=True))})")


def _old_path(outline: Outline, settings: Mapping[str, Any], *, known: bool) -> str:
    """Return the path of a post in Jekyll, by its `permalink` or the pattern in the settings."""
    pattern = outline.fields.address
    if pattern and ":" not in pattern:
        return path_of(pattern)
    if known and _is_page(outline.inner):
        return _old_page_path(outline.inner, str(settings.get("permalink") or "date"))
    if not known or outline.date is None:
        return ""
    pattern = pattern or str(settings.get("permalink") or "date")
    pattern = _STYLES.get(pattern, pattern)
    moment, ending = outline.date, "" if pattern.endswith("/") else ".html"
    filled = _PLACEHOLDER.sub(lambda match: _fill(match[1], outline, moment, ending), pattern)
    return path_of(quote("/" + re.sub(r"/{2,}", "/", filled).lstrip("/"), safe="/%"))


_ARCHIVES = {"tags": ("tag", "/tag/:name/"), "categories": ("category", "/category/:name/")}
"""The key in the patterns of jekyll-archives, and the default pattern, for tags and categories."""


def _term_path(taxonomy: str, name: str, settings: Mapping[str, Any]) -> str:
    """Return the path of the page of a tag or category, which the plugin jekyll-archives makes."""
    archives = settings.get("jekyll-archives")
    if not isinstance(archives, Mapping) or taxonomy not in _ARCHIVES:
        return ""
    enabled, patterns = archives.get("enabled"), archives.get("permalinks")
    if enabled not in (True, "all") and not (isinstance(enabled, list) and taxonomy in enabled):
        return ""
    key, pattern = _ARCHIVES[taxonomy]
    pattern = str(patterns.get(key) or pattern) if isinstance(patterns, Mapping) else pattern
    slug = _slugify(name).lower()
    path = re.sub(r"/{2,}", "/", f"/{pattern}".replace(":name", slug).replace(":type", key))
    return path_of(quote(path)) if slug and ":" not in path else ""


def _localize(outline: Outline, path: str, settings: Mapping[str, Any]) -> str:
    """Return the path of a document in the language that it is written in (Polyglot): the default has no prefix."""
    language, languages = outline.fields.language, settings.get("languages")
    default = str(settings.get("default_lang") or "en")
    known = [str(item).lower() for item in languages] if isinstance(languages, list) else []
    is_other = path and language.lower() in known and language.lower() != default.lower()
    return f"/{language}{path}" if is_other else path


def _translation_key(outline: Outline) -> str:
    """Return the key that a document shares with its translations: `page_id` (Polyglot), or `ref` beside a language."""
    fields, values = outline.fields, outline.front.values
    named = values.get("page_id") or (values.get("ref") if fields.language else "")
    return fields.translation_key or (str(named) if isinstance(named, str | int) else "")


def _shared_path(outline: Outline, settings: Mapping[str, Any]) -> str:
    """Return the path of a document in Polyglot, which is that of all its translations."""
    return _old_path(outline, settings, known=True).strip("/")


def _fill(name: str, outline: Outline, moment: datetime, ending: str) -> str:
    """Return the value of a placeholder in the pattern of a post's URL, which ends with the value of `output_ext`."""
    if name in _FORMATS:
        return f"{moment:{_FORMATS[name]}}"
    if name in ("categories", "slugified_categories"):
        names = _categories(outline)
        return "/".join(names if name == "categories" else map(_slugify, names)).lower()
    if name in ("title", "name", "slug"):
        title = outline.fields.slug or outline.stem
        return _slugify(title).lower() if name == "slug" else _slugify(title, _PRETTY)
    days = {"i_month": moment.month, "i_day": moment.day, "w_day": moment.isoweekday()}
    return str(days[name]) if name in days else ending if name == "output_ext" else "posts"


def _old_page_path(inner: str, style: str) -> str:
    """Return the path of a page in Jekyll: that of its file, with the extension of posts."""
    path = inner.rsplit(".", 1)[0]
    if path == "index" or path.endswith("/index"):
        return path_of(f"/{path.removesuffix('index')}")
    pattern = _STYLES.get(style, style)
    ending = "/" if pattern.endswith("/") else ".html" if pattern.endswith(":output_ext") else ""
    return path_of(f"/{path}{ending}")


def _categories(outline: Outline) -> list[str]:
    """Return the categories of a post in its path, from its folders and its front matter."""
    folders = outline.folder.split("/")
    before = folders[: next((i for i, name in enumerate(folders) if name in ("_posts", "_drafts")), 0)]
    one, several = (outline.front.values.get(key) for key in ("category", "categories"))
    several = several.split() if isinstance(several, str) else several
    named = [*([one] if one else []), *(several if isinstance(several, list) else [])]
    return list(dict.fromkeys([*before, *map(str, named)]))


def _slugify(text: str, allowed: frozenset[str] = frozenset()) -> str:
    """Return a slug as Jekyll does: letters, marks and digits of any script; other runs become one hyphen."""
    written = (c if c in allowed or category(c)[0] in "LM" or category(c) == "Nd" else "-" for c in text)
    return re.sub("-{2,}", "-", "".join(written)).strip("-")


def _guid(url: str, address: str) -> str:
    """Return the id of a post in jekyll-feed: its URL without an extension."""
    return (
        url.rstrip("/") + address.removesuffix("/").removesuffix(".html") if url.startswith("http") and address else ""
    )
