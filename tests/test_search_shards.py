import gzip
import json
import random
from dataclasses import replace
from datetime import date, timedelta
from itertools import accumulate

import pytest

from sitegen.model import Term
from sitegen.search.shards import (
    MANIFEST,
    YearOfSearch,
    draw_manifest,
    draw_year,
    in_order,
    shard_of,
    shard_paths,
)
from sitegen.search.weights import SearchDocument, make_entry


def draw(documents):
    return draw_year(2024, map(make_entry, documents))


def write_documents(count, seed=1, words=500):
    chance = random.Random(seed)
    syllables = [consonant + vowel for consonant in "bcdfghjklmnprstvwz" for vowel in "aeiou"]
    vocabulary = ["".join(chance.choices(syllables, k=chance.randint(1, 4))) for _ in range(6000)]
    weights = list(accumulate(1 / (rank + 3) for rank in range(len(vocabulary))))
    return [
        SearchDocument(
            url=f"/posts/{number}/",
            title=" ".join(chance.choices(vocabulary, cum_weights=weights, k=6)).capitalize(),
            date=date(2024, 1, 1) + timedelta(days=number * 366 // count),
            source=Term(f"Source {number % 7}", f"source-{number % 7}", ""),
            tags=tuple(Term(f"Tag {tag}", f"tag-{tag}", "") for tag in chance.sample(range(60), 3)),
            summary=" ".join(chance.choices(vocabulary, cum_weights=weights, k=40)),
            language="en",
            text=" ".join(chance.choices(vocabulary, cum_weights=weights, k=words)),
        )
        for number in range(count)
    ]


@pytest.mark.parametrize("count", [0, 1, 7, 8, 9, 100])
def test_a_year_is_drawn_into_exactly_the_paths_that_were_planned(count):
    paths = shard_paths(YearOfSearch(2024, count))
    assert tuple(draw(write_documents(count, words=20))) == paths
    assert len(set(paths)) == len(paths)


def test_the_same_documents_in_any_order_give_the_same_bytes():
    documents = write_documents(40, words=50)
    shuffled = random.Random(5).sample(documents, len(documents))
    assert list(draw(shuffled).items()) == list(draw(documents).items())


def test_an_edit_of_a_text_changes_only_the_files_that_hold_what_changed():
    documents = write_documents(100)
    edited = [replace(documents[50], text=f"{documents[50].text} zeppelin"), *documents[:50], *documents[51:]]
    before, after = draw(documents), draw(edited)
    number = shard_of("zeppelin", YearOfSearch(2024, 100).shards)
    assert [path for path in before if before[path] != after[path]] == [f"2024/{number}-of-16.txt"]


def test_an_edit_of_a_title_changes_one_page_of_descriptions():
    documents = write_documents(100)
    edited = [replace(documents[50], title="Zeppelin"), *documents[:50], *documents[51:]]
    before, after = draw(documents), draw(edited)
    assert [path for path in before if before[path] != after[path] and "posts" in path] == ["2024/posts-6.json"]


def test_a_new_newest_post_leaves_earlier_descriptions_alone():
    documents = write_documents(90)
    newest = replace(documents[0], url="/posts/new/", date=date(2024, 12, 31))
    before, after = draw(documents), draw([*documents, newest])
    assert [path for path in after if before.get(path) != after[path] and "posts" in path] == ["2024/posts-11.json"]


def test_posts_of_one_day_are_told_apart_by_their_address():
    same_day = [SearchDocument(url=url, title="", date=date(2024, 5, 1)) for url in ("/b/", "/a/", "/c/")]
    later = SearchDocument(url="/a0/", title="", date=date(2024, 5, 2))
    assert [entry.url for entry in in_order(map(make_entry, [later, *same_day]))] == ["/c/", "/b/", "/a/", "/a0/"]


def test_the_manifest_hangs_on_the_numbers_of_posts_only():
    manifest = draw_manifest([YearOfSearch(2023, 3), YearOfSearch(2024, 100)])
    assert json.loads(manifest) == {"levels": 16, "page": 8, "years": [[2024, 100, 16], [2023, 3, 1]]}
    assert draw_manifest([YearOfSearch(2024, 100), YearOfSearch(2023, 3)]) == manifest
    assert MANIFEST == "index.json"


def test_the_number_of_shards_is_a_power_of_two_that_grows_with_the_year():
    assert [YearOfSearch(2024, count).shards for count in (0, 1, 8, 9, 16, 17, 1000)] == [1, 1, 1, 2, 2, 4, 128]


def test_all_words_with_the_same_first_three_letters_share_a_shard():
    assert len({shard_of(term, 128) for term in ("tel", "telegraph", "telephone", "television")}) == 1
    assert len({shard_of(term, 128) for term in ("東", "東京", "東西")}) == 1


def test_shards_of_filters_are_spread_by_the_whole_term():
    assert len({shard_of(f"tag:{number}", 128) for number in range(100)}) > 30


def test_text_that_is_not_unicode_is_replaced_and_never_fails():
    document = SearchDocument(url="/a/", title="Lone \ud800 surrogate", date=date(2024, 5, 1), text="\udfff")
    assert "Lone ? surrogate" in draw([document])["2024/posts-0.json"].decode()


def test_two_words_over_ten_years_of_a_thousand_posts_stay_below_150_kilobytes():
    files = draw(write_documents(1000))
    sizes = {path: len(gzip.compress(data, 6)) for path, data in files.items()}
    shards = sorted(size for path, size in sizes.items() if path.endswith(".txt"))
    page = max(size for path, size in sizes.items() if path.endswith(".json"))
    assert 10 * (shards[-1] + shards[-2] + page) < 150_000
