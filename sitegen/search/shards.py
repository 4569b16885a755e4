"""The files of the search index: terms in shards over all years, descriptions in files of a few posts."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import chain
from operator import sub

from msgspec import Struct

from sitegen.model import NO_DATE, Post, Site
from sitegen.search.entry import TermsByLevel
from sitegen.search.ranking import LEVELS, SUMMARY_CHARACTERS, shorten
from sitegen.search.tokenize import is_unspaced

MANIFEST = "index.json"
MAX_SMALL_ARCHIVE_POSTS = 320
"""Up to this number of posts, two files describe all of them, so that the first results need few requests."""
SMALL_PAGE, PAGE = 160, 16
"""Posts that one file of descriptions holds, in a small archive and in a larger one."""

# Numbers are written in the printable characters from "!" to "~": `_ENDS` of them end a number, the others lead on.
_FIRST, _ENDS, _LEADS = 33, 64, 30


class IndexLayout(Struct, frozen=True, dict=True):
    """The number of posts of each year, oldest year first: all that the names of the files depend on."""

    years: tuple[tuple[int, int], ...]

    @cached_property
    def documents(self) -> int:
        """The number of posts."""
        return sum(count for _, count in self.years)

    @cached_property
    def shards(self) -> int:
        """The number of files of terms: a power of two, so that it seldom changes.

        One for eight posts up to 1,024 posts, later one for 32, so that a file stays small enough to load for one word.
        """
        wanted = max(-(-min(self.documents, 1024) // 8), -(-self.documents // 32))
        return 1 << max(0, wanted - 1).bit_length()

    @cached_property
    def letters(self) -> int:
        """The number of first letters that choose a term's shard, and that a prefix must have to find longer words."""
        return 3 if self.documents <= 2000 else 4 if self.documents <= 20_000 else 6

    @property
    def is_small(self) -> bool:
        """Whether descriptions are numbered over all years, and not within each."""
        return self.documents <= MAX_SMALL_ARCHIVE_POSTS

    @property
    def page(self) -> int:
        """The number of posts that a file of descriptions holds."""
        return SMALL_PAGE if self.is_small else PAGE


def posts_by_year(site: Site) -> dict[int, tuple[Post, ...]]:
    """Return the posts and pages of a site by year, as the index is divided; pages without a date are in 1970."""
    found = {int(group.name): group.posts for group in site.years}
    if site.types:  # their posts need not be in the archive
        archived = {post.path for post in site.posts}
        for post in site.documents:
            if post.path not in archived:
                found[post.date.year] = (*found.get(post.date.year, ()), post)
    for page in site.pages:
        found[page.date.year] = (*found.get(page.date.year, ()), page)
    return found


def plan_layout(posts: Mapping[int, Sequence[Post]]) -> IndexLayout:
    """Return the layout of an index of posts, given by year."""
    return IndexLayout(tuple((year, len(posts[year])) for year in sorted(posts)))


def shard_path(number: int, shards: int) -> str:
    """Return the path of a file of terms below the search folder."""
    return f"{number}-of-{shards}.txt"


def describe(layout: IndexLayout, posts: Mapping[int, Sequence[Post]]) -> dict[str, tuple[Post, ...]]:
    """Return the posts that each file of descriptions holds, by its path below the search folder."""
    ordered = {f"{year}/": in_order(posts[year]) for year, _ in layout.years}
    if layout.is_small:
        ordered = {"": tuple(post for year in ordered.values() for post in year)}
    return {
        f"{folder}posts-{number}.json": group[start : start + layout.page]
        for folder, group in ordered.items()
        for number, start in enumerate(range(0, len(group), layout.page))
    }


def render_manifest(layout: IndexLayout) -> bytes:
    """Return the JSON file that a browser requests first: the layout, with the years newest first."""
    facts = {"levels": LEVELS, "letters": layout.letters, "shards": layout.shards, "page": layout.page}
    return _json(facts | {"whole": layout.is_small, "years": layout.years[::-1]})


