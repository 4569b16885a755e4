"""URLs that cannot be parsed: in front matter they are problems, in a post they are removed from feeds."""

from functools import partial

import pytest

from sitegen.content.front_matter.post import read_post
from sitegen.content.front_matter.split import split
from sitegen.errors import SiteError
from sitegen.feeds import item_cache
from sitegen.feeds.item_cache import Items
from sitegen.formats.srcset import read_srcset, write_srcset
from sitegen.formats.urls import is_parseable, join_url
from sitegen.media.image_sets import ImageSets
from sitegen.system.limits import limit
from tests.support.feed_samples import CONFIG, FORMATS, make_post
from tests.support.sites import build, make_site, post

UNPARSEABLE = ["//[x", "http://[x/", "https://[::1", "https://a]b/", "https://e\uff0fa.example/"]

TEXTS = [
    "[a]({url})",
    "![a]({url})",
    "<{url}>",
    '<a href="{url}">a</a>',
    '<img src="{url}" alt="">',
    '<img src="/x.png" srcset="{url} 2x, {url}" alt="">',
    '<picture><source srcset="{url} 640w"><img src="/x.png" alt=""></picture>',
    '<video poster="{url}" src="/y.mp4"></video><audio><source src="{url}"></audio>',
    '<iframe src="{url}"></iframe><blockquote cite="{url}">a</blockquote>',
]


@pytest.mark.parametrize("url", UNPARSEABLE)
def test_a_url_that_cannot_be_parsed_is_recognised(url):
    assert not is_parseable(url)
    assert join_url("https://h.example/a/", url) == ""


@pytest.mark.parametrize(
    ("url", "joined"), [("../b", "https://h.example/b"), ("//c/", "https://c/"), ("https://[::1]/", "https://[::1]/")]
)
def test_other_urls_are_joined_as_rfc_3986_says(url, joined):
    assert is_parseable(url)
    assert join_url("https://h.example/a/", url) == joined


@pytest.mark.parametrize(
    "row",
    [
        'image: "{0}"',
        'source_url: "{0}"',
        'source: {{name: A, url: "{0}"}}',
        'enclosure: "{0}"',
        'enclosure: [{{url: "{0}", length: 3}}]',
        'params: {{enclosure: {{url: "{0}"}}}}',
    ],
)
@pytest.mark.parametrize("url", UNPARSEABLE)
def test_an_invalid_url_in_front_matter_is_a_problem(row, url):
    front = split(f"---\ntitle: A\ndate: 2024-01-01\n{row.format(url)}\n---\n".encode(), "content/posts/a.md")
    with pytest.raises(SiteError) as error:
        read_post(front, "content/posts/a.md", CONFIG, {})
    (problem,) = error.value.problems
    assert problem.path == "content/posts/a.md"
    assert url in problem.message


def test_an_invalid_url_of_a_source_is_a_problem(tmp_path):
    with pytest.raises(SiteError, match="is not an http or https URL"):
        build(make_site(tmp_path, {"content/sources.toml": '[Wire]\nurl = "https://[x/"\n'}))


@pytest.mark.parametrize("engine", ["python-markdown", "commonmark"])
def test_a_text_with_invalid_urls_is_built(tmp_path, engine):
    files: dict[str, str | bytes] = {"content/x.png": b"x", "content/y.mp4": b"y"}
    for number, url in enumerate(UNPARSEABLE):
        text = "\n\n".join(part.format(url=url) for part in TEXTS)
        files[f"content/posts/p{number}.md"] = post(f"P {number}", text=text)
    root = make_site(tmp_path, files, f'title = "T"\nbase_url = "https://t.example/"\nmarkdown.engine = "{engine}"\n')
    build(root)
    feed = (root / "output/feed.xml").read_text()
    assert all(f"/posts/p{number}/" in feed for number in range(len(UNPARSEABLE)))
    assert 'srcset="//' not in feed


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("a.png", "a.png"),
        (" a.png\t2x ,b.png  3x,", "a.png 2x, b.png 3x"),
        ("a,b.png 1x", "a,b.png 1x"),
        ("a.png, , b.png", "a.png, b.png"),
        ("\t\n , ", ""),
    ],
)
def test_a_srcset_is_written_in_its_plain_form(value, written):
    assert write_srcset(read_srcset(value)) == written


@pytest.mark.parametrize("value", ["\t", " ,", "a ", "a,", "a", "a b,", ", a"])
def test_a_long_srcset_is_read_in_linear_time(value):
    with limit(2.0, 1000):
        list(read_srcset(value * 100_000))


def test_a_post_that_takes_too_long_for_the_feeds_is_a_problem(monkeypatch):
    def render_forever(*_):
        while True:
            pass

    monkeypatch.setattr(item_cache, "render_item", render_forever)
    config = CONFIG.__class__(markdown=CONFIG.markdown.__class__(seconds=0.05))
    example = make_post(1)
    items = Items(config, {example.path: "urn:x:1"}, lambda path: None, str, ImageSets())
    get = partial(items.get, example)
    with pytest.raises(SiteError, match=r"takes longer than 0\.05 seconds") as error:
        get("digest", lambda: "<p>x</p>", "rss", FORMATS)
    assert error.value.problems[0].path == example.path
