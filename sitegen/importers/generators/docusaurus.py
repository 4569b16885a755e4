"""Imports the blogs of Docusaurus sites, with their translations."""

import posixpath
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from unicodedata import combining, normalize

from msgspec import structs

from sitegen.content.front_matter.split import FrontMatter
from sitegen.formats.frozen_dict import FrozenDict
from sitegen.importers.archive.archive import Archive, UnreadableError
from sitegen.importers.archive.text_encoding import read_text
from sitegen.importers.base import ImportedPost, Item, Location, Note, Options
from sitegen.importers.generators.content_files import find_site_root
from sitegen.importers.generators.html_post import plain_words
from sitegen.importers.generators.javascript import Unread, find_object
from sitegen.importers.generators.layout import GeneratorLayout, Outline
from sitegen.importers.generators.reader import read_folder
from sitegen.importers.generators.recognise import BLOG_PLUGIN, DOCUSAURUS_CONFIGS, TRANSLATION
from sitegen.importers.generators.site_settings import read_settings
from sitegen.importers.markdown_source.admonitions import translate_admonitions
from sitegen.importers.markdown_source.front_matter_values import path_of
from sitegen.importers.markdown_source.liquid import Resolve
from sitegen.importers.markdown_source.mdx import translate_mdx
from sitegen.importers.suggest_settings import suggest_site

MAX_CONFIG_BYTES = 1 << 19
MAX_SUMMARY_CHARACTERS = 4_000

# Like Docusaurus: the first date in the path, with hyphens or as folders.
_WORD = re.compile(
    r"\d*(?:1st|2nd|3rd|(?![123])\dth)(?=\b|[A-Z_])|\d*(?:1ST|2ND|3RD|(?![123])\dTH)(?=\b|[a-z_])"
    r"|[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+"
)
"""The words in a name, also in one such as `JavaScript` or `HTML5`."""
_DATED_PATH = re.compile(r"(?P<folder>.*?)(?P<date>\d{4}[-/]\d{1,2}[-/]\d{1,2})(?!\d)[-/]?(?P<text>.*)")
_TRUNCATE = re.compile(r"(?:(?<!\n)\n++)?(?:<!--\s*+truncate\s*+-->|\{\s*+/\*\s*+truncate\s*+\*/\s*+\})\n*+")
_INDEX = re.compile(r"/index\Z")


@dataclass(frozen=True, slots=True)
class _Blog:
    """A blog of the site: its folder and its route, without leading and trailing slashes, and the id of its plugin.

    `tags` is the folder of its tags below the route. The route is None if it is not a literal value: then the old URLs
    are unknown.
    """

    folder: str = "blog"
    route: str | None = "blog"
    id: str = "default"
    tags: str = "tags"


@dataclass(frozen=True, slots=True)
class _DocusaurusSite:
    """The settings of a site; `authors` and `tags` are names by folder of a blog (or of a translation) and id.

    `tag_paths` are the ends of the URLs of tags, by folder and name.

    `has_settings` is whether the site has a config; `base` is None if it is not a literal value. `suggested` are its
    title, tagline and locale, as far as the config says them.
    """

    blogs: tuple[_Blog, ...] = (_Blog(),)
    url: str = ""
    base: str | None = "/"
    locale: str = "en"
    slash: bool = False
    has_settings: bool = False
    authors: Mapping[str, Mapping[str, str]] | None = None
    tags: Mapping[str, Mapping[str, str]] | None = None
    tag_paths: Mapping[str, Mapping[str, str]] = FrozenDict()
    suggested: Mapping[str, str] = FrozenDict()


@dataclass(frozen=True, slots=True)
class _DocumentPath:
    """The path of a document: its blog, the language of a translation or "", the folder, and the path in the folder.

    `main` is the folder of the untranslated documents.
    """

    blog: _Blog = _Blog()
    language: str = ""
    folder: str = ""
    file: str = ""
    main: str = ""


