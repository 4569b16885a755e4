"""Load the discussions of a site: each comment file is parsed once, and its pages are stored in the build cache."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from itertools import islice

from msgspec import Struct

from sitegen.cache.store import Store, seal
from sitegen.comments.comment import Comment
from sitegen.comments.comment_html import text_of_comment
from sitegen.comments.discussion import (
    TERMS_TABLE,
    Discussion,
    DiscussionRow,
    Discussions,
    ThreadComment,
    page_name,
    read_discussion,
)
from sitegen.comments.file import parse_comments
from sitegen.comments.threads import paginate_comments
from sitegen.errors import Problem, SiteError
from sitegen.search.tokenize import terms
from sitegen.system import fingerprints
from sitegen.system.processes import spread

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

MAX_TERMS = 1000
"""The number of a discussion's terms that the search index contains, so that its files stay small."""

BATCH_FILES = 256
"""The number of files whose rows are written to the build cache in one transaction."""


class _Parsed(Struct, frozen=True):
    """A parsed comment file: its rows for the build cache, those of pages already sealed, or its problems."""

    file: str
    row: DiscussionRow | None = None
    pages: tuple[tuple[str, bytes], ...] = ()
    problems: tuple[Problem, ...] = ()
    terms: str = ""


def load_discussions(
    files: Mapping[str, tuple[str, str]],
    read: Callable[[str], bytes],
    store: Store,
    code: str,
    zone: tzinfo,
    jobs: int,
    *,
    search: bool = False,
) -> Discussions:
    """Return the discussions of comment files, given the name and the fingerprint of each by the path of its post.

    `read` returns the bytes of a file by its name, `code` is the fingerprint of sitegen's code, dates without a zone
    are in `zone`. With `search`, the terms of the comments are stored for the search index. Raises SiteError with the
    problems of all files.
    """
    key = fingerprints.of_value((code, str(zone), search))
    names = {name for name, _ in files.values()}
    known = {name: row for name, row in store.all("discussion", read_discussion) if row[1] == key and name in names}
    stale = [name for name, fingerprint in files.values() if name not in known or known[name][0] != fingerprint]
    problems: list[Problem] = []

    def task(name: str) -> _Parsed:
        return _parse(name, read(name), key, zone, search=search)

    for batch in _batches(spread(task, stale, jobs)):
        problems += [problem for parsed in batch for problem in parsed.problems]
        rows = {parsed.file: parsed.row for parsed in batch if parsed.row is not None}
        known |= rows
        # The pages first: a discussion in the cache has its pages there.
        store.put_sealed("thread", [page for parsed in batch for page in parsed.pages])
        if search:
            store.put(TERMS_TABLE, [(parsed.file, parsed.terms) for parsed in batch])
        store.put("discussion", rows.items())
    if problems:
        raise SiteError(problems)
    if stale or store.count("discussion") > len(known):
        _remove_orphans(store, known)
        store.remove(TERMS_TABLE, store.names(TERMS_TABLE) - (known.keys() if search else set()))
    found = {post: known[name][2] for post, (name, _) in files.items() if known[name][2].pages}
    return Discussions(found, tuple(Problem(*row) for name, _ in files.values() for row in known[name][3]))


def _parse(name: str, data: bytes, key: str, zone: tzinfo, *, search: bool) -> _Parsed:
    try:
        parsed = parse_comments(data, name, zone)
    except SiteError as error:
        return _Parsed(name, problems=error.problems)
    pages = paginate_comments(parsed.comments)
    names = [(page_name(name, number), page) for number, page in enumerate(pages, 1)]
    sealed = tuple([(row, seal("thread", row, page)) for row, page in names])
    fingerprint = fingerprints.of_bytes(data)
    discussion = Discussion(
        name,
        len([comment for comment in parsed.comments if comment.type == "comment"]),
        # A page with all comments changes with the file: its row need not be read again for this.
        tuple([fingerprints.of_bytes(row) for _, row in sealed]) if len(sealed) > 1 else (fingerprint,) * len(sealed),
        _find_newest(parsed.comments),
    )
    warnings = tuple([(w.path, w.line, w.message, w.hint, w.excerpt) for w in parsed.warnings])
    row = (fingerprint, key, discussion, warnings)
    found = _find_terms(comment for page in pages for comment in page) if search else ""
    return _Parsed(name, row, sealed, terms=found)


def _find_terms(comments: Iterable[ThreadComment]) -> str:
    """Return the search terms of comments, the most frequent MAX_TERMS, with spaces between them."""
    counts: Counter[str] = Counter()
    for comment in comments:
        if comment.type == "comment":
            counts.update(terms(text_of_comment(comment.html)))
    return " ".join(sorted(sorted(counts), key=lambda term: -counts[term])[:MAX_TERMS])


def _find_newest(comments: Sequence[Comment]) -> int | None:
    """Return the date of the newest comment of a file, which is ordered by date."""
    dates = (comment.date for comment in reversed(comments) if comment.type == "comment")
    newest = next(dates, None)
    # A subtraction, because a conversion to UTC fails at the ends of the calendar.
    return None if newest is None else int((newest - _EPOCH).total_seconds())


def _remove_orphans(store: Store, known: Mapping[str, DiscussionRow]) -> None:
    """Remove the rows of comment files and pages that no longer exist."""
    store.remove("discussion", store.names("discussion") - known.keys())
    pages = {page_name(name, number) for name, row in known.items() for number in range(1, len(row[2].pages) + 1)}
    store.remove("thread", store.names("thread") - pages)


def _batches(results: Iterable[_Parsed]) -> Iterator[list[_Parsed]]:
    waiting = iter(results)
    while batch := list(islice(waiting, BATCH_FILES)):
        yield batch
