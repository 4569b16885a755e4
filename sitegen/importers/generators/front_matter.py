"""Translates the front matter of other generators to the fields of sitegen."""

from collections.abc import Mapping
from datetime import date, datetime, time, tzinfo
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct, field
from msgspec.structs import replace

from sitegen.content.front_matter.readers import read_language
from sitegen.content.front_matter.split import FrontMatter
from sitegen.formats.frozen_dict import FrozenDict, freeze
from sitegen.importers.base import Note
from sitegen.importers.markdown_source.front_matter_keys import (
    ALIASES,
    CANONICAL,
    DATES,
    GENERATOR_KEYS,
    PERMALINK_KEYS,
    SUMMARIES,
    UPDATES,
)
from sitegen.importers.markdown_source.front_matter_values import ForeignFrontMatter
from sitegen.importers.output.date_order import DateOrder
from sitegen.model import Count

_UNDERSTOOD = frozenset(("draft", "published", "status", "unlisted"))


class Fields(Struct, frozen=True):
    """The fields of a post from its front matter; `address` is the raw value of its permalink, or "".

    `has_page` is whether the old site had a page for it.
    """

    title: str = ""
    date: datetime | None = None
    updated: datetime | None = None
    slug: str = ""
    id: str = ""
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    summary: str = ""
    image: str = ""
    image_alt: str = ""
    issue: str = ""
    language: str = ""
    translation_key: str = ""
    source: str = ""
    source_home: str = ""
    source_url: str = ""
    views: Count | None = None
    comments: Count | None = None
    likes: Count | None = None
    draft: str = ""
    address: str = ""
    has_page: bool = True
    aliases: tuple[str, ...] = ()
    params: FrozenDict = field(default_factory=FrozenDict)
    notes: tuple[Note, ...] = ()
    dropped: tuple[str, ...] = ()


def translate_front_matter(
    front: FrontMatter, zone: tzinfo, old_zone: tzinfo, separator: str, home: str, order: DateOrder
) -> Fields:
    """Return the fields of a post from the front matter of another generator.

    Dates without a time are in `zone`, times without a zone in `old_zone`. `separator` separates tags in a string;
    `home` is the URL of the old site: a canonical URL on it is not a source. `order` parses the dates.
    """
    reader = ForeignFrontMatter(front, zone, old_zone, separator, order)
    draft = _draft(front.values)
    address = reader.take(*PERMALINK_KEYS)
    title, slug = reader.line("title"), reader.line("slug")
    written = reader.date(DATES)
    image, alternative = reader.image()
    tags, categories = reader.tags()
    canonical = reader.line(*CANONICAL)
    own = not canonical.startswith(("http://", "https://")) or (
        home and urlsplit(canonical).netloc == urlsplit(home).netloc
    )
    fields = Fields(
        title=title,
        date=written,
        updated=reader.date(UPDATES),
        slug=slug,
        id=reader.line("id", "uuid", "guid"),
        authors=reader.people(),
        tags=tags,
        categories=categories,
        summary=reader.line(*SUMMARIES),
        image=image,
        image_alt=alternative,
        issue=reader.line("issue", "issue_number"),
        language=_language(reader),
        translation_key=reader.line("translationkey", "translation_key"),
        source_url="" if own else canonical,
        views=reader.count("views"),
        comments=reader.count("comments"),
        likes=reader.count("likes"),
        draft="its permalink is `false`, so it had no page" if address is False and not draft else draft,
        address=address if isinstance(address, str) else "",
        has_page=address is not False,
        aliases=reader.paths(ALIASES),
    )
    remaining = reader.values
    source = remaining.pop("source", None)
    name = source.get("name") if isinstance(source, Mapping) else source
    if isinstance(name, str) and name.strip():
        link = str(source.get("url") or "") if isinstance(source, Mapping) else ""
        fields = replace(fields, source=" ".join(name.split()), source_home=link)
    elif source is not None:
        remaining["source"] = source
    generator_keys = tuple(f"front matter {key}" for key in remaining if key.casefold() in GENERATOR_KEYS - _UNDERSTOOD)
    params = {key: plain(value) for key, value in remaining.items() if key.casefold() not in GENERATOR_KEYS}
    non_empty = {key: value for key, value in params.items() if value not in (None, "", [], {})}
    return replace(fields, params=freeze(non_empty), notes=tuple(reader.notes), dropped=generator_keys)


def _draft(values: Mapping[str, Any]) -> str:
    flat = {key.casefold(): value for key, value in values.items()}
    if str(flat.get("draft")).lower() in ("true", "yes"):
        return "it was a draft"
    if str(flat.get("published")).lower() in ("false", "no"):
        return "it was not published"
    if str(flat.get("unlisted")).lower() in ("true", "yes"):
        return "it was unlisted"
    status = str(flat.get("status", "")).lower()
    return f'its status is "{status}"' if status in ("draft", "hidden", "private", "pending", "skip") else ""


def _language(reader: ForeignFrontMatter) -> str:
    value = reader.take("language", "lang", "locale")
    try:
        return "" if value is None else read_language(value)
    except ValueError as error:
        reader.note(str(error))
        return ""


def plain(value: Any) -> Any:
    """Return a value with its dates as strings, as front matter stores them."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list | tuple) else value
