"""The rows of the build cache: their types, and the conversion of entries to rows."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from functools import cache, partial
from operator import attrgetter
from typing import Any, get_args, get_type_hints

from msgspec import Struct, ValidationError, convert
from msgspec.msgpack import Decoder, Encoder, Ext

from sitegen.cache.store import StoreError
from sitegen.errors import Problem
from sitegen.formats.frozen_dict import FrozenDict
from sitegen.model import Body, Count, Entry, Post, Reference, Source, Term
from sitegen.search.entry import TermsByLevel
from sitegen.system.paths import is_inside

TermRow = tuple[str, str, str]
SourceRow = tuple[str, str, str, str, str, str]
CountRow = tuple[int, str, str | None]
PostRow = tuple[Any, ...]
"""A post: an item for each of its attributes, in their order, of the types that `forms_of` gives."""

EntryRow = tuple[
    PostRow,
    str,  # the body's fingerprint
    tuple[tuple[str, int], ...],  # references
    tuple[tuple[str, int, str, str, str], ...],  # warnings
    int,  # words
    tuple[tuple[str, int], ...],  # aliases
    int,  # the line of `parent`
    tuple[str, ...],  # images
    int,  # the line of the key that links translations
    tuple[tuple[str, int], ...],  # lines of keys
]

_DATE, _DATETIME, _TIME, _INTEGER = range(1, 5)
_READERS: Mapping[int, Callable[[str], Any]] = {
    _DATE: date.fromisoformat,
    _DATETIME: datetime.fromisoformat,
    _TIME: time.fromisoformat,
    _INTEGER: int,
}
_INT64 = range(-(2**63), 2**64)
"""The integers that MessagePack supports."""


def _read_extension(code: int, data: memoryview) -> Any:
    if code not in _READERS:
        raise ValueError(f"the extension type {code} is unknown")
    return _READERS[code](str(data, "ascii"))


Pack = Callable[[Any], Any]


class Form(Struct, frozen=True):
    """How a value of some type is stored in a row.

    `row` is the type there, `pack` and `unpack` convert to it and back; without them, the value is stored as it is.
    None is stored as None, and read as `absent`.
    """

    row: Any
    pack: Pack | None = None
    unpack: Callable[["Unpacker", Any], Any] | None = None
    absent: Any = None


EMPTY = FrozenDict()
_FIELDS = get_type_hints(Post)


def _pack_terms(terms: tuple[Term, ...]) -> tuple[TermRow, ...]:
    return tuple((term.name, term.slug, term.url) for term in terms)


def _pack_source(source: Source) -> SourceRow:
    return (source.name, source.slug, source.url, source.home, source.feed, source.policy)


def _pack_count(count: Count) -> CountRow | int:
    if count.parts:
        raise TypeError("`parts` of a count are made by builds only")
    if not count.on and count.at is None:
        return count.count
    return (count.count, count.on, count.at.isoformat() if count.at else None)


def _unpack_count(_: "Unpacker", row: CountRow | int) -> Count:
    return Count(row) if isinstance(row, int) else Count(row[0], row[1], date.fromisoformat(row[2]) if row[2] else None)


def _unpack_moment(_: "Unpacker", row: str) -> datetime:
    return datetime.fromisoformat(row)


def _pack_taxonomies(terms: Mapping[str, tuple[Term, ...]]) -> dict[str, tuple[TermRow, ...]] | None:
    return {name: _pack_terms(found) for name, found in terms.items()} or None


def _unpack_taxonomies(unpacker: "Unpacker", row: dict[str, tuple[TermRow, ...]]) -> FrozenDict:
    return FrozenDict({name: unpacker.terms(terms) for name, terms in row.items()})


def _pack_params(params: FrozenDict) -> dict[str, Any] | None:
    packed: dict[str, Any] = _pack_value(params)
    return packed or None


def _unpack_params(_: "Unpacker", row: dict[str, Any]) -> FrozenDict:
    params: FrozenDict = _unpack_value(row)
    return params


class Unpacker:
    """Converts rows to entries; equal terms and sources of all entries become one object each."""

    def __init__(self, post_type: type[Post] = Post) -> None:
        self._terms: dict[TermRow, Term] = {}
        self._sources: dict[SourceRow, Source] = {}
        self._post_type = post_type
        forms = enumerate((POST_FORMS if post_type is Post else forms_of(post_type)).values())
        self._unpackers = [(at, partial(form.unpack, self), form.absent) for at, form in forms if form.unpack]

    def entry(self, row: EntryRow) -> Entry:
        """Return the entry of a row.

        Raises StoreError if a date cannot be parsed, or a path is outside of the site or the output folder.
        """
        fields, body, references, warnings, words, aliases, parent_line, images, translation_line, key_lines = row
        for path in (fields[0], fields[4]):
            if (".." in path or "\0" in path or path[:1] == "/") and not is_inside(path):
                raise StoreError(f"row {fields[0]!r} of source: {path!r} is not a path inside of its folder")
        values = list(fields)
        try:
            for at, unpack, absent in self._unpackers:
                value = values[at]
                values[at] = absent if value is None else unpack(value)
        except ValueError as error:
            raise StoreError(f"row {fields[0]!r} of source: {error}") from error
        return Entry(
            self._post_type(*values),
            body,
            tuple(Reference(*item) for item in references) if references else (),
            tuple(Problem(*item) for item in warnings) if warnings else (),
            words,
            tuple(Reference(*item) for item in aliases) if aliases else (),
            parent_line,
            images,
            translation_line,
            tuple(Reference(*item) for item in key_lines) if key_lines else (),
        )

    def terms(self, rows: tuple[TermRow, ...]) -> tuple[Term, ...]:
        """Return terms, the same object for equal ones."""
        return tuple([self._terms.get(row) or self._terms.setdefault(row, Term(*row)) for row in rows]) if rows else ()

    def source(self, row: SourceRow) -> Source:
        """Return a source, the same object for equal ones."""
        source = self._sources.get(row)
        if source is None:
            source = self._sources[row] = Source(*row)
        return source


def _pack_value(value: Any) -> Any:
    """Return a plain value with types that MessagePack does not support as extensions."""
    value_type = type(value)
    if value_type in (str, bool, float, bytes, type(None)):
        return value
    if isinstance(value, Mapping):
        return {_pack_value(key): _pack_value(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_pack_value(item) for item in value]
    if value_type is int:
        return value if value in _INT64 else Ext(_INTEGER, str(value).encode())
    for code, known in ((_DATE, date), (_DATETIME, datetime), (_TIME, time)):
        if value_type is known:
            return Ext(code, value.isoformat().encode())
    raise TypeError(f"`{value_type.__name__}` is not a plain value")


def _unpack_value(value: Any) -> Any:
    if isinstance(value, dict):
        return FrozenDict({key: _unpack_value(item) for key, item in value.items()})
    if isinstance(value, list):
        return tuple([_unpack_value(item) for item in value])
    if isinstance(value, Ext):  # of a row that this process has just packed
        return _read_extension(value.code, memoryview(value.data))
    return value


# Moments are stored as ISO 8601, because MessagePack's own timestamps lack the zone.
_FORMS: Mapping[Any, Form] = {
    str: Form(str),
    bool: Form(bool),
    int: Form(int),
    int | None: Form(int | None),
    float | None: Form(float | None),
    tuple[str, ...]: Form(tuple[str, ...]),
    datetime: Form(str, datetime.isoformat, _unpack_moment),
    datetime | None: Form(str | None, datetime.isoformat, _unpack_moment),
    tuple[Term, ...]: Form(tuple[TermRow, ...], _pack_terms, Unpacker.terms),
    Mapping[str, tuple[Term, ...]]: Form(
        dict[str, tuple[TermRow, ...]] | None, _pack_taxonomies, _unpack_taxonomies, EMPTY
    ),
    Source | None: Form(SourceRow | None, _pack_source, Unpacker.source),
    Count | None: Form(int | CountRow | None, _pack_count, _unpack_count),
    FrozenDict: Form(dict[str, Any] | None, _pack_params, _unpack_params, EMPTY),
}


def forms_of(post_type: type[Post]) -> Mapping[str, Form]:
    """Return how each attribute of a post is stored, by its name and in order.

    Raises TypeError for an attribute of a type that has no form: add one to `_FORMS`.
    """
    found = {}
    for name, value_type in get_type_hints(post_type).items():
        if value_type not in _FORMS:
            raise TypeError(f"`{name}: {value_type}` of a post has no form in the build cache")
        found[name] = _FORMS[value_type]
    return found


POST_FORMS = forms_of(Post)


def source_reader(forms: Mapping[str, Form] = POST_FORMS) -> Callable[[bytes], tuple[str, str, EntryRow]]:
    """Return a decoder of a post's row: the fingerprint of the file, the parse key, and the entry."""
    post_row: Any = tuple[tuple(form.row for form in forms.values())]  # type: ignore[misc]  # made at run time
    entry_row: Any = tuple[(post_row, *get_args(EntryRow)[1:])]  # type: ignore[misc]  # as above
    return Decoder(tuple[str, str, entry_row], ext_hook=_read_extension).decode


