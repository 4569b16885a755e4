import json
from datetime import UTC, date, datetime

import pytest

from sitegen.check.html.tokenizer import read_document
from sitegen.check.pages.json_ld import check_json_ld, read_data
from sitegen.model import Count, Post, Source, Term
from sitegen.pages import ListPage, PostPage
from sitegen.render.json_ld import Publication, describe_publication, write_json_ld

BOX = describe_publication(
    Publication(
        title="The Box",
        url="https://box.example/letters/",
        origin="https://box.example",
        language="en",
        search="https://box.example/letters/search/",
        indexes={"source": ("Sources", "/letters/sources/")},
    )
)
WIRE = Source("Wire", "wire", "/letters/sources/wire/", "https://wire.example/")


def make_post(**more):
    values = {
        "path": "content/posts/a.md",
        "title": 'A "title" with </script> in it',
        "slug": "a",
        "url": "/letters/posts/a/",
        "output": "posts/a/index.html",
        "date": datetime(2023, 1, 2, 9, tzinfo=UTC),
    }
    return Post(**(values | more))


FULL = make_post(
    updated=datetime(2023, 2, 1, tzinfo=UTC),
    authors=(Term("Ada Smith", "ada-smith", "/letters/authors/ada-smith/"),),
    source=WIRE,
    source_url="https://wire.example/a",
    views=Count(5, "Wix", date(2023, 1, 2)),
    comments=Count(2),
    likes=Count(9),
    tags=(Term("rain", "rain", "/letters/tags/rain/"), Term("snow", "snow", "/letters/tags/snow/")),
    summary="What it says.",
    image="/letters/a.png",
    issue="7",
    language="fa",
)


def page_of(post, kind="post"):
    return PostPage(post.output, post.url, "post.html", kind, post, "")


def describe(page, **more):
    """Return what a page says, after the check of the site has found nothing wrong with it."""
    text = f'<!doctype html><script type="application/ld+json">{write_json_ld(page, BOX, "Its title", **more)}</script>'
    document = read_document("page.html", text)
    objects, problems = read_data(document)
    assert [*problems, *check_json_ld(document, objects)] == []
    return {item["@type"]: item for item, _ in objects}


@pytest.mark.parametrize("post", [FULL, make_post()], ids=["full", "bare"])
def test_a_post_has_all_that_search_engines_ask_for(post):
    described = describe(page_of(post), words=120)["BlogPosting"]
    assert described["headline"] == 'A "title" with </script> in it'
    assert described["wordCount"] == 120
    assert described["url"] == "https://box.example/letters/posts/a/"
    assert described["publisher"]["name"] == "The Box"


def test_counts_say_who_counted_and_when():
    views, comments, likes = describe(page_of(FULL))["BlogPosting"]["interactionStatistic"]
    assert views == {
        "@type": "InteractionCounter",
        "interactionType": {"@type": "ViewAction"},
        "userInteractionCount": 5,
        "interactionService": {"@type": "WebSite", "name": "Wix"},
        "endTime": "2023-01-02",
    }
    assert comments["interactionType"] == {"@type": "CommentAction"}
    assert (likes["interactionType"], likes["userInteractionCount"]) == ({"@type": "LikeAction"}, 9)
    assert describe(page_of(FULL))["BlogPosting"]["commentCount"] == 2


def test_each_platform_that_counted_views_has_a_counter():
    parts = (Count(7, "Plausible", date(2024, 6, 1)), Count(5, "Wix", date(2023, 1, 2)))
    post = make_post(views=Count(12, "", date(2024, 6, 1), parts))
    counters = describe(page_of(post))["BlogPosting"]["interactionStatistic"]
    shown = [
        (counter["userInteractionCount"], counter["interactionService"]["name"], counter["endTime"])
        for counter in counters
    ]
    assert shown == [(7, "Plausible", "2024-06-01"), (5, "Wix", "2023-01-02")]


@pytest.mark.parametrize("name", ["views", "comments", "likes"])
def test_one_count_alone_is_included(name):
    [counter] = describe(page_of(make_post(**{name: Count(3)})))["BlogPosting"]["interactionStatistic"]
    assert counter["userInteractionCount"] == 3


def test_a_republished_post_names_the_original_and_its_publisher():
    described = describe(page_of(FULL))["BlogPosting"]
    assert "citation" not in described
    assert described["isBasedOn"]["url"] == "https://wire.example/a"
    assert described["isBasedOn"]["publisher"]["url"] == "https://wire.example/"


def test_a_post_has_its_issue_language_image_and_tags():
    described = describe(page_of(FULL))["BlogPosting"]
    assert described["isPartOf"]["issueNumber"] == "7"
    assert described["inLanguage"] == "fa"
    assert described["image"] == "https://box.example/letters/a.png"
    assert described["keywords"] == ["rain", "snow"]
    assert described["dateModified"] == "2023-02-01T00:00:00+00:00"


def test_the_way_to_a_page_begins_at_home_and_ends_at_it():
    steps = describe(page_of(FULL))["BreadcrumbList"]["itemListElement"]
    assert [(step["position"], step["name"], step.get("item")) for step in steps] == [
        (1, "The Box", "https://box.example/letters/"),
        (2, "Wire", "https://box.example/letters/sources/wire/"),
        (3, "Its title", None),
    ]


def test_an_index_page_is_one_step_from_home():
    page = ListPage("sources/index.html", "/letters/sources/", "source.html", "source", "Sources", "", (FULL,))
    steps = describe(page)["BreadcrumbList"]["itemListElement"]
    assert [(step["position"], step["name"], step.get("item")) for step in steps] == [
        (1, "The Box", "https://box.example/letters/"),
        (2, "Sources", None),
    ]


def test_the_home_page_has_a_search_action():
    page = ListPage("index.html", "/letters/", "home.html", "home", "The Box", "About news", (FULL,))
    action = describe(page)["WebSite"]["potentialAction"]
    assert action["target"]["urlTemplate"] == "https://box.example/letters/search/?q={query}"


def test_a_list_is_below_the_index_of_its_kind():
    url = "/letters/sources/wire/"
    page = ListPage("sources/wire/index.html", url, "source.html", "source", "Wire", "", (FULL, make_post()))
    described = describe(page)
    assert described["CollectionPage"]["url"] == "https://box.example/letters/sources/wire/"
    assert [step["name"] for step in described["BreadcrumbList"]["itemListElement"]] == [
        "The Box",
        "Sources",
        "Its title",
    ]


def test_a_list_does_not_repeat_what_it_links_to():
    page = ListPage("index.html", "/letters/", "home.html", "home", "The Box", "", (FULL,))
    assert FULL.url not in write_json_ld(page, BOX, "The Box")


def test_a_post_says_when_it_was_changed_only_if_it_was():
    assert "dateModified" not in describe(page_of(make_post()))["BlogPosting"]
    assert describe(page_of(FULL))["BlogPosting"]["dateModified"] == "2023-02-01T00:00:00+00:00"


def test_a_page_of_the_site_is_a_web_page():
    assert describe(page_of(FULL, "page"))["WebPage"]["name"] == FULL.title


def test_nothing_in_a_title_can_end_the_block():
    text = write_json_ld(page_of(FULL), BOX, "x")
    assert "<" not in text
    assert json.loads(text)
