"""Where a line may end, and which characters belong together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.media.cards.line_breaks import find_clusters, find_units, lacks_spaces

CLUSTERS = {
    "letters": ("abc", ["a", "b", "c"]),
    "a letter with a mark": ("e\u0301a", ["e\u0301", "a"]),
    "a family": ("👩‍👩‍👧!", ["👩‍👩‍👧", "!"]),
    "flags": ("🇩🇪🇫🇷", ["🇩🇪", "🇫🇷"]),
    "a tone of skin": ("👍🏽", ["👍🏽"]),
    "a sun with a variation selector": ("☀\ufe0fa", ["☀\ufe0f", "a"]),
    "Devanagari that is joined": ("स्क", ["स्क"]),
    "a vowel of Devanagari": ("की", ["की"]),
    "a vowel of Thai": ("ที่", ["ที่"]),
    "a syllable of Korean": ("뉴스", ["뉴", "스"]),
}

UNITS = {
    "words": ("one two", ["one ", "two"]),
    "a hyphen": ("well-known", ["well-", "known"]),
    "a dash of years": ("1865–1870", ["1865–1870"]),
    "a slash": ("and/or", ["and/", "or"]),
    "a space that does not break": ("10\u00a0km", ["10\u00a0km"]),
    "Chinese": ("中国,人", ["中", "国,", "人"]),
    "Chinese punctuation": ("他说“好”。", ["他", "说", "“好”。"]),
    "Japanese small letters": ("きょう", ["きょ", "う"]),
    "Korean": ("뉴스는 어떻게", ["뉴스는 ", "어떻게"]),
    "Latin in Japanese": ("日本のNews", ["日", "本", "の", "News"]),
    "emoji": ("a🎉🎉", ["a", "🎉", "🎉"]),
    "nothing": ("", []),
}


@pytest.mark.parametrize(("text", "clusters"), CLUSTERS.values(), ids=CLUSTERS)
def test_characters_that_a_reader_sees_as_one_stay_together(text, clusters):
    assert find_clusters(text) == clusters


@pytest.mark.parametrize(("text", "units"), UNITS.values(), ids=UNITS)
def test_a_line_may_end_where_the_script_allows_it(text, units):
    clusters = find_clusters(text)
    assert ["".join(clusters[start:end]) for start, end in find_units(clusters)] == units


@given(st.text(max_size=40))
def test_no_character_is_lost(text):
    clusters = find_clusters(text)
    assert "".join(clusters) == text
    units = find_units(clusters)
    assert [start for start, _ in units] == [0, *(end for _, end in units)][: len(units)]
    assert (units[-1][1] if units else 0) == len(clusters)


def test_scripts_without_spaces_are_known():
    assert lacks_spaces("ข่าว")
    assert not lacks_spaces("news 中")
