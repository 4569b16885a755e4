"""Front matter fields: one table, from which parsing, the JSON Schema and the importers' writer are derived.

To add a field, add a row to `FIELDS` and, if it fills an attribute of a post, that attribute to `model.Post`. If
importers write it, the row says how, and `importers.base.ImportedPost` needs an attribute of the same name.
"""

from collections.abc import Callable, Mapping
from datetime import tzinfo
from functools import cache, lru_cache, partial
from types import MappingProxyType
from typing import Any, Literal, get_args

from msgspec import Struct

from sitegen.config.content_schema import OwnTaxonomy, OwnType
from sitegen.config.post_types import PostType, find_types
from sitegen.config.schema import BROKEN_LINKS, ENGINES, IMAGE_LAYOUTS, MENUS, Config
from sitegen.config.taxonomies import find_own_taxonomies
from sitegen.content.file_index import DocumentType
from sitegen.content.front_matter.counts import read_count
from sitegen.content.front_matter.readers import (
    read_engine,
    read_image,
    read_image_layout,
    read_language,
    read_line,
    read_mapping,
    read_menu,
    read_number,
    read_parent,
    read_paths,
    read_people,
    read_person,
    read_severity,
    read_slug,
    read_source,
    read_text,
    read_truth,
    read_whole_or_decimal,
    read_words,
)
from sitegen.content.permalinks import name_term
from sitegen.content.sources import check_url, source_named
from sitegen.formats.dates import read_date
from sitegen.formats.site_urls import file_url
from sitegen.ledger.file import check_guid
from sitegen.model import Count, Source, Term
from sitegen.system.files import is_markdown

DOCUMENT_TYPES: frozenset[DocumentType] = frozenset(get_args(DocumentType))
_PAGES: frozenset[DocumentType] = frozenset(("page",))
_POSTS: frozenset[DocumentType] = frozenset(("post",))


class Context(Struct, frozen=True):
    """What the meaning of a value depends on, apart from the value.

    `path` is the document's file, `base` the path of the base URL, `zone` the time zone of dates that name none.
    """

    path: str
    config: Config
    base: str
    zone: tzinfo
    sources: Mapping[str, Source]


class Imported(Struct, frozen=True):
    """How importers write a field.

    `check` returns a string as it may be written, or raises ValueError, and then the field is omitted; `label` names
    it in that warning. Strings without a `check` are shortened to one line of bounded length. `layout` is that of
    mappings and lists: "flow" for one line, "block" for a line for each item, "" for "block" only if "flow" is long.
    """

    check: Callable[[str], str] | None = None
    label: str = ""
    layout: Literal["", "flow", "block"] = ""


class Field(Struct, frozen=True, eq=False):
    """One key of front matter.

    `schema` is the JSON Schema of its value, `hint` says how to write it. `read` returns what the value means, or
    raises ValueError. `fills` says whether `Post` has an attribute of the same name. Documents whose type is not in
    `types` keep the key in `params`. `text` keeps numbers and dates below the key as strings, as they were written.
    `imported` is None for what no importer writes. A post has the value in `params` if `is_param` says so.
    `meaning` explains the field in the forms of a CMS, "" for `hint`; `form` is how they show it where the schema does
    not say it.
    """

    name: str
    schema: Mapping[str, Any]
    hint: str
    read: Callable[[Any, Context], Any]
    fills: bool = True
    types: frozenset[DocumentType] = DOCUMENT_TYPES
    text: bool = True
    imported: Imported | None = None
    is_param: bool = False
    meaning: str = ""
    form: Literal["", "date", "image", "paragraph"] = ""


Fields = tuple[Field, ...]


def plain(read: Callable[[Any], Any]) -> Callable[[Any, Context], Any]:
    """Return the reader of a field whose meaning depends only on its value."""

    def read_alone(value: Any, _: Context) -> Any:
        return read(value)

    return read_alone


def _read_date(value: Any, context: Context) -> Any:
    return read_date(value, context.zone)


def _author(name: str, context: Context) -> Term:
    return name_term(name, context.config.urls.author, context.base)


def _read_author(value: Any, context: Context) -> tuple[Term, ...]:
    return (_author(read_person(value), context),)


def _read_authors(value: Any, context: Context) -> tuple[Term, ...]:
    return tuple(_author(name, context) for name in read_people(value))


def _read_source(value: Any, context: Context) -> Source:
    return source_named(*read_source(value), context.sources, context.config)


