"""A post as each format of feed says it: plain, clean values, with every URL absolute."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from sitegen.config import Config
from sitegen.feeds.address import absolute
from sitegen.feeds.content import Content, Picture, clean, excerpt
from sitegen.feeds.enclosure import Enclosure, find_enclosures
from sitegen.feeds.feed import Feed, FeedItem, ImageFacts
from sitegen.feeds.text import one_line
from sitegen.model import Count, Post, Source

URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")


@dataclass(frozen=True, slots=True)
class Image:
    """An image with the facts of its file: media type, bytes, width and height in pixels, and what it shows."""

    url: str
    type: str
    bytes: int
    width: int
    height: int
    description: str


@dataclass(frozen=True, slots=True)
class Item:
    """A post as a feed says it. `content` is HTML, "" in a feed of summaries; `summary` is plain text."""

    url: str
    guid: str
    title: str
    summary: str
    content: str
    attribution: str
    published: datetime
    updated: datetime
    authors: tuple[tuple[str, str], ...]
    tags: tuple[str, ...]
    language: str
    rights: str
    source: Source | None
    source_url: str
    views: Count | None
    comments: Count | None
    image: str
    images: tuple[Image, ...]
    enclosures: tuple[Enclosure, ...]

    @property
    def uri(self) -> str:
        """The guid as Atom wants it, a URI (RFC 4287, section 4.2.6): one that is none gets a permanent name."""
        return self.guid if URI.fullmatch(self.guid) else f"urn:uuid:{uuid5(NAMESPACE_URL, self.guid)}"

    @property
    def summary_html(self) -> str:
        """The summary as HTML; in a feed of summaries it also says where the post was first published."""
        text = escape(self.summary, quote=False)
        return f"<p>{text}</p>{self.attribution}" if self.attribution and not self.content else text


def describe(item: FeedItem, feed: Feed, config: Config, image_facts: ImageFacts) -> Item:
    """Return a post as a feed says it; `image_facts` tells of the images that are files of this site."""
    post = item.post
    permalink = absolute(post.url, config.base_url)
    content = clean(item.html, permalink)
    full = config.feeds.full and post.policy != "excerpt"
    attribution = attribute(post, config.feeds.attribution)
    own_rights = one_line(str(post.params.get("rights", "")))
    published = moment(post.date)
    return Item(
        url=permalink,
        guid=one_line(item.guid) or permalink,
        title=one_line(post.title) or permalink,
        summary=one_line(post.summary) or excerpt(content.html) or one_line(post.title) or permalink,
        content=attribution + content.html if full else "",
        attribution=attribution,
        published=published,
        updated=max(moment(post.updated), published) if post.updated else published,
        authors=tuple(
            (name, absolute(author.url, config.base_url) if author.url else "")
            for author in post.authors
            if (name := one_line(author.name))
        ),
        tags=tuple(dict.fromkeys(name for tag in post.tags if (name := one_line(tag.name)))),
        language=post.language if post.language != feed.language else "",
        rights=own_rights or ("" if post.source_url else one_line(config.rights)),
        source=post.source,
        source_url=one_line(post.source_url),
        views=post.views,
        comments=post.comments,
        image=absolute(post.image, permalink) if post.image else "",
        images=find_images(post, content, permalink, image_facts),
        enclosures=find_enclosures(post.params.get("enclosure"), permalink),
    )


def moment(time: datetime) -> datetime:
    """Return a time as every format can write it: aware, in whole seconds, its zone in whole minutes from UTC."""
    offset = time.utcoffset()
    if offset is None:
        time = time.replace(tzinfo=UTC)
    elif offset.total_seconds() % 60:
        # Local mean time, as it was used before there were time zones.
        wall = time.replace(tzinfo=UTC)
        time = wall - offset if wall - datetime.min.replace(tzinfo=UTC) > offset else wall
    return time.replace(microsecond=0)


def attribute(post: Post, pattern: str) -> str:
    """Return the paragraph that says where a post was first published, or "" where nothing is known of that."""
    if not pattern or not (post.source or post.source_url):
        return ""
    name = one_line(post.source.name) if post.source else urlsplit(post.source_url).netloc
    url = one_line(post.source_url) or (post.source.home if post.source else "")
    link = f'<a href="{escape(url)}">{escape(name)}</a>' if url else escape(name)
    return f"<p>{escape(one_line(pattern)).replace('{source}', link)}</p>"


def find_images(post: Post, content: Content, permalink: str, image_facts: ImageFacts) -> tuple[Image, ...]:
    """Return the images of a post that are files of this site, its own image first, each once."""
    pictures = content.pictures
    if post.image:
        own = Picture(absolute(post.image, permalink), one_line(post.image_alt))
        pictures = (own, *(picture for picture in pictures if picture.url != own.url))
    found = []
    for picture in pictures:
        if facts := image_facts(picture.url):
            found.append(Image(picture.url, *facts, description=picture.alt))
    return tuple(found)
