"""A field of front matter: how its value is read, described, and written by importers."""

from collections.abc import Callable, Mapping
from datetime import tzinfo
from typing import Any, Literal, get_args

from msgspec import Struct

from sitegen.config.schema import Config
from sitegen.content.file_index import DocumentType
from sitegen.content.front_matter.readers import read_line
from sitegen.content.sources import check_url
from sitegen.formats.dates import read_date
from sitegen.model import Source

DOCUMENT_TYPES: frozenset[DocumentType] = frozenset(get_args(DocumentType))
PAGES_ONLY: frozenset[DocumentType] = frozenset(("page",))
POSTS_ONLY: frozenset[DocumentType] = frozenset(("post",))

TEXT_SCHEMA = {"type": ["string", "number"]}
TEXTS_SCHEMA = {"anyOf": [TEXT_SCHEMA, {"type": "array", "items": TEXT_SCHEMA}]}
DATE_SCHEMA = {"type": ["string", "integer"], "minLength": 1}
URL_SCHEMA = {"type": "string", "pattern": "^[Hh][Tt][Tt][Pp][Ss]?://[^\\s/?#]+"}
DAY_HINT = "write it as year-month-day, for example 2024-05-01"


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


def read_moment(value: Any, context: Context) -> Any:
    """Return a date as an aware datetime, in the site's zone if it names none. Raises ValueError."""
    return read_date(value, context.zone)


def read_url(value: Any) -> str:
    """Return the URL of a web page. Raises ValueError for any other value."""
    return check_url(read_line(value))
