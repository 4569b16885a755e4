"""Reads values of the front matter of other generators in their various forms."""

import re
from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any
from urllib.parse import quote, urlsplit

from sitegen.content.front_matter.counts import read_count
from sitegen.content.front_matter.readers import read_line, read_people
from sitegen.content.front_matter.split import FrontMatter
from sitegen.formats.slugs import check_path
from sitegen.importers.base import Location, Note
from sitegen.importers.markdown_source.front_matter_keys import ALTERNATIVES, AUTHORS, CATEGORIES, IMAGES, TAGS
from sitegen.importers.output.date_order import DateOrder
from sitegen.model import Count

_NESTED_KEYS = ("taxonomies", "extra", "params")

_PAGE_ENDING = re.compile(r"(?<=.)\.(?:[sx]?html?|php\d?|aspx?|jspx?|cfm|cgi)\Z", re.IGNORECASE)


def flatten(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return front matter with the keys of `extra`, `params` and `taxonomies` on the top level."""
    flat = {key: value for key, value in values.items() if key not in _NESTED_KEYS or not isinstance(value, Mapping)}
    for name in _NESTED_KEYS:
        inner = values.get(name)
        if isinstance(inner, Mapping):
            for key, value in inner.items():
                flat.setdefault(str(key), value)
    return flat


class ForeignFrontMatter:
    """Reads the front matter of a post; `values` contains the keys that were not read."""

    def __init__(self, front: FrontMatter, zone: tzinfo, old_zone: tzinfo, separator: str, order: DateOrder) -> None:
        self.front, self.zone, self.old_zone, self.separator = front, zone, old_zone, separator
        self.order = order
        self.values = flatten(front.values)
        self.names = {key.casefold(): key for key in self.values}
        self.notes: list[Note] = []

    def take(self, *names: str) -> Any:
        """Remove and return the value of the first key that is not empty, or return None."""
        for name in names:
            key = self.names.get(name)
            if key in self.values and self.values[key] not in (None, "", [], {}):
                self.key = key
                return self.values.pop(key)
        return None

    def note(self, message: str) -> None:
        """Add a note about the key that was read last."""
        self.notes.append(Note(Location(self.front.path, self.front.line_of(self.key)), message))

    def line(self, *names: str) -> str:
        """Return a string on one line."""
        value = self.take(*names)
        try:
            return "" if value is None else read_line(value)
        except ValueError:
            self.values[self.key] = value
            return ""

    def date(self, names: tuple[str, ...]) -> datetime | None:
        """Return the first valid date, and add a note for each invalid one."""
        for name in names:
            value = self.take(name)
            if value is None or isinstance(value, bool):
                continue
            # A date without a time is in the new zone, to stay on the same day; a time is in the old site's zone.
            has_time = isinstance(value, datetime) or (isinstance(value, str) and ":" in value)
            try:
                return self.order.read(value, self.old_zone if has_time else self.zone, self.key)
            except ValueError as error:
                self.note(str(error))
        return None

    def people(self) -> tuple[str, ...]:
        """Return the names of the authors."""
        value = self.take(*AUTHORS)
        while self.take(*AUTHORS) is not None:  # a second key has the same names, or the default of a folder
            pass
        try:
            return () if value is None else read_people(value)
        except ValueError as error:
            self.note(f"the author was dropped: {error}")
            return ()

    def tags(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return tags and categories, each once, and those among them that are categories."""
        found: dict[str, None] = {}
        categories: dict[str, None] = {}
        for name in TAGS:
            terms = dict.fromkeys(" ".join(word.split()) for word in self._words(name) if word.strip())
            found |= terms
            categories |= terms if name in CATEGORIES else {}
        return tuple(found), tuple(categories)

    def _words(self, name: str) -> list[str]:
        value = self.take(name)
        if isinstance(value, str):
            single = name == "category" or (self.separator == " " and name == "tag")
            parts = [value] if single else value.replace("\n", self.separator).split(self.separator)
            return [part for part in parts if self.separator != " " or part]
        if isinstance(value, list):
            return [str(item) for item in value if isinstance(item, str | int | float)]
        return [str(key) for key in value] if isinstance(value, Mapping) else []

    def image(self) -> tuple[str, str]:
        """Return the path or URL of the post's image, and its alternative text."""
        value = self.take(*IMAGES)
        alternative = self.line(*ALTERNATIVES)
        value = value[0] if isinstance(value, list) and value else value
        value = (
            self.values.get("header") if value is None else value
        )  # Jekyll's Minimal Mistakes; it has other keys too
        if isinstance(value, Mapping):
            alternative = alternative or str(value.get("alt") or value.get("caption") or "")
            names = ("src", "url", "path", "relativepath", "image", "feature", "overlay_image", "teaser", "og_image")
            value = next((value[name] for name in names if isinstance(value.get(name), str)), None)
        return (value.strip(), alternative) if isinstance(value, str) else ("", alternative)

    def count(self, name: str) -> Count | None:
        """Return a count, or None for switches such as `comments: true`."""
        value = self.take(name)
        if (
            value is None
            or isinstance(value, bool)
            or str(value).lower() in ("true", "false", "yes", "no", "on", "off")
        ):
            return None
        try:
            return read_count(value)
        except ValueError as error:
            self.note(str(error))
            return None

    def paths(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Return old URLs as paths, and add a note for each one that a static file cannot serve."""
        found = []
        for name in names:
            value = self.take(name)
            for item in value if isinstance(value, list) else [value]:
                if isinstance(item, str) and item.strip():
                    if path := path_of(item):
                        found.append(path)
                    else:
                        self.note(f'the old URL "{item[:80]}" was dropped, since a static site cannot redirect it')
        return tuple(dict.fromkeys(found))


def strip_page_ending(name: str) -> str:
    """Return the last part of an old URL without an extension such as `.html` or `.php`."""
    return _PAGE_ENDING.sub("", name)


def path_of(address: str) -> str:
    """Return the path of an old URL, or "" for one that a static file cannot serve.

    The path is decoded for the front matter, except `#` and `%` before hexadecimal digits.
    """
    if not address.strip():
        return ""
    parts = urlsplit(address.strip()) if re.match(r"https?://", address.strip()) else None
    try:
        path = check_path(parts.path + ("?" if parts.query else "") if parts else address.strip())
    except ValueError:
        return ""
    path = re.sub(r"#|%(?=[0-9A-Fa-f]{2})", lambda match: quote(match[0]), path)
    return path.removesuffix("index.html") if path != "/index.html" else ""
