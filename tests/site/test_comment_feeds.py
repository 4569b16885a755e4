"""Feeds of comments: what they contain, where pages link to them, and what a change renders again."""

import re
from xml.etree import ElementTree

import pytest

from sitegen.check.feeds.run import validate_feed
from sitegen.comments.discussion import PAGE_COMMENTS
from sitegen.feeds.plan import MAX_COMMENTS
from tests.support.sites import CONFIG, build, make_site, post, tree, write

FILE = "content/posts/2024-01-02-second.comments.yaml"
OTHER = "content/posts/2024-01-01-first.comments.yaml"
NAMES = {"thr": "http://purl.org/syndication/thread/1.0", "dc": "http://purl.org/dc/elements/1.1/"}
POSTS = "[feeds]\npost_comments = true\n"
COMMENTS = """\
- id: blog-1
  author: Ada & <Smith>
  date: 2024-01-02T10:00:00+02:00
  text: I *liked* this, see [the page](/about/).
- id: blog-2
  date: 2024-01-02T11:00:00Z
  reply_to: blog-1
  text: Me too
- id: blog-3
  author: Bo
  date: 2024-01-02T12:00:00Z
  reply_to: gone
  text: Lost
- id: blog-4
  text: Without a date
- id: ping-1
  type: pingback
  date: 2024-01-02T13:00:00Z
  url: https://other.example.org/
  text: Elsewhere
"""


def items(root, path="comments.xml"):
    return ElementTree.parse(root / "output" / path).getroot().findall("channel/item")


def many(count, day="2024-02"):
    return "".join(
        f"- id: c{n}\n  date: {day}-{1 + n // 1000:02}T{n % 1000 // 60:02}:{n % 60:02}:00Z\n  text: Text {n}\n"
        + (f"  reply_to: c{n - 1}\n" if n else "")
        for n in range(count)
    )


def answered(item):
    return item.find("thr:in-reply-to", NAMES).attrib["ref"]


def test_the_feed_has_the_newest_comments_and_what_they_answer(tmp_path):
    root = make_site(tmp_path, {FILE: COMMENTS})
    build(root)
    lost, reply, first = items(root)
    url = "https://letter.example.org/posts/second/"
    assert [item.findtext("title") for item in (lost, reply, first)] == [
        "Bo on “Second”",
        "Anonymous on “Second”",
        "Ada &#x26; &#x3C;Smith&gt; on “Second”".replace("&#x26;", "&").replace("&#x3C;", "<").replace("&gt;", ">"),
    ]
    assert first.findtext("link") == f"{url}#theme:comment-blog-1"
    assert first.findtext("guid") == f"{url}#comment-blog-1"
    assert first.findtext("pubDate") == "Tue, 02 Jan 2024 10:00:00 +0200"
    assert first.findtext("dc:creator", None, NAMES) == "Ada & <Smith>"
    assert 'href="https://letter.example.org/about/"' in first.findtext("description")
    assert [answered(item) for item in (lost, reply, first)] == [url, first.findtext("guid"), url]


def test_the_guid_of_a_comment_is_a_uri_that_stays_when_its_post_moves(tmp_path):
    text = post("Second", "2024-01-02").replace("tags:", "id: wix-5\ntags:")
    root = make_site(tmp_path, {FILE: COMMENTS, "content/posts/2024-01-02-second.md": text})
    build(root)
    before = [item.findtext("guid") for item in items(root)]
    assert all(guid.startswith("urn:uuid:") for guid in before)
    write(root, {"content/posts/2024-01-02-second.md": text.replace("tags:", "slug: moved\ntags:")})
    build(root)
    assert [item.findtext("guid") for item in items(root)] == before
    assert "/posts/moved/" in items(root)[0].findtext("link")


def test_the_feed_holds_the_newest_of_all_discussions(tmp_path):
    root = make_site(tmp_path, {FILE: many(PAGE_COMMENTS + 2), OTHER: many(3, "2024-03")})
    build(root)
    texts = [re.search(r"Text \d+", item.findtext("description"))[0] for item in items(root)]
    newest = [f"Text {n}" for n in range(PAGE_COMMENTS + 1, PAGE_COMMENTS + 1 - (MAX_COMMENTS - 3), -1)]
    assert texts == ["Text 2", "Text 1", "Text 0", *newest]
    by_link = {item.findtext("link"): item for item in items(root)}
    first_of_page = by_link[f"https://letter.example.org/posts/second/comments/2/#theme:comment-c{PAGE_COMMENTS}"]
    parent = first_of_page.find("thr:in-reply-to", NAMES).attrib["href"]
    assert parent == f"https://letter.example.org/posts/second/#theme:comment-c{PAGE_COMMENTS - 1}"
    assert all(
        answered(item).endswith(f"c{int(item.findtext('guid').rpartition('c')[2]) - 1}") for item in items(root)[:2]
    )


