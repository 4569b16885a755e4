"""The fields of front matter that a config defines: those of its taxonomies and of its types of posts."""

from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import Any, Literal

from msgspec import Struct

from sitegen.config.content_schema import OwnTaxonomy, OwnType
from sitegen.config.post_types import PostType, find_types
from sitegen.config.schema import Config
from sitegen.config.taxonomies import find_own_taxonomies
from sitegen.content.front_matter.field import (
    DATE_SCHEMA,
    DAY_HINT,
    POSTS_ONLY,
    TEXT_SCHEMA,
    TEXTS_SCHEMA,
    URL_SCHEMA,
    Context,
    Field,
    Fields,
    plain,
    read_moment,
    read_url,
)
from sitegen.content.front_matter.fields import FIELDS
from sitegen.content.front_matter.readers import read_line, read_text, read_whole_or_decimal, read_words
from sitegen.content.permalinks import name_term
from sitegen.model import Term
from sitegen.system.files import is_markdown


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
    "text": OwnField(TEXT_SCHEMA, "write it as text, for example `KEY: Some words`", plain(read_text)),
    "number": OwnField({"type": "number"}, "write a number, for example `KEY: 2.5`", plain(read_whole_or_decimal)),
    "date": OwnField(DATE_SCHEMA, DAY_HINT, read_moment, "date"),
    "list": OwnField(TEXTS_SCHEMA, "write a list, for example `KEY: [one, two]`", plain(_read_list)),
    "url": OwnField(URL_SCHEMA, "write the full URL, beginning with https://", plain(read_url)),
    "post": OwnField(_FILE, "write the path of a post's file, for example `KEY: ../posts/a.md`", plain(_read_file)),
    "posts": OwnField(
        {"anyOf": [_FILE, {"type": "array", "items": _FILE}]},
        "write a list of paths of files, for example `KEY: [../posts/a.md]`",
        plain(_read_files),
    ),
}
"""The types of fields that a config can define, by their names: those of FIELD_TYPES."""


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
            types=POSTS_ONLY,
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
        fields[taxonomy.key] = Field(taxonomy.key, TEXTS_SCHEMA, hint, read, fills=False, types=POSTS_ONLY)
        if taxonomy.part:
            hint = f"write the number of the part, for example `{taxonomy.part}: 2`"
            read_part = plain(read_whole_or_decimal)
            schema = {"type": "number"}
            fields[taxonomy.part] = Field(
                taxonomy.part, schema, hint, read_part, fills=False, types=POSTS_ONLY, text=False, is_param=True
            )
    return tuple(fields.values())


def _read_terms(value: Any, context: Context, pattern: str, separator: str) -> tuple[Term, ...]:
    """Return the terms of a list, or of a string; one without `separator` is the name of one term."""
    names = read_words(value, separator or "\n")
    return tuple(dict.fromkeys(name_term(name, pattern, context.base) for name in names))
