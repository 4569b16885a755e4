"""The facts about a site's documents that an editor needs: collections, values in use, values that it would change."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from sitegen.config.editions import Editions, find_editions
from sitegen.config.i18n.language import name_language
from sitegen.config.post_types import PostType, find_types
from sitegen.config.schema import Config
from sitegen.config.taxonomies import find_own_taxonomies
from sitegen.content.document_language import read_document_language
from sitegen.content.file_index import DocumentType
from sitegen.content.front_matter.custom_fields import fields_of
from sitegen.content.front_matter.field import Fields
from sitegen.content.front_matter.fields import fields_by_name
from sitegen.content.front_matter.readers import read_people, read_source, read_words
from sitegen.content.front_matter.split import FrontMatter, split
from sitegen.content.sources import read_sources
from sitegen.errors import WARNING, Problem, SiteError, naming
from sitegen.formats.yaml import load_yaml
from sitegen.system.files import is_markdown, scan

EXTENSION = ".md"
"""The extension of the files that the editors list and create."""

SOURCES, AUTHORS, TAGS = "sources.toml", "authors.toml", "tags.toml"


LanguageIn = Literal["", "name", "folder"]
"""Where a path names the language: nowhere, in the file's name (`hello.de.md`), or in a folder (`de/hello.md`)."""


@dataclass(frozen=True, slots=True)
class EditedDocument:
    """A post or page: its path below the folder of its collection, its name, and its values as an editor reads them.

    `name` is the path below the site's root. `path` does not contain the language, so translations have the same.
    `language` is the one that the name contains, "" if it contains none. An editor reads `1.10` as the number 1.1, also
    where sitegen keeps the string.
    """

    path: str
    name: str
    values: Mapping[str, Any]
    language: str = ""
    language_in: LanguageIn = ""


@dataclass(frozen=True, slots=True)
class Collection:
    """Documents with the same fields, in a `folder` below the site's root.

    Folders of languages are in the folder `section`, "" if the paths of these documents cannot name one. `is_main` is
    true for the posts that have no type, which are in folders of years. `names_main` says whether the paths of
    documents in the main language contain it, as those in other languages do.
    """

    name: str
    label: str
    singular: str
    folder: str
    section: str
    document_type: DocumentType
    fields: Fields
    required: tuple[str, ...]
    documents: tuple[EditedDocument, ...]
    is_main: bool = False
    names_main: bool = False

    def folder_of(self, language: str) -> str:
        """Return the folder of the documents in a language, if folders name the languages."""
        return f"{self.section}/{language}{self.folder.removeprefix(self.section)}"


@dataclass(frozen=True, slots=True)
class SiteContent:
    """The collections of a site, and for each key the values in use, most used first.

    `languages` are those with pages of their own, the main one first, () for a site in one language. `text_files` are
    the files of settings and data, below the site's root. `warnings` name what an editor would change when it saves a
    document.
    """

    collections: tuple[Collection, ...]
    in_use: Mapping[str, tuple[str, ...]]
    languages: tuple[str, ...]
    text_files: tuple[str, ...]
    warnings: tuple[Problem, ...]


def read_site_content(root: Path, config: Config) -> SiteContent:
    """Read the front matter of all documents. A document that a build would report as an error is skipped."""
    problems: list[Problem] = []
    names = sorted(scan(root, config.content, problems, [], (config.output,)))
    if problems:
        raise SiteError(problems)
    files = _drop_rare_names(dict(_read_files(root, names, config.content, find_editions(config))), config)
    collections = tuple(
        replace(collection, names_main=any(item.language == config.language for item in collection.documents))
        for collection in _find_collections(config, files)
    )
    values = [document.values for collection in collections for document in collection.documents]
    sources = read_sources(root / config.content / SOURCES, f"{config.content}/{SOURCES}", config)
    in_use = _find_values_in_use(config, values, tuple(sources))
    languages = (config.language, *config.languages) if config.languages else ()
    text_files = _find_text_files(root, config, names)
    return SiteContent(collections, in_use, languages, text_files, tuple(_find_changes(files)))


