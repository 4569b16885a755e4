import json
import re
import subprocess
import sys
from datetime import date

import pytest
from markupsafe import Markup

from sitegen.config.i18n import make_finder
from sitegen.config.i18n.catalogs import known_languages, read_table
from sitegen.config.load import read_config
from sitegen.errors import SiteError
from sitegen.model import Count
from tests.support.sites import make_site

PLACEHOLDER = re.compile(r"\{\w+\}")
DAY = date(2024, 6, 1)  # a month with the same spelling in all editions of CLDR


def speak(language):
    return make_finder("en", {})(language)


def forms_of(word):
    return list(word.values()) if isinstance(word, dict) else [word]


def test_the_languages_that_readers_were_promised_are_there():
    assert {"ar", "de", "en", "es", "fa", "fr", "he", "ja", "zh"} <= known_languages()


@pytest.mark.parametrize("language", sorted(known_languages()))
def test_every_language_has_every_word_with_the_same_names_in_braces(language):
    english, table = read_table("en"), read_table(language)
    assert list(table) == list(english)
    for name, word in table.items():
        assert type(word) is type(english[name]), name
        if isinstance(word, str):
            assert sorted(PLACEHOLDER.findall(word)) == sorted(PLACEHOLDER.findall(english[name])), name
            assert word.strip(), name


@pytest.mark.parametrize("language", sorted(known_languages()))
def test_every_number_finds_a_plural_form(language):
    words = speak(language)
    for name, word in read_table(language).items():
        if isinstance(word, dict):
            for number in (*range(120), 1000, 1_000_000, 1_234_567):
                assert "{" not in words.count(name, number), (name, number)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ("June 1, 2024", "June 2024", "Jun 1", "1,234 views", "1 view")),
        ("en-GB", ("1 June 2024", "June 2024", "1 Jun", "1,234 views", "1 view")),
        ("de", ("1. Juni 2024", "Juni 2024", "1. Juni", "1.234 Aufrufe", "1 Aufruf")),
        ("fa", ("۱ ژوئن ۲۰۲۴", "ژوئن ۲۰۲۴", "۱ ژوئن", "۱٬۲۳۴ بازدید", "۱ بازدید")),
        ("he", ("1 ביוני 2024", "יוני 2024", "1 ביוני", "1,234 צפיות", "צפייה אחת")),
        ("ja", ("2024年6月1日", "2024年6月", "6月1日", "閲覧1,234回", "閲覧1回")),
        ("zh-Hans-CN", ("2024年6月1日", "2024年6月", "6月1日", "1,234次浏览", "1次浏览")),
    ],
)
def test_dates_and_numbers_are_written_as_the_language_writes_them(language, expected):
    words = speak(language)
    found = (
        words.date(DAY),
        words.date(DAY, "month"),
        words.date(DAY, "day"),
        words.count("views", 1234),
        words.count("views", 1),
    )
    assert found == expected


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (Count(5), "5 views"),
        (Count(5, "Wix"), "5 views on Wix"),
        (Count(1, "", date(2023, 1, 2)), "1 view, as of January 2, 2023"),
        (Count(1067, "Wix", date(2023, 1, 2)), "1,067 views on Wix, as of January 2, 2023"),
    ],
)
def test_a_count_says_who_counted_and_when_as_far_as_it_is_known(count, expected):
    assert speak("en").counted("views", count) == expected


def test_braces_in_a_filled_in_value_are_not_filled_in():
    assert speak("en").fill("about_list", title="{site}", site="Box") == "{site}: posts of Box, newest first."


def test_html_that_is_filled_in_stays_html_and_all_else_is_escaped():
    filled = speak("en").fill("counted_on", count=Markup("<b>5</b>"), platform="A&B")
    assert filled == "<b>5</b> on A&amp;B"
    assert isinstance(filled, Markup)


@pytest.mark.parametrize(
    ("asked", "spoken"), [("fa-IR", "fa-IR"), ("zh-Hant", "de"), ("zh-TW", "de"), ("it", "de"), ("", "de")]
)
def test_a_language_without_words_speaks_that_of_the_site(asked, spoken):
    assert make_finder("de", {})(asked).language == spoken


def test_a_site_in_a_language_without_words_speaks_english():
    assert make_finder("it", {})("").language == "en"


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("fa", "rtl"), ("he", "rtl"), ("ja", "ltr")])
def test_the_direction_of_writing_is_that_of_the_language(language, direction):
    assert speak(language).direction == direction


@pytest.mark.parametrize(
    ("tag", "name"),
    [("de", "Deutsch"), ("ar", "العربية"), ("pt-BR", "português (Brasil)"), ("xx", "xx"), ("x-klingon", "x-klingon")],
)
def test_a_language_is_called_what_its_speakers_call_it(tag, name):
    assert speak("en").autonym(tag) == name


def test_a_site_can_say_a_word_otherwise():
    words = make_finder("en", {"EN": {"newer": "Next letter"}})("en-GB")
    assert (words.newer, words.older) == ("Next letter", "Older")


def test_an_unknown_word_of_the_site_is_a_problem_with_a_suggestion(tmp_path):
    config = 'title = "T"\n[theme.words.en]\nnewr = "Next"\nviews = "seen"\n[theme.words.xx]\nnewer = "x"\n'
    make_site(tmp_path, config=config)
    with pytest.raises(SiteError) as caught:
        read_config(tmp_path)
    found = [(problem.line, problem.message, problem.hint) for problem in caught.value.problems]
    assert (3, 'the theme has no word "newr"', 'did you mean "newer"?') in found
    assert [line for line, _, _ in found] == [3, 4, 5]


SCRIPT = """
import json, sys
from datetime import date
from sitegen.config.i18n import make_finder
find, days = make_finder("en", {}), [date(2024, month, 3) for month in range(1, 13)]
styles = ("long", "month", "day", "short")
def write(words):
    dates = [[words.date(day, style) for style in styles] for day in days]
    months = [[words.month_name(month, style) for style in ("wide", "abbreviated")] for month in range(1, 13)]
    return [dates, months, words.number(12345), words.direction]
print(json.dumps({name: write(find(name)) for name in sys.argv[1:]}))
"""


def test_what_a_language_writes_does_not_depend_on_those_that_were_asked_before():
    names = [*sorted(known_languages()), "en-GB", "de-AT", "fr-CA", "es-MX", "ar-EG", "fa-AF"]
    answers = []
    for order in (names, names[::-1]):
        command = [sys.executable, "-c", SCRIPT, *order]
        answers.append(json.loads(subprocess.run(command, capture_output=True, check=True).stdout))
    assert answers[0] == answers[1]
