"""Imports sites for Zola."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any
from urllib.parse import quote

from sitegen.importers.archive.archive import Archive
from sitegen.importers.base import ImportedPost, Item, Options, SuggestedTable
from sitegen.importers.generators.ascii_text import transliterate
from sitegen.importers.generators.content_files import find_content_folder, find_site_root
from sitegen.importers.generators.layout import GeneratorLayout, Outline, section_of
from sitegen.importers.generators.reader import read_folder
from sitegen.importers.generators.recognise import ZOLA_CONFIGS
from sitegen.importers.generators.site_settings import read_settings
from sitegen.importers.markdown_source.front_matter_values import path_of
from sitegen.importers.markdown_source.liquid import Resolve
from sitegen.importers.markdown_source.shortcodes import render_zola
from sitegen.importers.suggest_settings import (
    PostCounts,
    find_folders,
    line_of,
    lower_keys,
    suggest,
    suggest_site,
    suggest_taxonomies,
    suggest_types,
)

_DATED = re.compile(
    r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:T\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d))?\s?[_-](.+)\Z"
)


def read(archive: Archive, options: Options) -> Iterator[Item]:
    """Yield a post for each page of the content folder, except the indexes of sections."""
    home, config = find_site_root(archive, *ZOLA_CONFIGS)
    settings, notes = read_settings(archive, config)
    yield from notes
    content = find_content_folder(archive, home, "content")
    url = str(settings.get("base_url") or "")
    languages = lower_keys(settings.get("languages"))
    known = bool(config) or content.endswith("content/")
    default = str(settings.get("default_language") or "en")
    layout = GeneratorLayout(
        content=content,
        refuse=_refuse,
        has_pages=True,
        render=_render,
        address=lambda outline: _old_path(outline, settings, default) if known or outline.fields.address else "",
        guid=lambda outline: url.rstrip("/") + outline.address if url and outline.address else "",
        url=url,
        languages=frozenset(languages),
        section=section_of,
        term_path=partial(_term_path, settings=settings),
    )
    if config:
        author = {"author": settings.get("author") or lower_keys(settings.get("extra")).get("author")}
        names = {name: name for name in ("title", "description", "base_url", "author")}
        yield suggest_site({**settings, **author, "language": default}, **names, language="language")
    counts = PostCounts()
    yield from counts.watch(read_folder(archive, options, layout))
    if config and counts.languages:
        folders = find_folders(name[len(content) :] for name in archive.names if name.startswith(content))
        yield from _suggest_tables(settings, default, languages, counts, folders)


def _suggest_tables(
    settings: Mapping[str, Any],
    default: str,
    languages: Mapping[str, Any],
    counts: PostCounts,
    folders: Mapping[str, str],
) -> Iterator[SuggestedTable]:
    """Yield the tables for the config that follow from the settings of Zola and the posts."""
    main = counts.main_section()
    if folder := folders.get(main, ""):
        yield suggest(("urls",), {"post": f"/{folder}/{{slug}}/", "archive": f"/{folder}/"})
    yield from suggest_types(counts, {main}, {}, folders, {})
    yield from suggest_taxonomies((line_of(item, "name") for item in _taxonomies(settings)), counts, feed=False)
    for name, values in languages.items():
        if name != default.lower() and counts.languages[name]:
            shown = {key: line_of(lower_keys(values), key) for key in ("title", "description")}
            yield suggest(("languages", name), shown)


def _taxonomies(settings: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the settings of the taxonomies of the main language."""
    written = settings.get("taxonomies")
    return [item for item in written if isinstance(item, Mapping)] if isinstance(written, list) else []


def _term_path(taxonomy: str, name: str, post: ImportedPost, settings: Mapping[str, Any]) -> str:
    """Return the path of the page of a term in the language of a post, below its taxonomy."""
    if not any(item.get("name") == taxonomy and item.get("render") is not False for item in _taxonomies(settings)):
        return ""
    rules = settings.get("slugify")
    strategy = str(rules.get("taxonomies") or "on").lower() if isinstance(rules, Mapping) else "on"
    slug = _slugify(name, strategy)
    default = str(settings.get("default_language") or "en")
    language = post.language if post.language.lower() in lower_keys(settings.get("languages")) else ""
    prefix = language if language.lower() != default.lower() else ""
    parts = (prefix, *str(settings.get("taxonomy_root") or "").split("/"), _slugify(taxonomy, strategy), slug)
    return path_of(quote("/".join(("", *filter(None, parts), "")))) if slug else ""


def _refuse(inner: str) -> str:
    base = inner.rsplit("/", 1)[-1]
    return "the index of a section, which sitegen generates itself" if base.startswith("_index.") else ""


def _render(text: str, outline: Outline, resolve: Resolve) -> tuple[str, Counter[str]]:  # noqa: ARG001 - the signature of the callback
    return render_zola(text)


def _old_path(outline: Outline, settings: Mapping[str, Any], default: str) -> str:
    """Return the path of a page in Zola: its `path`, otherwise its language, its folders and its slug."""
    if outline.fields.address:
        return path_of(f"/{outline.fields.address.strip('/')}/")
    name = _name(outline)
    rules = settings.get("slugify")
    rules = rules if isinstance(rules, Mapping) else {}
    if rules.get("paths_keep_dates") is not True and (match := _DATED.match(name)):
        name = match[1]
    slug = _slugify(outline.fields.slug or name, str(rules.get("paths") or "on").lower())
    is_top = outline.inner.split(".", 1)[0] == "index"
    if not slug and not is_top:
        return ""
    language = outline.language if outline.language.lower() != default.lower() else ""
    parts = (language, *outline.folder.split("/"), "" if is_top else slug)
    return path_of(quote("/".join(("", *filter(None, parts), ""))))


def _name(outline: Outline) -> str:
    """Return the name of a page's file, or of its folder for a bundle, without the language."""
    parts = outline.inner.rsplit(".", 1)[0].split("/")
    name = parts[-1].removesuffix(f".{outline.language}") if outline.language else parts[-1]
    return parts[-2] if name == "index" and len(parts) > 1 else name


def _slugify(name: str, strategy: str) -> str:
    """Return a slug by the setting `slugify.paths`: "on", "safe" or "off"; "" if its letters are not Latin."""
    if strategy == "off":
        return name
    if strategy == "safe":
        return re.sub(r'[<>:"/\\|?*]', "", name.rstrip(" ."))
    return re.sub(r"[^a-z0-9]+", "-", (transliterate(name) or "").lower()).strip("-")