def split_by_language(collection: Collection, languages: Sequence[str]) -> Iterator[Collection]:
    """Yield a collection for each language, for editors that know only files in one language.

    The first has the documents in the main language, and those that name theirs in the file's name. The others have
    the folders of the other languages.
    """
    others = languages[1:] if collection.section else ()
    own = tuple(item for item in collection.documents if item.language_in != "folder" or item.language not in others)
    yield replace(collection, documents=own)
    for language in others:
        folder = collection.folder_of(language)
        documents = tuple(
            replace(item, language_in="")
            for item in collection.documents
            if item.language_in == "folder" and item.language == language
        )
        label = f"{collection.label}: {name_language(language)}"
        name = f"{collection.name}-{language.lower()}"
        yield replace(collection, name=name, label=label, folder=folder, documents=documents)


@dataclass(frozen=True, slots=True)
class _File:
    """A document's front matter, and its path without the language.

    `is_plain` says whether the front matter is YAML between lines of exactly three hyphens.
    """

    front: FrontMatter
    is_plain: bool
    path: str
    language: str
    language_in: LanguageIn

    def read_as_editor(self) -> Mapping[str, Any]:
        """Return the values as an editor reads them: YAML 1.2 in which no key keeps numbers as strings."""
        values = load_yaml(self.front.block) if self.is_plain else self.front.values
        return values if isinstance(values, dict) else {}


def _read_files(root: Path, names: Sequence[str], content: str, editions: Editions) -> Iterator[tuple[str, _File]]:
    for name in names:
        if is_markdown(name) and name.startswith(f"{content}/"):
            with naming(root / name):
                data = (root / name).read_bytes()
            try:
                front = split(data, name)
            except SiteError:
                continue  # `sitegen build` reports it; an editor cannot open it either
            rows = data.splitlines()
            is_plain = front.first == 2 and rows[0] == b"---" == rows[front.line - 2].rstrip(b"\r")
            yield name, _File(front, is_plain, *_split_path(name, content, editions))


def _split_path(name: str, content: str, editions: Editions) -> tuple[str, str, LanguageIn]:
    """Return the path of a document without its language, the language, and where the path names it.

    Editors know only languages that are named once, as the config writes them.
    """
    named = read_document_language(name, content, editions)
    if named.language:
        section, _, rest = named.path.removeprefix(f"{content}/").partition("/")
        if name == f"{content}/{section}/{named.language}/{rest}":
            return named.path, named.language, "folder"
        if name == f"{named.path.removesuffix(EXTENSION)}.{named.language}{EXTENSION}":
            return named.path, named.language, "name"
    return name, "", ""


def _drop_rare_names(files: Mapping[str, _File], config: Config) -> dict[str, _File]:
    """Return documents with the main language as part of the path, unless all documents beside them name a language."""
    sections = {name: name.removeprefix(f"{config.content}/").partition("/")[0] for name in files}
    plain = {sections[name] for name, file in files.items() if not file.language}
    return {
        name: replace(file, path=name, language="", language_in="")
        if file.language == config.language and sections[name] in plain
        else file
        for name, file in files.items()
    }


def _find_collections(config: Config, files: Mapping[str, _File]) -> Iterator[Collection]:
    posts = f"{config.content}/posts"
    yield Collection(
        name="posts",
        label="Posts",
        singular="Post",
        folder=posts,
        section=posts,
        document_type="post",
        fields=_fields_of(config, None, "post"),
        required=("title", "date"),
        documents=_documents_in(posts, files),
        is_main=True,
    )
    for post_type in find_types(config.types):
        folder = f"{config.content}/{post_type.folder}"
        yield Collection(
            name=post_type.name,
            label=post_type.title,
            singular=post_type.title,
            folder=folder,
            # In folders below the type's, a folder is the language only if it is the first.
            section="" if "/" in post_type.folder else folder,
            document_type="post",
            fields=_fields_of(config, post_type, "post"),
            required=tuple(dict.fromkeys(("title", "date", *post_type.required))),
            documents=_documents_in(folder, files),
        )
    pages = f"{config.content}/pages"
    folders = {str(PurePosixPath(file.path).parent) for file in files.values() if file.path.startswith(f"{pages}/")}
    for folder in sorted({pages, *folders}):
        inside = folder.removeprefix(pages).strip("/")
        yield Collection(
            name=f"pages-{inside.replace('/', '-')}" if inside else "pages",
            label=f"Pages: {inside}" if inside else "Pages",
            singular="Page",
            folder=folder,
            section=pages,
            document_type="page",
            fields=_fields_of(config, None, "page"),
            required=("title",),
            documents=tuple(item for item in _documents_in(folder, files) if "/" not in item.path),
        )


