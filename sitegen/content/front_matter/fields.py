"""The keys of a post's front matter: what each holds, in words for a person and as JSON Schema."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sitegen.config.schema import BROKEN_LINKS, ENGINES


@dataclass(frozen=True, slots=True)
class Key:
    """One key: its JSON Schema, how to write it, and whether numbers below it are kept as they were written."""

    schema: Mapping[str, Any]
    hint: str
    text: bool = True


_TEXT = {"type": ["string", "number"]}
_DATE = {"type": ["string", "integer"], "minLength": 1}
_URL = {"type": "string", "pattern": "^[Hh][Tt][Tt][Pp][Ss]?://[^\\s/?#]+"}
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

KEYS: Mapping[str, Key] = MappingProxyType(
    {
        "title": Key(_TEXT, "write the title as text, for example `title: A week of frost`"),
        "date": Key(_DATE, "write it as year-month-day, for example 2024-05-01"),
        "updated": Key(_DATE, "write it as year-month-day, for example 2024-05-01"),
        "slug": Key(_TEXT, "use letters, digits and hyphens, for example `slug: a-week-of-frost`"),
        "id": Key(_TEXT, "write the feed's permanent id as text, for example `id: urn:issue:7`"),
        "author": Key(_PERSON, "write one name, for example `author: Ada Smith`"),
        "authors": Key(
            {"anyOf": [_TEXT, {"type": "array", "items": _PERSON}]},
            "write a list of names, for example `authors: [Ada Smith, Bo Li]`",
        ),
        "source": Key(
            {
                "anyOf": [
                    _TEXT,
                    {
                        "type": "object",
                        "properties": {"name": _TEXT, "url": _URL},
                        "required": ["name"],
                        "additionalProperties": False,
                    },
                ]
            },
            "write a name, or a name and a url: `source: {name: NYPost, url: https://nypost.com/}`",
        ),
        "source_url": Key(_URL, "write the whole address of the original, beginning with https://"),
        "views": Key(
            _COUNTED,
            'write a whole number, "1,234" or "1.2K", or {count: 5, on: Wix, at: 2023-01-02}',
            text=False,
        ),
        "comments": Key(
            _COUNTED,
            'write a whole number, "1,234" or "1.2K", or {count: 5, on: Wix, at: 2023-01-02}',
            text=False,
        ),
        "tags": Key(
            {"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]},
            "write a list, for example `tags: [letters, history]`, or words with commas between them",
        ),
        "summary": Key(_TEXT, "write the summary as text"),
        "image": Key({"type": "string"}, "write a path or an address that begins with https://"),
        "image_alt": Key(_TEXT, "say in words what the image shows"),
        "issue": Key(_TEXT, "write the issue's number, for example `issue: 7`"),
        "draft": Key(
            {"anyOf": [{"type": "boolean"}, {"type": "string", "pattern": "^([Tt]rue|TRUE|[Ff]alse|FALSE)$"}]},
            "write true or false",
            text=False,
        ),
        "aliases": Key(
            {"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]},
            "write paths on this site, for example `aliases: [/old/address/]`",
        ),
        "language": Key(
            {"type": "string", "pattern": "^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$"},
            "write a language tag, for example en, fa or pt-BR",
        ),
        "markdown": Key({"enum": list(ENGINES)}, f"write {' or '.join(ENGINES)}"),
        "broken_links": Key({"enum": list(BROKEN_LINKS)}, f"write {' or '.join(BROKEN_LINKS)}"),
        "params": Key(
            {"type": "object"}, "write keys and values below it, for example `params: {colour: red}`", text=False
        ),
    }
)
"""Every key that has a meaning, in the order of the documentation; all others go into `params`."""

TEXT_KEYS = frozenset(name for name, key in KEYS.items() if key.text)
