from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sitegen.config.schema import Config
from sitegen.content.front_matter.post import read_post
from sitegen.content.front_matter.split import split
from sitegen.errors import SiteError
from sitegen.formats.yaml import read_yaml
from sitegen.model import Post

PATH = "content/posts/2024-05-01-a.md"


def values_of(yaml: str) -> dict[str, Any]:
    return split(f"---\n{yaml}\n---\n".encode(), PATH).values


def error_of(data: bytes) -> str:
    with pytest.raises(SiteError) as error:
        split(data, PATH)
    return str(error.value)


AFTER_BLANK_LINES = [
    (b"\n---\ntitle: A\n---\nText", {"title": "A"}, 3, 5),
    (b" \t\r\n\r\n---\r\ndate: 2020-01-02\r\n---\r\nText", {"date": "2020-01-02"}, 4, 6),
    (b"\xef\xbb\xbf\n+++\ntitle = 'A'\n+++\nText", {"title": "A"}, 3, 5),
    (b'\n\n{"x": 1,\n"title": "A"}\nText', {"x": 1, "title": "A"}, 4, 5),
]


@pytest.mark.parametrize(("data", "values", "at", "line"), AFTER_BLANK_LINES)
def test_front_matter_after_blank_lines_is_read_for_imports_alone(data, values, at, line):
    assert "the front matter does not begin on the first line" in error_of(data)
    front = split(data, PATH, [])
    assert (front.values, front.text, front.line, front.line_of(next(reversed(values)))) == (values, "Text", line, at)


@pytest.mark.parametrize(
    "data",
    [
        b"\n---\nA text between rules.\n---\n",
        b"\n---\n---\nText\n",
        b"\n---\ntitle: not closed\n",
        b"\n---\nNote: this\n---\n",
        b'\n{"x": 1}\n',
        b"\n\nTitle: A\n\nText\n",
        b"\n    ---\n    title: code\n    ---\n",
        b"\n\n",
    ],
)
def test_a_text_that_begins_with_blank_lines_is_a_text(data):
    for front in (split(data, PATH), split(data, PATH, [])):
        assert (front.values, front.text, front.line) == ({}, data.decode(), 1)


@pytest.mark.parametrize(
    ("data", "values", "repeated"),
    [
        (b"---\ntitle: A\ntags: [a]\ntitle: B\n---\n", {"title": "B", "tags": ["a"]}, ["title"]),
        (b"---\nextra: {a: 1, a: 2}\nx: [{b: 1, b: 2}]\n---\n", {"extra": {"a": 2}, "x": [{"b": 2}]}, ["a", "b"]),
        (b'{"title": "A", "title": "B"}\n', {"title": "B"}, ["title"]),
        (b"Title: A\nDate: 2020-01-02\ntitle: B\n\n", {"title": "B", "date": "2020-01-02"}, ["title"]),
        (b"---\ntitle: A\n---\n", {"title": "A"}, []),
    ],
)
def test_of_a_key_that_is_given_twice_imports_take_the_last(data, values, repeated):
    found: list[str] = []
    assert split(data, PATH, found).values == values
    assert found == repeated
    if repeated:
        assert "is given twice" in error_of(data)


