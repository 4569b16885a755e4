"""Links between the posts of an export by their old URLs lead to the imported files, also if the ids are other URLs."""

import json
from datetime import UTC

import pytest

from sitegen.config.schema import Config
from sitegen.importers.base import Options
from sitegen.importers.run import run_import
from tests.support.importing import import_path
from tests.support.sites import write

OLD = "https://old.example/2020/well/"
LINK = f'<p>See <a href="{OLD}">the well</a>, <a href="{OLD}#deep">its depth</a> and <a href="https://o.example/">o</a>.</p>'
WXR = """\
<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><link>https://old.example</link><wp:wxr_version>1.2</wp:wxr_version>
<item><title>Rope</title><link>https://old.example/2020/rope/</link><guid>https://old.example/?p=1</guid>
<wp:post_name>rope</wp:post_name><wp:post_date>2020-01-01 10:00:00</wp:post_date><wp:status>publish</wp:status>
<wp:post_type>{rope}</wp:post_type><content:encoded><![CDATA[{link}]]></content:encoded></item>
<item><title>Well</title><link>{old}</link><guid>https://old.example/?p=2</guid>
<wp:post_name>well</wp:post_name><wp:post_date>2020-01-02 10:00:00</wp:post_date><wp:status>publish</wp:status>
<wp:post_type>{well}</wp:post_type><content:encoded><![CDATA[<h2 id="deep">Deep</h2>]]></content:encoded></item>
</channel></rss>
"""
RSS = f"""\
<rss version="2.0"><channel><title>T</title><link>https://old.example/</link>
<item><title>Rope</title><link>https://old.example/2020/rope/</link><guid isPermaLink="false">tag:1</guid>
<pubDate>Wed, 01 Jan 2020 10:00:00 GMT</pubDate><description><![CDATA[{LINK}]]></description></item>
<item><title>Well</title><link>{OLD}</link><guid isPermaLink="false">https://old.example/?p=2</guid>
<pubDate>Thu, 02 Jan 2020 10:00:00 GMT</pubDate><description><![CDATA[<h2 id="deep">Deep</h2>]]></description></item>
</channel></rss>
"""
JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "T",
        "items": [
            {"id": "1", "url": "https://old.example/2020/rope/", "title": "Rope", "content_html": LINK}
            | {"date_published": "2020-01-01T10:00:00Z"},
            {"id": "https://old.example/?p=2", "url": OLD, "title": "Well", "content_html": '<h2 id="deep">Deep</h2>'}
            | {"date_published": "2020-01-02T10:00:00Z"},
        ],
    }
)
SAVED = """\
<html><head><title>{title}</title><link rel="canonical" href="{url}"><meta property="og:title" content="{title}">
<meta property="article:published_time" content="2020-01-0{day}T10:00:00Z"></head>
<body><article><h1>{title}</h1>{text}<p>{words}</p></article></body></html>
"""
WORDS = "Some more words about it. " * 20


def wxr(rope="post", well="post"):
    return {"export.xml": WXR.format(link=LINK, old=OLD, rope=rope, well=well)}


EXPORTS = {
    "wordpress, post to post": ("wordpress", wxr(), "2020-01-02-well.md"),
    "wordpress, post to page": ("wordpress", wxr(well="page"), "../pages/well.md"),
    "wordpress, page to post": ("wordpress", wxr(rope="page"), "../posts/2020-01-02-well.md"),
    "wordpress, page to page": ("wordpress", wxr("page", "page"), "well.md"),
    "rss": ("feed", {"feed.xml": RSS}, "2020-01-02-well.md"),
    "json feed": ("feed", {"feed.json": JSON_FEED}, "2020-01-02-well.md"),
    "saved pages": (
        "page",
        {
            "a.html": SAVED.format(title="Rope", url="https://old.example/2020/rope/", day=1, text=LINK, words=WORDS),
            "b.html": SAVED.format(title="Well", url=OLD, day=2, text='<h2 id="deep">Deep</h2>', words=WORDS),
        },
        "2020-01-02-well.md",
    ),
}


