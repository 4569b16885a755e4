from datetime import UTC, datetime, timedelta, timezone

import pytest
from msgspec import structs

from sitegen.config.schema import FORMATS, Feeds, Urls
from sitegen.feeds import Feed, OpmlOutline, feed_links, plan_feeds
from sitegen.formats.frozen_dict import FrozenDict
from tests.support.feed_samples import CONFIG, make_post, make_site

POSTS = [make_post(number) for number in range(30)]


def planned(config=CONFIG, posts=POSTS):
    return {feed.path: feed for feed in plan_feeds(config, make_site(posts, config))}


def with_feeds(**settings):
    return structs.replace(CONFIG, feeds=Feeds(**settings))


NAMES = ("feed.xml", "atom.xml", "feed.json")
GROUPS = ("sources/nypost/", "tags/mail/", "tags/新聞/", "authors/ada-co/")


def test_the_site_has_a_feed_in_each_format_and_each_group_one_in_rss():
    paths = set(planned())
    newest = {path for path in paths if not path.startswith("feeds/")}
    assert newest == {"feed.xml", "atom.xml", "feed.json", *(f"{folder}feed.xml" for folder in GROUPS)}
    assert "feeds/opml.xml" in paths


def test_a_feed_says_what_it_is_about():
    feeds = planned(with_feeds(posts=2, groups=True, group_archives=True), [*POSTS[:9], make_post(9, language="de")])
    newest, oldest = feeds["feed.xml"].posts, feeds["feeds/2020.xml"].posts
    site = Feed(
        path="feed.xml",
        url="/repo/feed.xml",
        kind="rss",
        title="The Dispatch Box",
        description="How news has travelled.",
        home="/repo/",
        language="en",
        posts=newest,
        previous="/repo/feeds/2021.xml",
    )
    archive = {"path": "feeds/2020.xml", "url": "/repo/feeds/2020.xml", "title": "The Dispatch Box (2020)"}
    links = {"current": "/repo/feed.xml", "previous": "", "next": "/repo/feeds/2021.xml"}
    assert feeds["feed.xml"] == site
    assert feeds["feeds/2020.xml"] == structs.replace(site, **archive, **links, archive="2020", posts=oldest)
    mail = feeds["tags/mail/feed.xml"]
    assert (mail.title, mail.subject, mail.name, mail.home) == (
        "The Dispatch Box: Mail",
        "tag",
        "Mail",
        "/repo/tags/mail/",
    )
    assert feeds["tags/mail/2020.xml"].title == "The Dispatch Box: Mail (2020)"
    german = feeds["feeds/de/atom.xml"]
    assert (german.title, german.subject, german.name) == ("The Dispatch Box: de", "language", "de")
    assert (german.home, german.language, german.complete) == ("/repo/", "de", True)
    assert feeds["feeds/opml.xml"] == Feed(
        path="feeds/opml.xml",
        url="/repo/feeds/opml.xml",
        kind="opml",
        title="The Dispatch Box",
        description="How news has travelled.",
        home="/repo/",
        language="en",
        outlines=feeds["feeds/opml.xml"].outlines,
    )
    assert feeds["feeds/opml.xml"].outlines[0] == OpmlOutline(
        "The Dispatch Box", "site", "rss", "/repo/feed.xml", "/repo/"
    )


def test_a_feed_without_a_description_has_its_title():
    config = structs.replace(CONFIG, description="")
    assert planned(config)["tags/mail/feed.xml"].description == "The Dispatch Box: Mail"
    assert planned(config)["feeds/opml.xml"].description == ""


def test_formats_and_lists_without_a_url_are_not_written():
    paths = set(
        planned(structs.replace(CONFIG, urls=Urls(opml="", atom_archive="", json_archive="", language_feeds="")))
    )
    assert "feeds/opml.xml" not in paths
    assert {path for path in paths if path.startswith("feeds/")} == {f"feeds/{year}.xml" for year in range(2020, 2024)}
    feeds = planned(structs.replace(CONFIG, urls=Urls(feed_archive="")))
    assert (feeds["feed.xml"].previous, feeds["atom.xml"].previous) == ("", "/repo/feeds/2023.atom.xml")
    assert feeds["feed.json"].previous == ""
    assert not feeds["feed.xml"].complete
    several = [*POSTS, make_post(31, language="de")]
    assert "feeds/de/feed.xml" in planned(posts=several)
    assert "feeds/de/feed.xml" not in planned(structs.replace(CONFIG, urls=Urls(language_feeds="")), several)


