"""Weigh the terms of a post, for the ranking of search results."""

from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache

from msgspec import Struct

from sitegen.model import Post, Term
from sitegen.search.entry import TermsByLevel
from sitegen.search.html_text import text_of
from sitegen.search.tokenize import terms

LEVELS = 16
"""The number of different weights in the index."""

SUMMARY_CHARACTERS = 90
"""The maximum length of a summary in the index."""

_STEP = 0.2

_SATURATION = 1.2  # k1 and b of BM25, at their customary values (Robertson and Zaragoza, 2009)
_LENGTH_SHARE = 0.75
# A fixed length instead of the mean of all posts, so that an edit of one post never changes the weights of others.
_USUAL_LENGTH = 500
_TITLE, _TAG, _SOURCE, _AUTHOR = 2.0, 0.8, 0.5, 0.5


class SearchDocument(Struct, frozen=True):
    """The searchable fields of a post; `text` is the plain text of its page."""

    title: str = ""
    source: Term | None = None
    authors: tuple[Term, ...] = ()
    tags: tuple[Term, ...] = ()
    summary: str = ""
    text: str = ""


def document_of(post: Post, html: str) -> SearchDocument:
    """Return the searchable fields of a post with the body `html`, without the text if its page shows an excerpt."""
    source = Term(post.source.name, post.source.slug, post.source.url) if post.source else None
    return SearchDocument(
        title=post.title,
        source=source,
        authors=post.authors,
        tags=post.tags,
        summary=post.summary,
        text="" if post.policy == "excerpt" else text_of(html),
    )


def terms_by_level(document: SearchDocument) -> TermsByLevel:
    """Return the terms of a document by weight. This is nearly all the work of an index, so it is cached."""
    terms_of_level: defaultdict[int, list[str]] = defaultdict(list)
    for term, level in weigh(document).items():
        terms_of_level[level].append(term)
    return tuple([" ".join(terms_of_level[level]) for level in range(LEVELS)])


def add_terms(levels: TermsByLevel, more: str) -> TermsByLevel:
    """Return the terms of a document with others, such as those of its comments, at the lowest weight."""
    known = {term for level in levels for term in level.split()}
    added = [term for term in more.split() if term not in known]
    return (" ".join([*levels[0].split(), *added]), *levels[1:])


def weigh(document: SearchDocument) -> dict[str, int]:
    """Return the level, from 0 to LEVELS - 1, of each term that finds a document.

    A term's weight is BM25 of its count in the text, plus an amount where it is in the title (the shorter the
    title, the more), a tag, the source's or an author's name. `source:slug` and `tag:slug` are terms too, for filters.
    """
    counts = terms(document.text)
    length = counts.total()
    for term in terms(document.summary):
        counts.setdefault(term, 1)
    share = _SATURATION * (1 - _LENGTH_SHARE + _LENGTH_SHARE * length / _USUAL_LENGTH)
    level_of = {count: _level(count / (count + share)) for count in set(counts.values())}
    found = {term: level_of[count] for term, count in counts.items()}
    for term, extra in _extras(document).items():
        found[term] = _level(counts[term] / (counts[term] + share) + extra)
    for prefix, names in (("source", (document.source,)), ("tag", document.tags)):
        found.update({f"{prefix}:{name.slug}": 0 for name in names if name})
    return found


def shorten(text: str, characters: int) -> str:
    """Return a string, cut before a word with an ellipsis if it has more characters."""
    return text if len(text) <= characters else text[:characters].rsplit(" ", 1)[0] + "…"


def _extras(document: SearchDocument) -> Mapping[str, float]:
    title = terms(document.title)
    extras = dict.fromkeys(title, _TITLE * 8 / (4 + title.total()))
    named = [(_TAG, tag.name) for tag in document.tags] + [(_AUTHOR, author.name) for author in document.authors]
    if document.source:
        named.append((_SOURCE, document.source.name))
    for extra, name in named:
        for term in _terms_of_name(name):
            extras[term] = extras.get(term, 0.0) + extra
    return extras


@lru_cache(maxsize=1 << 12)
def _terms_of_name(name: str) -> tuple[str, ...]:
    return tuple(terms(name))


def _level(weight: float) -> int:
    return min(LEVELS - 1, max(0, round(weight / _STEP) - 1))