@pytest.mark.parametrize(
    ("data", "values", "text", "line"),
    [
        (b"---\ntitle: A\n---\nText\n", {"title": "A"}, "Text\n", 4),
        (b"---  \ntitle: A\n--- \n\n    code\n", {"title": "A"}, "\n    code\n", 4),
        (b"---\ntitle: A\n...\nText", {"title": "A"}, "Text", 4),
        (b"---\n---\nText", {}, "Text", 3),
        (b"---\n\n# only a comment\n---", {}, "", 4),
        (b"---\r\ntitle: A\r\n---\r\nText\r\n", {"title": "A"}, "Text\n", 4),
        (b"---\rtitle: A\r---\rText\r", {"title": "A"}, "Text\n", 4),
        (b"\xef\xbb\xbf---\ntitle: A\n---\nText", {"title": "A"}, "Text", 4),
        (b'+++\ntitle = "A"\n+++\nText', {"title": "A"}, "Text", 4),
        (b"+++\n+++\n", {}, "", 3),
        (b'{"title": "A",\n "views": 5}\nText', {"title": "A", "views": 5}, "Text", 3),
        (b"{}\nText", {}, "Text", 2),
        (b"Title: A: b\nDate: 2021-05-01 10:20\n\nText", {"title": "A: b", "date": "2021-05-01 10:20"}, "Text", 4),
        (b"Title: A\nTags: a,\n      b\nText", {"title": "A", "tags": "a,\nb"}, "Text", 4),
        (
            b"Title: A\nModified: 2021-05-01\nLang: it\nStatus: draft\n\nText",
            {"title": "A", "updated": "2021-05-01", "language": "it", "status": "draft", "draft": True},
            "Text",
            6,
        ),
        (b"Title: A", {"title": "A"}, "", 1),
        (b"", {}, "", 1),
        (b"Text\n\n---\n\ntitle: A\n---\n", {}, "Text\n\n---\n\ntitle: A\n---\n", 1),
        (b"Note: hello\n\nText", {}, "Note: hello\n\nText", 1),
        (b"Summary: what follows\n\nText", {}, "Summary: what follows\n\nText", 1),
        (b"----\nText\n----\n", {}, "----\nText\n----\n", 1),
        (b"--- title\nText", {}, "--- title\nText", 1),
        (b"{% include x %}\n", {}, "{% include x %}\n", 1),
        (b"{: .lead}\nText", {}, "{: .lead}\nText", 1),
    ],
)
def test_front_matter_is_split_from_the_text(data, values, text, line):
    front = split(data, PATH)
    assert (front.values, front.text, front.line) == (values, text, line)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("true", True),
        ("False", False),
        ("~", None),
        ("null", None),
        ("", None),
        ("12:30", "12:30"),
        ("190:20:30", "190:20:30"),
        ("010", 10),
        ("0o10", 8),
        ("0x1F", 31),
        ("1_000", "1_000"),
        ("1,000", "1,000"),
        ("-7", -7),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        ("-.inf", float("-inf")),
        ("2023-01-02", "2023-01-02"),
        ("2023-01-02 10:00:00", "2023-01-02 10:00:00"),
        ("2024-02-30", "2024-02-30"),
        ("<<", "<<"),
        ("=", "="),
        ('"5"', "5"),
        ("! 'Issue #19'", "Issue #19"),
        ("!!str 5", "5"),
        ('"a\\0b\\u200b"', "ab\u200b"),
        ("Tom & Jerry * 2", "Tom & Jerry * 2"),
        ("https://example.com/?a=1&b=2", "https://example.com/?a=1&b=2"),
        ("a\u2028b", "a b"),
        ("|\n  a\n  b", "a\nb\n"),
        ("{1: one, true: two}", {"1": "one", "true": "two"}),
    ],
)
def test_scalars_follow_yaml_1_2(written, meant):
    assert values_of(f"other: {written}")["other"] == meant


def test_a_nan_is_a_number():
    number = values_of("other: .NaN")["other"]
    assert number != number


def test_keys_of_text_keep_numbers_as_they_were_written():
    yaml = "title: 1984\nissue: 1.10\nslug: 007\ntags: [2023, 1.10, no, true]\nauthor: {name: 12}\nviews: 010"
    assert values_of(yaml) == {
        "title": "1984",
        "issue": "1.10",
        "slug": "007",
        "tags": ["2023", "1.10", "no", "true"],
        "author": {"name": "12"},
        "views": 10,
    }


def test_a_missing_text_is_none():
    assert values_of("title:\nslug: null") == {"title": None, "slug": None}


def test_lines_are_found_in_each_form():
    front = split(b'---\nparams:\n  views: 1\n"title": A\nviews: x\n---\n', PATH)
    assert [front.line_of(key) for key in ("params", "title", "views", "none")] == [2, 4, 5, 1]
    assert split(b'+++\ntitle = "A"\n[params]\nviews = 5\n+++\n', PATH).line_of("params") == 3
    assert split(b'{"title": "A", "views": 5,\n"tags": []}\n', PATH).line_of("views") == 1
    assert split(b"Title: A\nViews: 5\n\n", PATH).line_of("views") == 2


