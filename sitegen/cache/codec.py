"""The rows of the build cache: the type of each, and entries as rows."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any, get_type_hints

from msgspec import ValidationError, convert
from msgspec.msgpack import Decoder, Encoder, Ext

from sitegen.cache.store import StoreError
from sitegen.errors import Problem
from sitegen.model import Body, Count, Entry, FrozenDict, Post, Reference, Source, Term
from sitegen.search.entry import TermsByLevel
from sitegen.system.paths import is_inside

TermRow = tuple[str, str, str]
SourceRow = tuple[str, str, str, str, str, str]
CountRow = tuple[int, str, str | None]
PostRow = tuple[
    str,  # path
    str,  # title
    str,  # slug
    str,  # url
    str,  # output
    str,  # date
    str | None,  # updated
    str,  # id
    tuple[TermRow, ...],  # authors
    SourceRow | None,
    str,  # source_url
    int | CountRow | None,  # views
    int | CountRow | None,  # comments
    tuple[TermRow, ...],  # tags
    str,  # summary
    str,  # image
    str,  # image_alt
    str,  # issue
    str,  # language
    bool,  # draft
    str,  # private
    str | None,  # public_from
    str | None,  # public_until
    tuple[str, ...],  # aliases
    str,  # broken_links
    dict[str, Any] | None,  # params
    str,  # digest
]
EntryRow = tuple[
    PostRow,
    str,  # the body's fingerprint
    tuple[tuple[str, int], ...],  # references
    tuple[tuple[str, int, str, str, str], ...],  # warnings
    int,  # words
    tuple[tuple[str, int], ...],  # aliases
]
"""An entry: moments as ISO 8601, because MessagePack's own timestamps do not keep the zone."""

_DATE, _DATETIME, _TIME, _INTEGER = range(1, 5)
_READERS: Mapping[int, Callable[[str], Any]] = {
    _DATE: date.fromisoformat,
    _DATETIME: datetime.fromisoformat,
    _TIME: time.fromisoformat,
    _INTEGER: int,
}
_INT64 = range(-(2**63), 2**64)
"""The integers that MessagePack can hold."""


def _read_extension(code: int, data: memoryview) -> Any:
    if code not in _READERS:
        raise ValueError(f"the extension type {code} is unknown")
    return _READERS[code](str(data, "ascii"))


read_body = Decoder(Body).decode
read_search = Decoder(tuple[str, str, TermsByLevel]).decode
"""Of a post's search terms: the fingerprints of the file and of what it was parsed with, and the terms."""
read_source = Decoder(tuple[str, str, EntryRow], ext_hook=_read_extension).decode
"""Of a post's row: the fingerprints of the file and of what it was parsed with, and the entry."""


def pack_entry(entry: Entry) -> EntryRow:
    """Return an entry as a row; raise TypeError for a value in `params` that is not plain."""
    post = entry.post
    fields: PostRow = (
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


def find_misfit(post: Post) -> str:
    """Return why a post that a hook made cannot be kept, "" if it can: a field of another type, a value not plain."""
    for name, kind in _FIELDS.items():
        try:
            convert(getattr(post, name), kind, builtin_types=(bytes, date, datetime))
        except ValidationError as error:
            return f"`{name}`: {error}"
    try:
        _ENCODER.encode(pack_entry(Entry(post, "")))
    except (TypeError, UnicodeEncodeError) as error:
        return str(error)
    return ""


class Unpacker:
    """Turns rows back into entries; equal terms and sources of all entries become one object each."""

    def __init__(self) -> None:
        self._terms: dict[TermRow, Term] = {}
        self._sources: dict[SourceRow, Source] = {}

    def entry(self, row: EntryRow) -> Entry:
        """Return the entry that a row was made from.

        Raises StoreError where a moment cannot be read, or a path leads out of the site or the output folder.
        """
        fields, body, references, warnings, words, aliases = row
        for path in (fields[0], fields[4]):
            if (".." in path or "\0" in path or path[:1] == "/") and not is_inside(path):
                raise StoreError(f"row {fields[0]!r} of source: {path!r} is not a path inside of its folder")
        try:
            values = (
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
        except ValueError as error:
            raise StoreError(f"row {fields[0]!r} of source: {error}") from error
        return Entry(
            Post(*values),
            body,
            tuple(Reference(*item) for item in references) if references else (),
            tuple(Problem(*item) for item in warnings) if warnings else (),
            words,
            tuple(Reference(*item) for item in aliases) if aliases else (),
        )

    def _term(self, row: TermRow) -> Term:
        term = self._terms.get(row)
        if term is None:
            term = self._terms[row] = Term(*row)
        return term

    def _source(self, row: SourceRow | None) -> Source | None:
        if row is None:
            return None
        source = self._sources.get(row)
        if source is None:
            source = self._sources[row] = Source(*row)
        return source


EMPTY = FrozenDict()
_FIELDS = get_type_hints(Post)
_ENCODER = Encoder()


def _pack_source(source: Source | None) -> SourceRow | None:
    if source is None:
        return None
    return (source.name, source.slug, source.url, source.home, source.feed, source.policy)


def _pack_count(count: Count | None) -> CountRow | int | None:
    if count is None:
        return None
    if not count.on and count.at is None:
        return count.count
    return (count.count, count.on, count.at.isoformat() if count.at else None)


def _unpack_count(row: CountRow | int | None) -> Count | None:
    if row is None or isinstance(row, int):
        return None if row is None else Count(row)
    return Count(row[0], row[1], date.fromisoformat(row[2]) if row[2] else None)


def _pack_value(value: Any) -> Any:
    """Return a plain value with what MessagePack does not keep as it is, as extensions."""
    kind = type(value)
    if kind in (str, bool, float, bytes, type(None)):
        return value
    if isinstance(value, Mapping):
        return {_pack_value(key): _pack_value(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_pack_value(item) for item in value]
    if kind is int:
        return value if value in _INT64 else Ext(_INTEGER, str(value).encode())
    for code, known in ((_DATE, date), (_DATETIME, datetime), (_TIME, time)):
        if kind is known:
            return Ext(code, value.isoformat().encode())
    raise TypeError(f"`{kind.__name__}` is not a plain value")


def _unpack_value(value: Any) -> Any:
    if isinstance(value, dict):
        return FrozenDict({key: _unpack_value(item) for key, item in value.items()})
    if isinstance(value, list):
        return tuple([_unpack_value(item) for item in value])
    if isinstance(value, Ext):  # of a row that this process has just packed
        return _read_extension(value.code, memoryview(value.data))
    return value
