"""The title of imported Markdown is its first heading, which is not repeated."""

from collections import Counter

import pytest

from sitegen.importers.markdown_source.title import take_title


@pytest.mark.parametrize(
    ("title", "text", "expected", "rest"),
    [
        ("A Tower", "# A  tower\n\nText.", "A Tower", "\nText."),
        ("A Tower", "A tower\n=======\nText.", "A Tower", "Text."),
        ("A & B", '\n<h1 class="x">A &amp; B</h1>\nText.', "A & B", "Text."),
        ("", "<H1>A tower</H1>\nText.", "A tower", "Text."),
        ("A tower", "<h1>Another</h1>\nText.", "A tower", "<h1>Another</h1>\nText."),
        ("A tower", "Text.\n<h1>A tower</h1>\n", "A tower", "Text.\n<h1>A tower</h1>\n"),
    ],
)
def test_a_first_heading_that_repeats_the_title_is_dropped(title, text, expected, rest):
    dropped = Counter()
    assert take_title(title, text, dropped) == (expected, rest)
    assert bool(dropped) == bool(title and rest != text)