@pytest.mark.parametrize("name", EXPORTS)
def test_a_link_by_the_old_url_leads_to_the_imported_file(name, tmp_path):
    source, files, target = EXPORTS[name]
    report = import_path(write(tmp_path / "export", files), tmp_path / "site", source)
    (rope,) = (tmp_path / "site/content").rglob("*rope.md")
    text = rope.read_text("utf-8")
    assert f"[the well]({target}), [its depth]({target}#deep) and [o](https://o.example/)" in text
    assert report.rewritten_links == 2


SUBSTACK = "post_id,post_date,is_published,email_sent_at,type,audience,title,subtitle,podcast_url\n" + "".join(
    f"{number}.{slug},2020-01-0{number}T10:00:00.000Z,true,,newsletter,everyone,{slug},,\n"
    for number, slug in enumerate(("rope", "well", "boat"), 1)
)
LINKS = """\
<p><a href="https://letters.example/p/well">a</a>, <a href="https://letters.example/p/boat">b</a>,
<a href="https://ada.substack.com/p/well?utm_source=x">c</a>, <a href="https://open.substack.com/pub/ada/p/boat?r=1">d</a>,
<a href="https://eve.substack.com/p/well">e</a> and <a href="https://letters.example/p/rope">f</a>.</p>
"""


def test_links_by_the_platforms_url_of_a_publication_with_a_domain_lead_to_the_imported_files(tmp_path):
    files = {"posts.csv": SUBSTACK, "posts/1.rope.html": LINKS, "posts/2.well.html": "W", "posts/3.boat.html": "B"}
    report = import_path(write(tmp_path / "export", files), tmp_path / "site", "substack")
    text = (tmp_path / "site/content/posts/2020-01-01-rope.md").read_text("utf-8")
    assert "[c](2020-01-02-well.md), [d](2020-01-03-boat.md), [e](https://eve.substack.com/p/well)" in text
    assert report.rewritten_links == 5
    assert "(also https://ada.substack.com)" in report.notes[0].message


@pytest.mark.parametrize(("base_url", "is_reported"), [("https://new.example/", True), ("https://old.example/", False)])
def test_a_link_to_the_old_site_is_reported_if_the_new_one_has_another_domain(base_url, is_reported, tmp_path):
    link = '<a href="https://old.example/2020/gone/">G</a> <a href="https://www.old.example/">H</a>'
    export = write(tmp_path / "export", {"export.xml": WXR.format(link=link, old=OLD, rope="post", well="page")})
    (tmp_path / "site").mkdir()
    config = Config(base_url=base_url)
    report = run_import([export], tmp_path / "site", "content/posts", Options(UTC), config=config)
    assert [(str(note.where), note.message) for note in report.notes if "the old site" in note.message] == [
        ("content/posts/2020-01-01-rope.md", f'a link leads to the old site: "{url}"')
        for url in ("https://old.example/2020/gone/", "https://www.old.example/")
        if is_reported
    ]
    assert [item.url for item in report.broken] == ([] if is_reported else ["https://old.example/2020/gone/"])


@pytest.mark.parametrize(
    "host", ["well.blogspot.com", "well.blogspot.de", "www.well.blogspot.co.uk", "WELL.blogspot.com.au"]
)
def test_links_by_any_country_of_blogger_lead_to_the_imported_files(host, tmp_path):
    text = RSS.replace("https://old.example/2020/rope", "https://well.blogspot.com/2020/rope")
    text = text.replace(f"<link>{OLD}", "<link>http://well.blogspot.fr/2020/well/").replace(
        OLD, f"https://{host}/2020/well/"
    )
    write(tmp_path / "in", {"feed.xml": text})
    import_path(tmp_path / "in", tmp_path / "site", "feed")
    rope = (tmp_path / "site/content/posts/2020-01-01-rope.md").read_text()
    assert "[the well](2020-01-02-well.md)" in rope
