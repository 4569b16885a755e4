"""Entries and bodies as the plain rows that the store keeps."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from sitegen.errors import Problem
from sitegen.model import Body, Count, Entry, FrozenDict, Heading, Post, Reference, Source, Term
from sitegen.search.entry import SearchEntry

Row = tuple[Any, ...]

_READERS = {"date": date.fromisoformat, "datetime": datetime.fromisoformat, "time": time.fromisoformat}


def pack_body(body: Body) -> Row:
    """Return a body as a row."""
    headings = tuple((item.level, item.id, item.text) for item in body.headings)
    references = tuple((item.target, item.line) for item in body.references)
    return (body.html, headings, references, body.words, body.summary)


def unpack_body(row: Row) -> Body:
    """Return the body that a row was made from."""
    html, headings, references, words, summary = row
    return Body(
        html,
        tuple(Heading(*item) for item in headings),
        tuple(Reference(*item) for item in references),
        words,
        summary,
    )


def pack_search(entry: SearchEntry) -> Row:
    """Return what a search finds of a post as a row."""
    fields = (entry.url, entry.title, entry.date.isoformat(), entry.source, entry.language, entry.summary)
    return (*fields, entry.weights)


def unpack_search(row: Row) -> SearchEntry:
    """Return the search entry that a row was made from."""
    url, title, day, source, language, summary, weights = row
    return SearchEntry(url, title, date.fromisoformat(day), source, language, summary, weights)


def pack_entry(entry: Entry) -> Row:
    """Return an entry as a row."""
    post = entry.post
    fields = (
        post.path,
        post.title,
        post.slug,
        post.url,
        post.output,
        post.date.isoformat(),
        post.updated.isoformat() if post.updated else None,
        post.id,
        tuple((term.name, term.slug, term.url) for term in post.authors),
        _pack_source(post.source),
        post.source_url,
        _pack_count(post.views),
        _pack_count(post.comments),
        tuple((term.name, term.slug, term.url) for term in post.tags),
        post.summary,
        post.image,
        post.image_alt,
        post.issue,
        post.language,
        post.draft,
        post.private,
        post.public_from.isoformat() if post.public_from else None,
        post.public_until.isoformat() if post.public_until else None,
        post.aliases,
        post.broken_links,
        _pack_value(post.params) if post.params else None,
        post.digest,
    )
    references = tuple((item.target, item.line) for item in entry.references)
    warnings = tuple((item.path, item.line, item.message, item.hint, item.excerpt) for item in entry.warnings)
    aliases = tuple((item.target, item.line) for item in entry.aliases)
    return (fields, entry.body, references, warnings, entry.words, aliases)


class Unpacker:
    """Turns rows back into entries; equal terms and sources of all entries become one object each."""

    def __init__(self) -> None:
        self._terms: dict[Row, Term] = {}
        self._sources: dict[Row, Source] = {}

    def entry(self, row: Row) -> Entry:
        """Return the entry that a row was made from."""
        fields, body, references, warnings, words, aliases = row
        values: Row = (
            *fields[:5],
            datetime.fromisoformat(fields[5]),
            datetime.fromisoformat(fields[6]) if fields[6] else None,
            fields[7],
            tuple([self._term(item) for item in fields[8]]),
            self._source(fields[9]),
            fields[10],
            _unpack_count(fields[11]),
            _unpack_count(fields[12]),
            tuple([self._term(item) for item in fields[13]]),
            *fields[14:21],
            datetime.fromisoformat(fields[21]) if fields[21] else None,
            datetime.fromisoformat(fields[22]) if fields[22] else None,
            *fields[23:25],
            EMPTY if fields[25] is None else _unpack_value(fields[25]),
            fields[26],
        )
        return Entry(
            Post(*values),
            body,
            tuple(Reference(*item) for item in references) if references else (),
            tuple(Problem(*item) for item in warnings) if warnings else (),
            words,
            tuple(Reference(*item) for item in aliases) if aliases else (),
        )

    def _term(self, row: Row) -> Term:
        term = self._terms.get(row)
        if term is None:
            term = self._terms[row] = Term(*row)
        return term

    def _source(self, row: Row | None) -> Source | None:
        if row is None:
            return None
        source = self._sources.get(row)
        if source is None:
            source = self._sources[row] = Source(*row)
        return source


EMPTY = FrozenDict()


def _pack_source(source: Source | None) -> Row | None:
    if source is None:
        return None
    return (source.name, source.slug, source.url, source.home, source.feed, source.policy)


def _pack_count(count: Count | None) -> Row | int | None:
    if count is None:
        return None
    if not count.on and count.at is None:
        return count.count
    return (count.count, count.on, count.at.isoformat() if count.at else None)


def _unpack_count(row: Row | int | None) -> Count | None:
    if row is None or isinstance(row, int):
        return None if row is None else Count(row)
    return Count(row[0], row[1], date.fromisoformat(row[2]) if row[2] else None)


def _pack_value(value: Any) -> Any:
    """Return a plain value with its dates, which marshal does not know, as marked texts."""
    if isinstance(value, Mapping):
        return {key: _pack_value(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_pack_value(item) for item in value]
    if isinstance(value, date | time):
        return (type(value).__name__, value.isoformat())
    return value


def _unpack_value(value: Any) -> Any:
    if isinstance(value, dict):
        return FrozenDict({key: _unpack_value(item) for key, item in value.items()})
    if isinstance(value, list):
        return tuple(_unpack_value(item) for item in value)
    if isinstance(value, tuple):
        return _READERS[value[0]](value[1])
    return value
