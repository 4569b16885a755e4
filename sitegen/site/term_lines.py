"""The lines of the search index, cached by year, so that an edit renders few of its files."""

from collections.abc import Callable, Collection, Mapping, Sequence
from copy import copy

from msgspec.msgpack import Decoder

from sitegen.cache.codec import read_search
from sitegen.cache.store import Store, StoreError
from sitegen.comments.discussion import TERMS_TABLE, Discussion, read_comment_terms
from sitegen.model import Post, without_counts
from sitegen.search.ranking import add_terms
from sitegen.search.shards import in_order, merge_years, plan_layout, split_terms
from sitegen.system import fingerprints

BLOCK_SHARDS = 64
"""The number of shards whose lines of one year are one row, and which one process renders together."""

TABLE = "terms"

read_terms = Decoder(tuple[str, list[str]]).decode
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
        self._years: dict[int, tuple[str, list[str]]] = {}
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

    def prepare(self) -> None:
        """Bring the build cache up to date, so that processes that are forked afterwards only read from it."""
        for year, _ in self.layout.years:
            self._year(year)

    def with_bodies(self, years: Collection[int], body: Callable[[Post], str]) -> "TermLines":
        """Return the lines of the same posts, of which those of some years have other bodies."""
        fresh = copy(self)
        fresh.body, fresh._block = body, None
        fresh._years = {year: lines for year, lines in self._years.items() if year not in years}
        fresh._unchanged = self._unchanged.difference(years)
        return fresh

    def _year(self, year: int) -> tuple[str, list[str]]:
        """Return the fingerprint of what a year's lines depend on, and those of its lines by shard."""
        if year not in self._years and year in self._unchanged:
            known = self.store.get(TABLE, f"{self._prefix}{year}", read_terms)
            if known is not None and len(known[1]) == self.layout.shards:
                self._years[year] = known
        if year not in self._years:
            posts = in_order(self.posts[year])
            fingerprinted = [(without_counts(post.digest), self.body(post)) for post in posts]
            discussed = [self.discussions[post.path].pages for post in posts if post.path in self.discussions]
            depends_on = (self.base, self.layout.shards, self.layout.letters, fingerprinted, discussed)
            inputs = fingerprints.of_value(depends_on)
            known = self.store.get(TABLE, f"{self._prefix}{year}", read_terms)
            if known is None or known[0] != inputs or len(known[1]) != self.layout.shards:
                known = inputs, self._compute(year, inputs, posts)
            self._years[year] = known
        return self._years[year]

    def _compute(self, year: int, inputs: str, posts: Sequence[Post]) -> list[str]:
        """Compute the lines of a year, store them, and return the fingerprint of the lines of each shard."""
        paths = [post.path for post in posts]
        found = {path: terms for path, (_, _, terms) in self.store.some("search", paths, read_search)}
        if missing := [path for path in paths if path not in found]:
            raise StoreError(f"no search terms of {missing[0]}")
        files = {path: self.discussions[path].file for path in paths if path in self.discussions}
        of_files = dict(self.store.some(TERMS_TABLE, [*files.values()], read_comment_terms)) if files else {}
        for path, file in files.items():
            if file not in of_files:
                raise StoreError(f"no search terms of {file}")
            found[path] = add_terms(found[path], of_files[file])
        lines = split_terms(self.layout, [found[path] for path in paths])
        digests = [fingerprints.short(text).hex() if text else "" for text in lines]
        blocks = range(0, len(lines), BLOCK_SHARDS)
        name = f"{self._prefix}{year}"
        rows = [(f"{name}/{start // BLOCK_SHARDS}", (inputs, lines[start : start + BLOCK_SHARDS])) for start in blocks]
        self.store.put(TABLE, [*rows, (name, (inputs, digests))])
        return digests

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
