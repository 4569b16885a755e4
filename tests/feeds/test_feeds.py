import hashlib
import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from html import unescape

import feedparser
import pytest
from lxml import etree
from msgspec import structs

from sitegen.check.feeds.run import validate_feed
from sitegen.config.schema import Feeds
from sitegen.feeds import Feed, render_document
from sitegen.formats.frozen_dict import FrozenDict
from sitegen.model import Count
from tests.support.feed_samples import CONFIG, PARAMS, SOURCE, make_post, render_all, render_one

POSTS = [make_post(number) for number in range(30)]
NAMES = {
    "a": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "fh": "http://purl.org/syndication/history/1.0",
    "media": "http://search.yahoo.com/mrss/",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "thr": "http://purl.org/syndication/thread/1.0",
}


def with_feeds(**settings):
    return structs.replace(CONFIG, feeds=Feeds(**settings))


def rss(post, config=CONFIG, html=None):
    return etree.fromstring(render_one(post, "rss", config, html)).find("channel")


def atom(post, config=CONFIG, html=None):
    return etree.fromstring(render_one(post, "atom", config, html))


def json_feed(post, config=CONFIG, html=None):
    return json.loads(render_one(post, "json", config, html))


def text(element, path):
    return element.findtext(path, namespaces=NAMES)


