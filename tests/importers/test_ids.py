"""The `id` of an imported post is the GUID of the old feed, and `sitegen check` accepts it."""

import json
import re
from datetime import UTC

import pytest

from sitegen.content.ledger.file import check_guid
from sitegen.importers.archive.old_url import OldSite, find_old_site
from sitegen.importers.base import Options
from sitegen.importers.run import run_import
from tests.support.importing import EXPORTS, SAMPLES, import_path

POST = "<p>Lorem <a href='https://ada.example/p/two'>ipsum</a></p>"
TABLE = "post_id,post_date,is_published,type,audience,title,subtitle,podcast_url\n"
FEED = """<rss version="2.0"><channel><title>T</title><link>https://x.example/</link><item><title>One</title>
<link>https://x.example/one</link><guid isPermaLink="false">77</guid><pubDate>Mon, 01 Jan 2024 00:00:00 GMT</pubDate>
<description>Text</description></item></channel></rss>"""


def ids(root):
    texts = [path.read_text() for path in sorted((root / "content/posts").glob("*.md"))]
    return [match[1].strip('"') for text in texts if (match := re.search(r"^id: (.*)$", text, re.MULTILINE))]


def substack(folder, text=POST):
    (folder / "posts").mkdir(parents=True)
    rows = ("77.one,2024-01-01T00:00:00Z,true,newsletter,everyone,One,,\n",)
    (folder / "posts.csv").write_text(TABLE + "".join((*rows, rows[0].replace("77.one", "78.two"))))
    for name in ("77.one", "78.two"):
        (folder / f"posts/{name}.html").write_text(text)
    return folder


@pytest.mark.parametrize("sample", SAMPLES)
def test_check_accepts_the_ids_of_all_samples(sample):
    text = (EXPORTS / sample / "expected.txt").read_text()
    for written in re.findall(r"^id: (.*)$", text, re.MULTILINE):
        check_guid(written.strip('"'))


def test_the_id_of_a_substack_post_is_its_permalink(tmp_path):
    import_path(substack(tmp_path / "export"), tmp_path / "site")
    assert ids(tmp_path / "site") == ["https://ada.example/p/one", "https://ada.example/p/two"]


def test_substack_posts_without_a_known_publication_have_no_id(tmp_path):
    report = import_path(substack(tmp_path / "export", "<p>Text</p>"), tmp_path / "site")
    assert ids(tmp_path / "site") == []
    assert any("--old-url" in note.message for note in report.notes)


def test_the_option_sets_the_old_url(tmp_path):
    (tmp_path / "site").mkdir()
    options = Options(UTC, old_url="https://grace.example/")
    run_import([substack(tmp_path / "export")], tmp_path / "site", "content/posts", options)
    assert ids(tmp_path / "site") == ["https://grace.example/p/one", "https://grace.example/p/two"]


def test_a_numeric_id_is_dropped_and_reported(tmp_path):
    (tmp_path / "feed.xml").write_text(FEED)
    report = import_path(tmp_path / "feed.xml", tmp_path / "site")
    assert ids(tmp_path / "site") == []
    assert any("77 is a bare number" in note.message for note in report.notes)


def test_the_id_of_an_old_ghost_post_is_its_uuid(tmp_path):
    post = {"id": 7, "uuid": "1f0c", "title": "One", "slug": "one", "html": "<p>x</p>", "published_at": 1600000000000}
    export = {"db": [{"meta": {"exported_on": 1}, "data": {"posts": [post]}}]}
    (tmp_path / "ghost.json").write_text(json.dumps(export))
    import_path(tmp_path / "ghost.json", tmp_path / "site")
    assert ids(tmp_path / "site") == ["1f0c"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("https://a.example/p/one", "https://a.example"),
        ("http://A.example/p/one/?x=1", "https://a.example"),
        ("https://a.example/ada/p/one", "https://a.example/ada"),
        ("https://a.example/p/other", ""),
        ("https://open.substack.com/pub/ada/p/one", ""),
        ("https://a.example/subscribe https://b.example/p/one", "https://b.example"),
        ("https://a.example/subscribe", "https://a.example"),
        ("https://b.example/p/one https://a.example/p/one", "https://a.example"),
    ],
)
def test_the_old_url_is_found_in_links(text, found):
    assert find_old_site([text], {"/p/one": 10, "/subscribe": 1}).url == found


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("https://ada.substack.com/p/one https://ada.substack.com/p/two?utm=x", ("https://ada.substack.com",)),
        (
            "https://ada.substack.com/p/one https://open.substack.com/pub/ada/p/two?r=1",
            ("https://ada.substack.com",),
        ),
        ("https://ada.substack.com/p/one", ()),
        ("https://ada.substack.com/p/one https://ada.substack.com/p/two https://ada.substack.com/p/elsewhere", ()),
        ("https://ada.substack.com/p/one https://eve.substack.com/p/two", ()),
    ],
)
def test_other_urls_of_the_old_site_are_those_with_several_of_its_posts_and_no_others(text, others):
    paths = {"/p/one": 10, "/p/two": 10, "/p/three": 10, "/subscribe": 1}
    own = "https://letters.example/p/one https://letters.example/p/three https://letters.example/p/two "
    assert find_old_site([own, text], paths) == OldSite("https://letters.example", others)
    assert find_old_site([text], paths, "https://letters.example") == OldSite("https://letters.example", others)
