"""Load the discussions of a site: each comment file is parsed once, and its pages are stored in the build cache."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from datetime import UTC, datetime
from itertools import islice

from msgspec import Struct

from sitegen.cache.store import Store, seal
from sitegen.comments.comment import Comment
from sitegen.comments.comment_text import texts_of_comments
from sitegen.comments.discussion import (
    TERMS_TABLE,
    CommentSettings,
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
from sitegen.formats.dates import zone_named
from sitegen.search.tokenize import terms
from sitegen.system import fingerprints
from sitegen.system.processes import spread

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

MAX_TERMS = 1000
"""The number of a discussion's terms that the search index contains, so that its files stay small."""

BATCH_FILES = 256
"""The number of files whose rows are written to the build cache in one transaction."""


class ParsedComments(Struct, frozen=True):
    """A parsed comment file: its rows for the build cache, those of pages already sealed, or its problems."""

    file: str
    row: DiscussionRow | None = None
    pages: tuple[tuple[str, bytes], ...] = ()
    problems: tuple[Problem, ...] = ()
    terms: str | None = None


def load_discussions(
    files: Mapping[str, tuple[str, str]],
    read: Callable[[str], bytes],
    store: Store,
    settings: CommentSettings,
    jobs: int,
) -> Discussions:
    """Return the discussions of comment files, given the name and the fingerprint of each by the path of its post.

    Files that the build cache does not have, because they are not valid or the settings have changed, are parsed:
    `read` returns the bytes of a file by its name. Raises SiteError with the problems of all files.
    """
    key = settings.key
    names = {name for name, _ in files.values()}
    known = {name: row for name, row in store.all("discussion", read_discussion) if row[1] == key and name in names}
    stale = [name for name, fingerprint in files.values() if name not in known or known[name][0] != fingerprint]
    problems: list[Problem] = []

    def task(name: str) -> ParsedComments:
        data = read(name)
        return parse_file(name, data, fingerprints.of_bytes(data), key, settings)

    for batch in _batches(spread(task, stale, jobs)):
        problems += [problem for parsed in batch for problem in parsed.problems]
        known |= {parsed.file: parsed.row for parsed in batch if parsed.row is not None}
        store_parsed(store, batch)
    if problems:
        raise SiteError(problems)
    _remove_orphans(store, known, known.keys() if settings.search else frozenset())
    found = {post: known[name][2] for post, (name, _) in files.items() if known[name][2].pages}
    return Discussions(found, tuple(Problem(*row) for name, _ in files.values() for row in known[name][3]))


def parse_file(name: str, data: bytes, fingerprint: str, key: str, settings: CommentSettings) -> ParsedComments:
    """Parse a comment file with a fingerprint; `key` is that of the settings."""
    try:
        parsed = parse_comments(data, name, zone_named(settings.timezone))
    except SiteError as error:
        return ParsedComments(name, problems=error.problems)
    pages = paginate_comments(parsed.comments)
    names = [(page_name(name, number), page) for number, page in enumerate(pages, 1)]
    sealed = tuple([(row, seal("thread", row, page)) for row, page in names])
    discussion = Discussion(
        name,
        len([comment for comment in parsed.comments if comment.type == "comment"]),
        # A page with all comments changes with the file: its row need not be read again for this.
        tuple([fingerprints.of_bytes(row) for _, row in sealed]) if len(sealed) > 1 else (fingerprint,) * len(sealed),
        _find_newest(parsed.comments),
    )
    warnings = tuple([(w.path, w.line, w.message, w.hint, w.excerpt) for w in parsed.warnings])
    found = _find_terms(comment for page in pages for comment in page) if settings.search else None
    return ParsedComments(name, (fingerprint, key, discussion, warnings), sealed, terms=found)


def store_parsed(store: Store, files: Sequence[ParsedComments]) -> None:
    """Write the rows of comment files to the build cache: the pages first, since a discussion has its pages there."""
    valid = [(parsed, parsed.row) for parsed in files if parsed.row is not None]
    store.put_sealed("thread", [page for parsed, _ in valid for page in parsed.pages])
    store.put(TERMS_TABLE, [(parsed.file, parsed.terms) for parsed, _ in valid if parsed.terms is not None])
    store.put("discussion", [(parsed.file, row) for parsed, row in valid])


def _find_terms(comments: Iterable[ThreadComment]) -> str:
    """Return the search terms of comments, the most frequent MAX_TERMS, with spaces between them."""
    texts = texts_of_comments([comment.html for comment in comments if comment.type == "comment"])
    counts = terms("\n".join(texts))
    return " ".join(sorted(sorted(counts), key=lambda term: -counts[term])[:MAX_TERMS])


def _find_newest(comments: Sequence[Comment]) -> int | None:
    """Return the date of the newest comment of a file, which is ordered by date."""
    dates = (comment.date for comment in reversed(comments) if comment.type == "comment")
    newest = next(dates, None)
    # A subtraction, because a conversion to UTC fails at the ends of the calendar.
    return None if newest is None else int((newest - _EPOCH).total_seconds())


def _remove_orphans(store: Store, known: Mapping[str, DiscussionRow], searched: Set[str]) -> None:
    """Remove the rows of comment files and pages that no longer exist."""
    count = sum(len(row[2].pages) for row in known.values())
    if store.count("discussion") > len(known) or store.count("thread") > count:
        pages = {page_name(name, number) for name, row in known.items() for number in range(1, len(row[2].pages) + 1)}
        store.remove("discussion", store.names("discussion") - known.keys())
        store.remove("thread", store.names("thread") - pages)
    if store.count(TERMS_TABLE) > len(searched):
        store.remove(TERMS_TABLE, store.names(TERMS_TABLE) - searched)


def _batches(results: Iterable[ParsedComments]) -> Iterator[list[ParsedComments]]:
    waiting = iter(results)
    while batch := list(islice(waiting, BATCH_FILES)):
        yield batch
