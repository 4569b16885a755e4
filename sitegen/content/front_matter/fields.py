"""Front matter fields: one table, from which parsing, the JSON Schema and the importers' writer are derived.

To add a field, add a row to `FIELDS` and, if it fills an attribute of a post, that attribute to `model.Post`. If
importers write it, the row says how, and `importers.base.ImportedPost` needs an attribute of the same name.
"""

from collections.abc import Mapping
from functools import cache, partial
from types import MappingProxyType
from typing import Any, Literal

from sitegen.config.schema import BROKEN_LINKS, ENGINES, IMAGE_LAYOUTS, MENUS
from sitegen.content.file_index import DocumentType
from sitegen.content.front_matter.counts import read_count
from sitegen.content.front_matter.field import (
    DATE_SCHEMA,
    DAY_HINT,
    PAGES_ONLY,
    TEXT_SCHEMA,
    TEXTS_SCHEMA,
    URL_SCHEMA,
    Context,
    Field,
    Fields,
    Imported,
    plain,
    read_moment,
    read_url,
)
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
    read_words,
)
from sitegen.content.ledger.file import check_guid
from sitegen.content.permalinks import name_term
from sitegen.content.sources import check_url, source_named
from sitegen.formats.site_urls import file_url
from sitegen.model import Count, Source, Term


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


_COUNT = {"anyOf": [{"type": "integer", "minimum": 0, "maximum": 10**12}, {"type": "string", "pattern": "^\\s*[0-9]"}]}
_COUNTED = {
    "anyOf": [
        *_COUNT["anyOf"],
        {
            "type": "object",
            "properties": {"count": _COUNT, "on": {"type": "string"}, "at": DATE_SCHEMA},
            "required": ["count"],
            "additionalProperties": False,
        },
    ]
}
_PERSON = {
    "anyOf": [
        TEXT_SCHEMA,
        {"type": "object", "properties": {"name": TEXT_SCHEMA}, "required": ["name"]},
    ]
}
_SOURCE = {
    "anyOf": [
        TEXT_SCHEMA,
        {
            "type": "object",
            "properties": {"name": TEXT_SCHEMA, "url": URL_SCHEMA},
            "required": ["name"],
            "additionalProperties": False,
        },
    ]
}
_TRUTH = {"anyOf": [{"type": "boolean"}, {"type": "string", "pattern": "^([Tt]rue|TRUE|[Ff]alse|FALSE)$"}]}
_LANGUAGE = {"type": "string", "pattern": "^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$"}

_NUMBER = 'write a whole number, "1,234" or "1.2K", or {count: 5, on: Wix, at: 2023-01-02}'


FIELDS: Fields = (
    Field(
        "title",
        TEXT_SCHEMA,
        "write the title as text, for example `title: A week of frost`",
        plain(read_line),
        imported=Imported(),
        meaning="The title of the page.",
    ),
    Field(
        "date",
        DATE_SCHEMA,
        DAY_HINT,
        read_moment,
        imported=Imported(),
        meaning="When it was first published.",
        form="date",
    ),
    Field(
        "updated",
        DATE_SCHEMA,
        DAY_HINT,
        read_moment,
        imported=Imported(),
        meaning="When the text last changed.",
        form="date",
    ),
    Field(
        "slug",
        TEXT_SCHEMA,
        "use letters, digits and hyphens, for example `slug: a-week-of-frost`",
        plain(read_slug),
        imported=Imported(),
        meaning="Its part of the URL. Without one, it is the name of the file.",
    ),
    Field(
        "id",
        TEXT_SCHEMA,
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
        {"anyOf": [TEXT_SCHEMA, {"type": "array", "items": _PERSON}]},
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
        URL_SCHEMA,
        "write the full URL of the original, beginning with https://",
        plain(read_url),
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
        "likes",
        _COUNTED,
        _NUMBER,
        plain(read_count),
        text=False,
        imported=Imported(layout="flow"),
    ),
    Field(
        "tags",
        TEXTS_SCHEMA,
        "write a list, for example `tags: [letters, history]`, or words with commas between them",
        _read_tags,
        imported=Imported(),
        meaning="The topics of the post.",
    ),
    Field(
        "summary",
        TEXT_SCHEMA,
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
        TEXT_SCHEMA,
        "say in words what the image shows",
        plain(read_line),
        imported=Imported(),
        meaning="What the image shows, for readers who cannot see it.",
    ),
    Field(
        "image_caption",
        TEXT_SCHEMA,
        "write what is shown below the image as text",
        plain(read_line),
        meaning="What is shown below the image.",
    ),
    Field(
        "image_credit",
        TEXT_SCHEMA,
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
        TEXT_SCHEMA,
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
        TEXT_SCHEMA,
        "write the path of the original's file, for example `translation_of: 2024-05-01-hello.md`",
        plain(read_line),
        meaning="The file of the post that this one translates, such as 2024-05-01-hello.md",
    ),
    Field(
        "translation_key",
        TEXT_SCHEMA,
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
        TEXTS_SCHEMA,
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
        types=PAGES_ONLY,
        meaning="Where every page links to this one.",
    ),
    Field(
        "order",
        {"type": "number"},
        "write a number, for example `order: 2`",
        plain(read_number),
        types=PAGES_ONLY,
        text=False,
        meaning="The position among the pages beside it, a number.",
    ),
    Field(
        "parent",
        {"type": "string", "minLength": 1},
        "write the slug of a page, for example `parent: guides`, or `parent: /` for the home page",
        plain(read_parent),
        types=PAGES_ONLY,
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


TEXT_KEYS = frozenset(field.name for field in FIELDS if field.text)