def test_processes_with_other_time_zones_and_hash_seeds_write_the_same_bytes():
    program = (
        "import hashlib; from tests.support.feed_samples import *;"
        "files = render_all([make_post(n) for n in range(30)]);"
        "print(hashlib.sha256(b''.join(k.encode() + v for k, v in sorted(files.items()))).hexdigest())"
    )
    files = render_all(POSTS)
    expected = hashlib.sha256(b"".join(key.encode() + data for key, data in sorted(files.items()))).hexdigest()
    for zone, seed in (("Asia/Tokyo", "1"), ("America/Lima", "2")):
        environment = os.environ | {"TZ": zone, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        run = subprocess.run(
            [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
        )
        assert run.stdout.strip() == expected


def test_importing_the_feeds_loads_neither_feedgen_nor_lxml():
    program = "import sys, sitegen.feeds; print([name for name in ('feedgen', 'lxml', 'nh3') if name in sys.modules])"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    run = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


@pytest.mark.parametrize("kind", ["rss", "atom"])
def test_feedparser_reads_all_items_in_order(kind):
    files = render_all(POSTS)
    read = feedparser.parse(files[{"rss": "feed.xml", "atom": "atom.xml"}[kind]])
    assert not read.bozo
    assert [entry.title for entry in read.entries] == [f"Post {number}" for number in range(29, 9, -1)]
    assert read.entries[0].id == "https://h.example/repo/posts/post-29/"
    assert read.entries[0].link == "https://h.example/repo/posts/post-29/"
    assert "Text of <em>post-29</em>" in read.entries[0].content[0].value


def test_the_elements_of_an_rss_item_come_in_the_order_that_validators_ask_for():
    item = rss(make_post(1, params=PARAMS)).find("item")
    names = [etree.QName(child).localname for child in item]
    assert names[:4] == ["title", "link", "description", "encoded"]
    channel = rss(make_post(1))
    assert [child.tag for child in channel if child.tag == "item"] == [channel[-1].tag]


def test_the_channel_links_to_its_page_and_to_itself():
    channel = etree.fromstring(render_all([make_post(1), make_post(12)])["feed.xml"]).find("channel")
    assert text(channel, "link") == "https://h.example/repo/"
    links = {link.get("rel"): link.get("href") for link in channel.findall("a:link", NAMES)}
    assert links == {"self": "https://h.example/repo/feed.xml", "prev-archive": "https://h.example/repo/feeds/2021.xml"}


def test_a_feed_is_as_old_as_the_newest_change_in_it():
    changed = datetime(2024, 5, 6, 7, 8, 9, 999, timezone(timedelta(hours=2)))
    files = render_all([*POSTS, make_post(20, updated=changed)])
    channel = etree.fromstring(files["feed.xml"]).find("channel")
    assert text(channel, "lastBuildDate") == "Mon, 06 May 2024 07:08:09 +0200"
    assert text(etree.fromstring(files["atom.xml"]), "a:updated") == "2024-05-06T07:08:09+02:00"
    assert b"lastBuildDate>Thu, 01 Jan 1970" in render_all([])["feed.xml"]


def test_a_date_of_local_mean_time_or_of_long_ago_is_written_as_the_formats_want_it():
    mean = timezone(timedelta(minutes=53, seconds=28))
    post = make_post(1, date=datetime(1665, 11, 7, 10, 0, tzinfo=mean))
    assert text(rss(post), "item/pubDate") == "Sat, 07 Nov 1665 09:06:32 +0000"
    assert text(atom(post), "a:entry/a:published") == "1665-11-07T09:06:32+00:00"
    first = make_post(1, date=datetime(1, 1, 1, tzinfo=mean))
    assert text(atom(first), "a:entry/a:published") == "0001-01-01T00:00:00+00:00"
    assert text(rss(first), "item/pubDate") == "Mon, 01 Jan 0001 00:00:00 +0000"
    assert json_feed(make_post(1, date=datetime(2020, 1, 1)))["items"][0]["date_published"].endswith("+00:00")


def test_counts_are_in_each_format_that_has_an_element_for_them():
    post = replace(make_post(3), likes=Count(9))
    item = rss(post).find("item")
    assert (text(item, "slash:comments"), text(item, "thr:total")) == ("3", "3")
    assert text(atom(post), "a:entry/thr:total") == "3"
    assert json_feed(post)["items"][0]["_sitegen"] == {
        "views": {"count": 30, "on": "Wix", "at": "2023-01-02"},
        "comments": {"count": 3, "on": "Wix", "at": "2023-01-02"},
        "likes": {"count": 9},
    }
    assert "_sitegen" not in json_feed(make_post(2))["items"][0]


def test_a_republished_post_names_its_source_in_each_format():
    post = make_post(3)
    item = rss(post).find("item")
    assert (text(item, "source"), item.find("source").get("url")) == ("NYPost", "https://nypost.example/feed/")
    assert item.find("dc:source", NAMES) is None, "it would say the same as <source>"
    assert item.find("a:link[@rel='via']", NAMES).get("href") == "https://nypost.example/3"
    entry = atom(post).find("a:entry", NAMES)
    assert text(entry, "a:source/a:id") == "https://nypost.example/feed/"
    assert text(entry, "a:source/a:updated") == text(entry, "a:updated")
    assert entry.find("a:link[@rel='via']", NAMES).get("href") == "https://nypost.example/3"
    assert json_feed(post)["items"][0]["external_url"] == "https://nypost.example/3"


def test_no_source_is_named_whose_feed_is_not_known():
    item = rss(make_post(3, source=replace(SOURCE, feed=""))).find("item")
    assert item.find("source") is None
    assert text(item, "dc:source") == "https://nypost.example/3"


def test_the_content_contains_the_attribution_of_the_config():
    line = '<p>First published by <a href="https://nypost.example/3">NYPost</a></p>'
    assert text(rss(make_post(3)), "item/content:encoded").startswith(f"{line}<p>Text of")
    assert json_feed(make_post(3))["items"][0]["content_html"].startswith(line)
    assert text(atom(make_post(2)), "a:entry/a:content").startswith("<p>Text of")
    config = with_feeds(attribution="Zuerst bei {source} & Co")
    assert '<p>Zuerst bei <a href="https://nypost.example/3">' in text(atom(make_post(3), config), "a:entry/a:content")
    silent = with_feeds(attribution="")
    assert text(rss(make_post(3), silent), "item/content:encoded").startswith("<p>Text of")
    unnamed = make_post(3, source=None)
    assert ">nypost.example</a></p>" in text(rss(unnamed), "item/content:encoded")


def test_a_feed_of_summaries_holds_no_content_but_the_attribution():
    config = with_feeds(full=False)
    item = rss(make_post(3, summary="a < b"), config).find("item")
    assert item.find("content:encoded", NAMES) is None
    summary = '<p>a &lt; b</p><p>First published by <a href="https://nypost.example/3">NYPost</a></p>'
    assert text(item, "description") == summary
    entry = atom(make_post(3, summary="a < b"), config).find("a:entry", NAMES)
    assert entry.find("a:content", NAMES) is None
    assert text(entry, "a:summary") == summary
    assert json_feed(make_post(3, summary="a < b"), config)["items"][0]["content_html"] == summary


@pytest.mark.parametrize(("kind", "name"), [("rss", "feed.xml"), ("atom", "atom.xml"), ("json", "feed.json")])
def test_feeds_of_groups_contain_summaries_unless_the_config_asks_for_whole_posts(kind, name):
    for settings, of_site, of_group in (
        ({}, True, False),
        ({"group_full": True}, True, True),
        ({"full": False, "group_full": True}, False, False),
    ):
        files = render_all(POSTS, with_feeds(group_formats=(kind,), group_archives=True, **settings))
        archive = next(path for path in files if path.startswith("tags/mail/2022."))
        for path, whole in ((name, of_site), (f"tags/mail/{name}", of_group), (archive, of_group)):
            assert (b"Text of " in files[path]) == whole, (settings, path)
            assert b"What post " in files[path]
            assert list(validate_feed(files[path])) == []


def test_a_post_of_which_only_an_excerpt_may_be_shown_is_a_summary_in_full_feeds_too():
    post = make_post(3, source=replace(SOURCE, policy="excerpt"))
    for kind in ("rss", "atom", "json"):
        assert b"Text of" not in render_one(post, kind)


def test_a_post_without_a_summary_has_the_beginning_of_its_text():
    post = make_post(2, summary="")
    assert text(rss(post), "item/description") == "Text of post-2 , with a link ."
    assert text(rss(post, html=lambda _: ""), "item/description") == "Post 2"


def test_images_of_the_site_have_type_size_and_alternative_text():
    post = make_post(2, image="/repo/a.png", image_alt="A door")
    names = ("/repo/b.svg", "https://o.example/c.png", "/repo/a.png")
    body = "".join(f'<p><img src="{name}" alt=""></p>' for name in names)
    found = rss(post, html=lambda _: body).findall("item/media:content", NAMES)
    assert [dict(element.attrib) for element in found] == [
        {
            "url": "https://h.example/repo/a.png",
            "type": "image/png",
            "medium": "image",
            "fileSize": "1234",
            "width": "640",
            "height": "480",
        },
        {"url": "https://h.example/repo/b.svg", "type": "image/svg+xml", "medium": "image", "fileSize": "99"},
    ]
    assert text(found[0], "media:description") == "A door"
    assert json_feed(post)["items"][0]["image"] == "https://h.example/repo/a.png"
    assert len(atom(post).findall("a:entry/media:content", NAMES)) == 1


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"url": "/talk.mp3", "length": 4321}, ("https://h.example/repo/talk.mp3", "4321", "audio/mpeg")),
        ("talk.pdf", ("https://h.example/repo/posts/talk.pdf", "0", "application/pdf")),
        ("../../out.pdf", ("https://h.example/repo/out.pdf", "0", "application/pdf")),
        ("/a.png", ("https://h.example/repo/a.png", "1234", "image/png")),
        ({"url": "https://o.example/x", "type": "video/webm"}, ("https://o.example/x", "0", "video/webm")),
        ({"url": "/a.mp3", "type": "sound", "length": -3}, ("https://h.example/repo/a.mp3", "0", "audio/mpeg")),
        ((FrozenDict({"url": "/a.ogg", "length": "x"}), "/b.mp3"), ("https://h.example/repo/a.ogg", "0", "audio/ogg")),
    ],
)
def test_an_enclosure_has_url_length_and_type(value, expected):
    whole = FrozenDict(value) if isinstance(value, dict) else value
    post = make_post(2, params=FrozenDict({"enclosure": whole}))
    enclosure = rss(post).find("item/enclosure")
    assert (enclosure.get("url"), enclosure.get("length"), enclosure.get("type")) == expected
    link = atom(post).find("a:entry/a:link[@rel='enclosure']", NAMES)
    assert link.get("href") == expected[0]
    assert json_feed(post)["items"][0]["attachments"][0]["mime_type"] == expected[2]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("https://wire.example/a?b=<1>&c=2", "https://wire.example/a?b=%3C1%3E&c=2"),
        ("https://wire.example/ein Fall/über", "https://wire.example/ein%20Fall/%C3%BCber"),
        ("https://bücher.example:8080/", "https://xn--bcher-kva.example:8080/"),
        ("https://wire.example/100%/%41[x]", "https://wire.example/100%25/%41%5Bx%5D"),
        ("https://wire.example/?tags[]=a#b[1]", "https://wire.example/?tags%5B%5D=a#b%5B1%5D"),
        ("https://[2001:db8::1]:80/[a]", "https://[2001:db8::1]:80/%5Ba%5D"),
    ],
)
def test_a_url_with_invalid_characters_is_encoded_in_each_format(written, expected):
    post = make_post(3, source_url=written, source=replace(SOURCE, feed=written))
    item = rss(post).find("item")
    assert text(rss(make_post(3, source_url=written, source=None)).find("item"), "dc:source") == expected
    assert item.find("a:link[@rel='via']", NAMES).get("href") == expected
    assert item.find("source").get("url") == expected
    assert f'<a href="{expected.replace("&", "&amp;")}">' in text(item, "content:encoded")
    assert text(atom(post), "a:entry/a:source/a:id") == expected
    assert json_feed(post)["items"][0]["external_url"] == expected


