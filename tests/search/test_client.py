"""The parts of the client that need no page."""

import random
from itertools import count

import pytest

from sitegen.search.shards import shard_of
from sitegen.search.tokenize import terms
from tests.support.search_client import run_client
from tests.support.search_index import make_post, render_index, write_files

FIND = """async (client, read, queries) => {
  const index = client.openIndex(read);
  const answers = [];
  for (const query of queries) {
    const { hits, partly } = await index.find(query);
    answers.push(partly ? [] : hits.map(({ year, number }) => [year, number]));
  }
  return answers;
}"""


@pytest.fixture(scope="module")
def call(tmp_path_factory):
    def run(name, *arguments):
        script = f"(client, read, calls) => calls.map((given) => client.{name}(...given))"
        return run_client(script, tmp_path_factory.getbasetemp(), list(arguments))

    return run


def words_of(parsed):
    return [word["term"] + "*" * word["prefix"] for word in parsed["words"]]


def test_the_client_finds_terms_in_the_shards_of_the_build(call):
    terms = ["a", "tel", "telegraph", "東", "東京", "𠮷野", "كتاب", "source:nypost", "tag:北", "हिन्दी", "1.30"]
    cases = [(term, shards, letters) for term in terms for shards in (1, 2, 16, 128) for letters in (3, 4, 6)]
    assert call("shardOf", *cases) == [shard_of(*case) for case in cases]


def test_only_the_word_being_typed_and_starred_words_are_prefixes(call):
    queries = ["town cri", "town cri ", "tow* crier ", "to", "ab* x "]
    found = [words_of(parsed) for parsed in call("parse", *([query] for query in queries))]
    assert found == [["town", "cri*"], ["town", "cri"], ["tow*", "crier"], ["to"], ["ab", "x"]]


def test_unspaced_runs_become_pairs_and_a_single_character_a_prefix(call):
    queries = ["東京都", "猫", "猫 neko", "한국어"]
    found = [words_of(parsed) for parsed in call("parse", *([query] for query in queries))]
    assert found == [["東京", "京都"], ["猫*"], ["猫*", "neko*"], ["한국", "국어"]]


def test_letters_beside_an_apostrophe_request_no_file(call):
    queries = ["reader's guide ", "l’homme ", "rock'n'roll ", "o'"]
    found = [words_of(parsed) for parsed in call("parse", *([query] for query in queries))]
    assert found == [["reader", "guide"], ["homme"], ["rock", "roll"], ["o"]]


def test_phrases_and_filters_are_distinguished_from_words(call):
    [parsed] = call("parse", ['news source:nypost “no folly” tag:war year:2022 "open end'])
    assert words_of(parsed) == ["news", "no", "folly", "open", "end"]
    assert parsed["phrases"] == ["no folly", "open end"]
    assert [condition["term"] for condition in parsed["conditions"]] == ["source:nypost", "tag:war"]
    assert parsed["year"] == "2022"


def test_a_quotation_mark_inside_a_word_does_not_start_a_phrase(call):
    [parsed] = call("parse", ['צה"ל '])
    assert words_of(parsed) == ["צה", "ל"]
    assert parsed["phrases"] == []


def test_empty_queries_request_no_file(call):
    for parsed in call("parse", [""], ["  "], ['""'], ["?!"], ["*"]):
        assert parsed["words"] == parsed["phrases"] == parsed["conditions"] == []


def test_a_phrase_matches_whole_words_with_any_accents(call):
    text = "The Café-Noir, at night. 東京タワーへ行く"
    phrases = ["cafe noir at", "cafe no", "afe noir", "night the", "京タワ", "東京へ"]
    assert call("hasPhrase", *((text, phrase) for phrase in phrases)) == [True, False, False, False, True, False]


def test_spans_are_those_of_the_words_in_the_text_as_written(call):
    text = "Ärger im Café: 東京都の猫, cafés"
    words = [{"term": "cafe", "prefix": True}, {"term": "東京"}, {"term": "京都"}, {"term": "猫", "prefix": True}]
    [found] = call("spans", (text, words))
    assert [text[start:end] for start, end in found] == ["Café", "東京都", "猫", "cafés"]


def test_an_excerpt_shows_the_part_with_the_most_words(call):
    text = "alpha " + "filler " * 200 + "alpha beta gamma " + "filler " * 200
    words = [{"term": term} for term in ("alpha", "beta", "gamma")]
    [excerpt] = call("excerpt", (text, words))
    assert "alpha beta gamma" in excerpt
    assert excerpt.startswith("…filler")
    assert excerpt.endswith("filler…")
    assert len(excerpt) < 250


def test_a_text_without_the_words_has_no_excerpt(call):
    assert call("excerpt", ("nothing here", [{"term": "alpha"}]), ("", [])) == ["", ""]


def test_every_query_finds_just_the_posts_that_hold_all_its_words(tmp_path):
    chance = random.Random(3)
    words = [f"{prefix}{number}" for prefix in ("x", "abc", "пр", "東西") for number in range(40)]
    common = ["the", "of"]
    posts = []
    for year, size in ((2022, 1200), (2023, 60), (2024, 1)):
        texts = (" ".join([*chance.choices(words, k=6), *chance.choices(common, k=2)]) for _ in range(size))
        group = [(make_post(f"/{number}/", date=f"{year}-01-01"), text) for number, text in enumerate(texts)]
        posts += sorted(group, key=lambda row: row[0].url, reverse=True)
    write_files(tmp_path, render_index(posts))
    queries = [f"{word} " for word in (*words, *common)] + [f"{a} {b} " for a, b in zip(words, words[7:], strict=False)]
    found = run_client(FIND, tmp_path, queries)
    numbers = {year: count() for year in (2022, 2023, 2024)}
    held = {(post.date.year, next(numbers[post.date.year])): terms(text) for post, text in posts}
    for query, answers in zip(queries, found, strict=True):
        wanted = [term for term in terms(query) if term not in ("西", "東")]
        expected = {offset for offset, present in held.items() if all(term in present for term in wanted)}
        assert {tuple(answer) for answer in answers} == expected, query
        assert len(answers) == len(expected), query