def test_posts_have_feeds_of_their_comments_by_setting(tmp_path):
    root = make_site(tmp_path, {FILE: COMMENTS, OTHER: many(2)}, CONFIG + POSTS)
    build(root)
    assert len(items(root)) == 5
    assert len(items(root, "posts/second/comments.xml")) == 3
    assert len(items(root, "posts/first/comments.xml")) == 2
    feed = (root / "output/feed.xml").read_text()
    assert "<wfw:commentRss>https://letter.example.org/posts/second/comments.xml</wfw:commentRss>" in feed
    assert feed.count("<wfw:commentRss>") == 2
    atom = (root / "output/atom.xml").read_text()
    assert '<link href="https://letter.example.org/posts/first/comments.xml" rel="replies"' in atom
    for path in ("comments.xml", "posts/second/comments.xml", "feed.xml", "atom.xml"):
        assert not list(validate_feed((root / "output" / path).read_bytes()))
    html = (root / "output/posts/second/index.html").read_text()
    assert re.findall(r'href="(/[^"]*comments.xml)"', html) == ["/comments.xml", "/posts/second/comments.xml"]
    assert "comments.xml" not in (root / "output/posts/third/index.html").read_text()
    write(root, {OTHER: COMMENTS})
    assert sorted(build(root).rendered) == ["comments.xml", "posts/first/comments.xml", "posts/first/index.html"]
    incremental = tree(root / "output")
    build(root, fresh=True)
    assert tree(root / "output") == incremental
    (root / OTHER).unlink()
    assert "posts/first/comments.xml" in build(root).removed
    assert "posts/first/comments.xml" not in (root / "output/feed.xml").read_text()


def test_pages_of_comments_and_the_page_of_feeds_link_to_the_feed(tmp_path):
    root = make_site(tmp_path, {FILE: many(PAGE_COMMENTS + 1)})
    build(root)
    link = (
        '<link rel="alternate" type="application/rss+xml" title="Comments on “The Test Letter”" href="/comments.xml">'
    )
    for path in ("posts/second/index.html", "posts/second/comments/2/index.html"):
        assert link in (root / "output" / path).read_text()
    assert link not in (root / "output/index.html").read_text()
    assert 'href="/comments.xml"' in (root / "output/feeds/index.html").read_text()
    assert "/comments.xml\n  Content-Type: application/rss+xml" in (root / "output/_headers").read_text()


@pytest.mark.parametrize(
    ("files", "config"),
    [
        ({FILE: COMMENTS}, '[urls]\ncomments_feed = ""\n' + POSTS),
        ({FILE: "- id: a\n  text: Without a date\n"}, ""),
        ({FILE: "- id: a\n  type: pingback\n  date: 2024-01-01\n  url: https://a.example/\n  text: x\n"}, ""),
        (
            {
                "content/posts/2024-01-02-second.md": post("S").replace("tags:", "comments: false\ntags:"),
                FILE: COMMENTS,
            },
            "",
        ),
        ({"content/posts/2024-01-02-second.md": post("S").replace("tags:", "draft: true\ntags:"), FILE: COMMENTS}, ""),
    ],
    ids=["switched off", "no date", "only mentions", "hidden", "draft"],
)
def test_a_site_has_no_feed_without_comments_for_it(tmp_path, files, config):
    root = make_site(tmp_path, files, CONFIG + config)
    build(root)
    assert not any(b"comments.xml" in data for data in tree(root / "output").values())
    assert not [path for path in tree(root / "output") if path.endswith("comments.xml")]


def test_a_podcast_is_not_announced_in_the_feed_of_comments(tmp_path):
    podcast = '[feeds.podcast]\ncategory = "Arts"\nimage = "/a.png"\nemail = "a@example.org"\n'
    root = make_site(tmp_path, {FILE: COMMENTS, "content/a.png": "artwork"}, CONFIG + podcast)
    build(root)
    assert "itunes" in (root / "output/feed.xml").read_text()
    assert "itunes" not in (root / "output/comments.xml").read_text()