def read(archive: Archive, options: Options) -> Iterator[Item]:
    """Yield a post for each document of the blogs and their translations; documentation and pages are skipped."""
    home, config = find_site_root(archive, *DOCUSAURUS_CONFIGS)
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
    site = replace(site, authors=authors, tags=tags, tag_paths=_tag_paths(archive, folders))
    translated = {
        (where.blog.id, where.file) for name in archive.names if (where := _locate(name, home, site)).language
    }

    def adapt(front: FrontMatter, inner: str) -> FrontMatter:
        return _adapt(front, _locate(home + inner, home, site), site, translated)

    yield suggest_site(site.suggested, title="title", description="tagline", language="locale")
    yield from read_folder(
        archive,
        options,
        GeneratorLayout(
            content=home,
            refuse=lambda inner: _refuse(inner, home, site),
            render=_render,
            address=lambda outline: _old_path(outline, home, site),
            guid=lambda outline: _guid(outline, site),
            url=site.url + (site.base or "").rstrip("/"),
            languages=frozenset(("-",)),
            adapt=adapt,
            prepare=_prepare,
            language_of=lambda inner: _locate(home + inner, home, site).language,
            term_path=lambda taxonomy, name, post: _term_path(taxonomy, name, post, home, site),
        ),
    )


def _above_blog(archive: Archive) -> str:
    """Return the folder with a blog or its translations, for a site without settings."""
    for name in archive.names:
        if match := re.search(rf"(?:^|/)(?:i18n/[\w-]+/{BLOG_PLUGIN}|blog)/", name):
            return name[: match.start()] + "/" if match.start() else ""
    return ""


def _read_site(archive: Archive, home: str, config: str) -> tuple[_DocusaurusSite, list[Note]]:
    """Return the settings, and a note for each one that is not a literal value."""
    if not config:
        return _DocusaurusSite(), []
    notes: list[Note] = []
    where = Location(config)
    try:
        source = read_text(archive, config, MAX_CONFIG_BYTES)
    except UnreadableError as error:
        return _DocusaurusSite(has_settings=True), [Note(where, f"the settings were not read: {error}")]
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
        found = text(values, "routeBasePath", "blog", "the old URLs of this blog are unknown")
        return found if found is None else found.strip("/")

    blogs = [
        _Blog(
            posixpath.normpath(text(found, "path", "blog") or "blog").strip("/"),
            route(found),
            text(found, "id", "default") or "default",
            (text(found, "tagsBasePath", "tags") or "tags").strip("/"),
        )
        for found in _blog_options(settings)
    ]
    if not blogs and any(name.startswith(f"{home}blog/") for name in archive.names):
        blogs = [_Blog()]
    languages = settings.get("i18n")
    locale = text(languages, "defaultLocale", "en") if isinstance(languages, dict) else "en"
    base = text(settings, "baseUrl", "/", "the ids of the old feed are unknown")
    url = text(settings, "url", "", "the ids of the old feed are unknown") or ""
    named = {key: settings.get(key) for key in ("title", "tagline")}
    named["locale"] = languages.get("defaultLocale") if isinstance(languages, dict) else None
    return _DocusaurusSite(
        tuple(blogs),
        url.rstrip("/"),
        base,
        locale or "en",
        settings.get("trailingSlash") is True,
        has_settings=True,
        suggested=FrozenDict({key: value for key, value in named.items() if not isinstance(value, Unread)}),
    ), notes


