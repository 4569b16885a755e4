"""Imports the blogs of a site written for Docusaurus, with their translations."""

import posixpath
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sitegen.content.front_matter.split import FrontMatter
from sitegen.importers.archive.archive import Archive, UnreadableError
from sitegen.importers.archive.text_encoding import read_text
from sitegen.importers.base import Item, Location, Note, Options
from sitegen.importers.generators.content_files import home_of
from sitegen.importers.generators.html_post import markdown_words
from sitegen.importers.generators.javascript import Unread, find_object
from sitegen.importers.generators.layout import House, Outline
from sitegen.importers.generators.reader import read_folder
from sitegen.importers.generators.recognise import BLOG_PLUGIN, DOCUSAURUS_CONFIGS, TRANSLATION
from sitegen.importers.generators.site_settings import read_settings
from sitegen.importers.markdown_source.admonitions import translate_admonitions
from sitegen.importers.markdown_source.front_matter_values import path_of
from sitegen.importers.markdown_source.liquid import Resolve
from sitegen.importers.markdown_source.mdx import translate_mdx

MAX_CONFIG_BYTES = 1 << 19
MAX_SUMMARY_CHARACTERS = 4_000

# As Docusaurus does: the first date in the path, with hyphens or as folders.
_DATED = re.compile(r"(?P<folder>.*?)(?P<date>\d{4}[-/]\d{1,2}[-/]\d{1,2})(?!\d)[-/]?(?P<text>.*)")
_TRUNCATE = re.compile(r"(?:(?<!\n)\n++)?(?:<!--\s*+truncate\s*+-->|\{\s*+/\*\s*+truncate\s*+\*/\s*+\})\n*+")
_INDEX = re.compile(r"/index\Z")


@dataclass(frozen=True, slots=True)
class _Blog:
    """One blog of the site: its folder and its route, without slashes at the ends, and its plugin's id.

    The route is None where only a program knows it: then nobody knows the old URLs either.
    """

    folder: str = "blog"
    route: str | None = "blog"
    id: str = "default"


@dataclass(frozen=True, slots=True)
class _Site:
    """What the settings say of a site; `authors` and `tags` are names by blog folder (or that of a translation) and id.

    `known` is whether there are settings at all; `base` is None where only a program knows it.
    """

    blogs: tuple[_Blog, ...] = (_Blog(),)
    url: str = ""
    base: str | None = "/"
    locale: str = "en"
    slash: bool = False
    known: bool = False
    authors: Mapping[str, Mapping[str, str]] | None = None
    tags: Mapping[str, Mapping[str, str]] | None = None


@dataclass(frozen=True, slots=True)
class _Where:
    """Where a document is: its blog, the language of a translation or "", the folder of documents, the path below it.

    `main` is the folder of the documents that are not translated.
    """

    blog: _Blog = _Blog()
    language: str = ""
    folder: str = ""
    file: str = ""
    main: str = ""


def read(archive: Archive, options: Options) -> Iterator[Item]:
    """Yield a post for each document of each blog and of its translations; documentation and pages are not posts."""
    home, config = home_of(archive, *DOCUSAURUS_CONFIGS)
    home = home if config else _above_blog(archive)
    site, notes = _read_site(archive, home, config)
    yield from notes
    folders = {f"{home}{blog.folder}" for blog in site.blogs}
    folders |= {
        name[: match.start("file")].rstrip("/")
        for name in archive.names
        if name.startswith(home) and (match := TRANSLATION.match(name, len(home)))
    }
    authors, author_notes = _names(archive, folders, ("authors.yml", "authors.yaml", "authors.json"), "name")
    tags, tag_notes = _names(archive, folders, ("tags.yml", "tags.yaml"), "label")
    yield from (*author_notes, *tag_notes)
    site = replace(site, authors=authors, tags=tags)
    translated = {(where.blog.id, where.file) for name in archive.names if (where := _place(name, home, site)).language}

    def adapt(front: FrontMatter, inner: str) -> FrontMatter:
        return _adapt(front, _place(home + inner, home, site), site, translated)

    yield from read_folder(
        archive,
        options,
        House(
            content=home,
            refuse=lambda inner: _refuse(inner, home, site),
            render=_render,
            address=lambda outline: _address(outline, home, site),
            guid=lambda outline: _guid(outline, site),
            url=site.url + (site.base or "").rstrip("/"),
            languages=frozenset(("-",)),
            adapt=adapt,
            prepare=_prepare,
            language_of=lambda inner: _place(home + inner, home, site).language,
        ),
    )