def _fields_of(config: Config, post_type: PostType | None, document_type: DocumentType) -> Fields:
    return tuple(fields_by_name(fields_of(config, post_type), document_type).values())


def _documents_in(folder: str, files: Mapping[str, _File]) -> tuple[EditedDocument, ...]:
    prefix = f"{folder}/"
    return tuple(
        EditedDocument(file.path.removeprefix(prefix), name, file.read_as_editor(), file.language, file.language_in)
        for name, file in files.items()
        if file.path.startswith(prefix)
    )


def _find_values_in_use(
    config: Config, documents: Sequence[Mapping[str, Any]], sources: Sequence[str]
) -> dict[str, tuple[str, ...]]:
    """Return the values of the keys that group posts, most used first, and the languages of the site."""
    readers = {"tags": read_words, "author": read_people, "authors": read_people, "source": _read_source_name}
    readers |= {taxonomy.key: read_words for taxonomy in find_own_taxonomies(config.taxonomies)}
    counts = {key: Counter[str]() for key in readers}
    for values in documents:
        for key, read in readers.items():
            if values.get(key) is None:
                continue
            try:
                counts[key].update(read(values[key]))
            except ValueError:
                continue  # `sitegen build` reports it
    counts["author"] += counts.pop("authors")
    counts["source"].update(dict.fromkeys(sources, 0))
    counts["author"].update({config.author: 0} if config.author else {})
    found = {key: tuple(sorted(count, key=lambda name: (-count[name], name))) for key, count in counts.items()}
    found["authors"] = found["author"]
    used = {str(values["language"]) for values in documents if values.get("language")}
    return found | {"language": tuple({config.language, *config.languages, *used}) if used or config.languages else ()}


def _read_source_name(value: Any) -> tuple[str, ...]:
    name, _ = read_source(value)
    return (name,) if name else ()


def _find_text_files(root: Path, config: Config, names: Sequence[str]) -> tuple[str, ...]:
    """Return the files of settings and data that can be edited as text."""
    own = ("sitegen.toml",) if (root / "sitegen.toml").is_file() else ()
    described = tuple(f"{config.content}/{name}" for name in (SOURCES, AUTHORS, TAGS))
    data = f"{config.content}/data/"
    return (*own, *(name for name in names if name in described or name.startswith(data)))


def _find_changes(files: Mapping[str, _File]) -> Iterator[Problem]:
    """Yield a warning for each document that an editor cannot open, or would change when it saves it."""
    for name, file in files.items():
        front = file.front
        if not name.endswith(EXTENSION):
            hint = f"rename it so that it ends in {EXTENSION}"
            yield Problem(name, 0, "editors do not list a file with this extension", hint, severity=WARNING)
        elif not file.is_plain:
            message = "the front matter is not YAML between lines of `---`, and editors may damage it"
            yield Problem(
                name, 1, message, "write it in that form, or edit the post outside of the editor", severity=WARNING
            )
        else:
            read = file.read_as_editor()
            for key, value in front.values.items():
                if any(_is_changed(*pair) for pair in _pairs(value, read.get(key))):
                    message = "an editor would change this value, because it looks like a number"
                    line = front.line_of(key)
                    yield Problem(name, line, message, "put it in quotes", front.excerpt(line), severity=WARNING)


def _pairs(text: Any, value: Any) -> Iterator[tuple[str, int | float]]:
    """Yield each string that an editor reads as a number, and the number."""
    if isinstance(text, dict) and isinstance(value, dict):
        for key, item in text.items():
            yield from _pairs(item, value.get(key))
    elif isinstance(text, list) and isinstance(value, list):
        for before, after in zip(text, value, strict=False):
            yield from _pairs(before, after)
    elif isinstance(text, str) and isinstance(value, int | float) and not isinstance(value, bool):
        yield text, value


def _is_changed(text: str, number: int | float) -> bool:
    """Return whether JavaScript would write a number differently: integers beyond 2**53 lose digits."""
    if isinstance(number, float) and number.is_integer() and abs(number) < 10**15:
        number = int(number)
    return text != str(number) or abs(number) > 2**53
