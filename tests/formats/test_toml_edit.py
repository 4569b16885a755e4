"""Strings are set in TOML by the line, and everything else in the file stays."""

import tomllib

import pytest

from sitegen.formats.toml_edit import set_strings

CONFIG = '# Ours.\ntitle = "A" # the name\n\nlanguage = \'en\'\n\n# Colors.\n[theme]\ntitle = "Not this"\n'


def test_a_key_keeps_its_line_and_its_comment():
    changed = set_strings(CONFIG, {"title": "B", "language": "de"})
    assert changed == CONFIG.replace('"A"', '"B"').replace("'en'", '"de"')


def test_a_new_key_follows_the_last_one_above_the_tables():
    assert set_strings(CONFIG, {"author": "C"}) == CONFIG.replace("'en'\n", "'en'\nauthor = \"C\"\n")


@pytest.mark.parametrize("text", ["", "[theme]\n", "# Only a comment.\n", 'title = "A"', "\n\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_key_is_added_to_any_file(text, mark):
    changed = set_strings(mark + text, {"author": "C"})
    assert changed.startswith(mark)
    assert tomllib.loads(changed.removeprefix(mark)) == {**tomllib.loads(text), "author": "C"}
    assert set_strings(changed, {"author": "C"}) == changed


def test_line_ends_and_a_byte_order_mark_stay():
    text = "\ufeff" + CONFIG.replace("\n", "\r\n")
    changed = set_strings(text, {"title": "B", "author": "C"})
    assert changed == text.replace('"A"', '"B"').replace("'en'\r\n", "'en'\r\nauthor = \"C\"\r\n")


@pytest.mark.parametrize("value", ['The "Salt" \\ Letter', "two\nlines", "# not a comment", "🐋 ñ", "\x7f\x00", "'"])
def test_any_string_can_be_set_and_replaced(value):
    changed = set_strings(CONFIG, {"title": value})
    assert tomllib.loads(changed)["title"] == value
    assert set_strings(changed, {"title": "A"}) == CONFIG


@pytest.mark.parametrize(
    "text",
    [
        'title = """\nA\n"""\n',
        'title = """A"""\n',
        'title = ["A"]\n',
        'text = """\ntitle = "A"\n"""\n',
        'text = """\n[theme]\n"""\ntitle = "A"\n',
        "title = \n",
        'title = "A" B\n',
    ],
)
def test_a_file_that_cannot_be_changed_by_the_line_is_refused(text):
    with pytest.raises(ValueError):
        set_strings(text, {"title": "B"})
