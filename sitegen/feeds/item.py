"""The values of a post for feeds of all formats: plain, clean, with absolute URLs."""

import re
from datetime import UTC, datetime
from functools import lru_cache, partial
from html import escape
from pathlib import PurePosixPath
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from msgspec import Struct

from sitegen.config.schema import Config, base_path
from sitegen.feeds.address import absolute, to_uri
from sitegen.feeds.content import ShownImage, clean, excerpt
from sitegen.feeds.enclosure import TYPES, Enclosure, find_enclosures
from sitegen.feeds.podcast import Episode, find_episode
from sitegen.feeds.text import one_line
from sitegen.feeds.types import FeedItem, ImageFacts
from sitegen.formats import lazy_regex
from sitegen.formats.site_urls import file_url
from sitegen.formats.urls import home_of
from sitegen.model import Count, Post, Source, Term

PERMANENT = lazy_regex.compile(
    r"https?://[^/].*"
    r"|tag:(?:[a-z0-9._-]+@)?[a-z0-9.-]+,\d{4}(?:-\d\d(?:-\d\d)?)?:[\w;/?:@&=+$.!~*'()%,#-]*"
    r"|urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    r"|urn:(?!uuid:)[a-z0-9][a-z0-9-]{1,31}:(?:[a-z0-9()+,.:=@;$_!*'-]|%[0-9a-f]{2})+",
    re.ASCII | re.IGNORECASE,
)
"""URIs of registered schemes for permanent names: http, https, tag (RFC 4151) and urn (RFC 8141)."""


NOTHING = ("", 0, 0, 0)
WEB = lazy_regex.compile("https?://", re.IGNORECASE)


class Image(Struct, frozen=True):
    """An image: media type, bytes, width and height in pixels ("" or 0 where not known), and what it shows."""

    url: str
    type: str
    bytes: int
    width: int
    height: int
    description: str


class Item(Struct, frozen=True):
    """The values of a post for a feed.

    `content` is HTML, "" if feeds contain only the summary; `summary` is plain text. `shown_images` are all images
    that the post shows, `images` those of them that are files of this site, and the post's own image wherever it is.
    `episode` has the values for a podcast, None if the site has no podcast or the post has no sound or film.
    `comments_feed` is the URL of the feed of the post's comments, "" if there is none.
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
    likes: Count | None
    image: str
    shown_images: tuple[ShownImage, ...]
    images: tuple[Image, ...]
    enclosures: tuple[Enclosure, ...]
    episode: Episode | None
    comments_feed: str = ""

    @property
    def files(self) -> tuple[str, ...]:
        """The URLs of the images and enclosures, of whose files the item states facts."""
        return (
            *(shown_image.url for shown_image in self.shown_images),
            *(enclosure.url for enclosure in self.enclosures),
        )

    @property
    def uri(self) -> str:
        """The guid as Atom wants it, a URI (RFC 4287, section 4.2.6)."""
        return permanent_uri(self.guid)

    @property
    def summary_html(self) -> str:
        """The summary as HTML."""
        return escape(self.summary, quote=False)

    @property
    def attributed_summary(self) -> str:
        """The summary as HTML that also says where the post was first published, for an item without content."""
        return f"<p>{self.summary_html}</p>{self.attribution}" if self.attribution else self.summary_html


def describe(item: FeedItem, config: Config, image_facts: ImageFacts) -> Item:
    """Return the values of a post for a feed; `image_facts` describes the files of this site by their URLs."""
    post, base_url = item.post, config.base_url
    permalink = absolute(post.url, base_url)
    source_url = to_uri(one_line(post.source_url))
    content = clean(item.html, permalink)
    attributed = attribute(post, source_url, config.feeds.attribution)
    published = moment(post.date)
    title = one_line(post.title) or permalink
    whole = attributed + content.html if post.policy != "excerpt" else ""
    shown_images = content.shown_images
    if post.image:
        own = ShownImage(to_uri(absolute(post.image, permalink)), one_line(post.image_alt))
        shown_images = (own, *(shown_image for shown_image in shown_images if shown_image.url != own.url))
    enclosures: tuple[Enclosure, ...] = ()
    if "enclosure" in post.params:
        enclosures = find_enclosures(
            post.params["enclosure"],
            partial(resolve_file, post=post, config=config),
            lambda url: (image_facts(url) or NOTHING)[1],
        )
    lead = shown_images[0].url if post.image else ""
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
        likes=post.likes,
        image=lead,
        shown_images=shown_images,
        images=find_images(shown_images, lead, home_of(base_url), image_facts) if shown_images else (),
        enclosures=enclosures,
        episode=find_episode(enclosures, lead) if enclosures and config.feeds.podcast.category else None,
        comments_feed=absolute(item.comments_feed, base_url) if item.comments_feed else "",
    )


def permanent_uri(guid: str) -> str:
    """Return a guid as a URI.

    A guid that is not one, or whose scheme is not registered, becomes a UUID that is always the same (RFC 9562).
    """
    return to_uri(guid) if PERMANENT.fullmatch(guid) else f"urn:uuid:{uuid5(NAMESPACE_URL, guid)}"


def resolve_file(path: str, post: Post, config: Config) -> str:
    """Return the absolute URL of a file that a post's front matter names: from the site's root, or beside the post."""
    try:
        url = file_url(path, post.path, config.content, base_path(config))
    except ValueError:
        # A path out of the content folder: the file can only have the path that a browser would request.
        url = path
    return to_uri(absolute(url, absolute(post.url, config.base_url)))


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
    """Return the paragraph that says where a post was first published, or "" if that is unknown."""
    if not pattern or not (post.source or source_url):
        return ""
    name = one_line(post.source.name) if post.source else urlsplit(source_url).netloc
    url = source_url or (post.source.home if post.source else "")
    link = f'<a href="{escape(url)}">{escape(name)}</a>' if url else escape(name)
    return f"<p>{escape(one_line(pattern)).replace('{source}', link)}</p>"


def find_images(
    shown_images: tuple[ShownImage, ...], lead: str, home: str, image_facts: ImageFacts
) -> tuple[Image, ...]:
    """Return those of some images that are files of this site, with their facts, and the one at `lead`.

    `home` is the base URL: an image below it that is not a file of the site is missing. The media type of an image
    elsewhere is that of its suffix, "" if it has none.
    """
    images = []
    for shown_image in shown_images:
        facts = image_facts(shown_image.url)
        if facts and facts[0]:
            images.append(Image(shown_image.url, *facts, description=shown_image.alt))
        elif facts is None and shown_image.url == lead and WEB.match(lead) and not lead.startswith(home):
            suffix = PurePosixPath(urlsplit(lead).path).suffix.lower()
            images.append(Image(lead, TYPES.get(suffix, ""), 0, 0, 0, shown_image.alt))
    return tuple(images)