_ENCODER = Encoder()


read_body = Decoder(Body).decode
read_search = Decoder(tuple[str, str, TermsByLevel]).decode
"""Decodes a post's search terms: the fingerprint of the file, the parse key, and the terms."""
read_source = source_reader()


@cache
def _packers_of(post_type: type[Post]) -> tuple[Callable[[Post], tuple[Any, ...]], tuple[tuple[int, Pack], ...]]:
    """Return a function that returns all attributes of a post, and by position how those of other forms are packed."""
    forms = forms_of(post_type)
    return attrgetter(*forms), tuple((at, form.pack) for at, form in enumerate(forms.values()) if form.pack)


def pack_entry(entry: Entry, post_type: type[Post] = Post) -> EntryRow:
    """Return an entry as a row. Raises TypeError for a value in `params` that is not plain."""
    read, packers = _packers_of(post_type)  # type: ignore[arg-type]  # mypy checks the hash of instances
    fields = list(read(entry.post))
    for at, pack in packers:
        if fields[at] is not None:
            fields[at] = pack(fields[at])
    references = tuple((item.target, item.line) for item in entry.references)
    warnings = tuple((item.path, item.line, item.message, item.hint, item.excerpt) for item in entry.warnings)
    aliases = tuple((item.target, item.line) for item in entry.aliases)
    key_lines = tuple((item.target, item.line) for item in entry.key_lines)
    lines = entry.parent_line, entry.images, entry.translation_line, key_lines
    return (tuple(fields), entry.body, references, warnings, entry.words, aliases, *lines)


def find_misfit(post: Post) -> str:
    """Return why a post of a hook cannot be stored, such as a field of another type, or "" if it can."""
    for name, value_type in _FIELDS.items():
        try:
            convert(getattr(post, name), value_type, builtin_types=(bytes, date, datetime))
        except ValidationError as error:
            return f"`{name}`: {error}"
    try:
        _ENCODER.encode(pack_entry(Entry(post, "")))
    except (TypeError, UnicodeEncodeError) as error:
        return str(error)
    return ""
