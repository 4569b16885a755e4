import dataclasses
from datetime import UTC, datetime

from msgspec.structs import replace

from sitegen.model import Post, Source, Term
from sitegen.search.ranking import LEVELS, SearchDocument, add_terms, document_of, terms_by_level

PLAIN = SearchDocument(text="word " + "other " * 99)


def weigh(document):
    """Return the level of each term that finds a document."""
    levels = terms_by_level(document)
    assert len(levels) == LEVELS
    found = [(term, level) for level, terms in enumerate(levels) for term in terms.split()]
    assert len(dict(found)) == len(found), "a term is at two levels"
    return dict(found)


def test_a_frequent_word_has_more_weight():
    levels = [weigh(replace(PLAIN, text="word " * count + "other " * (100 - count)))["word"] for count in (1, 2, 5)]
    assert levels == sorted(set(levels))


def test_a_word_weighs_less_in_a_long_text():
    assert weigh(replace(PLAIN, text="word " + "other " * 3000))["word"] < weigh(PLAIN)["word"]


def test_a_word_in_the_title_outweighs_any_number_in_the_text():
    often = weigh(replace(PLAIN, text="word " * 500))["word"]
    assert weigh(replace(PLAIN, title="Word of three"))["word"] > often


def test_a_short_title_weighs_more_than_a_long_one():
    short = weigh(replace(PLAIN, title="Word"))["word"]
    assert short > weigh(replace(PLAIN, title="Word among a good many other ones"))["word"]


def test_tags_source_and_authors_lift_their_words():
    lifted = [
        replace(PLAIN, tags=(Term("Word", "word", ""),)),
        replace(PLAIN, source=Term("Word", "word", "")),
        replace(PLAIN, authors=(Term("Word", "word", ""),)),
    ]
    assert all(weigh(document)["word"] > weigh(PLAIN)["word"] for document in lifted)


def test_filters_are_terms_of_their_own():
    document = replace(PLAIN, source=Term("NY Post", "nypost", ""), tags=(Term("North Korea", "north-korea", ""),))
    assert {term for term in weigh(document) if ":" in term} == {"source:nypost", "tag:north-korea"}


def test_words_of_the_summary_are_found_too():
    assert "zeppelin" in weigh(replace(PLAIN, summary="A zeppelin"))


def test_a_word_of_the_text_weighs_the_same_if_it_is_in_the_summary_too():
    assert weigh(replace(PLAIN, summary="word")) == weigh(PLAIN)
    often = replace(PLAIN, text="word " * 5 + "other " * 95)
    assert weigh(replace(often, summary="A word, another word"))["word"] == weigh(often)["word"]


def test_a_word_that_is_only_in_the_summary_weighs_as_one_that_occurs_once():
    once = replace(PLAIN, text="zeppelin " + "other " * 99)
    summary = replace(PLAIN, text="x " + "other " * 99, summary="A zeppelin, a zeppelin")
    assert weigh(summary)["zeppelin"] == weigh(once)["zeppelin"]


def test_every_level_can_be_written():
    heavy = replace(PLAIN, title="word", tags=(Term("word", "word", ""),) * 9, text="word " * 999)
    assert weigh(heavy)["word"] == LEVELS - 1
    assert weigh(replace(PLAIN, text="word " + "x " * 100_000))["word"] == 0


def test_a_document_is_taken_from_a_post_and_its_page():
    post = Post(
        path="content/posts/a.md",
        title="Title",
        slug="a",
        url="/a/",
        output="a/index.html",
        date=datetime(2024, 5, 1, 23, 30, tzinfo=UTC),
        source=Source("NY Post", "nypost", "/sources/nypost/"),
        tags=(Term("War", "war", "/tags/war/"),),
        summary="Summary",
    )
    assert document_of(post, "<p>Body</p>") == SearchDocument(
        title="Title",
        source=Term("NY Post", "nypost", "/sources/nypost/"),
        tags=post.tags,
        summary="Summary",
        text=" Body ",
    )


def test_a_search_finds_an_excerpt_by_what_its_page_shows():
    source = Source("NY Post", "nypost", "/sources/nypost/", policy="excerpt")
    post = Post("content/posts/a.md", "Title", "a", "/a/", "a/index.html", datetime(2024, 5, 1, tzinfo=UTC))
    document = document_of(
        dataclasses.replace(post, source=source, summary="Summary"), "<p>Summary</p><p>Secret words</p>"
    )
    assert (document.title, document.summary, document.text) == ("Title", "Summary", "")
    assert document_of(post, "<p>Words</p>").text == " Words "


def test_each_term_is_at_one_level():
    document = replace(PLAIN, title="Title", tags=(Term("War", "war", ""),) * 2, source=Term("Wire", "wire", ""))
    document = replace(document, text=f"{document.text} title war wire", summary="Title, war and word")
    assert weigh(document).keys() == {"and", "other", "source:wire", "tag:war", "title", "war", "wire", "word"}


def test_terms_of_comments_have_the_lowest_weight_and_change_no_other():
    levels = terms_by_level(SearchDocument(title="Frost", text="frost and thaw"))
    more = add_terms(levels, "thaw spring frost")
    assert more[1:] == levels[1:]
    assert more[0].split() == [*levels[0].split(), "spring"]
