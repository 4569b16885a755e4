"""Which parts of a message have content that readers see."""

import re
from random import Random

import pytest

from sitegen.formats.delimiters import remove_spans
from sitegen.importers.mail.parts import _INVISIBLE_ENDS, _INVISIBLE_START, has_word_at_end

PIECES = (
    "<style>", "</style>", "</style", "<head>", "</head >", "<header>", "<script>", "</script>", "<!--", "-->",
    "<p>", "</p>", "<a title='>'>", "<", ">", "&nbsp;", "&", "word", " ", "İ", "-", "\n",
)  # fmt: skip


def has_word(html):
    return re.search(r"\w", remove_spans(html, _INVISIBLE_START, _INVISIBLE_ENDS)) is not None


@pytest.mark.parametrize("seed", range(10))
def test_a_word_at_the_end_is_one_that_is_left_without_invisible_elements(seed):
    random = Random(seed)
    found = 0
    for _ in range(3_000):
        html = "".join(random.choices(PIECES, k=random.randrange(12)))
        if has_word_at_end(html):
            found += 1
            assert has_word(html), html
    assert found > 100


@pytest.mark.parametrize(
    ("html", "at_end"),
    [
        ("<html><head><style>p{}</style></head><body><p>Words</p></body></html>", True),
        ("<p>\u2014 Words", True),
        ("<p>&nbsp;</p><p></p>", False),
        ("<p>Words</p><style>p{}</style>", False),
        ("Words", False),
    ],
)
def test_usual_messages_have_a_word_at_the_end(html, at_end):
    assert has_word_at_end(html) == at_end
