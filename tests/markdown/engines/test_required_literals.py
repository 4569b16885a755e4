import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.markdown.engines.fast.required_literals import find_required_literals


@pytest.mark.parametrize(
    ("pattern", "literals"),
    [
        ("a", {"a"}),
        ("abc", {"abc"}),
        (r"\*|_", {"*", "_"}),
        ("[ab]x?", {"a", "b"}),
        ("[^a]", set()),
        ("[a-z]", set()),
        (r"\w+", set()),
        ("x*", set()),
        ("x?", set()),
        ("(?:ab)+", {"ab"}),
        (r"(?<!\.)\.{3}(?!\.)", {"..."}),
        ("a{2,}b", {"aa"}),
        ("(?!x)", set()),
        ("(?=xy)", {"xy"}),
        ("(?<=xy)z", {"xy"}),
        ("(?>ab)c++", {"ab"}),
        ("a|", set()),
        ("ab|cd|[xy]", {"ab", "cd", "x", "y"}),
        ("(a)(?(1)b|c)", {"a"}),
        (r"(.)\1", set()),
        ("(?i)ab", set()),
        ("(?i:ab)", set()),
        ("(?i:ab)cd", {"cd"}),
        ("a|b|c|d|e|f|g|h|i", set()),
        ("", set()),
        (r"(?x) a   b # c", {"ab"}),
        (r"^(.*?)\+\+(.*)$", {"++"}),
    ],
)
def test_needs_are_what_each_match_contains(pattern, literals):
    assert find_required_literals(re.compile(pattern)) == literals


def test_flags_that_ignore_case_leave_nothing_known():
    assert find_required_literals(re.compile("ab", re.IGNORECASE)) == set()


PIECES = st.recursive(
    st.sampled_from(["a", "b", r"\.", "[ab]", "[^a]", ".", r"\w", "^", "$", r"\b", "ab"]),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda pair: f"(?:{pair[0]}|{pair[1]})"),
        inner.map(lambda piece: f"(?:{piece})*"),
        inner.map(lambda piece: f"(?:{piece}){{2}}"),
        inner.map(lambda piece: f"({piece})+?"),
        inner.map(lambda piece: f"(?={piece})"),
        inner.map(lambda piece: f"(?!{piece})"),
        inner.map(lambda piece: f"(?>{piece})"),
    ),
    max_leaves=8,
)


@given(PIECES, st.text("ab.c", max_size=8))
def test_a_text_that_matches_contains_a_need(pattern, text):
    expression = re.compile(pattern)
    literals = find_required_literals(expression)
    if literals and expression.search(text):
        assert any(literal in text for literal in literals)
