import pytest
from msgspec import structs

from sitegen.config.schema import Config, Language, Urls
from sitegen.formats.frozen_dict import FrozenDict
from sitegen.publish.removed_feeds import warn_of_feeds

CONFIG = Config(base_url="https://letters.example.com/sub/", languages=FrozenDict({"de": Language()}))


@pytest.mark.parametrize(
    ("path", "setting"),
    [
        ("feed.xml", "`group_formats`"),
        ("feed.json", "`group_formats`"),
        ("tags/mail/atom.xml", "`group_formats`"),
        ("de/feed.xml", "`group_formats`"),
        ("feeds/2023.atom.xml", "`archive_formats`"),
        ("feeds/2023.json", "`archive_formats`"),
        ("feeds/2023-12.xml", "`archive_formats`"),
        ("de/feeds/2023.json", "`archive_formats`"),
        ("index.html", ""),
        ("posts/feed.xml/index.html", ""),
        ("data/2023.json", ""),
        ("feeds/opml.xml", ""),
        ("feeds/2023.json.gz", ""),
    ],
)
def test_a_removed_file_is_a_feed_by_its_path(path, setting):
    problems = list(warn_of_feeds([path], CONFIG))
    assert [problem.path for problem in problems] == ([path] if setting else [])
    assert all(setting in problem.hint for problem in problems)


def test_feeds_are_found_at_the_urls_of_the_config():
    urls = Urls(
        feed="/rss/", atom="/a b.xml", json_feed="", feed_archive="/old/{year}/", atom_archive="", json_archive=""
    )
    removed = ["rss/index.xml", "tags/mail/rss", "a b.xml", "old/2023/index.xml", "feed.json", "feeds/2023.json"]
    found = [problem.path for problem in warn_of_feeds(removed, structs.replace(CONFIG, urls=urls))]
    assert found == removed[:4]
    none = Urls(feed="", atom="", json_feed="", feed_archive="", atom_archive="", json_archive="")
    assert list(warn_of_feeds(["feed.xml", "", "index.html"], structs.replace(CONFIG, urls=none))) == []


def test_a_pattern_with_the_year_twice_matches_documents_of_one_year():
    urls = Urls(feed_archive="/{year}/feed-{year}.xml")
    removed = ["2023/feed-2023.xml", "2023-2/feed-2023-2.xml", "2023/feed-2024.xml"]
    assert [problem.path for problem in warn_of_feeds(removed, structs.replace(CONFIG, urls=urls))] == removed[:2]
