"""Feeds checked by sitegen and, if it is installed, by the W3C feed validator, with the same results."""

import importlib
import sys
from collections import Counter
from pathlib import Path
from urllib.parse import quote

import pytest

from sitegen.check.feeds.run import validate_feed
from sitegen.check.feeds.values import ERROR, WARNING
from tests.check.feeds.test_run import ATOM, ATOM_ID, FILES, GUID, LINK, OPML, PROBLEMS, RSS
from tests.support.hostile_posts import write_hostile_site
from tests.support.sites import build, make_site, post, tree

ORACLE = Path(__file__).parents[4] / "shared/oracles/feedvalidator"
VALID = "valid"
ARCHIVE = "feeds/2020.atom.xml"
NAMESPACE = '<rss xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
PODCAST = (
    "<itunes:author>A</itunes:author><itunes:type>episodic</itunes:type><itunes:explicit>false</itunes:explicit>"
    '<itunes:image href="https://h.example/repo/a.jpg"/>'
    '<itunes:category text="News"><itunes:category text="Politics"/></itunes:category>'
    "<itunes:owner><itunes:email>a@b.example</itunes:email></itunes:owner>"
)

# The file of our sample site, what is replaced in it by what, our verdict, and the validator's.
VERDICTS = [
    (RSS, "<title>Post 29<", "<title>AT&#x26;T and R&#x26;D<", VALID, VALID),
    (RSS, "<title>Post 29<", "<title>What &lt;details> does<", WARNING, WARNING),
    (RSS, "<title>Post 29<", "<title>What &#x3C;details> does<", VALID, VALID),
    (RSS, "<title>Post 29<", "<title>&lt;b>Bold&lt;/b><", WARNING, WARNING),
    (RSS, "<title>Post 29<", "<title>&#x3C;b>Bold&#x3C;/b><", WARNING, WARNING),
    (RSS, "<title>Post 29<", "<title>Caf&amp;eacute;<", WARNING, WARNING),
    (RSS, "<title>Post 29<", "<title>Caf&#x26;eacute;<", VALID, VALID),
    (RSS, "<title>Post 29<", "<title>R&amp;D<", VALID, VALID),
    (RSS, "<title>Post 29<", "<title>Bad \ufffd sign<", WARNING, WARNING),
    (RSS, "<title>The Dispatch Box<", "<title>The &lt;b>Box&lt;/b><", WARNING, WARNING),
    (RSS, "<category>Mail<", "<category>&lt;b>Mail&lt;/b><", WARNING, WARNING),
    (RSS, "NYPost</source>", "NYPost</source><dc:source>https://nypost.example/</dc:source>", WARNING, WARNING),
    (RSS, GUID, '<guid isPermaLink="false">urn:x-y:1</guid>', VALID, VALID),
    (RSS, GUID, '<guid isPermaLink="false">post 29</guid>', VALID, VALID),
    (RSS, LINK, "<link>https://e.org/?tags[]=a</link>", ERROR, ERROR),
    (RSS, LINK, "<link>https://e.org/ä</link>", ERROR, ERROR),
    (RSS, 'rel="via" href="https://nypost.example/29"', 'rel="via" href="https://e.org/?a=[1]"', ERROR, ERROR),
    (
        RSS,
        "<enclosure ",
        '<enclosure url="https://a.example/b.mp3" length="1" type="audio/mpeg"/><enclosure ',
        WARNING,
        WARNING,
    ),
    (RSS, 'length="4321"', 'length="-1"', ERROR, ERROR),
    (RSS, 'url="https://h.example/repo/talk.mp3"', 'url="ftp://h.example/repo/talk.mp3"', ERROR, ERROR),
    (
        RSS,
        "<item>",
        "<image><url>https://h.example/a.png</url><title>The Dispatch Box</title><link>https://h.example/repo/</link></image><item>",
        VALID,
        VALID,
    ),
    (
        RSS,
        "<item>",
        "<image><url>https://h.example/a.png</url><title>Other</title><link>https://h.example/repo/</link></image><item>",
        WARNING,
        WARNING,
    ),
    (
        RSS,
        "<item>",
        "<image><url>https://h.example/a.png</url><title>The Dispatch Box</title><link>https://h.example/</link></image><item>",
        WARNING,
        WARNING,
    ),
    (
        RSS,
        "<item>",
        "<image><url>https://h.example/a.svg</url><title>The Dispatch Box</title><link>https://h.example/repo/</link></image><item>",
        WARNING,
        WARNING,
    ),
    (RSS, "<item>", PODCAST + "<item>", VALID, VALID),
    (RSS, "<item>", PODCAST.replace('text="News"', 'text="Newz"') + "<item>", ERROR, ERROR),
    (RSS, "<item>", PODCAST.replace('text="Politics"', 'text="Poetry"') + "<item>", ERROR, ERROR),
    (RSS, "<item>", PODCAST.replace("false", "no") + "<item>", ERROR, ERROR),
    (RSS, "<item>", PODCAST.replace("episodic", "daily") + "<item>", ERROR, ERROR),
    (RSS, "<item>", PODCAST.replace("https://h.example/repo/a.jpg", "/a.jpg") + "<item>", ERROR, ERROR),
    (RSS, "<item>", PODCAST.replace("<itunes:email>a@b.example</itunes:email>", "") + "<item>", ERROR, ERROR),
    (RSS, "<item>", PODCAST.replace("a@b.example", "nobody") + "<item>", ERROR, ERROR),
    (RSS, "<item>", "<itunes:author>A</itunes:author><item>", WARNING, WARNING),
    (
        RSS,
        "</item>",
        "<itunes:duration>1:02:03</itunes:duration><itunes:episode>4</itunes:episode></item>",
        WARNING,
        WARNING,
    ),
    (RSS, "<item>", PODCAST + "<item><itunes:duration>an hour</itunes:duration>", ERROR, ERROR),
    (RSS, "<item>", PODCAST + "<item><itunes:episode>0</itunes:episode>", ERROR, ERROR),
    (RSS, "<item>", PODCAST + "<item><itunes:episodeType>pilot</itunes:episodeType>", ERROR, ERROR),
    (RSS, "talk.mp3", "talk.ogg", VALID, VALID),
    (RSS, "Text of", "<nosuch>x</nosuch>", WARNING, WARNING),
    (RSS, "Text of", "<math><mi>x</mi></math>", VALID, WARNING),
    (RSS, "Text of", "<details><summary>x</summary>y</details>", VALID, WARNING),
    (
        RSS,
        '<media:description type="plain">A door<',
        '<media:description type="plain">&lt;b>A door&lt;/b><',
        WARNING,
        WARNING,
    ),
    (RSS, "<pubDate>", "<pubDate>31 Aug 23 04:05:06 GMT</pubDate><x><pubDate>", ERROR, ERROR),
    (ATOM, "<title>Post 29<", "<title>R&amp;D<", VALID, VALID),
    (ATOM, "<title>Post 29<", "<title>What &lt;details> does<", VALID, VALID),
    (ATOM, "<title>Post 29<", "<title>&lt;b>Bold&lt;/b><", WARNING, WARNING),
    (ATOM, "<title>Post 29<", '<title type="html">&amp;lt;b>Bold&amp;lt;/b><', VALID, VALID),
    (ATOM, "<title>Post 29<", "<title>Caf&amp;eacute;<", WARNING, WARNING),
    (ATOM, ATOM_ID, "<id>wix:5f3e</id>", WARNING, WARNING),
    (ATOM, ATOM_ID, "<id>http://old.example/?q=ä</id>", ERROR, ERROR),
    (ATOM, ATOM_ID, "<id>https://e.org/?p[]=1</id>", ERROR, ERROR),
    (ATOM, ATOM_ID, "<id>urn:uuid:not-one</id>", ERROR, ERROR),
    (ATOM, ATOM_ID, "<id>urn:uuid:0c4f1f6e-3c3b-4f4b-8a4b-000000000001</id>", VALID, VALID),
    (ATOM, ATOM_ID, "<id>tag:old.example,2020:x</id>", VALID, VALID),
    (ATOM, ATOM_ID, "<id>tag:old example:x</id>", ERROR, ERROR),
    (ATOM, ATOM_ID, "<id>HTTP://Old.Example:80/%7euser/</id>", VALID, WARNING),
    (ATOM, 'href="https://nypost.example/29" rel="via"', 'href="https://e.org/?a=[1]" rel="via"', ERROR, ERROR),
    (ATOM, 'type="audio/mpeg"', 'type="not a type"', ERROR, ERROR),
    (ATOM, "<name>Ada &amp; Co<", "<name>&lt;b>Ada&lt;/b><", WARNING, WARNING),
    (ATOM, "<updated>2023-07-17T04:05:06+00:00", "<updated>2023-08-31T04:05:06+00:00", VALID, WARNING),
    (ATOM, "<generator>", "<logo>https://h.example/logo.png</logo><generator>", VALID, VALID),
    (ARCHIVE, 'rel="current"', 'rel="related"', WARNING, WARNING),
    (ARCHIVE, 'rel="next-archive"', 'rel="related"', VALID, WARNING),
    (OPML, '<outline text="Tags"', '<outline text="Tags" title="Tags"', WARNING, WARNING),
    (OPML, 'title="NYPost"', "", WARNING, WARNING),
    (OPML, 'text="Mail" title="Mail"', 'text="R&amp;D" title="R&amp;D"', VALID, WARNING),
]