def render_descriptions(posts: Iterable[Post], language: str) -> bytes:
    """Return a file of descriptions: JSON rows of URL, title, date ("" for none), source, language, summary.

    `language` is that of posts which name none.
    """
    return _json([_describe(post, language) for post in posts])


def split_terms(layout: IndexLayout, posts: Iterable[TermsByLevel]) -> list[str]:
    """Return the lines of one year's terms for each shard, from the terms of its posts in their order.

    A line is a term, a space, and its posts, each as the number `gap * LEVELS + level`: gap is the count of posts
    between it and the one before. A post has each term once.
    """
    postings: defaultdict[str, list[int]] = defaultdict(list)
    following: list[int] = []
    for number, levels in enumerate(posts):
        for code, terms in enumerate(levels, number * LEVELS):
            for term in terms.split():
                postings[term].append(code)
        following += [(number + 1) * LEVELS] * LEVELS
    shards: list[list[str]] = [[] for _ in range(layout.shards)]
    for term in sorted(postings):
        codes = postings.pop(term)  # they take more memory than the lines
        if len(codes) == 1:  # as for most terms
            encoded = _CODES[codes[0]]
        else:
            # The gaps to the first code of the post after the last one. A loop over them would take twice as long.
            gaps = map(sub, codes, chain((0,), map(following.__getitem__, codes)))
            encoded = "".join(map(_CODES.__getitem__, gaps))
        shards[shard_of(term, layout.shards, layout.letters)].append(f"{term} {encoded}\n")
    return ["".join(lines) for lines in shards]


def merge_years(parts: Iterable[str]) -> bytes:
    """Return a file of terms from its lines of each year, oldest first.

    A line is a term, then for each year that has it a space, the year's number (0 for the oldest) and the year's posts.
    """
    merged: defaultdict[str, list[str]] = defaultdict(list)
    for number, lines in enumerate(parts):
        start = f" {_code(number)}"
        for line in lines.splitlines():
            term, _, codes = line.partition(" ")
            merged[term].append(start + codes)
    return "".join([f"{term}{''.join(merged[term])}\n" for term in sorted(merged)]).encode()


def in_order(posts: Iterable[Post]) -> tuple[Post, ...]:
    """Return posts in the order of the index: oldest first, so that a new post leaves the others' numbers unchanged."""
    return tuple(sorted(sorted(posts, key=lambda post: post.url, reverse=True), key=lambda post: post.date.date()))


def shard_of(term: str, shards: int, letters: int) -> int:
    """Return the shard that holds a term: FNV-1a of its first letters, so that one file has all words of a prefix.

    A term of a script without spaces goes by its first character alone, for one may search for that;
    a filter's term (with a colon) by all of it.
    """
    return _hash(term if ":" in term else term[:1] if is_unspaced(term) else term[:letters]) % shards


@lru_cache(maxsize=1 << 16)
def _hash(key: str) -> int:
    """Return FNV-1a of a string, cached because the terms of each year have the same first letters."""
    value = 0x811C9DC5
    for character in key:
        value = ((value ^ ord(character)) * 0x01000193) & 0xFFFFFFFF
    return value ^ value >> 15


def _code(number: int) -> str:
    if number < 0:
        raise ValueError("a post has a term twice")
    rest, last = divmod(number, _ENDS)
    code = chr(_FIRST + last)
    while rest:
        rest, lead = divmod(rest - 1, _LEADS)
        code = chr(_FIRST + _ENDS + lead) + code
    return code


class _Codes(dict[int, str]):
    """The codes of numbers, each made at its first use."""

    def __missing__(self, number: int) -> str:
        """Return the code of a number that was not used before. Raises ValueError for a negative one."""
        code = self[number] = _code(number)
        return code


_CODES = _Codes()


def _describe(post: Post, language: str) -> tuple[str, ...]:
    source = post.source.name if post.source else ""
    summary = shorten(post.summary, SUMMARY_CHARACTERS)
    date = post.date.date().isoformat() if post.date != NO_DATE else ""
    return post.url, post.title, date, source, post.language or language, summary


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