def test_a_site_without_posts_has_complete_feeds():
    feeds = planned(posts=[])
    assert (feeds["feed.xml"].posts, feeds["feed.xml"].previous, feeds["feed.xml"].complete) == ((), "", True)
    assert not [path for path in feeds if path.startswith("feeds/2")]


def test_a_group_without_a_page_has_no_feed():
    site = make_site(POSTS)
    tags = tuple(structs.replace(tag, url="") for tag in site.tags)
    hidden = structs.replace(site, tags=tags, terms=FrozenDict(site.terms | {"tags": tags}))
    assert not [feed.path for feed in plan_feeds(CONFIG, hidden) if "tags" in feed.path]


def test_an_outline_is_in_a_format_that_readers_import():
    feeds = planned(with_feeds(formats=("json", "atom"), group_formats=("json",)))
    formats = {outline.subject: outline.kind for outline in feeds["feeds/opml.xml"].outlines}
    assert formats == {"site": "atom", "source": "json", "tag": "json", "author": "json"}


def test_groups_have_more_formats_where_the_config_wants_them():
    paths = set(planned(with_feeds(group_formats=("json", "atom", "rss"))))
    for folder in ("", *GROUPS):
        assert {f"{folder}feed.xml", f"{folder}atom.xml", f"{folder}feed.json"} <= paths
    paths = set(planned(with_feeds(formats=("json", "atom"))))
    assert {f"{folder}feed.json" for folder in GROUPS} <= paths, "groups have the first format, if none of theirs"
    assert not any(path.endswith(("feed.xml", "tags/mail/atom.xml")) for path in paths)


def test_a_feed_holds_the_newest_posts_of_its_subject():
    feeds = planned(with_feeds(posts=5, group_formats=("atom", "json")))
    assert [post.slug for post in feeds["feed.xml"].posts] == [f"post-{n}" for n in (29, 28, 27, 26, 25)]
    assert all(post.source for post in feeds["sources/nypost/atom.xml"].posts)
    assert feeds["tags/新聞/feed.json"].url == "/repo/tags/%E6%96%B0%E8%81%9E/feed.json"
    assert feeds["tags/新聞/feed.json"].home == "/repo/tags/%E6%96%B0%E8%81%9E/"


def test_feeds_of_groups_hold_the_newest_five_posts_and_those_of_languages_as_many_as_the_site():
    posts = [make_post(number, language="de" if number % 2 else "en") for number in range(60)]
    feeds = planned(posts=posts)
    sizes = {path: len(feed.posts) for path, feed in feeds.items() if path.endswith("feed.xml")}
    of_languages = {"feeds/de/feed.xml": 20, "feeds/en/feed.xml": 20}
    assert sizes == {"feed.xml": 20, **of_languages, **dict.fromkeys((f"{folder}feed.xml" for folder in GROUPS), 5)}
    mail = [post.slug for post in reversed(posts) if post.tags]
    for settings, size in (({"group_posts": 9}, 9), ({"group_posts": 9, "posts": 3}, 3), ({"posts": 3}, 3)):
        feed = planned(with_feeds(**settings), posts)["tags/mail/feed.xml"]
        assert [post.slug for post in feed.posts] == mail[:size]


def test_feeds_of_the_site_and_its_languages_contain_whole_posts_and_those_of_groups_summaries():
    posts = [make_post(number, language="de" if number % 2 else "en") for number in range(9)]
    feeds = planned(posts=posts)
    of_site = {"feed.xml", "atom.xml", "feed.json", *(f"feeds/{tag}/" + name for tag in ("de", "en") for name in NAMES)}
    assert {path for path, feed in feeds.items() if feed.full and feed.posts and not feed.archive} == of_site
    assert not any(feed.full for feed in planned(with_feeds(full=False, group_full=True), posts).values() if feed.posts)


def test_there_is_an_archive_document_a_year_linked_both_ways():
    feeds = planned()
    years = [f"feeds/{year}.xml" for year in (2023, 2022, 2021, 2020)]
    assert feeds["feed.xml"].previous == "/repo/feeds/2023.xml"
    chain = [(feeds[path].previous, feeds[path].next, feeds[path].current) for path in years]
    assert chain == [
        ("/repo/feeds/2022.xml", "", "/repo/feed.xml"),
        ("/repo/feeds/2021.xml", "/repo/feeds/2023.xml", "/repo/feed.xml"),
        ("/repo/feeds/2020.xml", "/repo/feeds/2022.xml", "/repo/feed.xml"),
        ("", "/repo/feeds/2021.xml", "/repo/feed.xml"),
    ]
    assert [post.slug for path in years for post in feeds[path].posts] == [f"post-{n}" for n in range(29, -1, -1)]
    assert {feeds[path].archive for path in years} == {"2020", "2021", "2022", "2023"}