def _above_blog(archive: Archive) -> str:
    """Return the folder that holds a blog or its translations, where there are no settings."""
    for name in archive.names:
        if match := re.search(rf"(?:^|/)(?:i18n/[\w-]+/{BLOG_PLUGIN}|blog)/", name):
            return name[: match.start()] + "/" if match.start() else ""
    return ""


def _read_site(archive: Archive, home: str, config: str) -> tuple[_Site, list[Note]]:
    """Return what the settings say, and a note for each of them that only a program knows."""
    if not config:
        return _Site(), []
    notes: list[Note] = []
    where = Location(config)
    try:
        source = read_text(archive, config, MAX_CONFIG_BYTES)
    except UnreadableError as error:
        return _Site(known=True), [Note(where, f"the settings were not read: {error}")]
    settings = find_object(source, ("baseUrl", "presets", "themeConfig"))
    if not settings:
        notes.append(Note(where, "the settings were not read: they are not an object of literal values"))

    def text(values: Mapping[str, Any], key: str, default: str, effect: str = "") -> str | None:
        value = values.get(key, default)
        if isinstance(value, str) and not isinstance(value, Unread):
            return value
        notes.append(Note(where, f"`{key}` is not a literal value: {effect or f'`{default}` is assumed'}"))
        return None if effect else default

    def route(values: Mapping[str, Any]) -> str | None:
        found = text(values, "routeBasePath", "blog", "the old addresses of this blog are not known")
        return found if found is None else found.strip("/")

    blogs = [
        _Blog(
            posixpath.normpath(text(found, "path", "blog") or "blog").strip("/"),
            route(found),
            text(found, "id", "default") or "default",
        )
        for found in _blog_options(settings)
    ]
    if not blogs and any(name.startswith(f"{home}blog/") for name in archive.names):
        blogs = [_Blog()]
    languages = settings.get("i18n")
    locale = text(languages, "defaultLocale", "en") if isinstance(languages, dict) else "en"
    base = text(settings, "baseUrl", "/", "the ids of the old feed are not known")
    url = text(settings, "url", "", "the ids of the old feed are not known") or ""
    return _Site(
        tuple(blogs), url.rstrip("/"), base, locale or "en", settings.get("trailingSlash") is True, known=True
    ), notes


