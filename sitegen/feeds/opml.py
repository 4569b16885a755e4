"""OPML 2.0: the list of all feeds, to subscribe to them in one step."""

from lxml import etree

from sitegen.config.schema import Config
from sitegen.feeds.address import absolute
from sitegen.feeds.text import one_line
from sitegen.feeds.types import Feed

VERSIONS = {"rss": "RSS"}
"""The versions that OPML 2.0 knows a name for."""


def render_opml(feed: Feed, config: Config) -> bytes:
    """Return the feeds of a site as OPML 2.0: its own first, the others in a folder a subject."""
    root = etree.Element("opml", {"version": "2.0"})
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = one_line(feed.title) or config.base_url
    body = etree.SubElement(root, "body")
    folders = {"site": body}
    for outline in feed.outlines:
        if outline.subject not in folders:
            name = one_line(outline.folder) or f"{outline.subject}s".capitalize()
            folders[outline.subject] = etree.SubElement(body, "outline", {"text": name})
        name = one_line(outline.title) or outline.url
        etree.SubElement(
            folders[outline.subject],
            "outline",
            {
                "type": "rss",
                "text": name,
                "title": name,
                "xmlUrl": absolute(outline.url, config.base_url),
                "htmlUrl": absolute(outline.home, config.base_url),
            }
            | ({"version": VERSIONS[outline.kind]} if outline.kind in VERSIONS else {}),
        )
    data: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    return data
