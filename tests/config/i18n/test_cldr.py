from datetime import date

import pytest
from babel import Locale, localedata
from babel.dates import format_date
from babel.numbers import format_decimal

from sitegen.config.i18n import language
from sitegen.config.i18n.catalogs import known_languages
from sitegen.config.i18n.cldr import FIELDS, find_language
from tests.tools.cldr import STYLES, find_aliases

NAMES = sorted(localedata.locale_identifiers())
OTHERS = {"ar_EG", "br", "cs", "cy", "en_IN", "fi", "hi", "lt", "my", "pl", "ru"}
SAMPLE = sorted({*NAMES[::60], *known_languages(), *OTHERS})
"""Every sixtieth locale, and those with words of the theme, digits of their own, or many plural forms."""
NUMBERS = (0, 1, 2, 5, 11, 12, 21, 99, 101, 999, 1000, 1234, 12345, 999_999, 1_000_000, 123_456_789, -12345)


@pytest.mark.parametrize("name", SAMPLE)
def test_dates_numbers_and_plurals_are_those_of_babel(name):
    localedata._cache.clear()  # Babel mixes up inherited names otherwise
    locale, tag = Locale.parse(name), name.replace("_", "-")
    digits = language.digits_of(tag)
    for month in range(1, 13):
        day = date(1890 + month, month, 2 * month)
        for style in (*STYLES, "yy-M-d", "yyyy.MM.dd", "EEEE d LLLL", "E LLL MMMMM", "ccc D Q G", "'d''d' ''d"):
            assert language.write_date(tag, day.toordinal(), style) == format_date(day, style, locale).translate(digits)
    for number in NUMBERS:
        expected = format_decimal(number, locale=locale, numbering_system="default").translate(digits)
        if "'" not in find_language(tag)[1].group:  # Babel deletes pairs of apostrophes as quotes
            assert language.write_number(tag, number) == expected
    for number in (*range(130), 1000, 10_000, 1_000_000, 1_000_001):
        assert language.find_plural(tag, number) == locale.plural_form(number)
    assert find_language(tag)[1].right_to_left == (locale.text_direction == "rtl")
    assert language.name_language(tag) == locale.get_display_name(locale)


def test_every_locale_is_known_by_its_own_tag():
    tags = [name.replace("_", "-").lower() for name in NAMES]
    assert [find_language(tag)[0] for tag in tags] == tags


def test_old_codes_and_regions_without_a_script_lead_to_the_same_language():
    aliases = dict(find_aliases(set(NAMES)))
    assert aliases["iw"] == "he"
    assert aliases["zh_TW"] == "zh_Hant_TW"
    for old, new in aliases.items():
        assert find_language(old)[1] == find_language(new)[1]


@pytest.mark.parametrize(
    ("tag", "expected"),
    [("de-CH-1996", "de-ch"), ("en-XX", "en"), ("zh-Hans-CN-x-own", "zh-hans-cn"), ("DE_at", "de-at"), ("tlh", "en")],
)
def test_an_unknown_tag_falls_back_to_its_nearest_parent_and_then_to_english(tag, expected):
    assert find_language(tag)[0] == expected


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("cs", "červen 2024"),
        ("fi", "kesäkuu 2024"),
        ("hr", "lipanj 2024."),
        ("ru", "июнь 2024\u202fг."),
        ("uk", "червень 2024\u202fр."),
        ("pl", "czerwiec 2024"),
        ("el", "Ιούνιος 2024"),
        ("lt", "2024 m. birželis"),
    ],
)
def test_a_month_and_year_have_the_name_of_the_month_outside_of_dates(tag, expected):
    assert language.write_date(tag, date(2024, 6, 1).toordinal(), "month") == expected


def test_groups_of_digits_with_apostrophes_stay_apart_in_large_numbers():
    assert language.write_number("de-CH", 1_234_567) == find_language("de-CH")[1].group.join(["1", "234", "567"])


@pytest.mark.parametrize("pattern", ["HH:mm", "d MMM YYYY", "w", "d. MMM z"])
def test_a_pattern_with_a_field_that_is_not_of_a_day_is_refused_with_the_fields_that_are(pattern):
    with pytest.raises(ValueError, match="is not a field of a date; use " + ", ".join(FIELDS)):
        language.write_date("en", date(2024, 6, 1).toordinal(), pattern)