ACCEPTED = {
    "ArchiveIncomplete": "an archive of one year alone has no other to link to",
    "DuplicateUpdated": "two posts can have one date",
    "ImplausibleDate": "a letter can be of 1890",
    "NonCanonicalURI": "an id is kept as it was published",
    "NotSufficientlyUnique": "an id is kept as it was published",
    "BadCharacters": "the post itself has U+FFFD",
    "ContainsHTML": "a title can say </b>",
    "NotHtml": "MathML, and & in the names of an OPML list",
}
"""The warnings of the validator that a correct feed can have: docs/reference/feeds.md lists them with the reasons."""


def plant(path, old, new):
    """Return a feed of the sample site with a problem in it."""
    text = FILES[path].decode()
    assert old in text, "the fault can be planted"
    if "<itunes:" in new:
        text = text.replace("<rss ", NAMESPACE, 1)
    return text.replace(old, new, 1).encode("utf-8", "surrogatepass")


def checker(data):
    """Return our verdict on a feed."""
    severities = {problem.severity for problem in validate_feed(data)}
    return ERROR if ERROR in severities else WARNING if severities else VALID


@pytest.fixture(scope="session")
def oracle():
    """Return a function that gives the errors and warnings of the W3C feed validator on a feed at a URL."""
    if not ORACLE.is_dir():
        pytest.skip("the W3C feed validator is not beside the checkout")
    pytest.importorskip("html5lib", reason="the W3C feed validator needs html5lib")
    pytest.importorskip("rdflib", reason="the W3C feed validator needs rdflib")
    sys.path.insert(0, str(ORACLE))
    validator = importlib.import_module("feedvalidator")
    logging = importlib.import_module("feedvalidator.logging")

    def ask(data, url):
        events = validator.validateString(data, firstOccurrenceOnly=0, base=url)["loggedEvents"]
        return tuple(
            {type(event).__name__ for event in events if isinstance(event, event_type)}
            for event_type in (logging.Error, logging.Warning)
        )

    yield ask
    sys.path.remove(str(ORACLE))


