"""Imports sites for Hugo."""

import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import quote

from sitegen.content.front_matter.split import split
from sitegen.errors import SiteError
from sitegen.importers.archive.archive import Archive, UnreadableError
from sitegen.importers.archive.text_encoding import decode
from sitegen.importers.base import ImportedPost, Item, MarkdownBody, Note, Options
from sitegen.importers.generators.content_files import find_content_folder, find_site_root
from sitegen.importers.generators.hugo_permalinks import HugoPage, PathStyle, find_sections, make_path
from sitegen.importers.generators.hugo_settings import HugoSettings
from sitegen.importers.generators.layout import GeneratorLayout, Outline, keep_markdown, section_of
from sitegen.importers.generators.post_filter import IMAGE_EXTENSIONS
from sitegen.importers.generators.reader import read_folder
from sitegen.importers.generators.recognise import CONFIG_EXTENSIONS, HUGO_CONFIGS
from sitegen.importers.generators.site_settings import read_settings, read_zone
from sitegen.importers.markdown_source.front_matter_values import path_of
from sitegen.importers.markdown_source.goldmark import drop_block_attributes
from sitegen.importers.markdown_source.liquid import Resolve
from sitegen.importers.markdown_source.shortcodes import render_hugo
from sitegen.importers.suggest_settings import find_folders, lower_keys, section_name

_EMOJI = re.compile(r"(?<![\w:/`]):[a-z][a-z0-9_+-]{1,40}:(?![\w:`])")
"""The code of an emoji, which Hugo replaces if `enableEmoji` is set."""

