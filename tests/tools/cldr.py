"""Write `sitegen/config/i18n/cldr.tsv` from the edition of Unicode CLDR that Babel has.

    python -m tests.tools.cldr

Pages need a hundredth of Babel's 33 MB: this keeps it out of the programs that build them. Run it with a new
version of Babel; `tests/config/i18n/test_cldr.py` compares what both write.
"""

import json
import re
from collections.abc import Iterator
from functools import partial
from importlib.metadata import version
from typing import Any

from babel import Locale, localedata
from babel.core import UnknownLocaleError, get_global
from babel.dates import match_skeleton
from babel.plural import PluralRule

from sitegen.config.i18n.cldr import FALLBACK, FILE
from sitegen.config.i18n.language import SKELETONS

ZEROS = {
    "adlm": 0x1E950,
    "arab": 0x660,
    "arabext": 0x6F0,
    "beng": 0x9E6,
    "cakm": 0x11136,
    "deva": 0x966,
    "hmnp": 0x1E140,
    "latn": 0x30,
    "mtei": 0xABF0,
    "mymr": 0x1040,
    "nkoo": 0x7C0,
    "olck": 0x1C50,
    "tibt": 0xF20,
}
"""The digit 0 of the numbering systems that are the default of a language (UTS #35, part 3)."""

STYLES = ("full", "long", "medium")
WIDTHS = ("wide", "abbreviated", "narrow")
CONTEXTS = {"format": ("M", "E"), "stand-alone": ("L", "c")}
_RELATION = re.compile(r"([nivwftec])(?: mod (\d+))? (not )?in ([\d., ]+)")


def read_condition(text: str) -> list[Any] | bool:
    """Return a relation of a plural rule for whole numbers, or its verdict where it asks for digits after the point."""
    match = _RELATION.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"unknown relation in a plural rule: {text}")
    operand, modulus, negated, ranges = match.groups()
    bounds = [[int(part.split("..")[0]), int(part.split("..")[-1])] for part in ranges.replace(" ", "").split(",")]
    if operand in "ni":
        return [int(modulus or 0), bool(negated), bounds]
    return any(first <= 0 <= last for first, last in bounds) is not bool(negated)


def read_plurals(rule: PluralRule) -> list[Any]:
    """Return the plural forms with their alternatives, for whole numbers only."""
    forms = []
    for form, text in rule.rules.items():
        alternatives = []
        for alternative in str(text).split(" or "):
            conditions = [read_condition(part) for part in alternative.split(" and ")]
            if False not in conditions:
                alternatives.append([condition for condition in conditions if condition is not True])
        if alternatives:
            forms.append([form, alternatives])
    return forms


def read_patterns(locale: Locale) -> dict[str, str]:
    """Return the patterns of dates that pages use, with the year of the calendar where one has the year of the week."""
    found = {style: locale.date_formats[style].pattern for style in STYLES}
    known = locale.datetime_skeletons
    for skeleton in SKELETONS.values():
        found[skeleton] = known[skeleton if skeleton in known else match_skeleton(skeleton, known)].pattern
    return {style: pattern.replace("Y", "y") for style, pattern in found.items()}


def read_names(locale: Locale) -> dict[str, list[str]]:
    """Return the names of months, days and the era since year 1."""
    found = {f"G {width}": [locale.eras[width][1]] for width in WIDTHS}
    for context, (month, day) in CONTEXTS.items():
        for width in WIDTHS:
            found[f"{month} {width}"] = [locale.months[context][width][number] for number in range(1, 13)]
            found[f"{day} {width}"] = [locale.days[context][width][number] for number in range(7)]
    return found


def read_locale(name: str) -> dict[str, Any]:
    """Return what pages need of a locale, by the names of the fields of `LanguageData`."""
    localedata._cache.clear()
    locale = Locale.parse(name)
    system = locale.default_numbering_system
    symbols = locale.number_symbols
    likely = get_global("likely_subtags")
    spoken = "_".join(filter(None, (locale.language, locale.script)))  # a region in a tag needs no likely one
    group = symbols.get(system, {}).get("group") or symbols["latn"]["group"]
    return {
        "name": locale.get_display_name(locale) or name.replace("_", "-"),
        "territory": (likely.get(spoken) or likely.get(locale.language) or "").rpartition("_")[2],
        "right_to_left": locale.text_direction == "rtl",
        "zero": ZEROS[system],
        "group": group,
        "group_sizes": list(locale.decimal_formats[None].grouping),
        "plurals": read_plurals(locale.plural_form),
        "patterns": read_patterns(locale),
        "names": read_names(locale),
    }


def find_aliases(names: set[str]) -> Iterator[tuple[str, str]]:
    """Yield tags that mean the same as another: old codes, and regions without the script that they use."""
    for old, new in get_global("language_aliases").items():
        if "_" not in old and old not in names and new in names:
            yield old, new
    for name in sorted(names):
        language, *others = name.split("_")
        if len(others) > 1 and len(others[0]) == 4:
            short = "_".join((language, *others[1:]))
            try:
                long = str(Locale.parse(short))
            except (UnknownLocaleError, ValueError):
                continue
            if short not in names and long in names:
                yield short, long


def as_tag(name: str) -> str:
    """Return the name of a locale as a language tag in lower case."""
    return name.replace("_", "-").lower()


def without_inherited(fields: dict[str, Any], parent: dict[str, Any]) -> dict[str, Any]:
    """Return the fields that differ from the parent's."""
    own = {name: value for name, value in fields.items() if parent.get(name) != value}
    for name in ("patterns", "names"):
        if name in own and name in parent:
            own[name] = {key: value for key, value in fields[name].items() if parent[name].get(key) != value}
    return own


def make_lines() -> list[str]:
    """Return the lines of the file, without the comment."""
    names = set(localedata.locale_identifiers())
    assert FALLBACK in names
    data = {as_tag(name): read_locale(name) for name in sorted(names)}
    lines: dict[str, object] = {as_tag(old): as_tag(new) for old, new in find_aliases(names)}
    for tag, fields in data.items():
        lines[tag] = without_inherited(fields, data.get(tag.rpartition("-")[0], {}))
    dump = partial(json.dumps, ensure_ascii=False, separators=(",", ":"))
    return [f"{tag}\t{dump(value)}" for tag, value in sorted(lines.items())]


if __name__ == "__main__":
    head = f"# Dates, numbers and plurals of Unicode CLDR, from Babel {version('babel')}. See cldr.LICENSE."
    FILE.write_text("\n".join([head, *make_lines(), ""]), "utf-8", newline="\n")
