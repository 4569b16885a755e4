"""Resolving the references of a feed in bulk does not change its content."""

import io

import feedparser
import pytest

from sitegen.importers.feed import entities
from sitegen.importers.feed.entities import resolve_references

ITEM = "<item><title>{title}</title><description>{text}</description></item>"
MIN_REFERENCES = 1_000
FILLING = "&lt;b&gt;x&lt;/b&gt;" * (MIN_REFERENCES // 4 + 1)


@pytest.fixture(autouse=True)
def low_limit(monkeypatch):
    """Resolve references in bulk from 1,000 on, since feedparser needs a second for 100,000."""
    assert entities.MIN_REFERENCES == 100_000
    monkeypatch.setattr(entities, "MIN_REFERENCES", MIN_REFERENCES)


def feed(*texts):
    """Return a feed with many references, and an item for each description."""
    items = [ITEM.format(title="Long", text=FILLING), *(ITEM.format(title="A &amp; B", text=text) for text in texts)]
    return f'<rss version="2.0"><channel><title>T</title>{"".join(items)}</channel></rss>'.encode()


def read(data):
    """Return the titles and descriptions of a feed's entries, as feedparser reads them."""
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
def test_resolving_references_preserves_the_content(text):
    before = feed(text)
    after = resolve_references(before)
    assert after.count(b"&") < before.count(b"&") - MIN_REFERENCES
    assert read(after) == read(before)


@pytest.mark.parametrize(
    "text", ["&nbsp;space &amp; more", "&#0; &amp;", "&#xD800; &amp;", "&#9999999; &amp;", "&&amp;"]
)
def test_content_with_undefined_references_is_unchanged(text):
    assert text.encode() in resolve_references(feed(text))


def test_a_feed_with_few_references_is_unchanged():
    few = feed("&lt;p&gt;").replace(FILLING.encode(), b"&amp;")
    assert resolve_references(few) is few
