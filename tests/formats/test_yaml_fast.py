"""YAML read line by line: the same values as those of the parser, or none if the parser is needed."""

from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sitegen.content.front_matter.fields import TEXT_KEYS
from sitegen.formats.characters import INVISIBLE
from sitegen.formats.plain_values import InvalidValueError
from sitegen.formats.yaml import load_yaml
from sitegen.formats.yaml_fast import read_rows
from sitegen.formats.yaml_nodes import _Loader, _mapping

ISSUE = """\
title: "A week: of frost # and thaw"
date: 2024-05-01T10:00:00Z
slug: a-week-of-frost
author: 'Ada Smith'
source: Café Zürich & co.
source_url: https://example.com/a?b=1#c
views: 190
issue: 007
draft: false
updated: null
tags: [letters, 2024, New York, élan]
summary:
aliases:
  - /2024/old-name/
  - "/a b/"
params:
  layout: wide
  rank: 3
"""
ROWS = st.builds(
    "{}:{}{}".format,
    st.sampled_from(["title", "views", "tags", "x", "x-y", "null", "true", "draft", "_a", "1a", "é"]),
    st.sampled_from([" ", " ", " ", "  ", "", "\t"]),
    st.lists(
        st.one_of(
            st.sampled_from(["a", "B", "0", "17", "0x1f", "1.5", "12:30", "2024-05-01", "null", "True", "yes", "~"]),
            st.sampled_from(
                ["é", "中", "\xa0", "\u2028", "\x85", "\ufeff", "\u3000", "😀", "\t", "'", '"', " ", ":", "#"]
            ),
            st.sampled_from([",", "[", "]", "{", "}", "- ", "?", "!", "&", "*", "|", ">", "%", "@", "`", "\\", "..."]),
            st.sampled_from(
                ["https://x.y/z?a=1#b", '"q"', "'q'", "[a, b]", "[1, null]", "[ a,b ]", "[]", "---", "\n  "]
            ),
        ),
        max_size=4,
    ).map("".join),
)


def parse(text: str, texts: frozenset[str]) -> Any:
    """Return the value of the full parser, without the fast one before it."""
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        return _mapping(node, texts) if isinstance(node, yaml.MappingNode) else None
    finally:
        loader.dispose()


def test_plain_front_matter_is_read_without_the_parser() -> None:
    assert read_rows(ISSUE, TEXT_KEYS) == {
        "title": "A week: of frost # and thaw",
        "date": "2024-05-01T10:00:00Z",
        "slug": "a-week-of-frost",
        "author": "Ada Smith",
        "source": "Café Zürich & co.",
        "source_url": "https://example.com/a?b=1#c",
        "views": 190,
        "issue": "007",
        "draft": False,
        "updated": None,
        "tags": ["letters", "2024", "New York", "élan"],
        "summary": None,
        "aliases": ["/2024/old-name/", "/a b/"],
        "params": {"layout": "wide", "rank": 3},
    }
    assert read_rows(ISSUE, TEXT_KEYS) == parse(ISSUE, TEXT_KEYS)


BELOW = st.builds(
    "{}{}{}".format,
    st.sampled_from(["  ", "  ", "  ", " ", "", "    "]),
    st.sampled_from(["- ", "- ", "-  ", "-", "- - ", "? "]),
    ROWS.map(lambda row: row.partition(":")[2].lstrip()) | ROWS,
) | ROWS.map("  {}".format)  # fmt: skip
LISTS = st.builds(
    "{}:{}\n{}".format,
    st.sampled_from(["tags", "x", "views"]),
    st.sampled_from(["", " ", " null", " ~", " a"]),
    st.lists(BELOW, max_size=3).map("\n".join),
)


@settings(max_examples=1_000, deadline=None)
@given(st.lists(ROWS | LISTS, max_size=4).map("\n".join), st.sampled_from([TEXT_KEYS, frozenset[str]()]))
@example("a: b: c", TEXT_KEYS)
@example("a: b #c", TEXT_KEYS)
@example("a: b\n c", TEXT_KEYS)
@example("a:\n- b", TEXT_KEYS)
@example("a: null\n- b", TEXT_KEYS)
@example("a:\n  - b\n c: d", TEXT_KEYS)
@example("a:\n  b: c\n  b: d", TEXT_KEYS)
@example("tags:\n  - 1\n  - true\n  -", TEXT_KEYS)
@example("a:\n  - b\n    - c", TEXT_KEYS)
@example("a:\n  b: c\n    d: e", TEXT_KEYS)
@example("a:\n    - b\n  - c", TEXT_KEYS)
def test_what_is_read_is_what_the_parser_reads(text: str, texts: frozenset[str]) -> None:
    text = INVISIBLE.sub("", text)
    values = read_rows(text, texts)
    if values is not None:
        expected = parse(text, texts)
        assert values == expected
        assert [*map(repr, values.values())] == [*map(repr, expected.values())]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing",
        "a: &b c",
        "a: *b",
        "a: !!str 5",
        "a: |\n  b",
        "a: {b: c}",
        "a: b: c",
        "a: b\n  c",
        "a: b # c",
        'a: "b\\n"',
        "a: 1_000.5",
        "null: a",
        "? a",
        "a: b\na: c",
    ],
)
def test_yaml_that_is_not_simple_is_left_to_the_full_parser(text: str) -> None:
    assert read_rows(text, ()) is None


def test_invalid_yaml_is_reported_by_the_parser() -> None:
    with pytest.raises(InvalidValueError, match="given twice"):
        load_yaml("a: b\na: c")