def test_a_file_of_the_site_with_any_name_has_a_url():
    enclosure = FrozenDict({"enclosure": "/talk é&.mp3"})
    post = make_post(2, params=enclosure, image="/repo/tür 1.png")
    data = render_one(post, "rss", html=lambda _: '<img src="/repo/bär.png" alt="">')
    item = etree.fromstring(data).find("channel/item")
    assert item.find("enclosure").get("url") == "https://h.example/repo/talk%20%C3%A9&.mp3"
    assert json_feed(post)["items"][0]["image"] == "https://h.example/repo/t%C3%BCr%201.png"
    assert list(map(str, validate_feed(data))) == []


def test_languages_rights_authors_and_categories_are_said():
    post = make_post(2, language="pt-BR", params=FrozenDict({"rights": "CC BY"}))
    config = with_feeds(groups=False)
    channel = rss(post, config)
    assert (text(channel, "language"), text(channel, "copyright")) == ("en", "© WGON")
    assert text(channel, "item/dc:language") == "pt-BR"
    assert text(channel, "item/dc:creator") == "Ada & Co"
    assert [element.text for element in channel.findall("item/category")] == ["Mail", "新聞"]
    feed = atom(post, config)
    entry = feed.find("a:entry", NAMES)
    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    assert (feed.get(lang), entry.get(lang)) == ("en", "pt-BR")
    assert (text(feed, "a:rights"), text(entry, "a:rights")) == ("© WGON", "CC BY")
    assert text(entry, "a:author/a:uri") == "https://h.example/repo/authors/ada-co/"
    item = json_feed(post, config)["items"][0]
    assert (item["language"], item["tags"]) == ("pt-BR", ["Mail", "新聞"])
    assert text(atom(make_post(3)), "a:entry/a:rights") is None, "the rights in a republished post are not ours"