def _blog_options(settings: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the options of each blog: those of presets that have a blog, and of plugins by their name."""
    for name, options in map(_named, _list(settings.get("presets"))):
        blog = options.get("blog", {}) if "classic" in name or "blog" in options else False
        if blog is not False:
            yield blog if isinstance(blog, dict) else {}
    for name, options in map(_named, _list(settings.get("plugins"))):
        if "content-blog" in name or ("routeBasePath" in options and "blogTitle" in options):
            yield options


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _named(item: object) -> tuple[str, Mapping[str, Any]]:
    """Return the name and the options of a preset or a plugin."""
    parts = item if isinstance(item, list) else [item]
    name = str(parts[0]) if parts else ""
    return name, parts[1] if len(parts) > 1 and isinstance(parts[1], dict) else {}


def _names(
    archive: Archive, folders: set[str], files: tuple[str, ...], key: str
) -> tuple[dict[str, dict[str, str]], list[Note]]:
    """Return the names of authors or tags by folder and id, and notes of what cannot be read."""
    names: dict[str, dict[str, str]] = {}
    notes: list[Note] = []
    for folder in sorted(folders):
        for file in files:
            if (path := f"{folder}/{file}") in archive:
                values, problems = read_settings(archive, path)
                notes += problems
                found = {
                    str(id_): str(value[key])
                    for id_, value in values.items()
                    if isinstance(value, Mapping) and isinstance(value.get(key), str)
                }
                names.setdefault(folder, {}).update(found)
    return names, notes


def _place(name: str, home: str, site: _Site) -> _Where:
    """Return where a member is; with an empty `file` for one that is in no blog."""
    if name.startswith(home):
        if match := TRANSLATION.match(name, len(home)):
            id_ = match[2] or "default"
            blog = next((blog for blog in site.blogs if blog.id == id_), _Blog("", id_ if match[2] else "blog", id_))
            language = "" if match[1] == site.locale else match[1].replace("_", "-")
            return _Where(
                blog, language, name[: match.start("file")].rstrip("/"), match["file"], f"{home}{blog.folder}"
            )
        for blog in site.blogs:
            folder = f"{home}{blog.folder}"
            if name.startswith(f"{folder}/"):
                return _Where(blog, "", folder, name[len(folder) + 1 :], folder)
    return _Where()


def _refuse(inner: str, home: str, site: _Site) -> str:
    where = _place(home + inner, home, site)
    if not where.file:
        return "a page or documentation, not a post of a blog"
    if any(part.startswith("_") for part in where.file.split("/")):
        return "part of other texts, not a post: its name begins with an underscore"
    return ""


def _stem(file: str) -> str:
    """Return the path of a document without its ending, and without the index of a folder."""
    return _INDEX.sub("", posixpath.splitext(file)[0])


def _adapt(front: FrontMatter, where: _Where, site: _Site, translated: set[tuple[str, str]]) -> FrontMatter:
    """Return front matter with the names of its authors and tags, its date, its summary and its translations."""
    values = dict(front.values)
    authors = {**_of(site.authors, where.main), **_of(site.authors, where.folder)}
    tags = {**_of(site.tags, where.main), **_of(site.tags, where.folder)}
    if "authors" in values:
        people = values["authors"] if isinstance(values["authors"], list) else [values["authors"]]
        values["authors"] = [_name(person, authors, "name") for person in people]
    if isinstance(values.get("tags"), list):
        values["tags"] = [_name(tag, tags, "label") for tag in values["tags"]]
    updated = values.get("last_update")
    if isinstance(updated, Mapping) and "date" in updated and "last_modified" not in values:
        values["last_modified"] = updated["date"]
        del values["last_update"]
    if "date" not in values and (day := _day(where.file)):
        values["date"] = day.isoformat()
    if "description" not in values and (marker := _TRUNCATE.search(front.text)) is not None:
        opening = front.text[: marker.start()]
        if len(opening) <= MAX_SUMMARY_CHARACTERS:
            values["description"] = markdown_words(translate_admonitions(translate_mdx(opening, Counter())))
    if where.language:
        values.setdefault("language", where.language)
    if (where.blog.id, where.file) in translated:
        values.setdefault("translationKey", _stem(where.file))
    return replace(front, values=values)


def _of(names: Mapping[str, Mapping[str, str]] | None, folder: str) -> Mapping[str, str]:
    return (names or {}).get(folder, {})


def _name(value: object, names: Mapping[str, str], key: str) -> object:
    """Return the name that an id, or a mapping with a key or a name of its own, stands for."""
    if isinstance(value, Mapping):
        return value.get(key) or names.get(str(value.get("key")), value.get("key"))
    return names.get(str(value), value)


def _day(file: str) -> date | None:
    match = _DATED.match(_stem(file))
    if match is None:
        return None
    year, month, day = map(int, re.split("[-/]", match["date"]))
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _prepare(text: str, outline: Outline, dropped: Counter[str]) -> str:  # noqa: ARG001 - the shape of all
    return translate_admonitions(translate_mdx(_TRUNCATE.sub("\n\n", text), dropped))


def _render(text: str, outline: Outline, resolve: Resolve) -> tuple[str, Counter[str]]:  # noqa: ARG001 - the shape of all
    return text, Counter()


def _address(outline: Outline, home: str, site: _Site) -> str:
    """Return the path of a post: language, route, then its `slug`, or the date and name of its file."""
    where = _place(outline.name, home, site)
    if not site.known or where.blog.route is None:
        return ""
    slug = outline.front.values.get("slug")
    if isinstance(slug, str | int) and str(slug).strip("/"):
        path = str(slug).strip("/")
    else:
        stem = _stem(where.file)
        match = _DATED.match(stem)
        path = stem if match is None else f"{match['date'].replace('-', '/')}/{match['folder']}{match['text']}"
    prefix = f"/{where.language}" if where.language else ""
    return path_of(re.sub(r"/{2,}", "/", f"{prefix}/{where.blog.route}/{path.strip('/')}"))


def _guid(outline: Outline, site: _Site) -> str:
    """Return the id that the feeds of Docusaurus give a post: its URL."""
    if not site.url.startswith("http") or site.base is None or not outline.address:
        return ""
    return site.url + site.base.rstrip("/") + outline.address.rstrip("/") + ("/" if site.slash else "")
