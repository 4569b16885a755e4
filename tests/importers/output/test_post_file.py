"""The front matter of imported posts has the values of the export, and is read back unchanged."""

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.config.schema import Config
from sitegen.content.front_matter.post import read_post
from sitegen.content.front_matter.split import split
from sitegen.formats.characters import INVISIBLE
from sitegen.formats.frozen_dict import FrozenDict
from sitegen.formats.yaml import load_yaml
from sitegen.formats.yaml_writer import write_value
from sitegen.importers.archive.archive import UnreadableError
from sitegen.importers.base import ImportedPost, Location, MarkdownBody
from sitegen.importers.output.conversion_cache import ConversionCache
from sitegen.importers.output.post_file import as_plain, derive_title, read_fields, write_front
from sitegen.importers.output.write_post import format_post_file
from sitegen.model import Count

AWKWARD = [
    *(
        "no",
        "Yes",
        "ON",
        "null",
        "~",
        "true",
        "12:30",
        "010",
        "1e3",
        "0x1F",
        ".5",
        "1_000",
        "2023-01-01",
        "@home",
        "`t`",
    ),
    *("a:", "-", "?", "[a]", "{a}", "*star", "&amp", "!bang", "%x", "|", ">", "2023-01-01 10:00", ": colon", "a: b"),
    *("# hash", "a # b", "- dash", "? x", "a, b", "'single'", '"double"', "back\\slash", "two\nlines", " space "),
    *("tab\there", "😀 smile", "日本語", "é", "\u2028line", "\u0085next", "\ufeffbom", "---", "...", "=", "<<", ""),
    *("1 lamp", "3 things: a list", "a\u00a0b", "=x", "“quoted”", "return\rhere"),
]


@pytest.mark.parametrize("text", AWKWARD)
def test_any_string_is_read_back_by_both_versions_of_yaml(text):
    expected = INVISIBLE.sub("", text)
    for value in (text, [text, "x"], {"inner": text}):
        written = write_value("key", value)
        back = load_yaml(written)["key"]
        assert back == (
            expected if value is text else [expected, "x"] if isinstance(value, list) else {"inner": expected}
        )
    old = yaml.safe_load(write_value("key", text))["key"]
    assert old == expected or isinstance(old, date)


@given(st.text(max_size=60))
def test_random_strings_are_read_back(text):
    clean = INVISIBLE.sub("", text).encode("utf-8", "ignore").decode()
    written = write_value("key", {"a": text, "b": [text, text]})
    assert load_yaml(written)["key"] == {"a": clean, "b": [clean, clean]}


SCALARS = st.one_of(
    st.text(max_size=12),
    st.sampled_from([*AWKWARD, "[draft]", "a, b", "{x}", "a?", "https://a.example/?q=[1]", "x: y", "- x"]),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.none(),
    st.dates(),
)
NESTED = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)


@settings(max_examples=300)
@given(st.dictionaries(st.text(min_size=1, max_size=8), NESTED, max_size=4))
def test_nested_params_are_read_back_unchanged(params):
    expected = as_plain(params)
    fields = {"title": "x", **({"params": expected} if expected else {})}
    warnings = []
    front = split(write_front(fields, warnings).encode(), "")
    assert (front.values, warnings) == (fields, [])


def test_brackets_within_a_flow_mapping_are_quoted():
    link = {"title": "Notes on caches [draft]", "link": "https://a.example/"}
    written = write_value("links", [link])
    assert written == 'links: [{title: "Notes on caches [draft]", link: https://a.example/}]\n'
    assert load_yaml(written) == {"links": [link]}


def test_a_value_that_is_not_read_back_is_quoted(monkeypatch):
    monkeypatch.setattr("sitegen.importers.output.post_file.write_value", lambda key, value: f"{key}: {value}\n")
    warnings = []
    fields = {"title": "Kim: [more] # rockets", "slug": "kim", "tags": ["a, b", "c"], "params": {"x": {"y": "no: [z]"}}}
    written = write_front(fields, warnings)
    assert split(written.encode(), "").values == fields
    assert 'title: "Kim: [more] # rockets"\nslug: kim\n' in written
    assert warnings == []


def test_an_invalid_value_is_dropped_and_reported():
    warnings = []
    fields = {"title": "A", "date": "2020-01-02", "views": "many", "params": {"n": 10**400}}
    values = split(write_front(fields, warnings).encode(), "").values
    assert values == {"title": "A", "date": "2020-01-02"}
    assert [warning.split(" was dropped")[0] for warning in warnings] == [
        'the front matter "params"',
        'the front matter "views"',
    ]