def test_hubs_are_named_by_config():
    config = with_feeds(hubs=("https://hub.example/",))
    assert rss(POSTS[0], config).find("a:link[@rel='hub']", NAMES).get("href") == "https://hub.example/"
    assert atom(POSTS[0], config).find("a:link[@rel='hub']", NAMES).get("href") == "https://hub.example/"
    assert json_feed(POSTS[0], config)["hubs"] == [{"type": "WebSub", "url": "https://hub.example/"}]


def test_archive_documents_are_marked_and_linked():
    files = render_all(POSTS, with_feeds(archive_formats=("rss", "atom")))
    for path, root in ((path, etree.fromstring(files[path])) for path in ("feeds/2021.xml", "feeds/2021.atom.xml")):
        channel = root if path.endswith("atom.xml") else root.find("channel")
        links = {link.get("rel"): link.get("href").rpartition("repo/")[2] for link in channel.findall("a:link", NAMES)}
        end = path.removeprefix("feeds/2021")
        assert links["self"] == path
        assert (links["prev-archive"], links["next-archive"]) == (f"feeds/2020{end}", f"feeds/2022{end}")
        assert links["current"] == ("atom.xml" if path.endswith("atom.xml") else "feed.xml")
        assert channel.find("fh:archive", NAMES) is not None
    assert text(etree.fromstring(files["feeds/2021.atom.xml"]), "a:id") == "https://h.example/repo/atom.xml"