@pytest.mark.parametrize(
    ("formats", "archive_formats", "expected"),
    [
        (FORMATS, ("rss",), {"xml"}),
        (FORMATS, ("json", "atom"), {"atom.xml", "json"}),
        (FORMATS, FORMATS, {"xml", "atom.xml", "json"}),
        (FORMATS, (), {"xml"}),
        (("json", "atom"), ("rss",), {"json"}),
        (("atom",), ("json", "atom"), {"atom.xml"}),
    ],
)
def test_archives_are_in_the_formats_of_the_config_or_else_in_the_first_of_the_feeds(
    formats, archive_formats, expected
):
    feeds = planned(with_feeds(formats=formats, archive_formats=archive_formats))
    archives = {path: feed for path, feed in feeds.items() if feed.archive}
    assert {path.partition(".")[2] for path in archives} == expected
    suffixes = {"rss": "xml", "atom": "atom.xml", "json": "json"}
    for kind, path in (("rss", "feed.xml"), ("atom", "atom.xml"), ("json", "feed.json")):
        if kind in formats:
            suffix = suffixes[kind]
            assert feeds[path].previous == (f"/repo/feeds/2023.{suffix}" if suffix in expected else "")
            if suffix in expected:
                assert feeds[f"feeds/2020.{suffix}"].next == f"/repo/feeds/2021.{suffix}"


def test_groups_whose_formats_have_no_archives_have_them_in_their_first():
    feeds = planned(with_feeds(group_formats=("json",), group_archives=True))
    assert "feeds/2020.xml" in feeds
    assert feeds["tags/mail/feed.json"].previous == "/repo/tags/mail/2023.json"


def test_a_new_post_changes_no_archive_document_of_a_year_past():
    before, after = planned(), planned(posts=[*POSTS, make_post(30)])
    changed = {path for path in after if before.get(path) != after[path] and "feeds/" in path}
    assert changed == {"feeds/2023.xml"}


def of_one_year(count):
    """Return posts of 2021, an hour apart, between one of 2020 and one of 2022."""
    start = datetime(2021, 1, 2, tzinfo=UTC)
    of_2021 = [make_post(number, date=start + timedelta(hours=number)) for number in range(1, count + 1)]
    return [make_post(0, date=datetime(2020, 5, 6, tzinfo=UTC)), *of_2021, make_post(9_999, date=start.replace(2022))]


@pytest.mark.parametrize(("count", "sizes"), [(99, [99]), (100, [100]), (101, [1, 100]), (250, [50, 100, 100])])
def test_a_year_has_an_archive_document_for_each_hundred_posts(count, sizes):
    feeds = planned(posts=of_one_year(count))
    chain, path = [], feeds["feed.xml"].previous
    while path:
        chain.append(feeds[path.removeprefix("/repo/")])
        path = chain[-1].previous
    parts = ["2021", "2021-2", "2021-3"][: len(sizes)][::-1]
    assert [feed.archive for feed in chain] == ["2022", *parts, "2020"]
    assert [feed.url for feed in chain[1:-1]] == [f"/repo/feeds/{name}.xml" for name in parts]
    assert [len(feed.posts) for feed in chain] == [1, *sizes, 1]
    assert [feed.next for feed in chain] == ["", *[feed.url for feed in chain[:-1]]]
    slugs = [post.slug for feed in chain for post in feed.posts]
    assert slugs == ["post-9999", *[f"post-{number}" for number in range(count, 0, -1)], "post-0"]
    titles = {"2021": "The Dispatch Box (2021)", "2021-2": "The Dispatch Box (2021, 2)"}
    assert all(feed.title == titles.get(feed.archive, feed.title) for feed in chain)


@pytest.mark.parametrize("count", [99, 100, 150, 200])
def test_a_new_post_changes_the_posts_of_the_last_document_of_its_year_only(count):
    posts = of_one_year(count + 1)
    before, after = planned(posts=posts[:-2]), planned(posts=posts[:-1])
    assert before.keys() <= after.keys(), "no document gets another URL"
    changed = {path for path in before if before[path].archive and before[path].posts != after[path].posts}
    name = "2021" if count < 100 else "2021-2" if count < 200 else "2021-3"
    assert changed == {f"feeds/{name}.xml"} & before.keys()
    assert after[f"feeds/{name}.xml"].posts[0].slug == f"post-{count + 1}"


