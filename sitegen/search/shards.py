"""The files of a search index: a few for each calendar year, so that an edit never touches another year's."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sitegen.search.entry import SearchEntry
from sitegen.search.terms import is_unspaced
from sitegen.search.weights import LEVELS

MANIFEST = "index.json"
DOCUMENTS_A_FILE = 8

# Numbers are written in the printable characters from "!" to "~": `_ENDS` of them end a number, the others lead on.
_FIRST, _ENDS, _LEADS = 33, 64, 30


@dataclass(frozen=True, slots=True)
class YearOfSearch:
    """How many posts a year has, which is all that its files' names hang on."""

    year: int
    documents: int

    @property
    def shards(self) -> int:
        """The number of files over which the year's terms are spread: a power of two, so that it seldom changes."""
        return 1 << max(0, (self.documents - 1) // DOCUMENTS_A_FILE).bit_length()

    @property
    def pages(self) -> int:
        """The number of files that describe the year's posts."""
        return -(-self.documents // DOCUMENTS_A_FILE)


def shard_paths(year: YearOfSearch) -> tuple[str, ...]:
    """Return the paths below the search folder of all files of a year."""
    shards = [_shard_path(year, number) for number in range(year.shards)]
    return (*shards, *(_page_path(year, number) for number in range(year.pages)))


def draw_manifest(years: Iterable[YearOfSearch]) -> bytes:
    """Return the file that a reader's browser asks for first: JSON with each year's number of posts and shards."""
    rows = [(year.year, year.documents, year.shards) for year in sorted(years, key=lambda year: -year.year)]
    return _json({"levels": LEVELS, "page": DOCUMENTS_A_FILE, "years": rows})


def draw_year(year: int, entries: Iterable[SearchEntry]) -> dict[str, bytes]:
    """Return the bytes of each file of a year by its path below the search folder.

    A shard has a line for each of its terms: the term, a space, and its posts in the order of
    `in_order`, each as the number `gap * LEVELS + level`, gap being the count of posts between it and the one before.
    A page describes DOCUMENTS_A_FILE posts: JSON rows of URL, title, date, source, language, summary.
    """
    ordered = in_order(entries)
    plan = YearOfSearch(year, len(ordered))
    postings: defaultdict[str, list[int]] = defaultdict(list)
    for number, entry in enumerate(ordered):
        for code, terms in enumerate(entry.weights, number * LEVELS):
            for term in terms.split():
                postings[term].append(code)
    lines: list[list[str]] = [[] for _ in range(plan.shards)]
    for term in sorted(postings):
        lines[shard_of(term, plan.shards)].append(f"{term} {_encode(postings[term])}\n")
    files = {_shard_path(plan, number): "".join(rows).encode() for number, rows in enumerate(lines)}
    for number in range(plan.pages):
        page = ordered[number * DOCUMENTS_A_FILE : (number + 1) * DOCUMENTS_A_FILE]
        files[_page_path(plan, number)] = _json([_describe(entry) for entry in page])
    return files


def in_order(entries: Iterable[SearchEntry]) -> tuple[SearchEntry, ...]:
    """Return entries in the order of the index: oldest first, so that a new post leaves the others' numbers alone."""
    return tuple(sorted(sorted(entries, key=lambda entry: entry.url, reverse=True), key=lambda entry: entry.date))


def shard_of(term: str, shards: int) -> int:
    """Return the shard that holds a term: FNV-1a of its first three characters, so that a prefix has one shard.

    A term of a script without spaces goes by its first character alone, for one may look for that;
    a filter's term (with a colon) by all of it.
    """
    key = term if ":" in term else term[:1] if is_unspaced(term) else term[:3]
    value = 0x811C9DC5
    for character in key:
        value = ((value ^ ord(character)) * 0x01000193) & 0xFFFFFFFF
    return (value ^ value >> 15) % shards


def _encode(entries: Sequence[int]) -> str:
    codes = []
    start = 0
    for entry in entries:
        codes.append(_CODES[entry - start] if entry - start < len(_CODES) else _code(entry - start))
        start = entry - entry % LEVELS + LEVELS
    return "".join(codes)


def _code(number: int) -> str:
    rest, last = divmod(number, _ENDS)
    code = chr(_FIRST + last)
    while rest:
        rest, lead = divmod(rest - 1, _LEADS)
        code = chr(_FIRST + _ENDS + lead) + code
    return code


_CODES = tuple(map(_code, range(2000)))


def _describe(entry: SearchEntry) -> tuple[str, ...]:
    return entry.url, entry.title, entry.date.isoformat(), entry.source, entry.language, entry.summary


def _shard_path(year: YearOfSearch, number: int) -> str:
    return f"{year.year}/{number}-of-{year.shards}.txt"


def _page_path(year: YearOfSearch, number: int) -> str:
    return f"{year.year}/posts-{number}.json"


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