def test_guids_are_verbatim_and_atom_gets_a_uri():
    url = rss(make_post(2)).find("item/guid")
    assert (url.text, url.get("isPermaLink")) == ("https://h.example/repo/posts/post-2/", None)
    foreign = rss(make_post(2, id="wix:5f3e")).find("item/guid")
    assert (foreign.text, foreign.get("isPermaLink")) == ("wix:5f3e", "false")
    assert text(atom(make_post(2, id="wix:5f3e")), "a:entry/a:id") == "urn:uuid:e6b66692-1ba7-5031-b478-583110d97aa4"
    assert text(rss(make_post(2, id="no 12")), "item/guid") == "no 12"
    assert text(atom(make_post(2, id="no 12")), "a:entry/a:id") == "urn:uuid:99219de5-8503-5cb0-859d-6860fa7b9d0d"
    assert json_feed(make_post(2, id="no 12"))["items"][0]["id"] == "no 12"


HOSTILE = [
    "]]> and <![CDATA[ x ]]>",
    "<script>alert(1)</script>",
    "AT&T &amp; &lt;b&gt; &nbsp; &#0; &unknown;",
    "a\x00b\x08c\x0bd\x1fe\x7f\x85",
    "\ufffe\uffff \ufdd0 x",
    "lone \ud800 surrogate \udfff",
    "emoji 👩🏽‍🚀 🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "שלום مرحبا \u202eevil\u202c",
    "quotes \" ' ` ‘’ “”",
    "tab\tand\nnew\r\nlines\rhere\u2028\u2029",
    "e\u0301 ﬁ Ⅳ ｆｕｌｌ",
    "--> <!-- <?php ?> <?xml version='1.0'?>",
    "\\u0000 \\ / \u00a0",
    "\u200b\u200d\ufeff",
]


def survivors(value: str) -> str:
    """Return the characters of a string that XML and HTML allow, on one line."""
    legal = "".join(
        char
        for char in value
        if char in "\t\n\r"
        or ("\x20" <= char <= "\ud7ff" and char != "\x7f")
        or "\ue000" <= char <= "\ufffd"
        or char > "\uffff"
    )
    return " ".join(legal.split())


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_titles_names_and_summaries_are_parsed_back_unchanged(value):
    post = make_post(2, title=value, summary=value, authors=(replace(make_post(2).authors[0], name=value),))
    expected = survivors(value)
    assert text(rss(post), "item/title") == expected
    assert text(rss(post), "item/dc:creator") == expected
    entry = atom(post).find("a:entry", NAMES)
    for name in ("title", "summary"):
        shown = text(entry, f"a:{name}")
        assert (unescape(shown) if entry.find(f"a:{name}", NAMES).get("type") == "html" else shown) == expected
    item = json_feed(post)["items"][0]
    assert (item["title"], item["summary"], item["authors"][0]["name"]) == (expected, expected, expected)
    for kind in ("rss", "atom"):
        assert not feedparser.parse(render_one(post, kind)).bozo


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_bodies_are_parsed_back_unchanged(value):
    shown = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    post = make_post(2)
    found = {
        text(rss(post, html=lambda _: f"<p>{shown}</p>"), "item/content:encoded"),
        text(atom(post, html=lambda _: f"<p>{shown}</p>"), "a:entry/a:content"),
        json_feed(post, html=lambda _: f"<p>{shown}</p>")["items"][0]["content_html"],
    }
    assert len(found) == 1
    body = etree.fromstring(f"<p>{survivors(shown)}</p>").text
    parsed = etree.HTML(found.pop()).findtext(".//p")
    assert " ".join(parsed.split()) == body


