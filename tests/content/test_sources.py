import pytest

from sitegen.config.schema import Config, Urls
from sitegen.content.sources import likely_source, read_sources
from sitegen.errors import SiteError
from sitegen.model import Source

NAME = "content/sources.toml"


def sources_of(tmp_path, text, config=None):
    (tmp_path / "sources.toml").write_text(text, "utf-8")
    return read_sources(tmp_path / "sources.toml", NAME, config or Config())


def test_sources_are_tables_named_as_posts_name_them(tmp_path):
    text = (
        '[NYPost]\nurl = "https://nypost.com/"\npolicy = "syndicated"\n\n["The Été"]\nfeed = "https://e.example/rss"\n'
    )
    config = Config(base_url="https://a.example/b/", urls=Urls(source="/s/{slug}/"))
    assert sources_of(tmp_path, text, config) == {
        "NYPost": Source("NYPost", "nypost", "/b/s/nypost/", "https://nypost.com/", "", "syndicated"),
        "The Été": Source("The Été", "the-été", "/b/s/the-%C3%A9t%C3%A9/", "", "https://e.example/rss", ""),
    }


def test_no_file_means_no_sources(tmp_path):
    assert read_sources(tmp_path / "none.toml", NAME, Config()) == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '[A]\nurll = "https://a.example/"',
            '2: a source has no key "urll"\n    urll = "https://a.example/"\n    did you mean "url"?',
        ),
        (
            "[A]\nx = 1",
            '2: a source has no key "x"\n    x = 1\n'
            "    it is one of url, feed, policy, description, image, image_alt, links, aliases",
        ),
        ("[A]\nurl = 1", '2: the url of "A" is not text\n    url = 1\n    put it in quotes'),
        (
            '[A]\nurl = "a.example"',
            '2: the url "a.example" is not an http or https URL\n    url = "a.example"\n    begin it with https://',
        ),
        (
            '[A]\nfeed = "javascript:x"',
            '2: the feed "javascript:x" is not an http or https URL\n    feed = "javascript:x"\n    begin it with https://',
        ),
        (
            '[A]\npolicy = "cannonical"',
            '2: there is no policy "cannonical"\n    policy = "cannonical"\n    did you mean "canonical"?',
        ),
        (
            '[A]\npolicy = "x"',
            '2: there is no policy "x"\n    policy = "x"\n    it is one of original, excerpt, syndicated, canonical',
        ),
        (
            'A = "https://a.example/"',
            '1: "A" is not a source\n    A = "https://a.example/"\n'
            '    write a table: ["A"] on a line of its own, and below it url = "https://…"',
        ),
        (
            '["\u2060"]\nurl = "https://a.example/"',
            '1: the name "\u2060" has no visible character for its URL\n    ["\u2060"]\n'
            "    give the source a name with letters",
        ),
        (
            "[AB]\n[ab]\n",
            '2: the sources "AB" and "ab" have the same URL /sources/ab/\n    [ab]\n'
            "    give one of them another name, or make them one",
        ),
    ],
)
def test_a_problem_has_a_line_an_excerpt_and_a_hint(tmp_path, text, message):
    with pytest.raises(SiteError) as error:
        sources_of(tmp_path, text)
    assert str(error.value) == f"{NAME}:{message}"


def test_a_name_close_to_a_described_one_is_likely_that_one():
    assert likely_source("NYPots", ("NYPost", "Wire")) == "NYPost"
    assert likely_source("NYPost", ("NYPost", "Wire")) is None
    assert likely_source("Quite Another", ("NYPost", "Wire")) is None
