"""The lines of the search index, cached by year, so that an edit renders few of its files."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from copy import copy

from msgspec.msgpack import Decoder

from sitegen.cache.codec import read_search
from sitegen.cache.store import MAX_QUERY_ROWS, Store, StoreError, seal
from sitegen.comments.discussion import TERMS_TABLE, Discussion, read_comment_terms
from sitegen.model import Post, without_counts
from sitegen.search.entry import TermsByLevel
from sitegen.search.ranking import add_terms
from sitegen.search.shards import in_order, merge_years, plan_layout, split_terms
from sitegen.site.partial_site import UnknownPosts
from sitegen.system import fingerprints
from sitegen.system.processes import spread

BLOCK_SHARDS = 64
"""The number of shards whose lines of one year are one row, and which one process renders together."""

TABLE = "terms"

MIN_POSTS_FOR_WORKERS = 4_000
"""With fewer posts, starting processes takes as long as computing their lines."""

_YearLines = tuple[str, list[str]]

read_terms = Decoder(_YearLines).decode
"""Of a row of terms: the fingerprint of the inputs of the year's lines, and a string for each shard.

The row of a year holds the fingerprint of each shard's lines, a row of a block the lines themselves.
"""


class TermLines:
    """Renders the files of terms from the lines of each year in the build cache.

    `posts` are the published posts by year, `body` returns the fingerprint of a post's body, and `base` is the
    fingerprint of what all terms depend on: code, config, hooks. If a year changed, its lines are computed and
    stored at the first use of any shard. Call `prepare` before processes are forked, so that these only read.
    `edition` is the language whose index it is, "" for the main language; `discussions` are those whose words find
    their posts, by the post's path. The rows of the years that are `unchanged` are known to be up to date.
    """

    def __init__(
        self,
        store: Store,
        posts: Mapping[int, Sequence[Post]],
        body: Callable[[Post], str],
        base: bytes,
        edition: str = "",
        discussions: Mapping[str, Discussion] | None = None,
        unchanged: Collection[int] = (),
    ) -> None:
        self.store, self.posts, self.body, self.base = store, posts, body, base
        self._prefix = f"{edition}/" if edition else ""
        self.discussions = discussions or {}
        self.layout = plan_layout(posts)
        self._unchanged = frozenset(unchanged)
        self._years: dict[int, _YearLines] = {}
        self._block: tuple[int, list[list[str]]] | None = None

    def digests(self, shard: int) -> tuple[str, ...]:
        """Return the fingerprint of a shard's lines of each year, oldest first."""
        return tuple([self._year(year)[1][shard] for year, _ in self.layout.years])

    def render(self, shard: int) -> bytes:
        """Return the file of a shard; the lines of the shards in its block are cached for the next call."""
        number, offset = divmod(shard, BLOCK_SHARDS)
        if self._block is None or self._block[0] != number:
            self._block = number, [self._lines(year, number) for year, _ in self.layout.years]
        return merge_years(lines[offset] for lines in self._block[1])

    def prepare(self, jobs: int) -> None:
        """Bring the build cache up to date, so that processes that are forked afterwards only read from it.

        The years of many posts are divided among up to `jobs` processes.
        """
        stale = {year: found for year, _ in self.layout.years if (found := self._find_stale(year)) is not None}
        are_many = sum(len(posts) for _, posts in stale.values()) >= MIN_POSTS_FOR_WORKERS
        results = spread(lambda year: self._compute(year, *stale[year]), [*stale], jobs if are_many else 1, minimum=2)
        for year, computed in zip(stale, results, strict=True):
            self._put(year, computed)

    def has(self, post: Post) -> bool:
        """Return whether a post is in the index."""
        posts = self.posts.get(post.date.year, ())
        return not isinstance(posts, UnknownPosts) and any(item.path == post.path for item in posts)

    def with_bodies(self, years: Collection[int], body: Callable[[Post], str]) -> "TermLines":
        """Return the lines of the same posts, of which those of some years have other bodies."""
        fresh = copy(self)
        fresh.body, fresh._block = body, None
        # Posts that are not loaded have the bodies that they had: another edition's index has the others of their year.
        years = {year for year in years if not isinstance(self.posts[year], UnknownPosts)}
        fresh._years = {year: lines for year, lines in self._years.items() if year not in years}
        fresh._unchanged = self._unchanged.difference(years)
        return fresh

    def _year(self, year: int) -> _YearLines:
        """Return the fingerprint of what a year's lines depend on, and those of its lines by shard."""
        if year not in self._years and (stale := self._find_stale(year)) is not None:
            self._put(year, self._compute(year, *stale))
        return self._years[year]

    def _find_stale(self, year: int) -> tuple[str, Sequence[Post]] | None:
        """Return the fingerprint of what a year's lines depend on and its posts, None if the lines are up to date."""
        known = self._years.get(year) or self.store.get(TABLE, f"{self._prefix}{year}", read_terms)
        is_whole = known is not None and len(known[1]) == self.layout.shards
        if known is not None and is_whole and (year in self._years or year in self._unchanged):
            self._years[year] = known
            return None
        posts = in_order(self.posts[year])
        fingerprinted = [(without_counts(post.digest), self.body(post)) for post in posts]
        discussed = [self.discussions[post.path].pages for post in posts if post.path in self.discussions]
        inputs = fingerprints.of_value((self.base, self.layout.shards, self.layout.letters, fingerprinted, discussed))
        if known is None or not is_whole or known[0] != inputs:
            return inputs, posts
        self._years[year] = known
        return None

    def _put(self, year: int, computed: tuple[_YearLines, list[tuple[str, bytes]]]) -> None:
        """Store the lines of a year."""
        self._years[year], rows = computed
        self.store.put_sealed(TABLE, rows)

    def _compute(self, year: int, inputs: str, posts: Sequence[Post]) -> tuple[_YearLines, list[tuple[str, bytes]]]:
        """Return the fingerprints of a year's lines, and the rows of the build cache with them and the lines."""
        lines = split_terms(self.layout, self._read_terms([post.path for post in posts]))
        digests = [fingerprints.short(text).hex() if text else "" for text in lines]
        blocks = range(0, len(lines), BLOCK_SHARDS)
        name = f"{self._prefix}{year}"
        rows = [(f"{name}/{start // BLOCK_SHARDS}", (inputs, lines[start : start + BLOCK_SHARDS])) for start in blocks]
        sealed = [(row, seal(TABLE, row, value)) for row, value in (*rows, (name, (inputs, digests)))]
        return (inputs, digests), sealed

    def _read_terms(self, paths: Sequence[str]) -> Iterator[TermsByLevel]:
        """Yield the terms of posts and their discussions, in order, without those of all posts in memory."""
        for start in range(0, len(paths), MAX_QUERY_ROWS):
            part = paths[start : start + MAX_QUERY_ROWS]
            found = {path: terms for path, (_, _, terms) in self.store.some("search", part, read_search)}
            files = {path: self.discussions[path].file for path in part if path in self.discussions}
            of_files = dict(self.store.some(TERMS_TABLE, [*files.values()], read_comment_terms)) if files else {}
            for path in part:
                if path not in found or (path in files and files[path] not in of_files):
                    raise StoreError(f"no search terms of {path}")
                yield add_terms(found[path], of_files[files[path]]) if path in files else found[path]

    def _lines(self, year: int, block: int) -> list[str]:
        """Return the lines of one year for each shard of a block."""
        inputs, digests = self._year(year)
        row = self.store.get(TABLE, f"{self._prefix}{year}/{block}", read_terms)
        wanted = min(BLOCK_SHARDS, len(digests) - block * BLOCK_SHARDS)
        if row is None or row[0] != inputs or len(row[1]) != wanted:
            raise StoreError(f"no lines of the search terms of {year}")
        return row[1]

    def names(self) -> set[str]:
        """Return the names of the rows in the build cache; all others of the table belong to no index."""
        blocks = range(-(-self.layout.shards // BLOCK_SHARDS))
        years = [f"{self._prefix}{year}" for year in self.posts]
        return {*years, *[f"{year}/{block}" for year in years for block in blocks]}
