"""Which files of a site are detected as feeds."""

import pytest

from sitegen.check.feeds.detect import is_feed


@pytest.mark.parametrize(
    ("path", "head"),
    [
        ("feed.xml", '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0">'),
        ("atom.xml", '<feed xmlns="http://www.w3.org/2005/Atom">'),
        ("atom.xml", '<a:feed xmlns:a="http://www.w3.org/2005/Atom">'),
        (
            "old.rdf",
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">',
        ),
        ("list.opml", '<opml version="2.0">'),
        ("feed.json", '{"version": "https://jsonfeed.org/version/1.1"}'),
        ("feed.json", '{"version":"https:\\/\\/jsonfeed.org\\/version\\/1"}'),
    ],
)
def test_feeds_are_known_by_name_and_beginning(path, head):
    assert is_feed(path, head.encode())


@pytest.mark.parametrize(
    ("path", "head"),
    [
        ("feed.txt", "<rss>"),
        ("sitemap.xml", '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'),
        ("me.rdf", '<rdf:RDF xmlns:foaf="http://xmlns.com/foaf/0.1/">'),
        ("search/2020.json", '{"texts": ["see https://jsonfeed.org/version/1.1"]}'),
        ("notes.xml", "<rssless>"),
        ("late.xml", " " * 9000 + "<rss>"),
    ],
)
def test_other_files_are_not(path, head):
    assert not is_feed(path, head.encode())