CASES = [
    (
        b"---\ntitle: A\n\nText\n",
        "1: the front matter that begins with --- is not closed",
        "---",
        "end it with a line of ---; if the line is meant as a rule, put a blank line before it",
    ),
    (
        b"+++\ntitle = 'A'\n",
        "1: the front matter that begins with +++ is not closed",
        "+++",
        "end it with a line of +++; if the line is meant as a rule, put a blank line before it",
    ),
    (
        b"---\n\n- a\n- b\n---\n",
        "3: the front matter is a list, not keys and values",
        "- a",
        "write `key: value` lines",
    ),
    (
        b"---\njust words\n---\n",
        "2: the front matter is a single value, not keys and values",
        "just words",
        "write `key: value` lines",
    ),
    (b"---\ntitle: A\n2023: x\n---\n", "3: the key 2023 is not text", "2023: x", 'write it in quotes: "2023"'),
    (b"---\ntrue: x\n---\n", "2: the key true is not text", "true: x", 'write it in quotes: "true"'),
    (b"---\n? [a, b]\n: x\n---\n", "2: a key is a list or a mapping", "? [a, b]", "write each key as one word"),
    (
        b"---\ntitle: A\ndate: 2024-05-01\ntitle: B\n---\n",
        '4: the key "title" is given twice',
        "title: B",
        "keep one of the two",
    ),
    (
        b"---\nparams:\n  a: 1\n  a: 2\n---\n",
        '4: the key "a" is given twice',
        "a: 2",
        "keep one of the two",
    ),
    (
        b"---\na: &x 1\nb: *x\n---\n",
        '2: the value begins with "&", which YAML takes for an alias or anchor',
        "a: &x 1",
        "put the value in quotes; a value that is needed twice is written twice",
    ),
    (
        b"---\ntitle: *emphatic*\n---\n",
        "2: not valid YAML: did not find expected alphabetic or numeric character",
        "title: *emphatic*",
        "put a value that begins with * or & in quotes",
    ),
    (
        b"---\ntitle: *important\n---\n",
        '2: the value begins with "*", which YAML takes for an alias or anchor',
        "title: *important",
        "put the value in quotes; a value that is needed twice is written twice",
    ),
    (
        b"---\nx: !!python/object/apply:os.system ['true']\n---\n",
        "2: the tag !!python/object/apply:os.system is not allowed",
        "x: !!python/object/apply:os.system ['true']",
        'put a value that begins with "!" in quotes',
    ),
    (
        b"---\ntitle: !important\n---\n",
        "2: the tag !important is not allowed",
        "title: !important",
        'put a value that begins with "!" in quotes',
    ),
    (
        b"---\ntitle: News: old and new\n---\n",
        "2: not valid YAML: mapping values are not allowed in this context",
        "title: News: old and new",
        "put quotes around a value that holds a colon and a space",
    ),
    (
        b"---\ntags: - news\n---\n",
        "2: not valid YAML: block sequence entries are not allowed in this context",
        "tags: - news",
        "put quotes around a value that begins with a hyphen, and each item of a list on a line of its own",
    ),
    (
        b"---\ntitle: A\n\tdate: b\n---\n",
        "3: not valid YAML: found a tab character that violates indentation",
        "date: b",
        "indent with spaces, not tabs",
    ),
    (
        b"---\ntitle: @home\n---\n",
        "2: not valid YAML: found character that cannot start any token",
        "title: @home",
        "put the value in quotes, and indent with spaces, not tabs",
    ),
    (
        b'---\ntitle: "A\n---\n',
        "2: not valid YAML: found unexpected end of stream",
        'title: "A',
        "close the quotes",
    ),
    (
        b"---\ntags: [a, b\n---\n",
        "2: not valid YAML: did not find expected ',' or ']'",
        "tags: [a, b",
        "close the bracket, and put commas between the values",
    ),
    (
        b"---\ntitle: [New] A\n---\n",
        "2: not valid YAML: did not find expected key",
        "title: [New] A",
        "put the whole value in quotes, or check the indentation here and in the line before",
    ),
    (
        b"---\na: " + b"[" * 65 + b"]" * 65 + b"\n---\n",
        "2: the values are nested more than 64 deep",
        ("a: " + "[" * 65 + "]" * 65),
        "flatten them",
    ),
    (
        b"---\nx: " + b"9" * 400 + b"\n---\n",
        f'2: "{"9" * 40}" is not a valid value of the type !!int',
        f"x: {'9' * 197}",
        "put it in quotes if it is text",
    ),
    (
        b"---\nx: " + b"a" * 65_536 + b"\n---\n",
        "1: the front matter is longer than 64 KB",
        "",
        "move the long values into the text, or close the front matter where it ends",
    ),
    (b"\xff\xfe-\x00", "1: the file is UTF-16, not UTF-8", "", "save it as UTF-8"),
    (
        b"---\ntitle: A\r\nauthor: Andr\xe9\n---\n",
        "3: the byte 0xE9 is not UTF-8",
        "author: Andr\ufffd",
        "save the file as UTF-8",
    ),
    (
        b"+++\na = 1\nb" + b".b" * 65 + b" = 1\n+++\n",
        "3: the values are nested more than 64 deep",
        "b" + ".b" * 65 + " = 1",
        "flatten them",
    ),
    (
        b"+++\ntitle = A\n+++\n",
        "2: not valid TOML: invalid value",
        "title = A",
        'put text in quotes: "..."; `true` and `false` have no capitals',
    ),
    (
        b"+++\ntitle = 'A'\ntitle = 'B'\n+++\n",
        "3: not valid TOML: cannot overwrite a value",
        "title = 'B'",
        "the file has a key or table of this name already: keep one, and move the keys of the other table below it",
    ),
    (
        b"+++\nd = 2024-02-30\n+++\n",
        "2: not valid TOML: invalid date or datetime",
        "d = 2024-02-30",
        "see https://toml.io for the format",
    ),
    (
        b"+++\nx = 0x" + b"f" * 400 + b"\n+++\n",
        "2: a number has more than 300 digits",
        f"x = 0x{'f' * 194}",
        "put it in quotes if it is text",
    ),
    (
        b'{"title": "A",\n "views" 5}\n',
        "2: not valid JSON: expecting ':' delimiter",
        '"views" 5}',
        "quote every key and text, and put commas between them",
    ),
    (b'{"a": 1, "a": 2}\n', '1: the key "a" is given twice', '{"a": 1, "a": 2}', "keep one of the two"),
    (
        b'{"a": NaN}\n',
        "1: NaN is not a number that JSON has",
        '{"a": NaN}',
        "write a number, or text in quotes",
    ),
    (
        b'{"a": "\\ud800"}\n',
        "1: half of a surrogate pair is not a character",
        '{"a": "\\ud800"}',
        'write the character itself, not "\\ud…"',
    ),
    (
        b'{"a": 1} text\n',
        "1: text follows the front matter's closing brace",
        "",
        "begin the text on a new line",
    ),
    (
        b'{"a": ' + b"[" * 65 + b"]" * 65 + b"}\n",
        "1: the values are nested more than 64 deep",
        '{"a": ' + "[" * 65 + "]" * 65 + "}",
        "flatten them",
    ),
    (
        b'{"a": ' + b"[" * 30_000 + b"]" * 30_000 + b"}\n",
        "1: the values are nested more than 64 deep",
        '{"a": ' + "[" * 194,
        "flatten them",
    ),
    (b"Title: A\nDate: x\ntitle: B\n\n", '3: the key "title" is given twice', "title: B", "keep one of the two"),
]