_COVER = re.compile(r"feature|cover|thumbnail", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _HugoSite:
    """The settings on which the paths of pages depend; `is_known` is whether the settings were found."""

    settings: Mapping[str, Any]
    default: str
    sections: frozenset[str]
    style: PathStyle
    is_known: bool


def read(archive: Archive, options: Options) -> Iterator[Item]:
    """Yield a post for each page of the content folder, except the indexes of sections."""
    home, config = find_site_root(archive, *HUGO_CONFIGS)
    home = home.removesuffix("config/_default/")
    settings, notes = _settings(archive, config)
    yield from notes
    default = str(settings.get("defaultcontentlanguage") or "en").lower()
    languages, roots = _languages(settings, home, default)
    content = (
        _above(roots) if roots else find_content_folder(archive, home, str(settings.get("contentdir") or "content"))
    )
    url = str(settings.get("baseurl") or "")
    is_known = bool(config) or content.endswith("content/")
    style = PathStyle(
        lower=settings.get("disablepathtolower") is not True,
        ugly=settings.get("uglyurls") is True,
        accents=settings.get("removepathaccents") is not True,
    )
    site = _HugoSite(settings, default, _sections(archive, content, roots), style, is_known)
    layout = GeneratorLayout(
        content=content,
        refuse=partial(_refuse, roots=[root.removeprefix(content) for root in roots]),
        has_pages=True,
        render=_render,
        address=partial(_old_path, site=site),
        guid=lambda outline: url.rstrip("/") + outline.address if url and outline.address else "",
        url=url,
        zone=read_zone(settings.get("timezone")),
        finish=drop_block_attributes if _has_block_attributes(settings) else keep_markdown,
        cover=partial(_cover, covers=_find_covers(archive, content)),
        languages=languages or (frozenset((default,)) if config else frozenset()),
        roots=roots,
        section=section_of,
        term_path=partial(_term_path, site=site),
    )
    titles = _section_titles(archive, content, roots)
    folders = find_folders(_inner_paths(archive, content, roots), style.clean_name)
    hugo = HugoSettings(config, settings if config else {}, default, titles, folders)
    items = read_folder(archive, options, layout)
    yield from hugo.suggest(_note_emoji(items) if settings.get("enableemoji") is True else items)


def _has_block_attributes(settings: Mapping[str, Any]) -> bool:
    """Return whether the old site read attribute lists below blocks, which Hugo does not by default."""
    table = settings
    for name in ("markup", "goldmark", "parser", "attribute"):
        table = lower_keys(table.get(name))
    return table.get("block") is True


def _note_emoji(items: Iterable[Item]) -> Iterator[Item]:
    """Yield the items, and a note for each code of an emoji in a post outside of code blocks: it is text here."""
    for item in items:
        yield item
        if isinstance(item, ImportedPost) and isinstance(item.body, MarkdownBody):
            found: dict[str, None] = {}
            is_code = False
            for line in item.body.text.splitlines():
                is_code ^= line.lstrip().startswith(("```", "~~~"))
                found |= dict.fromkeys(() if is_code else _EMOJI.findall(line))
            yield from (Note(item.where, f"left as text: {code}") for code in found)


def _find_covers(archive: Archive, content: str) -> dict[str, str]:
    """Return the URL of the cover of each bundle, by the path of the bundle's folder in `content`.

    Like Hugo's template for OpenGraph: the image in the bundle with "feature" in its name, otherwise "cover" or
    "thumbnail".
    """
    covers: dict[str, str] = {}
    for name in sorted(archive.names, key=lambda name: "feature" not in name.rsplit("/", 1)[-1].casefold()):
        folder, _, base = name.rpartition("/")
        if name.startswith(content) and base.lower().endswith(IMAGE_EXTENSIONS) and _COVER.search(base):
            covers.setdefault(folder[len(content) :], quote(base))
    return covers


def _cover(inner: str, covers: Mapping[str, str]) -> str:
    """Return the cover of the document of a bundle (`index.md`), or "" for any other document."""
    folder, _, base = inner.rpartition("/")
    return covers.get(folder, "") if base.split(".")[0] == "index" else ""


def _refuse(inner: str, roots: Sequence[str]) -> str:
    if roots and not inner.startswith(tuple(roots)):
        return "outside of the content folders of the site's languages"
    base = inner.rsplit("/", 1)[-1]
    if base.startswith("_index."):
        return "the index of a section, which sitegen generates itself"
    return "a template for new posts" if inner.startswith("archetypes/") else ""


def _render(text: str, outline: Outline, resolve: Resolve) -> tuple[str, Counter[str]]:
    return render_hugo(text, outline.front.values, resolve, outline.form)


def _settings(archive: Archive, config: str) -> tuple[Mapping[str, Any], tuple[Note, ...]]:
    """Return the settings with lower-case keys, from the config and from separate files next to it."""
    settings, notes = read_settings(archive, config)
    settings = {key.casefold(): value for key, value in settings.items()}
    if config.rpartition("/")[0].endswith("config/_default"):
        folder = config.rpartition("/")[0]
        for key in ("languages", "permalinks", "taxonomies", "params", "menus", "menu"):
            names = [
                name
                for name in archive.find(*(f"{key}.{ending}" for ending in CONFIG_EXTENSIONS))
                if name.startswith(folder)
            ]
            for name in names[:1]:
                value, more = read_settings(archive, name)
                settings.setdefault(key, value)
                notes += more
        settings, more = _add_files_of_languages(settings, archive, folder)
        notes += more
    return settings, notes


def _add_files_of_languages(
    settings: Mapping[str, Any], archive: Archive, folder: str
) -> tuple[Mapping[str, Any], tuple[Note, ...]]:
    """Return the settings with the menus and parameters that files such as `menus.de.toml` have for one language."""
    written = settings.get("languages")
    languages = dict(written) if isinstance(written, Mapping) else {}
    notes: tuple[Note, ...] = ()
    for language, values in languages.items():
        for key in ("menus", "menu", "params"):
            for name in archive.find(*(f"{key}.{language}.{ending}" for ending in CONFIG_EXTENSIONS))[:1]:
                if name.startswith(folder) and isinstance(values, Mapping):
                    value, more = read_settings(archive, name)
                    languages[language] = {key: value, **languages[language]}
                    notes += more
    return ({**settings, "languages": languages} if languages else settings), notes


def _languages(settings: Mapping[str, Any], home: str, default: str) -> tuple[frozenset[str], Mapping[str, str]]:
    """Return the languages of a site, in lower case, and the language of each content folder, "" for the default."""
    written = settings.get("languages")
    languages = written if isinstance(written, Mapping) else {}
    main = str(settings.get("contentdir") or "content").strip("./")
    roots: dict[str, str] = {}
    for name, values in languages.items():
        keys = {str(key).casefold(): value for key, value in values.items()} if isinstance(values, Mapping) else {}
        folder = str(keys.get("contentdir") or main).strip("./")
        if folder == main:
            # Languages without their own folder share this one; the names of their files have the language.
            roots[f"{home}{folder}/"] = ""
        else:
            roots[f"{home}{folder}/"] = str(name).lower() if str(name).lower() != default else ""
    own = any(folder != f"{home}{main}/" for folder in roots)
    return frozenset(str(name).lower() for name in languages), roots if own else {}


def _above(roots: Iterable[str]) -> str:
    """Return the common parent of the content folders, with a trailing slash, or "" for the top folder."""
    found = posixpath.commonpath([root.rstrip("/") for root in roots])
    return f"{found}/" if found else ""


def _root_of(name: str, content: str, roots: Iterable[str]) -> str:
    """Return the content folder that a file is in, or may be in: that of its language, otherwise the common one."""
    return next((root for root in sorted(roots, key=len, reverse=True) if name.startswith(root)), content)


def _sections(archive: Archive, content: str, roots: Iterable[str]) -> frozenset[str]:
    """Return the folders with an `_index` file, relative to their content folder."""
    found: set[str] = set()
    for name in archive.find("_index.*"):
        found.add(posixpath.dirname(name.removeprefix(_root_of(name, content, roots))))
    return frozenset(found)


def _inner_paths(archive: Archive, content: str, roots: Iterable[str]) -> Iterator[str]:
    """Yield the path of each file of the content folders, relative to its content folder."""
    for name in archive.names:
        root = _root_of(name, content, roots)
        if name.startswith(root):
            yield name[len(root) :]


def _section_titles(archive: Archive, content: str, roots: Mapping[str, str]) -> Mapping[str, str]:
    """Return the titles of sections in the main language, from their `_index` files, by the names of the sections."""
    titles: dict[str, str] = {}
    for name in archive.find("_index.md"):
        root = _root_of(name, content, roots)
        folder = posixpath.dirname(name.removeprefix(root))
        if not roots.get(root) and name.startswith(root) and folder and "/" not in folder:
            try:
                front = split(decode(archive.read(name)).encode("utf-8", "replace"), name, [])
            except (SiteError, UnreadableError):
                continue  # a title is not necessary
            titles[section_name(folder)] = " ".join(str(front.values.get("title") or "").split())
    return titles


def _old_path(outline: Outline, site: _HugoSite) -> str:
    """Return the path of a page in Hugo: its `url`, the pattern of its section, or the path of its file."""
    if outline.fields.address:
        return path_of(outline.fields.address)
    if not site.is_known:
        return ""
    language = outline.language.lower() or site.default
    has_prefix = language != site.default or site.settings.get("defaultcontentlanguageinsubdir") is True
    folders = [name for name in outline.folder.split("/") if name]
    page = HugoPage(
        folders=folders,
        name=_file_name(outline),
        sections=find_sections(folders, site.sections),
        title=outline.fields.title,
        slug=outline.fields.slug,
        date=outline.date,
    )
    path = make_path(page, _pattern(site.settings.get("permalinks"), folders[0] if folders else ""), site.style)
    return path_of(quote(f"/{language}{path}" if has_prefix else path)) if path else ""


def _term_path(taxonomy: str, name: str, post: ImportedPost, site: _HugoSite) -> str:
    """Return the path of the page of a term in the language of a post: below its taxonomy, or by the pattern for it."""
    settings = site.settings
    if not site.is_known:
        return ""
    written = settings.get("taxonomies", {"tag": "tags", "category": "categories"})
    names = written.values() if isinstance(written, Mapping) else ()
    disabled = settings.get("disablekinds")
    if taxonomy not in names or (isinstance(disabled, list) and {"term", "taxonomyTerm"} & set(map(str, disabled))):
        return ""
    page = HugoPage(folders=[taxonomy], name=name, sections=[taxonomy], title=name, slug="", date=None)
    path = make_path(page, _pattern(site.settings.get("permalinks"), taxonomy, "term"), site.style)
    written = post.language.lower()
    language = written if written in lower_keys(settings.get("languages")) else site.default
    is_prefixed = language != site.default or settings.get("defaultcontentlanguageinsubdir") is True
    return path_of(quote(f"/{language}{path}" if is_prefixed else path)) if path else ""


def _file_name(outline: Outline) -> str:
    """Return the name in the default path of Hugo: that of the file, with its date."""
    parts = outline.inner.rsplit(".", 1)[0].split("/")
    name = parts[-2] if parts[-1].split(".")[0] == "index" and len(parts) > 1 else parts[-1]
    return name.removesuffix(f".{outline.language}") if outline.language else name


def _pattern(permalinks: object, section: str, page_type: str = "page") -> str:
    """Return the pattern for the pages of a section or the terms of a taxonomy, "" for the default."""
    if not isinstance(permalinks, Mapping):
        return ""
    for table in (permalinks.get(page_type), permalinks):
        if isinstance(table, Mapping) and isinstance(table.get(section), str):
            return str(table[section])
    return ""