def ask_about(oracle, path, data):
    errors, warnings = oracle(data, f"https://h.example/repo/{quote(path)}")
    return ERROR if errors else WARNING if warnings else VALID


@pytest.mark.parametrize(("path", "old", "new", "ours", "theirs"), VERDICTS)
def test_our_verdict_is_the_one_of_the_table(path, old, new, ours, theirs):
    assert checker(plant(path, old, new)) == ours
    assert ours == theirs or (theirs, ours) == (WARNING, VALID), "we are milder only where the docs say so"


def test_the_table_has_more_than_sixty_cases_of_every_verdict():
    assert len(VERDICTS) > 60
    assert len({(ours, theirs) for *_, ours, theirs in VERDICTS}) == 4


def test_the_verdict_of_the_validator_is_the_one_of_the_table(oracle):
    wrong = [
        (path, old, new, found)
        for path, old, new, _, theirs in VERDICTS
        if (found := ask_about(oracle, path, plant(path, old, new))) != theirs
    ]
    assert wrong == []


def test_we_are_never_milder_than_the_validator_on_planted_problems(oracle):
    order = (VALID, WARNING, ERROR)
    milder = []
    for path, old, new, message in PROBLEMS:
        if path.endswith(".json") or new == "<!--":
            continue
        data = plant(path, old, new)
        if order.index(checker(data)) < order.index(ask_about(oracle, path, data)):
            milder.append((path, message))
    assert milder == []


def find_warnings(oracle, output, base_url):
    """Return how often the validator warns of what in the feeds of a site, having found no error in them."""
    found = Counter()
    feeds = {path: data for path, data in tree(output).items() if path.endswith(".xml") and "sitemap" not in path}
    for path, data in feeds.items():
        errors, warnings = oracle(data, base_url + quote(path))
        assert not errors, (path, errors)
        found.update(warnings)
    assert len(feeds) >= 5
    return found


def test_the_validator_accepts_a_small_site(oracle, tmp_path):
    root = make_site(tmp_path, {"content/posts/emoji.md": post("Rocket", "2024-01-09", tags="🚀, R&D")})
    build(root)
    # The name of the tag is in the list of feeds as it is: see docs/reference/feeds.md.
    assert find_warnings(oracle, root / "output", "https://letter.example.org/") == {"NotHtml": 1}


def test_the_validator_finds_nothing_but_the_accepted_warnings_in_hostile_posts(oracle, tmp_path):
    root = write_hostile_site(tmp_path)
    build(root)
    assert set(find_warnings(oracle, root / "output", "https://m.example.org/sub/")) <= set(ACCEPTED)


def test_the_documentation_lists_the_accepted_warnings():
    docs = (Path(__file__).parents[3] / "docs/reference/feeds.md").read_text()
    assert [name for name in ACCEPTED if f"`{name}`" not in docs] == []