@pytest.mark.parametrize(("data", "message", "excerpt", "hint"), CASES, ids=[case[1][:60] for case in CASES])
def test_a_problem_has_a_line_an_excerpt_and_a_hint(data, message, excerpt, hint):
    assert error_of(data) == "\n".join([f"{PATH}:{message}", *(f"    {row}" for row in (excerpt, hint) if row)])


def test_nesting_that_crashes_the_c_loader_is_refused():
    assert "nested more than 64 deep" in error_of(b"---\na: " + b"[" * 60_000 + b"\n---\n")
    assert "nested more than 64 deep" in error_of(b"---\n" + b"- " * 30_000 + b"\n---\n")
    assert "nested more than 64 deep" in error_of(b"---\n" + b"? " * 30_000 + b"\n---\n")
    assert "nested more than 64 deep" in error_of(
        b"---\n" + b"".join(b" " * n + b"a:\n" for n in range(300)) + b"---\n"
    )


def test_nesting_of_64_levels_is_read():
    value = values_of("a: " + "[" * 63 + "]" * 63)["a"]
    for _ in range(62):
        value = value[0]
    assert value == []


def test_an_alias_bomb_is_refused():
    rows = ["a0: &a0 [x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    assert "alias or anchor" in error_of(f"---\n{chr(10).join(rows)}\n---\n".encode())


def test_problems_of_a_yaml_file_have_their_lines():
    assert read_yaml("- a\n- no\n", "content/data/x.yaml") == ["a", "no"]
    with pytest.raises(SiteError) as error:
        read_yaml("a: 1\na: 2\n", "content/data/x.yaml")
    assert str(error.value) == 'content/data/x.yaml:2: the key "a" is given twice\n    a: 2\n    keep one of the two'


BITS = st.sampled_from(
    [
        b"---\n",
        b"+++\n",
        b"{",
        b"}",
        b'"',
        b"title",
        b"date",
        b"tags",
        b"views",
        b"params",
        b"aliases",
        b"source",
        b": ",
        b" = ",
        b"\n",
        b"- ",
        b"[",
        b"]",
        b"  ",
        b"&a ",
        b"*a",
        b"!",
        b"!!int ",
        b"# T\n",
        b"2024-05-01",
        b"1.2K",
        b"0x",
        b"null",
        b"\xff",
        b"\r",
        b"\t",
        b"\xe2\x80\xa8",
        b"\xef\xbb\xbf",
        b"\\ud800",
        b"|\n",
        b">",
        b"'",
        b"<<",
        b"Title: ",
        b"\x00",
        b"/",
        b"..",
        b"name",
        b"url",
        b"https://a.example/",
        b"count",
        b"at",
        b"true",
        b"\xf0\x9f\x8e\x89",
        b",",
    ]
)


@settings(max_examples=500, deadline=None)
@given(
    st.binary(max_size=200)
    | st.lists(BITS, max_size=40).map(b"".join)
    | st.lists(BITS, max_size=40).map(lambda bits: b"---\n" + b"".join(bits) + b"\n---\n")
    | st.lists(BITS, max_size=40).map(lambda bits: b"+++\n" + b"".join(bits) + b"\n+++\n")
)
@example(b"---\na: !!bool maybe\n---\n")
@example(b"---\na: !!float x\n---\n")
@example(b"---\n- !!map a\n---\n")
@example(b"---\na: !!map [b]\n---\n")
@example(b"---\na: !!seq {b: c}\n---\n")
@example(b"---\n%YAML 1.1\n---\n")
@example(b'{"a": ' + b"9" * 5000 + b"}")
@example(b"+++\na = " + b"9" * 5000 + b"\n+++\n")
@example(b"+++\na = " + b"[" * 9000 + b"\n+++\n")
@example(b"---\nsource: {name: A, url: 'http://[::1'}\n---\n")
@example(b"---\ntitle: [\x85\n---\n")
def test_any_bytes_end_in_a_post_or_a_site_error(data):
    problems = ()
    try:
        post, _ = read_post(split(data, PATH), PATH, Config(), {})
    except SiteError as error:
        post, problems = None, error.problems
    if post is None:
        assert problems
        assert all(problem.line >= 1 and problem.message for problem in problems)
    else:
        assert isinstance(post, Post)
        post.title.encode()