def test_numbers_and_dates_have_their_types():
    values = {"a": 1, "b": 2.5, "c": True, "d": None, "e": [1, [2, {"f": "x"}]], "g": {}, "h": []}
    assert load_yaml("".join(write_value(key, value) for key, value in values.items())) == values
    assert write_value("day", date(2020, 1, 2)) == "day: 2020-01-02\n"
    assert load_yaml(write_value("x", float("nan"))) == {"x": "nan"}


def post(**fields):
    return ImportedPost(where=Location("x"), title=fields.pop("title", "A title"), body=MarkdownBody("Text."), **fields)


def read_back(imported, zone=UTC):
    warnings = []
    fields = read_fields(imported, "a-title", zone, warnings)
    with ConversionCache(Path("missing"), "") as cache:
        again = [*warnings]
        text = format_post_file(fields, "Text.\n", warnings, cache).decode()
        assert format_post_file(fields, "Text.\n", again, cache).decode() == text
    assert again == warnings
    read, problems = read_post(
        split(text.encode(), "content/posts/a-title.md"), "content/posts/a-title.md", Config(), {}
    )
    assert problems == ()
    return read, text, warnings


def test_all_fields_of_a_post_are_read_back():
    imported = post(
        title='Kim: "more" # rockets', date=datetime(2023, 1, 2, 10, 30, tzinfo=timezone(timedelta(hours=-5))),
        updated=datetime(2023, 1, 3, tzinfo=UTC), id="https://a.example/?p=1", source="NYPost",
        authors=("Ada", "Bo, Jr."),
        source_home="https://nypost.example/", source_url="https://nypost.example/x", views=Count(5, "Wix"),
        comments=Count(2, "Wix", date(2023, 2, 1)), likes=Count(3, "Wix", date(2023, 2, 1)), summary="One: two",
        tags=("News", "C#", "north: south"),
        image="a/b.png", image_alt="no", issue="12", language="en", aliases=("/p/x", "/ü/"), paid=True,
        params=FrozenDict({"kind": "podcast", "deep": {"a": [1, "2"]}}),
    )  # fmt: skip
    read, _, warnings = read_back(imported)
    assert warnings == []
    assert (read.title, read.date, read.id, read.issue) == (imported.title, imported.date, imported.id, "12")
    assert [term.name for term in read.authors] == ["Ada", "Bo, Jr."]
    assert (read.source.name, read.source.home, read.source_url) == (
        "NYPost",
        "https://nypost.example/",
        imported.source_url,
    )
    assert (read.views, read.comments, read.likes) == (imported.views, imported.comments, imported.likes)
    assert [term.name for term in read.tags] == list(imported.tags)
    assert (read.summary, read.image, read.image_alt, read.language) == ("One: two", "/posts/a/b.png", "no", "en")
    assert read.aliases == ("/p/x", "/ü/")
    assert dict(read.params) == {"kind": "podcast", "deep": FrozenDict({"a": (1, "2")}), "paid": True}


def test_keys_have_a_fixed_order_and_empty_ones_are_omitted():
    _, text, _ = read_back(post(date=datetime(2023, 1, 2, tzinfo=UTC), tags=("x",), authors=("Ada",)))
    assert text == "---\ntitle: A title\ndate: 2023-01-02\nslug: a-title\nauthor: Ada\ntags: [x]\n---\n\nText.\n"


def test_values_that_the_reader_refuses_are_dropped_and_reported():
    imported = post(
        date=datetime(2023, 1, 2, tzinfo=UTC), tags=("ok", "🚀", "\u2060"), language="what?",
        aliases=("/a?b=1", "/../x", "/ok/"),
        source_url="javascript:x", image="data:image/png;base64,AA", source="\u00ad",
    )  # fmt: skip
    read, _, warnings = read_back(imported)
    assert ([tag.name for tag in read.tags], read.aliases, read.source_url, read.source) == (
        ["ok", "🚀"],
        ("/ok/",),
        "",
        None,
    )
    assert len(warnings) == 7


def test_a_huge_title_is_cut_and_huge_metadata_refused():
    read, _, _ = read_back(post(title="x" * 1_000_000, date=datetime(2023, 1, 2, tzinfo=UTC)))
    assert len(read.title) == 2000
    with pytest.raises(UnreadableError, match="metadata"):
        read_back(post(params=FrozenDict({"x": "y" * 70_000})))


def test_a_title_is_derived_from_the_first_words():
    assert derive_title("![x](y.png)\n\n> **Bold** [link](http://a.example) and so on") == "x"
    assert derive_title("\n\n## The *first* words\n\nmore") == "The first words"
    assert derive_title("***") == ""
    assert derive_title("a &lt;b> &amp; &#61;c, in C#") == "a <b> & =c, in C#"
