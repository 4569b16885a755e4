from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.formats.url_paths import path_of
from sitegen.importers.views.export import read_day, read_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("", 0),
        (" - ", 0),
        ("1234", 1234),
        ("1,234", 1234),
        ("1.234", 1234),
        ("1.234.567", 1_234_567),
        ("1 234", 1234),
        ("1\u00a0234", 1234),
        ("1\u202f234", 1234),
        ("1'234", 1234),
        ("1’234", 1234),
        ("12.0", 12),
        ("12,00", 12),
        ("1,234.0", 1234),
        ("1.2K", 1200),
        ("1,2k", 1200),
        ("3M", 3_000_000),
    ],
)
def test_numbers_are_read_as_programs_in_any_country_write_them(text, number):
    assert read_number(text) == number


@pytest.mark.parametrize(
    "text", ["x", "1.5", "12,34", "1,23,456", "-5", "5%", "٣", "1e5", "K", "9" * 16, "9" * 5000, "=1", "1.2.3K"]
)
def test_anything_else_is_not_a_number_of_views(text):
    with pytest.raises(ValueError, match=r"is not a|is more than"):
        read_number(text)


@given(st.text(max_size=30))
def test_any_text_is_a_number_or_rejected(text):
    with suppress(ValueError):
        assert 0 <= read_number(text) <= 10**12


@given(st.integers(0, 10**12))
def test_whole_numbers_are_read_with_any_separator(number):
    for separator in ("", ",", ".", " ", "'"):
        assert read_number(f"{number:,}".replace(",", separator)) == number


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("/posts/frost/", "/posts/frost/"),
        ("posts/frost", "/posts/frost"),
        ("https://a.example/posts/frost/?utm_source=x#top", "/posts/frost/"),
        ("http://a.example:8080", "/"),
        ("//a.example/posts/frost/", "/posts/frost/"),
        ("a.example/posts/frost/", "/posts/frost/"),
        ("a.example", "/"),
        ("frost.html", "/frost.html"),
        ("/posts/br%C3%BCcke/", "/posts/brücke/"),
        ("/posts/%FF/", "/posts/\ufffd/"),
        ("/?p=12", "/"),
        ("  /posts/frost/  ", "/posts/frost/"),
        ("//[", "/"),
        ("", "/"),
    ],
)
def test_a_path_is_a_url_without_host_query_and_fragment(url, path):
    assert path_of(url) == path


@given(st.text(max_size=60))
def test_any_text_has_a_path_that_begins_with_one_slash(text):
    path = path_of(text)
    assert path.startswith("/")
    assert not path.startswith("//")


@pytest.mark.parametrize(
    "text", ["2024-05-01", "20240501", "2024-05-01T23:59:59Z", "2024-05-01 10:00:00", "1.5.2024", "May 1, 2024"]
)
def test_a_day_is_read_in_any_clear_form(text):
    assert read_day(text) == "2024-05-01"


@pytest.mark.parametrize(
    ("text", "message"),
    [("02/03/2024", "write dates as YYYY-MM-DD"), ("2024-02-30", "February"), ("soon", "is not a date")],
)
def test_an_unclear_date_is_not_a_day(text, message):
    with pytest.raises(ValueError, match=message):
        read_day(text)
