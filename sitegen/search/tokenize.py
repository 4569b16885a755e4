"""Split text into terms: the folded words of the search index and of queries.

`templates/assets/search.js` does the same: `tests/search_vectors.toml` tests both. Folding does not depend on the
language, because that of a query is unknown.
"""

import re
from collections import Counter
from functools import cache, lru_cache
from unicodedata import normalize

from sitegen.formats import lazy_regex

MAX_WORD_CHARACTERS = 40
"""Longer words are skipped: readers do not type them, and a page of base64 must not fill the index."""

_ACCENTS = (  # soft hyphen, combining accents, Hebrew points, Arabic vowel signs
    "\u00ad\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
)
_UNSPACED = (  # scripts written without spaces: Thai to Burmese, Khmer, Han, kana, hangul
    "\u0e00-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u31ff\u3400-\u9fff\uac00-\ud7ff\U00020000-\U0003ffff"
)
_LETTERS = rf"\w\u0900-\u0963\u0966-\u0dff{_ACCENTS}{_UNSPACED}"  # \w does not contain the vowel signs of Indic scripts
_ASCII_WORD = lazy_regex.compile(r"[a-z0-9]+(?:(?<=[0-9])\.(?=[0-9])[a-z0-9]+)*")
_IGNORED = lazy_regex.compile(f"[{_ACCENTS}\u0640]")
_VERSION = re.compile(r"\Av(?=[0-9])")
_NUMBER = re.compile(r"\.[0-9]")
_VERSION_ANYWHERE = re.compile("v[0-9]")
_BETWEEN_ASCII_WORDS = "".join([chr(code) if chr(code).isalnum() else " " for code in range(128)])
"""Lowercase letters and digits as they are, and spaces for other characters, by their ASCII codes."""
_TYPOGRAPHIC = "\u00a0«»‘’‚“”„–—…"
"""Characters between words: a string that has no others beyond ASCII needs no large class."""
_FOLDS = str.maketrans(
    {
        **dict(zip("ßæœøđðłþıς", ("ss", "ae", "oe", "o", "d", "d", "l", "th", "i", "σ"), strict=True)),
        # Arabic and Persian spell the same letters with different characters.
        **dict(zip("ٱىیېکڪةەہھ", "ايييككهههه", strict=True)),
        **dict(zip("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "0123456789" * 2, strict=True)),
    }
)


def terms(text: str) -> Counter[str]:
    """Count the terms of a string: folded words, and pairs of characters in scripts without spaces.

    A run of an unspaced script is split into overlapping pairs and its last character, so that every single
    character that a reader may search for is the start of a term.
    """
    lowered, pattern = _prepare(text)
    odd: list[str] = []
    if pattern is _ASCII_WORD and not _NUMBER.search(lowered):
        # Most strings are like this, and it takes a third of the time of the expression, which finds the same.
        found = Counter(lowered.translate(_BETWEEN_ASCII_WORDS).split())
        if _VERSION_ANYWHERE.search(lowered) or max(map(len, found), default=0) > MAX_WORD_CHARACTERS:
            odd = [word for word in found if word[0] == "v" or len(word) > MAX_WORD_CHARACTERS]
    else:
        found = Counter(pattern.findall(lowered))
        odd = [word for word in found if not word.isascii() or word[0] == "v" or len(word) > MAX_WORD_CHARACTERS]
    for word, count in [(word, found.pop(word)) for word in odd]:
        for term in _terms_of_word(word):
            found[term] += count
    return found


def fold(text: str) -> list[str]:
    """Return the words of a string without case and accents, split where a script without spaces begins or ends."""
    lowered, pattern = _prepare(text)
    return [piece for word in pattern.findall(lowered) for piece in _fold_word(word)]


def is_unspaced(term: str) -> bool:
    """Return whether a term belongs to a script without spaces."""
    return not term.isascii() and _unspaced_first().match(term) is not None


# Large classes take long to compile, so they are compiled only if they are needed.


@cache
def _unspaced_first() -> re.Pattern[str]:
    return re.compile(f"[{_UNSPACED}]")


@cache
def _latin_word() -> re.Pattern[str]:
    """Find the words of Latin-1, which contains none of the large classes but the soft hyphen."""
    return re.compile(r"[\w\u00ad]+(?:(?<=[0-9])\.(?=[0-9])[\w\u00ad]+)*")


@cache
def _word() -> re.Pattern[str]:
    return re.compile(rf"[{_LETTERS}]+(?:(?<=[0-9])\.(?=[0-9])[{_LETTERS}]+)*")


@cache
def _cut() -> re.Pattern[str]:
    return re.compile(rf"([{_UNSPACED}]+)|[^.{_LETTERS}]+")


def _prepare(text: str) -> tuple[str, re.Pattern[str]]:
    if not text.isascii():
        # First, because lowering ASCII takes an eighth of the time.
        for mark in _TYPOGRAPHIC:
            text = text.replace(mark, " ")
    lowered = text.lower().replace("_", " ")
    if lowered.isascii():
        return lowered, _ASCII_WORD
    return lowered, _latin_word() if _is_latin_1(lowered) else _word()


def _is_latin_1(text: str) -> bool:
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return False
    return True


def _fold_word(word: str) -> tuple[str, ...]:
    if word.isascii():  # nothing to fold: the expressions find letters, digits, and points between digits
        return (_VERSION.sub("", word),)
    bare = normalize("NFC", _IGNORED.sub("", normalize("NFKD", word)).lower().translate(_FOLDS))
    if bare.isalnum() and max(bare) < "\u0300":
        return (_VERSION.sub("", bare),)
    return tuple(_VERSION.sub("", piece) for piece in _cut().split(bare) if piece)


@lru_cache(maxsize=1 << 16)
def _terms_of_word(word: str) -> tuple[str, ...]:
    found: list[str] = []
    for piece in _fold_word(word):
        if is_unspaced(piece):
            found += [piece[at : at + 2] for at in range(len(piece))]
        elif len(piece) <= MAX_WORD_CHARACTERS:
            found.append(piece)
    return tuple(found)