def _blog_options(settings: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the options of each blog, from presets with a blog and from blog plugins."""
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
    """Return the names of authors or tags by folder and id, and a note for each unreadable file."""
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


def _tag_paths(archive: Archive, folders: set[str]) -> dict[str, dict[str, str]]:
    """Return the ends of the URLs of the tags that files define, by folder and name."""
    paths: dict[str, dict[str, str]] = {}
    for folder in folders:
        for path in (f"{folder}/tags.yml", f"{folder}/tags.yaml"):
            values = read_settings(archive, path)[0] if path in archive else {}
            for id_, value in values.items():
                written = value if isinstance(value, Mapping) else {}
                name, end = written.get("label") or id_, written.get("permalink") or id_
                paths.setdefault(folder, {})[str(name)] = _kebab_case(str(end))
    return paths


def _kebab_case(text: str) -> str:
    """Return the words of a name in lower case with hyphens, as lodash does; "" if its letters are not Latin."""
    plain = "".join(c for c in normalize("NFKD", text) if not combining(c)).replace("'", "").replace("\u2019", "")
    return "-".join(_WORD.findall(plain)).lower() if plain.isascii() else ""


def _term_path(taxonomy: str, name: str, post: ImportedPost, home: str, site: _DocusaurusSite) -> str:
    """Return the path of the page of a tag in the blog and the language of a post."""
    where = _locate(post.where.path, home, site)
    if taxonomy != "tags" or not site.has_settings or where.blog.route is None:
        return ""
    known = {**site.tag_paths.get(where.main, {}), **site.tag_paths.get(where.folder, {})}
    end = known.get(name) or _kebab_case(name)
    prefix = f"/{where.language}" if where.language else ""
    path = f"{prefix}/{where.blog.route}/{where.blog.tags}/{end}"
    return path_of(re.sub(r"/{2,}", "/", path)) if end else ""


def _locate(name: str, home: str, site: _DocusaurusSite) -> _DocumentPath:
    """Return the path of a member within its blog; `file` is empty for other members."""
    if name.startswith(home):
        if match := TRANSLATION.match(name, len(home)):
            id_ = match[2] or "default"
            blog = next((blog for blog in site.blogs if blog.id == id_), _Blog("", id_ if match[2] else "blog", id_))
            language = "" if match[1] == site.locale else match[1].replace("_", "-")
            return _DocumentPath(
                blog, language, name[: match.start("file")].rstrip("/"), match["file"], f"{home}{blog.folder}"
            )
        for blog in site.blogs:
            folder = f"{home}{blog.folder}"
            if name.startswith(f"{folder}/"):
                return _DocumentPath(blog, "", folder, name[len(folder) + 1 :], folder)
    return _DocumentPath()


def _refuse(inner: str, home: str, site: _DocusaurusSite) -> str:
    where = _locate(home + inner, home, site)
    if not where.file:
        return "a page or documentation, not a post of a blog"
    if any(part.startswith("_") for part in where.file.split("/")):
        return "a part of other documents, not a post: its name begins with an underscore"
    return ""


def _stem(file: str) -> str:
    """Return the path of a document without its extension and without `index`."""
    return _INDEX.sub("", posixpath.splitext(file)[0])


def _adapt(
    front: FrontMatter, where: _DocumentPath, site: _DocusaurusSite, translated: set[tuple[str, str]]
) -> FrontMatter:
    """Add the names of authors and tags, the date, the summary and the translation key to front matter."""
    values = dict(front.values)
    authors = {**_names_in(site.authors, where.main), **_names_in(site.authors, where.folder)}
    tags = {**_names_in(site.tags, where.main), **_names_in(site.tags, where.folder)}
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
            values["description"] = plain_words(translate_admonitions(translate_mdx(opening, Counter())))
    if where.language:
        values.setdefault("language", where.language)
    if (where.blog.id, where.file) in translated:
        values.setdefault("translationKey", _stem(where.file))
    return structs.replace(front, values=values)


def _names_in(names: Mapping[str, Mapping[str, str]] | None, folder: str) -> Mapping[str, str]:
    return (names or {}).get(folder, {})


def _name(value: object, names: Mapping[str, str], key: str) -> object:
    """Return the name for an id, or for a mapping with a key or a name."""
    if isinstance(value, Mapping):
        return value.get(key) or names.get(str(value.get("key")), value.get("key"))
    return names.get(str(value), value)


def _day(file: str) -> date | None:
    match = _DATED_PATH.match(_stem(file))
    if match is None:
        return None
    year, month, day = map(int, re.split("[-/]", match["date"]))
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _prepare(text: str, outline: Outline, dropped: Counter[str]) -> str:  # noqa: ARG001 - the signature of the callback
    return translate_admonitions(translate_mdx(_TRUNCATE.sub("\n\n", text), dropped))


def _render(text: str, outline: Outline, resolve: Resolve) -> tuple[str, Counter[str]]:  # noqa: ARG001 - the signature of the callback
    return text, Counter()


def _old_path(outline: Outline, home: str, site: _DocusaurusSite) -> str:
    """Return the path of a post: language, route, and its `slug` or the date and name of its file."""
    where = _locate(outline.name, home, site)
    if not site.has_settings or where.blog.route is None:
        return ""
    slug = outline.front.values.get("slug")
    if isinstance(slug, str | int) and str(slug).strip("/"):
        path = str(slug).strip("/")
    else:
        stem = _stem(where.file)
        match = _DATED_PATH.match(stem)
        path = stem if match is None else f"{match['date'].replace('-', '/')}/{match['folder']}{match['text']}"
    prefix = f"/{where.language}" if where.language else ""
    return path_of(re.sub(r"/{2,}", "/", f"{prefix}/{where.blog.route}/{path.strip('/')}"))


def _guid(outline: Outline, site: _DocusaurusSite) -> str:
    """Return the id of a post in the feeds of Docusaurus: its URL."""
    if not site.url.startswith("http") or site.base is None or not outline.address:
        return ""
    return site.url + site.base.rstrip("/") + outline.address.rstrip("/") + ("/" if site.slash else "")
