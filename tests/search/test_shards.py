import json
import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.search.ranking import LEVELS
from sitegen.search.shards import (
    MANIFEST,
    IndexLayout,
    describe,
    in_order,
    plan_layout,
    render_manifest,
    shard_of,
    shard_path,
    split_terms,
)
from tests.support.search_index import make_post, render_index


def write_posts(count, seed=1, words=500):
    """Return posts over the years 2020 to 2024, each with its text, the oldest first."""
    chance = random.Random(seed)
    syllables = [consonant + vowel for consonant in "bcdfghjklmnprstvwz" for vowel in "aeiou"]
    vocabulary = ["".join(chance.choices(syllables, k=chance.randint(1, 4))) for _ in range(6000)]
    weights = list(accumulate(1 / (rank + 3) for rank in range(len(vocabulary))))

    def write(length):
        return " ".join(chance.choices(vocabulary, cum_weights=weights, k=length))

    posts = []
    for number in range(count):
        day = date(2020, 1, 1) + timedelta(days=number * 1820 // count)
        title, summary = write(6).capitalize(), write(40)
        tags = [f"Tag {tag}" for tag in chance.sample(range(60), 3)]
        source = f"Source {number % 7}"
        post = make_post(
            f"/posts/{number}/", title, day.isoformat(), source=source, tags=tags, summary=summary, language="en"
        )
        posts.append((post, write(words)))
    return posts


def changed_files(before, after):
    files, others = render_index(before), render_index(after)
    return [path for path in {**files, **others} if files.get(path) != others.get(path)]


@pytest.mark.parametrize("count", [0, 1, 7, 8, 9, 100, 400])
def test_an_index_has_exactly_the_planned_files(count):
    posts = write_posts(count, words=20)
    years = {}
    for post, _ in posts:
        years.setdefault(post.date.year, []).append(post)
    layout = plan_layout(years)
    shards = {shard_path(number, layout.shards) for number in range(layout.shards)}
    assert render_index(posts).keys() == shards | describe(layout, years).keys() | {MANIFEST}


def test_the_same_posts_in_any_order_give_the_same_bytes():
    posts = write_posts(40, words=50)
    shuffled = random.Random(5).sample(posts, len(posts))
    assert render_index(shuffled) == render_index(posts)


def test_an_edit_of_a_body_changes_only_the_shards_with_the_changed_terms():
    posts = write_posts(100)
    post, text = posts[50]
    edited = [*posts[:50], (post, f"{text} zeppelin"), *posts[51:]]
    assert changed_files(posts, edited) == [shard_path(shard_of("zeppelin", 16, 3), 16)]


@pytest.mark.parametrize(("count", "expected"), [(100, "posts-0.json"), (400, "2022/posts-2.json")])
def test_an_edit_of_a_title_changes_one_file_of_descriptions(count, expected):
    posts = write_posts(count, words=50)
    number = count // 2
    post, text = posts[number]
    edited = [*posts[:number], (replace(post, title="Zeppelin"), text), *posts[number + 1 :]]
    assert [path for path in changed_files(posts, edited) if "posts" in path] == [expected]


@pytest.mark.parametrize(("count", "expected"), [(170, "posts-1.json"), (400, "2024/posts-4.json")])
def test_a_newest_post_changes_only_the_last_file_of_descriptions(count, expected):
    posts = write_posts(count, words=50)
    newest = replace(posts[0][0], url="/posts/new/", date=datetime(2024, 12, 31, tzinfo=UTC))
    assert [path for path in changed_files(posts, [*posts, (newest, "")]) if "posts" in path] == [expected]


def test_a_newest_post_changes_only_the_shards_with_its_terms():
    posts = write_posts(100)
    newest = make_post("/posts/new/", "Zeppelin", "2025-01-01")
    shards = [path for path in changed_files(posts, [*posts, (newest, "")]) if path.endswith(".txt")]
    assert shards == [shard_path(shard_of("zeppelin", 16, 3), 16)]


def test_posts_of_one_day_are_ordered_by_their_url():
    posts = [make_post("/a0/", date="2024-05-02"), *(make_post(url) for url in ("/b/", "/a/", "/c/"))]
    assert [post.url for post in in_order(posts)] == ["/c/", "/b/", "/a/", "/a0/"]


def test_the_manifest_depends_only_on_the_numbers_of_posts():
    manifest = render_manifest(IndexLayout(((2023, 3), (2024, 500))))
    assert json.loads(manifest) == {
        "levels": 16,
        "letters": 3,
        "shards": 64,
        "page": 16,
        "whole": False,
        "years": [[2024, 500], [2023, 3]],
    }
    assert MANIFEST == "index.json"


def test_the_number_of_shards_is_a_power_of_two_that_grows_with_the_archive():
    counts = {0: 1, 1: 1, 8: 1, 9: 2, 16: 2, 17: 4, 300: 64, 1024: 128, 4096: 128, 4097: 256, 10_000: 512, 10**5: 4096}
    assert {count: IndexLayout(((2024, count),)).shards for count in counts} == counts


def test_all_words_with_the_same_first_letters_are_in_one_shard():
    words = ("telegr", "telegraph", "telegram")
    assert all(len({shard_of(word, 128, letters) for word in words}) == 1 for letters in (3, 4, 6))
    assert len({shard_of(term, 128, 6) for term in ("東", "東京", "東西")}) == 1


def test_filters_are_spread_over_shards_by_the_whole_term():
    assert len({shard_of(f"tag:{number}", 128, 3) for number in range(100)}) > 30


def test_text_that_is_not_unicode_is_replaced():
    post = make_post("/a/", "Lone \ud800 surrogate")
    assert "Lone ? surrogate" in render_index([(post, "\udfff")])["posts-0.json"].decode()


def test_a_long_summary_is_cut_between_words():
    [row] = json.loads(render_index([(make_post("/a/", summary="summary " * 50), "")])["posts-0.json"])
    assert len(row[5]) <= 91
    assert row[5].endswith("summary…")


@given(
    st.lists(st.tuples(st.integers(0, 6000), st.integers(0, LEVELS - 1)), unique_by=lambda item: item[0], min_size=1)
)
def test_a_code_is_read_as_the_posts_and_levels_that_it_was_written_from(entries):
    numbers = sorted(number * LEVELS + level for number, level in entries)
    posts = [("",) * LEVELS] * (max(number for number, _ in entries) + 1)
    for number, level in entries:
        posts[number] = ("",) * level + ("term",) + ("",) * (LEVELS - level - 1)
    (line,) = split_terms(IndexLayout(((2020, 1),)), posts)
    read, start, value = [], 0, 0
    for character in line.removeprefix("term ").removesuffix("\n"):
        digit = ord(character) - 33
        if digit >= 64:  # a leading digit
            value = value * 30 + digit - 64 + 1
            continue
        read.append(start + value * 64 + digit)
        start, value = read[-1] - read[-1] % LEVELS + LEVELS, 0
    assert read == numbers


def test_a_post_that_has_a_term_twice_is_refused():
    twice = ("term", "term") + ("",) * (LEVELS - 2)
    for posts in ([twice], [("",) * LEVELS, twice]):
        with pytest.raises(ValueError, match="a post has a term twice"):
            split_terms(IndexLayout(((2020, 1),)), posts)
