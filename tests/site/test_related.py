from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sitegen.config.schema import Config
from sitegen.formats.frozen_dict import FrozenDict
from sitegen.model import Post, Source, Term
from sitegen.site.assemble import assemble
from sitegen.site.related import RelatedPosts, _best


def make(n, tags=(), source=""):
    terms = tuple(Term(tag, tag, f"/tags/{tag}/") for tag in tags)
    day = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=n)
    origin = Source(source, source, f"/sources/{source}/") if source else None
    return Post(f"{n}.md", str(n), str(n), f"/{n}/", f"{n}/index.html", day, tags=terms, source=origin, digest=str(n))


def related(posts, limit=3):
    site = assemble(Config(), posts, (), FrozenDict())
    relations = RelatedPosts(site, limit)
    return {post.path: [other.title for other in relations.find(post)] for post in posts}


def test_posts_that_share_more_tags_come_first():
    found = related([make(1, "ab"), make(2, "a"), make(3, "ab"), make(4, "c")])
    assert found["1.md"] == ["3", "2"]


def test_a_rare_tag_counts_more_than_a_common_one():
    posts = [
        make(1, ["common", "rare"]),
        make(2, ["common"]),
        make(3, ["rare"]),
        *(make(n, ["common"]) for n in range(4, 20)),
    ]
    assert related(posts)["1.md"][0] == "3"


def test_a_shared_source_counts_too():
    assert related([make(1, source="x"), make(2, source="x"), make(3, source="y")])["1.md"] == ["2"]


def test_equal_ones_are_ordered_by_nearness_in_time():
    assert related([make(n, "a") for n in range(1, 8)])["4.md"] == ["5", "3", "6"]


def test_the_posts_beside_a_post_come_after_all_others():
    posts = [make(n, "ab" if n in (4, 5, 6) else "a") for n in range(1, 8)]
    relations = RelatedPosts(assemble(Config(), posts, (), FrozenDict()), 3)
    assert [other.title for other in relations.find(posts[4], [posts[3], posts[5]])] == ["7", "3", "2"]


def test_the_posts_beside_a_post_are_shown_if_there_are_too_few_others():
    posts = [make(n, "a") for n in range(1, 5)]
    relations = RelatedPosts(assemble(Config(), posts, (), FrozenDict()), 3)
    assert [other.title for other in relations.find(posts[1], [posts[2], posts[0]])] == ["4", "3", "1"]


def test_a_limit_of_zero_finds_none():
    assert related([make(1, "a"), make(2, "a")], 0) == {"1.md": [], "2.md": []}


def test_a_post_without_tags_and_source_has_none():
    assert related([make(1), make(2, "a"), make(3, "a")])["1.md"] == []


def test_the_order_of_the_input_does_not_matter():
    posts = [make(n, "ab"[n % 2]) for n in range(1, 30)]
    assert related(posts) == related(list(reversed(posts)))


@given(
    st.dictionaries(st.integers(0, 99), st.lists(st.sampled_from([0.1, 0.2, 0.3, 0.5, 3.7]), min_size=1)),
    st.integers(0, 99),
    st.integers(1, 5),
)
def test_the_best_are_those_of_all_candidates_in_order(weights, own, limit):
    near = {index: sum(shared) for index, shared in weights.items()}
    ranked = sorted(near, key=lambda index: (-round(near[index], 9), abs(index - own), index))
    assert _best(range(100), own, near, limit) == tuple(ranked[:limit])
