import tomllib
from collections import Counter
from pathlib import Path
from unicodedata import category

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sitegen.search import tokenize
from sitegen.search.tokenize import MAX_WORD_CHARACTERS, fold, is_unspaced, terms
from tests.support.search_client import run_client

VECTORS = tomllib.loads((Path(__file__).parents[1] / "search_vectors.toml").read_text(encoding="utf-8"))["vector"]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["text"][:20])
def test_a_text_is_cut_and_folded_as_the_table_says(vector):
    assert fold(vector["text"]) == vector["words"]


def test_the_client_cuts_and_folds_as_the_table_says(tmp_path):
    texts = [vector["text"] for vector in VECTORS]
    folded = run_client("(client, read, texts) => texts.map(client.fold)", tmp_path, texts)
    assert dict(zip(texts, folded, strict=True)) == {vector["text"]: vector["words"] for vector in VECTORS}


def test_the_client_folds_every_letter_as_we_do(tmp_path):
    # Each character twice with letters around it, because accents and case may depend on the neighbours.
    blocks = [(0x20, 0x600), (0x600, 0x1000), (0x1000, 0x2E80), (0x3000, 0x3200), (0xA640, 0xA980), (0xF900, 0xFFFE)]
    everything = [chr(code) for first, last in blocks for code in range(first, last)]
    known = [character for character in everything if category(character) != "Cn"]
    texts = [f"a{character}b {character}" for character in known]
    folded = run_client("(client, read, texts) => texts.map(client.fold)", tmp_path, texts)
    different = {text: (fold(text), theirs) for text, theirs in zip(texts, folded, strict=True) if fold(text) != theirs}
    assert different == {}


def test_words_are_the_same_beside_characters_of_other_scripts():
    # Strings of Latin-1 have an expression of their own; a character beyond it makes the general one find all words.
    for character in map(chr, range(0x20, 0x300)):
        for text in (f"a{character}b {character}", f"3{character}4 v{character}2", f"x.{character}.1.2"):
            assert [*fold(text), "中"] == fold(f"{text} 中"), text


PIECES = ("v", "V", "2", ".", "_", "-", "'", "a", "Z", " ", "\n", "é", "“", "x" * (MAX_WORD_CHARACTERS - 1))


@given(st.lists(st.sampled_from(PIECES)).map("".join))
@example("v2 1.5 v1.2.x 3. .4 v.5 _v6_")
@example("x" * (MAX_WORD_CHARACTERS + 1))
def test_terms_are_the_same_beside_characters_of_other_scripts(text):
    # Strings of ASCII are split without an expression; a character beyond it makes the general one find all words.
    assert terms(text) + Counter({"中": 1}) == terms(f"{text} 中")


def test_words_are_counted():
    assert terms("A word, a WORD, v2 and 2") == {"a": 2, "word": 2, "2": 2, "and": 1}


def test_an_unspaced_run_is_split_into_pairs_and_its_last_character():
    assert terms("東京都 東京") == {"東京": 2, "京都": 1, "都": 1, "京": 1}


def test_a_single_unspaced_character_is_a_term():
    assert terms("2024年") == {"2024": 1, "年": 1}


def test_characters_beyond_the_basic_plane_are_paired_whole():
    assert terms("𠮷野家") == {"𠮷野": 1, "野家": 1, "家": 1}


def test_a_very_long_word_is_skipped():
    assert terms("x" * MAX_WORD_CHARACTERS + " " + "y" * (MAX_WORD_CHARACTERS + 1)) == {"x" * MAX_WORD_CHARACTERS: 1}


def test_a_long_run_without_spaces_is_indexed():
    assert terms("あ" * 100)["ああ"] == 99


def test_no_term_holds_a_space_or_a_colon():
    # A space ends the term in a shard's line, and a colon marks the terms of filters.
    texts = "".join(map(chr, [*range(0x20, 0xD800), *range(0xE000, 0x30000)]))
    assert not [term for term in terms(texts) if " " in term or ":" in term or term.split() != [term]]


def test_scripts_without_spaces_are_known():
    assert [is_unspaced(term) for term in ("東", "ア", "한", "ก", "a", "я", "ع", "5")] == [True] * 4 + [False] * 4


@pytest.mark.parametrize("mark", tokenize._TYPOGRAPHIC)
def test_a_typographic_mark_separates_words_like_a_space(mark):
    assert tokenize._word().fullmatch(mark) is None
    for text in (f"It{mark}s 1{mark}5 über{mark}all", f"{mark}1.5{mark}", f"plain{mark}words"):
        assert terms(text) == terms(text.replace(mark, "\u2003"))
        assert fold(text) == fold(text.replace(mark, "\u2003"))
