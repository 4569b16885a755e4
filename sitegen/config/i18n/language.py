"""One language: the theme's words in it, and how it writes dates, numbers and plurals (Unicode CLDR)."""

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any

from markupsafe import Markup, escape

from sitegen.config.i18n.cldr import find_language
from sitegen.formats.frozen_dict import FrozenDict
from sitegen.model import Count

SKELETONS = {"month": "yMMMM", "day": "MMMd", "short": "yMMMd"}
_NAME = re.compile(r"\{(\w+)\}")


class Words:
    """The theme's words in one language: each is an attribute; phrases with numbers or dates are methods.

    `language` is the tag (BCP 47) that pages declare, `direction` "ltr" or "rtl".
    """

    def __init__(self, language: str, texts: FrozenDict) -> None:
        self.language, self._texts = language, texts
        self.__dict__.update(texts)
        self.direction = "rtl" if find_language(language)[1].right_to_left else "ltr"

    def __getattr__(self, name: str) -> Any:
        """Raise AttributeError for an unknown word; known ones are attributes of the object."""
        raise AttributeError(f'the theme has no word "{name}"')

    def __repr__(self) -> str:
        """Return the language, without the memory address, so that output stays deterministic."""
        return f"Words({self.language!r})"

    def date(self, value: date, style: str = "long") -> str:
        """Return a day in full ("long"), or in a style of SKELETONS."""
        return write_date(self.language, value.toordinal(), style)

    def month_name(self, number: int, style: str = "wide") -> str:
        """Return the name of a month, from 1 to 12: "wide" or "abbreviated"."""
        return name_month(self.language, number, style)

    def autonym(self, language: str) -> str:
        """Return what a language, by its tag, is called in itself: "Deutsch"."""
        return name_language(language)

    def number(self, value: int) -> str:
        """Return a whole number with separators between its thousands."""
        return write_number(self.language, value)

    def numerals(self, text: str) -> str:
        """Return a string with the digits of the language: a year, or the number of an issue."""
        return text.translate(digits_of(self.language))

    def count(self, name: str, value: int) -> str:
        """Return a word with a number in the plural form that goes with it: "5 views"."""
        forms = self._texts[name]
        text: str = forms.get(find_plural(self.language, value)) or forms["other"]  # words of another language
        return text.replace("{count}", write_number(self.language, value))

    def counted(self, name: str, count: Count) -> str:
        """Return a number with the platform that counted it and the day it was read off, where they are known."""
        text = self.count(name, count.count)
        at = self.date(count.at) if count.at else ""
        if count.on:
            return self.fill("counted_on_at" if at else "counted_on", count=text, platform=count.on, date=at)
        return self.fill("counted_at", count=text, date=at) if at else text

    def platforms(self, counts: Iterable[Count]) -> str:
        """Return the platforms that counted, each once, with the latest day on which a number was read.

        Of a number that was added up, these are the platforms of its parts.
        """
        days: dict[str, date | None] = {}
        for count in (part for total in counts for part in total.parts or (total,)):
            if count.on:
                days[count.on] = max(filter(None, (days.get(count.on), count.at)), default=None)
        names = [
            self.fill("platform_at", platform=name, date=self.date(day)) if day else name for name, day in days.items()
        ]
        return str(self._texts["comma"]).join(names)

    def minutes(self, words: int) -> str:
        """Return how long a post with a number of words takes to read."""
        return self.count("reading_time", max(1, round(words / self._texts["words_per_minute"])))

    def fill(self, name: str, **values: object) -> str:
        """Return a sentence with the names in braces filled in; HTML stays HTML, all else is escaped."""
        text: str = self._texts[name]
        for value in values.values():
            if type(value) is not str:
                shown = {key: value if type(value) is Markup else escape(value) for key, value in values.items()}
                return Markup("".join([shown[part] if named else part for named, part in cut_html(text)]))  # noqa: S704 - all is escaped
        return "".join([values[part] if named else part for named, part in cut_text(text)])  # type: ignore[misc]  # all are strings


@lru_cache(maxsize=1024)
def cut_text(text: str) -> tuple[tuple[bool, str], ...]:
    """Return the parts of a string in order, each with whether it is the name of a value to fill in."""
    return tuple((bool(index % 2), part) for index, part in enumerate(_NAME.split(text)) if part)


@lru_cache(maxsize=1024)
def cut_html(text: str) -> tuple[tuple[bool, str], ...]:
    """Return the parts of a string as `cut_text` does, with all except names as HTML."""
    return tuple((named, part if named else str(escape(part))) for named, part in cut_text(text))


@lru_cache(maxsize=64)
def digits_of(language: str) -> dict[int, int]:
    """Return what turns the digits 0 to 9 into those of a language, for `str.translate`."""
    zero = find_language(language)[1].zero
    return {0x30 + digit: zero + digit for digit in range(10)} if zero != 0x30 else {}


@lru_cache(maxsize=65536)
def write_date(language: str, ordinal: int, style: str) -> str:
    """Return a day, by its number in the proleptic Gregorian calendar, in a style."""
    _, data = find_language(language)
    pattern = data.patterns.get(SKELETONS.get(style, style), style)
    return data.write_date(date.fromordinal(ordinal), pattern).translate(digits_of(language))


@lru_cache(maxsize=1024)
def name_month(language: str, number: int, style: str) -> str:
    """Return the name of a month."""
    return find_language(language)[1].names[f"M {style}"][number - 1]


@lru_cache(maxsize=256)
def name_language(language: str) -> str:
    """Return the name of a language in itself, or its tag if it is not known."""
    known, data = find_language(language)
    return data.name if known.partition("-")[0] == language.partition("-")[0].lower() else language


@lru_cache(maxsize=256)
def find_og_locale(language: str) -> str:
    """Return a language as OpenGraph writes it, with the territory: "pt_BR", or by default where most speakers are."""
    parts = language.replace("-", "_").split("_")
    territory = next((part for part in parts[1:] if len(part) == 2 or part.isdigit()), "")
    if not territory:
        known, data = find_language(language)
        territory = data.territory if known.partition("-")[0] == parts[0].lower() else ""
    return f"{parts[0].lower()}_{territory.upper()}" if territory else parts[0].lower()


@lru_cache(maxsize=65536)
def write_number(language: str, value: int) -> str:
    """Return a whole number with separators between its thousands."""
    return find_language(language)[1].write_number(value).translate(digits_of(language))


@lru_cache(maxsize=65536)
def find_plural(language: str, value: int) -> str:
    """Return the plural form (CLDR) that goes with a number."""
    return find_language(language)[1].plural_form(value)
