"""The tables of the theme's words: one file for each language, and the words that a site replaces."""

import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from sitegen.config.i18n.language import Words
from sitegen.errors import did_you_mean, naming
from sitegen.formats.frozen_dict import FrozenDict, freeze

FOLDER = Path(__file__).parent
FALLBACK = "en"
TRADITIONAL = frozenset(("hant", "tw", "hk", "mo"))


@cache
def known_languages() -> frozenset[str]:
    """Return the languages that there are words in, as BCP 47 tags in lower case."""
    return frozenset(path.stem for path in FOLDER.glob("*.toml"))


@cache
def read_table(language: str) -> FrozenDict:
    """Return the theme's words in a language that there is a table for."""
    file = FOLDER / f"{language}.toml"
    with naming(file):
        table: FrozenDict = freeze(tomllib.loads(file.read_text("utf-8")))
    return table


def make_finder(default: str, own: Mapping[str, Any], languages: Collection[str] = ()) -> Callable[[str], Words]:
    """Return a function that gives the words for a language, in BCP 47; "" is the site's own.

    A language without a table speaks the site's language, and that one, if it has no table either,
    English. `own` are the words that a site says otherwise, by language: `{"en": {"newer": "Next"}}`. `languages` are
    those that the site has pages in: what these declare is their own language, even if it has no table.
    """
    changed = {tag.lower(): words for tag, words in own.items()}
    editions = {tag.lower() for tag in languages}

    @cache
    def find(language: str) -> Words:
        for tag in (language or default, default, FALLBACK):
            name = _nearest(tag)
            if name:
                texts = {**read_table(name), **changed.get(name, {})}
                own = language or default
                if own.lower() in editions:
                    return Words(own, FrozenDict({**texts, **changed.get(own.lower(), {})}))
                return Words(tag, FrozenDict(texts))
        raise AssertionError("there are English words")

    return find


def _nearest(tag: str) -> str:
    """Return the table for a language tag or its parent; "" if there is none."""
    parts = tag.lower().replace("_", "-").split("-")
    if parts[0] == "zh" and not TRADITIONAL.isdisjoint(parts):
        return ""  # simplified characters do not replace traditional ones
    for length in range(len(parts), 0, -1):
        if (name := "-".join(parts[:length])) in known_languages():
            return name
    return ""


def check_words(own: Mapping[str, Any], languages: Collection[str] = ()) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Yield what is wrong with the words that a site replaces: the keys of the setting, the message, the hint.

    A site can have words in the languages that there are tables for, and in those that it has pages in.
    """
    for tag, words in own.items():
        if tag.lower() not in known_languages() and tag not in languages:
            known = f"there are words in {', '.join(sorted(known_languages()))}"
            yield (tag,), f'the theme speaks no "{tag}"', did_you_mean(tag, known_languages()) or known
        elif not isinstance(words, Mapping):
            yield (tag,), f'the words for "{tag}" are a table', f'write [theme.words.{tag}] and below it newer = "Next"'
        else:
            table = read_table(tag.lower() if tag.lower() in known_languages() else FALLBACK)
            for name, value in words.items():
                if name not in table:
                    hint = did_you_mean(name, table) or "`sitegen help theming` says where the words are listed"
                    yield (tag, name), f'the theme has no word "{name}"', hint
                elif type(value) is not type(table[name]):
                    yield (tag, name), f'"{name}" has another form than "{value}"', f"write it like {table[name]!r}"
