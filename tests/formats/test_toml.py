import pytest

from sitegen.errors import SiteError
from sitegen.formats.toml import TomlFile, read_toml, write_value

TEXT = b"""\
title = "T"

[lists]
page = 20  # posts
"home" = 5

[theme.subscribe]
action = "x"

[[publish]]
name = "one"

[[publish]]
name = "two"
[publish.more]
deep = 1

[[publish.more.list]]
x = 1
[[publish.more.list]]
x = 2
"""


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        (("title",), 1),
        (("lists",), 3),
        (("lists", "page"), 4),
        (("lists", "home"), 5),
        (("theme", "subscribe", "action"), 8),
        (("publish", "name"), 11),
        (("publish",), 10),
        (("publish", 0, "name"), 11),
        (("publish", 1), 13),
        (("publish", 1, "name"), 14),
        (("publish", 1, "kind"), 13),
        (("publish", 1, "more", "deep"), 16),
        (("publish", 1, "more", "list", 1, "x"), 21),
        (("publish", "more", "list", "x"), 19),
        (("nothing",), 0),
    ],
)
def test_each_key_has_its_line(keys, line):
    assert read_toml(TEXT, "x.toml").line_of(keys) == line


def test_a_byte_order_mark_and_carriage_returns_are_passed_over():
    assert read_toml(b"\xef\xbb\xbfa = 1\r\nb = 2\r\n", "x.toml").values == {"a": 1, "b": 2}


@pytest.mark.parametrize(("data", "line"), [(b"a = 1\nb = \n", 2), (b"a = 1\n\xff", 2), (b"a = " + b"[" * 50_000, 0)])
def test_a_broken_file_is_one_problem(data, line):
    with pytest.raises(SiteError) as caught:
        read_toml(data, "x.toml")
    (problem,) = caught.value.problems
    assert problem.path == "x.toml"
    assert problem.line == line or not line


@pytest.mark.parametrize(("data", "line"), [(b"a = 1\nb = 2\na = 3\n", 3), (b"[A]\nb = 1\n[c]\n[A]\nd = 2\n", 4)])
def test_a_key_or_table_that_is_there_twice_has_a_hint_of_its_own(data, line):
    with pytest.raises(SiteError) as caught:
        read_toml(data, "x.toml")
    (problem,) = caught.value.problems
    assert problem.line == line
    assert "keep one" in problem.hint


@pytest.mark.parametrize(
    "value",
    ["", 'a "b" \\ c\nd\x7f', True, False, 3, [], [{"title": "Über uns", "url": "/a b/"}], {"x.y": ["z"]}],
)
def test_written_values_are_read_back(value):
    assert read_toml(f"key = {write_value(value)}\n".encode(), "x.toml").values == {"key": value}


class CountedText(str):
    """A string that counts how often it is split into lines."""

    splits = 0

    def splitlines(self):
        self.splits += 1
        return super().splitlines()


def test_the_lines_of_all_keys_are_found_in_one_pass():
    text = CountedText("".join(f'[t{number}]\nurl = "u"\nalt = "a"\n\n' for number in range(500)))
    file = TomlFile("tags.toml", text, {})
    for number in range(500):
        assert file.line_of([f"t{number}"]) == 4 * number + 1
        assert file.line_of([f"t{number}", "alt"]) == 4 * number + 3
    assert file.problem(["t7", "url"], "wrong", "").line == 30
    assert text.splits == 1