def test_the_feed_links_to_the_newest_year_where_time_zones_order_posts_otherwise():
    tokyo = make_post(1, date=datetime(2024, 1, 1, 1, tzinfo=timezone(timedelta(hours=9))))
    new_york = make_post(2, date=datetime(2023, 12, 31, 20, tzinfo=timezone(timedelta(hours=-5))))
    feeds = planned(posts=[tokyo, new_york])
    assert feeds["feed.xml"].posts == (new_york, tokyo)
    assert (feeds["feed.xml"].previous, feeds["feeds/2024.xml"].posts) == ("/repo/feeds/2024.xml", (tokyo,))


def test_posts_of_one_year_that_the_feed_holds_need_no_archive():
    year = [make_post(number) for number in range(8)]
    feeds = planned(posts=year)
    assert len({post.date.year for post in year}) == 1
    assert (feeds["feed.xml"].complete, feeds["feed.xml"].previous) == (True, "")
    assert not [path for path in feeds if "2020" in path]
    assert "feeds/2020.xml" in planned(with_feeds(posts=7), year), "the feed does not hold them all"
    assert "feeds/2020.xml" in planned(posts=[*year, make_post(8)]), "there is a second year"


def test_groups_have_archives_only_where_the_config_wants_them():
    assert "tags/mail/2023.xml" not in planned()
    feeds = planned(with_feeds(group_archives=True))
    assert feeds["tags/mail/2023.xml"].current == "/repo/tags/mail/feed.xml"
    assert feeds["tags/mail/feed.xml"].previous == "/repo/tags/mail/2023.xml"


def test_a_feed_is_complete_only_where_it_holds_all_and_has_no_archive():
    assert not planned()["feed.xml"].complete
    assert planned(with_feeds(group_posts=20))["tags/mail/feed.xml"].complete
    assert not planned(with_feeds(group_posts=19))["tags/mail/feed.xml"].complete
    assert not planned(with_feeds(group_posts=20, posts=19))["tags/mail/feed.xml"].complete
    assert planned(with_feeds(posts=99, archives=False))["feed.xml"].complete


def test_the_config_can_leave_one_feed_alone():
    config = with_feeds(formats=("rss",), groups=False, archives=False)
    assert list(planned(config)) == ["feed.xml", "feeds/opml.xml"]
    assert planned(with_feeds(formats=())) == {}


def test_feeds_have_the_urls_of_the_config():
    config = structs.replace(CONFIG, urls=Urls(feed="/rss/", atom="/a b.xml", feed_archive="/old/{year}/rss.xml"))
    feeds = planned(config)
    assert feeds["rss/index.xml"].url == "/repo/rss/"
    assert feeds["tags/mail/rss"].url == "/repo/tags/mail/rss"
    assert feeds["a b.xml"].url == "/repo/a%20b.xml"
    assert feeds["old/2020/rss.xml"].archive == "2020"


def test_each_language_has_feeds_where_there_are_several():
    assert "feeds/en/feed.xml" not in planned()
    posts = [*POSTS, make_post(31, language="pt-BR")]
    feeds = planned(posts=posts)
    assert [post.slug for post in feeds["feeds/pt-br/feed.xml"].posts] == ["post-31"]
    assert feeds["feeds/pt-br/feed.xml"].language == "pt-BR"
    assert len(feeds["feeds/en/feed.xml"].posts) == 20


def test_the_opml_lists_each_subject_once():
    outlines = planned()["feeds/opml.xml"].outlines
    assert [(outline.subject, outline.title, outline.url) for outline in outlines] == [
        ("site", "The Dispatch Box", "/repo/feed.xml"),
        ("source", "NYPost", "/repo/sources/nypost/feed.xml"),
        ("tag", "Mail", "/repo/tags/mail/feed.xml"),
        ("tag", "新聞", "/repo/tags/%E6%96%B0%E8%81%9E/feed.xml"),
        ("author", "Ada & Co", "/repo/authors/ada-co/feed.xml"),
    ]


def test_a_page_announces_its_own_feeds_and_no_archives():
    links = feed_links(plan_feeds(CONFIG, make_site(POSTS)))
    assert [(link.type, link.url) for link in links["/repo/"]] == [
        ("application/rss+xml", "/repo/feed.xml"),
        ("application/atom+xml", "/repo/atom.xml"),
        ("application/feed+json", "/repo/feed.json"),
    ]
    assert [link.title for link in links["/repo/tags/mail/"]] == ["The Dispatch Box: Mail"]


def test_the_fingerprint_of_a_feed_changes_with_a_post_in_it_and_no_other():
    changed = [make_post(0, title="Other"), *POSTS[1:]]
    before, after = planned(), planned(posts=changed)
    assert {path for path in after if repr(before[path]) != repr(after[path])} == {"feeds/2020.xml"}