def test_a_title_of_nothing_becomes_the_url():
    for title in ("", " \n", "\x00\ud800"):
        assert text(rss(make_post(2, title=title)), "item/title") == "https://h.example/repo/posts/post-2/"


@pytest.mark.parametrize("kind", ["rss", "atom", "json"])
def test_a_post_of_a_megabyte_and_one_of_deep_nesting_are_carried_whole(kind):
    big = "<p>" + "All work and no play. " * 50_000 + "</p>"
    data = render_one(make_post(2), kind, html=lambda _: big)
    assert data.count(b"All work and no play.") == 50_000
    deep = "<blockquote>" * 5_000 + "<iframe src='/x'></iframe>core" + "</blockquote>" * 5_000
    assert b"core" in render_one(make_post(2), kind, html=lambda _: deep)


def test_the_opml_lists_the_feeds_in_folders():
    root = etree.fromstring(render_all(POSTS)["feeds/opml.xml"])
    assert [outline.get("xmlUrl") for outline in root.findall("body/outline[@xmlUrl]")] == [
        "https://h.example/repo/feed.xml"
    ]
    assert {outline.get("version") for outline in root.iter("outline")} == {"RSS", None}, "OPML 2.0 knows no RSS2"
    folders = {
        outline.get("text"): [child.get("text") for child in outline] for outline in root.findall("body/outline")
    }
    assert folders == {"The Dispatch Box": [], "Sources": ["NYPost"], "Tags": ["Mail", "新聞"], "Authors": ["Ada & Co"]}


def test_an_unknown_feed_format_is_refused():
    with pytest.raises(ValueError, match="'rdf'"):
        render_document(Feed("x", "/x", "rdf", "t", "d", "/", "en"), [], CONFIG)


@pytest.mark.parametrize(
    ("zone", "written"),
    [
        (timedelta(hours=5, minutes=45), "+0545"),
        (timedelta(hours=-9, minutes=-30), "-0930"),
        (timedelta(minutes=-30), "-0030"),
        (timedelta(hours=14), "+1400"),
        (timedelta(0), "+0000"),
    ],
)
def test_a_date_of_rss_has_hours_and_minutes_of_its_zone(zone, written):
    post = make_post(1, date=datetime(2024, 5, 6, 7, 8, 9, tzinfo=timezone(zone)))
    assert text(rss(post), "item/pubDate") == f"Mon, 06 May 2024 07:08:09 {written}"


def test_a_post_is_never_updated_before_it_was_published():
    published, earlier = datetime(2024, 5, 6, tzinfo=UTC), datetime(2023, 1, 1, tzinfo=UTC)
    post = make_post(1, date=published, updated=earlier)
    assert text(atom(post), "a:entry/a:updated") == "2024-05-06T00:00:00+00:00"
    assert text(atom(post), "a:updated") == "2024-05-06T00:00:00+00:00"
    assert text(rss(post), "lastBuildDate") == "Mon, 06 May 2024 00:00:00 +0000"
    assert "date_modified" not in json_feed(post)["items"][0]


def test_an_rss_item_has_one_enclosure_and_the_other_formats_have_all():
    urls = ["https://h.example/repo/a.mp3", "https://h.example/repo/b.pdf", "https://h.example/repo/c.mp4"]
    post = make_post(2, params=FrozenDict({"enclosure": tuple(urls)}))
    assert [item.get("url") for item in rss(post).findall("item/enclosure")] == urls[:1]
    links = atom(post).findall("a:entry/a:link[@rel='enclosure']", NAMES)
    assert [link.get("href") for link in links] == urls
    assert [item["url"] for item in json_feed(post)["items"][0]["attachments"]] == urls


def test_the_enclosure_of_an_rss_item_is_the_first_that_is_on_the_web():
    value = ("ftp://h.example/a.mp3", "https://h.example/repo/b.mp3")
    post = make_post(2, params=FrozenDict({"enclosure": value}))
    assert [item.get("url") for item in rss(post).findall("item/enclosure")] == ["https://h.example/repo/b.mp3"]
