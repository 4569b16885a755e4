"""A post as each format of feed says it: plain, clean values, with every URL absolute."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from html import escape
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from sitegen.config import Config
from sitegen.feeds.address import absolute, to_uri
from sitegen.feeds.content import Picture, clean, excerpt
from sitegen.feeds.enclosure import Enclosure, find_enclosures
from sitegen.feeds.feed import FeedItem, ImageFacts
from sitegen.feeds.text import one_line
from sitegen.model import Count, Post, Source, Term

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
    """A post as a feed says it.

    `content` is HTML, "" in a feed of summaries; `summary` is plain text. `pictures` are all that the post
    shows, `images` those of them that are files of this site.
    """

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
    pictures: tuple[Picture, ...]
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


def describe(item: FeedItem, config: Config, image_facts: ImageFacts) -> Item:
    """Return a post as a feed says it; `image_facts` tells of the images that are files of this site."""
    post, base_url = item.post, config.base_url
    permalink = absolute(post.url, base_url)
    source_url = to_uri(one_line(post.source_url))
    content = clean(item.html, permalink)
    attributed = attribute(post, source_url, config.feeds.attribution)
    published = moment(post.date)
    title = one_line(post.title) or permalink
    whole = attributed + content.html if config.feeds.full and post.policy != "excerpt" else ""
    pictures = content.pictures
    if post.image:
        own = Picture(to_uri(absolute(post.image, permalink)), one_line(post.image_alt))
        pictures = (own, *(picture for picture in pictures if picture.url != own.url))
    return Item(
        url=permalink,
        guid=one_line(item.guid) or permalink,
        title=title,
        summary=one_line(post.summary) or excerpt(content.html) or title,
        content=whole,
        attribution=attributed,
        published=published,
        updated=max(moment(post.updated), published) if post.updated else published,
        authors=tuple([author for term in post.authors if (author := name_author(term, base_url))[0]]),
        tags=tuple(dict.fromkeys([name for tag in post.tags if (name := name_tag(tag.name))])),
        language=post.language,
        rights=one_line(str(post.params.get("rights", ""))) or ("" if source_url else one_line(config.rights)),
        source=post.source,
        source_url=source_url,
        views=post.views,
        comments=post.comments,
        image=pictures[0].url if post.image else "",
        pictures=pictures,
        images=find_images(pictures, image_facts) if pictures else (),
        enclosures=find_enclosures(post.params["enclosure"], permalink) if "enclosure" in post.params else (),
    )


@lru_cache(maxsize=4096)
def name_author(author: Term, base_url: str) -> tuple[str, str]:
    """Return an author's name and the URL of the page of the author's posts; the same ones have written many posts."""
    return one_line(author.name), absolute(author.url, base_url) if author.url else ""


@lru_cache(maxsize=4096)
def name_tag(name: str) -> str:
    """Return a tag's name; many posts have the same ones."""
    return one_line(name)


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


def attribute(post: Post, source_url: str, pattern: str) -> str:
    """Return the paragraph that says where a post was first published, or "" where nothing is known of that."""
    if not pattern or not (post.source or source_url):
        return ""
    name = one_line(post.source.name) if post.source else urlsplit(source_url).netloc
    url = source_url or (post.source.home if post.source else "")
    link = f'<a href="{escape(url)}">{escape(name)}</a>' if url else escape(name)
    return f"<p>{escape(one_line(pattern)).replace('{source}', link)}</p>"


def find_images(pictures: tuple[Picture, ...], image_facts: ImageFacts) -> tuple[Image, ...]:
    """Return those of some pictures that are files of this site, with the facts of these."""
    found = ((picture, image_facts(picture.url)) for picture in pictures)
    return tuple(Image(picture.url, *facts, description=picture.alt) for picture, facts in found if facts)
