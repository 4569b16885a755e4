from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from sitegen.config.i18n import make_finder
from sitegen.config.schema import Config, Images
from sitegen.formats.image_size import ImageSize
from sitegen.media.html import ImageWriter, KnownImage
from sitegen.render.jinja.filters import (
    choose_title_class,
    find_asset,
    link_headings,
    longest_word,
    make_filters,
    shorten,
    write_iso,
)

READ = []
SIZES = {"https://box.example/letters/a.png": ImageSize("image/png", 4, 3)}
FILTERS = make_filters(
    Config(base_url="https://box.example/letters/"),
    {"style.css": "/letters/s.css"},
    READ.append,
    make_finder("en", {}),
    SIZES.get,
    ImageWriter(Images(), 700, lambda url: KnownImage("image/png", 4, 3) if url == "/letters/a.png" else None),
    lambda page, image="": None,
)


@pytest.mark.parametrize(
    ("path", "url"),
    [
        ("/archive/", "/letters/archive/"),
        ("/a b/ü/", "/letters/a%20b/%C3%BC/"),
        ("https://example.com/", "https://example.com/"),
        ("//example.com/", "//example.com/"),
        ("", ""),
    ],
)
def test_a_path_becomes_a_url_below_the_base_url(path, url):
    assert FILTERS["url"](path) == url


def test_a_url_becomes_absolute():
    assert FILTERS["absolute"]("/letters/a/") == "https://box.example/letters/a/"
    assert FILTERS["absolute"]("https://example.com/") == "https://example.com/"


def test_each_asset_that_a_page_names_is_recorded_even_if_it_is_missing():
    READ.clear()
    assert FILTERS["asset"]("style.css") == "/letters/s.css"
    assert FILTERS["own_asset"]("custom.css") == ""
    assert READ == ["asset.style.css", "asset.custom.css"]


def test_a_missing_asset_is_an_error_with_a_suggestion():
    with pytest.raises(LookupError, match=r'did you mean "style\.css"'):
        find_asset("stlye.css", {"style.css": "/s.css"})


def test_dates_and_numbers_are_in_the_language_of_the_site_or_in_another():
    assert FILTERS["date"](date(2024, 5, 1)) == "May 1, 2024"
    assert FILTERS["date"](date(2024, 5, 1), "short", "de") == "1. Mai 2024"
    assert FILTERS["number"](1234) == "1,234"
    assert FILTERS["isodate"](date(2024, 5, 1)) == "2024-05-01"


@pytest.mark.parametrize("text", ["", "short", "x" * 160, "words and words " * 100, "字" * 500])
def test_a_teaser_is_short_and_says_that_it_was_cut(text):
    short = shorten(text)
    assert len(short) <= 160
    assert short == text or (short.endswith("…") and text.startswith(short[:-1]))


@pytest.mark.parametrize(("text", "length"), [("", 0), ("  ", 0), ("a bcd\nef", 3), ("新聞の 歴史", 3)])
def test_the_longest_word_is_counted_in_characters(text, length):
    assert longest_word(text) == length


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("", ""),
        ("A short title", ""),
        ("Die Leuchtturmwärterin", "title-words"),
        ("Bundesverfassungsgerichtsentscheidung", "title-long"),
        ("word " * 20, "title-long"),
        ("湾の向こう岸から届いた一通の手紙と返事を書かなかった水先案内人の話", ""),
        ("한국어는어디서나줄을바꿀수있는언어입니다", ""),
        ("نامه‌ای از آن سوی خلیج", ""),
    ],
)
def test_a_title_with_a_word_that_no_line_can_break_gets_a_smaller_font(title, name):
    assert choose_title_class(title) == name


def test_a_teaser_is_cut_between_words():
    assert shorten("one two three four five", 16) == "one two three…"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<h2 id="a">A</h2>', '<h2 id="a"><a class="anchor" href="#a">A</a></h2>'),
        (
            '<h3 class="x" id="a">A <em>b</em></h3>',
            '<h3 class="x" id="a"><a class="anchor" href="#a">A <em>b</em></a></h3>',
        ),
        ('<h2 id="a"><a href="/">A</a></h2>', '<h2 id="a"><a href="/">A</a></h2>'),
        ('<h2 id="a"></h2><h2 id="b">B</h2>', '<h2 id="a"></h2><h2 id="b"><a class="anchor" href="#b">B</a></h2>'),
        ("<h2>A</h2><p>b</p>", "<h2>A</h2><p>b</p>"),
        ('<h1 id="a">A</h1>', '<h1 id="a">A</h1>'),
        ('<h2 id="a">A<h2 id="b">B</h2>', '<h2 id="a">A<h2 id="b"><a class="anchor" href="#b">B</a></h2>'),
        ("<h2 id=", "<h2 id="),
    ],
)
def test_headings_link_to_themselves_unless_they_hold_a_link(html, expected):
    assert link_headings(html) == expected


def test_headings_that_never_end_take_no_time_beyond_their_length():
    html = '<h2 id="a">x ' * 3000
    assert link_headings(html) == html


def test_one_moment_is_written_as_each_zone_has_it():
    moment = datetime(2024, 1, 1, 12, tzinfo=UTC)
    east = moment.astimezone(timezone(timedelta(hours=2)))
    assert [write_iso(value) for value in (moment, east, moment)] == [
        "2024-01-01T12:00:00+00:00",
        "2024-01-01T14:00:00+02:00",
        "2024-01-01T12:00:00+00:00",
    ]
    assert write_iso(date(2024, 1, 1)) == "2024-01-01"


def test_a_moment_is_written_in_whole_seconds():
    moment = datetime(2010, 4, 11, 12, 3, 0, 123456, timezone(timedelta(hours=-9, minutes=-30)))
    assert write_iso(moment) == "2010-04-11T12:03:00-09:30"


def test_the_size_of_an_image_is_found_by_its_path_or_url():
    size = ImageSize("image/png", 4, 3)
    assert FILTERS["image_size"]("/letters/a.png") == size
    assert FILTERS["image_size"]("https://box.example/letters/a.png") == size
    assert FILTERS["image_size"]("https://cdn.example/a.png") is None


def test_the_two_hours_at_the_end_of_summer_time_differ():
    night = datetime(2024, 10, 27, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    found = [write_iso(value) for value in (night, night.replace(fold=1))]
    assert found == ["2024-10-27T02:30:00+02:00", "2024-10-27T02:30:00+01:00"]


def test_a_heading_within_a_link_is_not_a_link_to_itself():
    within = '<a href="/x/"><div><h2 id="a">A</h2></div></a>'
    assert link_headings(within) == within
    around = f'<h2 id="b">B</h2><p><a href="/y/">y</a></p>{within}<h2 id="c">C</h2>'
    assert link_headings(around).count('class="anchor"') == 2
