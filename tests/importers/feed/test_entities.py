"""Feeds whose references are resolved in bulk say what they said before."""

import io

import feedparser
import pytest

from sitegen.importers.feed import entities
from sitegen.importers.feed.entities import resolve_references

ITEM = "<item><title>{title}</title><description>{text}</description></item>"
MANY = 1_000
FILLING = "&lt;b&gt;x&lt;/b&gt;" * (MANY // 4 + 1)


@pytest.fixture(autouse=True)
def few_are_many(monkeypatch):
    """Resolve references in bulk from 1,000 on: feedparser takes a second for as many as it otherwise takes."""
    assert entities.MANY == 100_000
    monkeypatch.setattr(entities, "MANY", MANY)


def feed(*texts):
    """Return a feed with many references, and an item for each text."""
    items = [ITEM.format(title="Long", text=FILLING), *(ITEM.format(title="A &amp; B", text=text) for text in texts)]
    return f'<rss version="2.0"><channel><title>T</title>{"".join(items)}</channel></rss>'.encode()


def read(data):
    """Return titles and texts of a feed's entries, as the library reads them."""
    parsed = feedparser.parse(
        io.BytesIO(data), sanitize_html=False, response_headers={"content-type": "application/xml; charset=utf-8"}
    )
    return [(entry.title, entry.get("summary")) for entry in parsed.entries]


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "&lt;p&gt;Fish &amp;amp; chips&lt;/p&gt;",
        "&amp;lt;not a tag&amp;gt; &quot;said&quot; &apos;so&apos;",
        "&#233;t&#xE9; &#x1F600; &amp;#38;",
        "an end ]]&gt; of a section &amp; more",
        "<![CDATA[<title>in a &amp; section</title>]]>",
        "<!-- <title>in a &amp; comment</title> -->after &amp; it",
        "a &amp; b <i>&lt;</i> c &amp; d",
    ],
)
def test_a_feed_says_the_same_after_its_references_are_resolved(text):
    before = feed(text)
    after = resolve_references(before)
    assert after.count(b"&") < before.count(b"&") - MANY
    assert read(after) == read(before)


@pytest.mark.parametrize(
    "text", ["&nbsp;space &amp; more", "&#0; &amp;", "&#xD800; &amp;", "&#9999999; &amp;", "&&amp;"]
)
def test_a_text_with_references_that_xml_does_not_know_stays_as_it_is(text):
    assert text.encode() in resolve_references(feed(text))


def test_a_feed_with_few_references_stays_as_it_is():
    few = feed("&lt;p&gt;").replace(FILLING.encode(), b"&amp;")
    assert resolve_references(few) is few
