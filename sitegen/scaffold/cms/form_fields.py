"""The fields of an editor's form, from the table of front matter fields and from what the documents contain."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sitegen.content.front_matter.field import Field
from sitegen.errors import WARNING, Problem
from sitegen.scaffold.cms.site_content import Collection, EditedDocument

Control = Literal["line", "paragraph", "url", "image", "date", "time", "number", "boolean", "choice", "list"]

ABOVE_TEXT = ("title", "date", "draft")
"""The fields above the text of a post; all others are below it, because most posts need no other."""

FIRST = (*ABOVE_TEXT, "summary", "image", "image_alt", "tags", "author", "source", "source_url")
"""The fields that come first in a form: what a new post needs."""

_SHARED = (
    "date", "author", "authors", "source", "source_url", "image", "image_credit", "image_layout", "issue", "markdown",
    "broken_links", "menu", "order", "template",
)  # fmt: skip
"""The fields of front matter that are usually the same in all translations of a post."""

_SHARED_CONTROLS = ("date", "time", "number", "boolean", "url")
"""How forms show fields of types of posts that are usually the same in all translations of a post."""

_ABBREVIATIONS = {"url": "URL", "id": "ID", "alt": "description"}

MAX_SUGGESTIONS = 20
"""Number of values in use that a hint lists."""


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of a form.

    A "date" is a day, a "time" a day with a time; `choices` are the only values of a "choice"; `suggestions` are the
    values that other documents have, in alphabetical order. `is_shared` says whether all translations of a post have
    the same value.
    """

    name: str
    label: str
    hint: str
    control: Control
    required: bool
    choices: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    is_shared: bool = False


def find_form_fields(
    collection: Collection, in_use: Mapping[str, tuple[str, ...]]
) -> tuple[tuple[FormField, ...], tuple[Problem, ...]]:
    """Return the fields of a form, and a warning for each omitted key.

    A key is omitted if a document has a value that the form would change, such as a mapping in a field for text.
    Editors keep keys that the form does not have.
    """
    order = {name: number for number, name in enumerate(FIRST)}
    fields: list[FormField] = []
    warnings: list[Problem] = []
    for field in sorted(collection.fields, key=lambda field: order.get(field.name, len(order))):
        control = _find_control(field)
        if control is None:
            continue
        found = [(item, item.values[field.name]) for item in collection.documents if field.name in item.values]
        if control == "list" and found and all(isinstance(value, str) for _, value in found):
            control = "line"
        elif control == "date" and any(":" in str(value) for _, value in found):
            control = "time"
        choices = _find_choices(field, in_use)
        misfit = next((item for item, value in found if not _fits(control, value, choices)), None)
        if misfit is not None:
            message = f"the form has no field `{field.name}`, because it cannot show the value that this file has"
            hint = f"edit `{field.name}` in the files; editors keep it"
            warnings.append(Problem(misfit.name, 0, message, hint, severity=WARNING))
            continue
        required = field.name in collection.required and len(found) == len(collection.documents)
        suggestions = () if choices else in_use.get(field.name, ())
        is_shared = field.name in _SHARED or (field.is_param and control in _SHARED_CONTROLS)
        is_shared = is_shared and _is_same_in_translations(field.name, collection.documents)
        fields.append(_make(field, control, choices, suggestions, required=required, is_shared=is_shared))
    return tuple(fields), tuple(warnings)


def _find_control(field: Field) -> Control | None:
    """Return how a form shows a field, None for one that only a file can hold."""
    schema = field.schema
    types = {*_types_in(schema)}
    of_types: dict[bool, Control] = {
        types == {"number"}: "number",
        "array" in types: "list",
        "boolean" in types: "boolean",
    }
    if types == {"object"} or {"integer", "object"} <= types:
        return None  # parameters, and counts, which imports and `sitegen views` write
    if "enum" in schema:
        return "choice"
    return field.form or of_types.get(True, "url" if "://" in schema.get("pattern", "") else "line")


def _types_in(schema: Mapping[str, Any]) -> Iterator[str]:
    """Yield the JSON types of a value that a schema allows."""
    given = schema.get("type", ())
    yield from (given,) if isinstance(given, str) else given
    for part in schema.get("anyOf", ()):
        yield from _types_in(part)


def _find_choices(field: Field, in_use: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the values among which a form lets people choose, () where they can write any."""
    if "enum" in field.schema:
        return tuple(field.schema["enum"])
    return tuple(sorted(in_use[field.name])) if field.name == "language" else ()


def _fits(control: Control, value: Any, choices: tuple[str, ...]) -> bool:
    """Return whether a form shows a value and writes it back unchanged."""
    if value is None:
        return True
    if control == "boolean":
        return isinstance(value, bool)
    if control == "list":
        return isinstance(value, list) and all(_is_text(item) for item in value)
    if control == "number":
        return _is_text(value) and not isinstance(value, str)
    return _is_text(value) and (not choices or value in choices)


def _is_same_in_translations(name: str, documents: Iterable[EditedDocument]) -> bool:
    first: dict[str, Any] = {}
    return all(item.values.get(name) == first.setdefault(item.path, item.values.get(name)) for item in documents)


def _is_text(value: Any) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def _make(
    field: Field,
    control: Control,
    choices: tuple[str, ...],
    suggestions: Iterable[str],
    *,
    required: bool,
    is_shared: bool,
) -> FormField:
    words = field.name.replace("_", " ").capitalize().split(" ")
    label = " ".join(_ABBREVIATIONS.get(word.lower(), word) for word in words)
    hint = field.meaning or f"{field.hint[:1].upper()}{field.hint[1:]}."
    most_used = tuple(suggestions)
    if most_used and control in ("line", "list") and field.name != "source":
        rest = ", …" if len(most_used) > MAX_SUGGESTIONS else ""
        hint = f"{hint} In use: {', '.join(most_used[:MAX_SUGGESTIONS])}{rest}"
    if control == "choice" or choices:
        control = "choice"
    in_order = tuple(sorted(most_used, key=str.casefold))
    return FormField(field.name, label, hint, control, required, choices, in_order, is_shared)