def _read_tags(value: Any, context: Context) -> tuple[Term, ...]:
    tag = partial(name_term, pattern=context.config.urls.tag, base=context.base)
    return tuple(dict.fromkeys(map(tag, read_words(value))))


def _read_image(value: Any, context: Context) -> str:
    return file_url(read_image(value), context.path, context.config.content, context.base)


def _read_comments(value: Any) -> Count | Literal[False]:
    return False if value is False else read_count(value)


def _read_url(value: Any) -> str:
    return check_url(read_line(value))


_TEXT = {"type": ["string", "number"]}
_DATE = {"type": ["string", "integer"], "minLength": 1}
_URL = {"type": "string", "pattern": "^[Hh][Tt][Tt][Pp][Ss]?://[^\\s/?#]+"}
_TEXTS = {"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]}
_COUNT = {"anyOf": [{"type": "integer", "minimum": 0, "maximum": 10**12}, {"type": "string", "pattern": "^\\s*[0-9]"}]}
_COUNTED = {
    "anyOf": [
        *_COUNT["anyOf"],
        {
            "type": "object",
            "properties": {"count": _COUNT, "on": {"type": "string"}, "at": _DATE},
            "required": ["count"],
            "additionalProperties": False,
        },
    ]
}
_PERSON = {
    "anyOf": [
        _TEXT,
        {"type": "object", "properties": {"name": _TEXT}, "required": ["name"]},
    ]
}
_SOURCE = {
    "anyOf": [
        _TEXT,
        {
            "type": "object",
            "properties": {"name": _TEXT, "url": _URL},
            "required": ["name"],
            "additionalProperties": False,
        },
    ]
}
_TRUTH = {"anyOf": [{"type": "boolean"}, {"type": "string", "pattern": "^([Tt]rue|TRUE|[Ff]alse|FALSE)$"}]}
_LANGUAGE = {"type": "string", "pattern": "^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$"}

_DAY = "write it as year-month-day, for example 2024-05-01"
_NUMBER = 'write a whole number, "1,234" or "1.2K", or {count: 5, on: Wix, at: 2023-01-02}'


def _read_list(value: Any) -> tuple[str, ...]:
    return read_words(value)


def _read_file(value: Any) -> str:
    path = read_line(value)
    if not is_markdown(path):
        raise ValueError(f'"{path[:100]}" is not the path of a Markdown file')
    return path


def _read_files(value: Any) -> tuple[str, ...]:
    return tuple(map(_read_file, value if isinstance(value, list) else [value]))


class OwnField(Struct, frozen=True, eq=False):
    """How a value of a type that a config names in `fields` is read; `KEY` in the hint stands for the key.

    `form` is that of `Field`.
    """

    schema: Mapping[str, Any]
    hint: str
    read: Callable[[Any, Context], Any]
    form: Literal["", "date"] = ""


_FILE = {"type": "string", "pattern": "\\.(md|markdown|mkd|mdown)$"}
OWN_FIELDS: Mapping[str, OwnField] = {
    "text": OwnField(_TEXT, "write it as text, for example `KEY: Some words`", plain(read_text)),
    "number": OwnField({"type": "number"}, "write a number, for example `KEY: 2.5`", plain(read_whole_or_decimal)),
    "date": OwnField(_DATE, _DAY, _read_date, "date"),
    "list": OwnField(_TEXTS, "write a list, for example `KEY: [one, two]`", plain(_read_list)),
    "url": OwnField(_URL, "write the full URL, beginning with https://", plain(_read_url)),
    "post": OwnField(_FILE, "write the path of a post's file, for example `KEY: ../posts/a.md`", plain(_read_file)),
    "posts": OwnField(
        {"anyOf": [_FILE, {"type": "array", "items": _FILE}]},
        "write a list of paths of files, for example `KEY: [../posts/a.md]`",
        plain(_read_files),
    ),
}
"""The types of fields that a config can define, by their names: those of FIELD_TYPES."""

FIELDS: Fields = (
    Field(
        "title",
        _TEXT,
        "write the title as text, for example `title: A week of frost`",
        plain(read_line),
        imported=Imported(),
        meaning="The title of the page.",
    ),
    Field(
        "date",
        _DATE,
        _DAY,
        _read_date,
        imported=Imported(),
        meaning="When it was first published.",
        form="date",
    ),
    Field(
        "updated",
        _DATE,
        _DAY,
        _read_date,
        imported=Imported(),
        meaning="When the text last changed.",
        form="date",
    ),
    Field(
        "slug",
        _TEXT,
        "use letters, digits and hyphens, for example `slug: a-week-of-frost`",
        plain(read_slug),
        imported=Imported(),
        meaning="Its part of the URL. Without one, it is the name of the file.",
    ),
    Field(
        "id",
        _TEXT,
        "write the feed's permanent id as text, for example `id: urn:issue:7`",
        plain(read_line),
        imported=Imported(check_guid),
        meaning="The permanent id in feeds, if the post had one on another site.",
    ),
    Field(
        "author",
        _PERSON,
        "write one name, for example `author: Ada Smith`",
        _read_author,
        fills=False,
        imported=Imported(),
        meaning="The name of the author.",
    ),
    Field(
        "authors",
        {"anyOf": [_TEXT, {"type": "array", "items": _PERSON}]},
        "write a list of names, for example `authors: [Ada Smith, Bo Li]`",
        _read_authors,
        imported=Imported(),
        meaning="The names of the authors, if there are several.",
    ),
    Field(
        "source",
        _SOURCE,
        "write a name, or a name and a url: `source: {name: NYPost, url: https://nypost.com/}`",
        _read_source,
        imported=Imported(layout="flow"),
        meaning="The publication where the post first appeared.",
    ),
    Field(
        "source_url",
        _URL,
        "write the full URL of the original, beginning with https://",
        plain(_read_url),
        imported=Imported(check_url, "source's URL"),
        meaning="The full URL of the original, beginning with https://",
    ),
    Field(
        "views",
        _COUNTED,
        _NUMBER,
        plain(read_count),
        text=False,
        imported=Imported(layout="flow"),
    ),
    Field(
        "comments",
        {"anyOf": [*_COUNTED["anyOf"], {"const": False}]},
        _NUMBER,
        plain(_read_comments),
        text=False,
        imported=Imported(layout="flow"),
    ),
    Field(
        "tags",
        _TEXTS,
        "write a list, for example `tags: [letters, history]`, or words with commas between them",
        _read_tags,
        imported=Imported(),
        meaning="The topics of the post.",
    ),
    Field(
        "summary",
        _TEXT,
        "write the summary as text",
        plain(read_text),
        imported=Imported(),
        meaning="One or two sentences for lists and feeds. Without them, the first paragraph is used.",
        form="paragraph",
    ),
    Field(
        "image",
        {"type": "string"},
        "write a path, or a URL that begins with https://",
        _read_image,
        imported=Imported(read_image),
        meaning="The image above the text and in lists.",
        form="image",
    ),
    Field(
        "image_alt",
        _TEXT,
        "say in words what the image shows",
        plain(read_line),
        imported=Imported(),
        meaning="What the image shows, for readers who cannot see it.",
    ),
    Field(
        "image_caption",
        _TEXT,
        "write what is shown below the image as text",
        plain(read_line),
        meaning="What is shown below the image.",
    ),
    Field(
        "image_credit",
        _TEXT,
        "name the photographer or the archive, for example `image_credit: Ada Smith`",
        plain(read_line),
        meaning="Who made the image, or where it comes from.",
    ),
    Field(
        "image_layout",
        {"enum": list(IMAGE_LAYOUTS)},
        f"write {' or '.join(IMAGE_LAYOUTS)}",
        plain(read_image_layout),
        meaning="How wide the image is shown.",
    ),
    Field(
        "issue",
        _TEXT,
        "write the issue's number, for example `issue: 7`",
        plain(read_line),
        imported=Imported(),
        meaning="The number of the newsletter.",
    ),
    Field(
        "language",
        _LANGUAGE,
        "write a language tag, for example en, fa or pt-BR",
        plain(read_language),
        imported=Imported(read_language),
        meaning="The language of the text, if it differs from that of the site.",
    ),
    Field(
        "translation_of",
        _TEXT,
        "write the path of the original's file, for example `translation_of: 2024-05-01-hello.md`",
        plain(read_line),
        meaning="The file of the post that this one translates, such as 2024-05-01-hello.md",
    ),
    Field(
        "translation_key",
        _TEXT,
        "write the same word in all translations of a post, for example `translation_key: hello`",
        plain(read_line),
        imported=Imported(),
        meaning="A word that all translations of a post share.",
    ),
    Field(
        "markdown",
        {"enum": list(ENGINES)},
        f"write {' or '.join(ENGINES)}",
        plain(read_engine),
        fills=False,
        imported=Imported(),
        meaning="The Markdown engine for this page.",
    ),
    Field(
        "draft",
        _TRUTH,
        "write true or false",
        plain(read_truth),
        text=False,
        imported=Imported(),
        meaning="Do not publish it yet.",
    ),
    Field(
        "broken_links",
        {"enum": list(BROKEN_LINKS)},
        f"write {' or '.join(BROKEN_LINKS)}",
        plain(read_severity),
        imported=Imported(),
        meaning="Whether broken links of this page stop a build.",
    ),
    Field(
        "aliases",
        _TEXTS,
        "write paths on this site, for example `aliases: [/old/url/]`",
        plain(read_paths),
        imported=Imported(layout="block"),
        meaning="Former paths on this site, such as /old/frost.html, that redirect here.",
    ),
    Field(
        "menu",
        {"enum": list(MENUS)},
        f"write {', '.join(MENUS[:-1])} or {MENUS[-1]}",
        plain(read_menu),
        types=_PAGES,
        meaning="Where every page links to this one.",
    ),
    Field(
        "order",
        {"type": "number"},
        "write a number, for example `order: 2`",
        plain(read_number),
        types=_PAGES,
        text=False,
        meaning="The position among the pages beside it, a number.",
    ),
    Field(
        "parent",
        {"type": "string", "minLength": 1},
        "write the slug of a page, for example `parent: guides`, or `parent: /` for the home page",
        plain(read_parent),
        types=_PAGES,
        meaning="The slug of the page above this one.",
    ),
    Field(
        "template",
        {"type": "string", "minLength": 1},
        "write the name of a file in the templates folder, for example `template: wide.html`",
        plain(read_line),
        meaning="A file in the templates folder that renders this page.",
    ),
    Field(
        "params",
        {"type": "object"},
        "write keys and values below it, for example `params: {colour: red}`",
        plain(read_mapping),
        text=False,
        imported=Imported(),
    ),
)
"""Every key that has a meaning, in the order in which importers write them; all others go into `params`."""


@cache
def fields_by_name(fields: Fields, document_type: DocumentType | None = None) -> Mapping[str, Field]:
    """Return the fields of documents of a type, or all fields, by their names and in their order."""
    return MappingProxyType(
        {field.name: field for field in fields if document_type is None or document_type in field.types}
    )


def fields_of(config: Config, post_type: PostType | None = None) -> Fields:
    """Return the fields of a post: FIELDS, then those of the site's own taxonomies and of the type of the post."""
    own = _taxonomy_fields(config.taxonomies) if config.taxonomies else ()
    of_type = _type_fields(post_type.name, config.types) if post_type else ()
    return (*FIELDS, *own, *of_type) if own or of_type else FIELDS


@lru_cache(maxsize=64)
def _type_fields(name: str, settings: Mapping[str, OwnType]) -> Fields:
    (post_type,) = (item for item in find_types(settings) if item.name == name)
    return tuple(
        Field(
            key,
            OWN_FIELDS[field_type].schema,
            OWN_FIELDS[field_type].hint.replace("KEY", key),
            OWN_FIELDS[field_type].read,
            fills=False,
            types=_POSTS,
            text=field_type != "number",
            is_param=True,
            form=OWN_FIELDS[field_type].form,
        )
        for key, field_type in post_type.fields.items()
    )


@lru_cache(maxsize=16)
def _taxonomy_fields(settings: Mapping[str, OwnTaxonomy]) -> Fields:
    fields: dict[str, Field] = {}
    for taxonomy in find_own_taxonomies(settings):
        separator = "" if taxonomy.part else ","
        read = partial(_read_terms, pattern=taxonomy.url, separator=separator)
        hint = f"write a name, or a list of names, for example `{taxonomy.key}: [One, Two]`"
        fields[taxonomy.key] = Field(taxonomy.key, _TEXTS, hint, read, fills=False, types=_POSTS)
        if taxonomy.part:
            hint = f"write the number of the part, for example `{taxonomy.part}: 2`"
            read_part = plain(read_whole_or_decimal)
            schema = {"type": "number"}
            fields[taxonomy.part] = Field(
                taxonomy.part, schema, hint, read_part, fills=False, types=_POSTS, text=False, is_param=True
            )
    return tuple(fields.values())


def _read_terms(value: Any, context: Context, pattern: str, separator: str) -> tuple[Term, ...]:
    """Return the terms of a list, or of a string; one without `separator` is the name of one term."""
    names = read_words(value, separator or "\n")
    return tuple(dict.fromkeys(name_term(name, pattern, context.base) for name in names))


TEXT_KEYS = frozenset(field.name for field in FIELDS if field.text)
