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
    """Return the terms that find a document by weight. This is nearly all the work of an index, so it is cached.

    A term's weight is BM25 of its count in the text, plus an amount where it is in the title (the shorter the
    title, the more), a tag, the source's or an author's name. `source:slug` and `tag:slug` are terms too, for filters.
    """
    counts = terms(document.text)
    length = counts.total()
    for term in terms(document.summary):
        counts.setdefault(term, 1)
    share = _SATURATION * (1 - _LENGTH_SHARE + _LENGTH_SHARE * length / _USUAL_LENGTH)
    levels: list[list[str]] = [[] for _ in range(LEVELS)]
    for term, extra in _extras(document).items():
        count = counts.pop(term, 0)
        levels[_level(count / (count + share) + extra)].append(term)
    # All others of the same count have the same weight.
    terms_of_count: defaultdict[int, list[str]] = defaultdict(list)
    for term, count in counts.items():
        terms_of_count[count].append(term)
    for count, found in terms_of_count.items():
        levels[_level(count / (count + share))] += found
    for prefix, names in (("source", (document.source,)), ("tag", document.tags)):
        levels[0] += dict.fromkeys([f"{prefix}:{name.slug}" for name in names if name])
    return tuple([" ".join(level) for level in levels])


def add_terms(levels: TermsByLevel, more: str) -> TermsByLevel:
    """Return the terms of a document with others, such as those of its comments, at the lowest weight."""
    known = {term for level in levels for term in level.split()}
    added = [term for term in more.split() if term not in known]
    return (" ".join([*levels[0].split(), *added]), *levels[1:])


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
