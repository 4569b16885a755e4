"""What a feed is: a file that lists posts for programs that read them."""

from collections.abc import Callable
from dataclasses import dataclass

from msgspec import Struct

from sitegen.comments.discussion import Discussion
from sitegen.model import Post, without_counts

MEDIA_TYPES = {
    "rss": "application/rss+xml",
    "atom": "application/atom+xml",
    "json": "application/feed+json",
    "opml": "text/x-opml",
}

COMMENT_FEEDS = ("comments", "post-comments")
"""What feeds of comments are about: all comments of the site, and those on one post."""

ImageFact = tuple[str, int, int, int]
"""A file's media type if it is an image, or "", its size in bytes, and the image's width and height."""

ImageFacts = Callable[[str], ImageFact | None]
"""Returns what is known of the file at a URL, None if it is not a file of this site."""


class OpmlOutline(Struct, frozen=True):
    """A feed as an OPML document lists it, under the subject that it belongs to: "tag", "source", ...

    `folder` is the name of the subject's folder, "" for its English plural.
    """

    title: str
    subject: str
    kind: str
    url: str
    home: str
    folder: str = ""


class FeedDiscussion(Struct, frozen=True):
    """The comments on a post as a feed contains them; `guid` is that of the post."""

    post: Post
    guid: str
    discussion: Discussion

    def __repr__(self) -> str:
        """Contain what the feed shows: of the post its title and URL, of the discussion its newest pages."""
        pages = [self.discussion.pages[number - 1] for number in self.discussion.newest_pages]
        return f"{self.post.title!r}, {self.post.url!r}, {self.post.path!r}, {self.guid!r}, {pages!r}"


class Feed(Struct, frozen=True):
    """One feed document.

    `kind` is "rss", "atom", "json" or "opml"; `subject` says what the feed is about: "site", "source",
    "tag", "author", "language", the type of the pages of another taxonomy's terms, or one of COMMENT_FEEDS, and
    `name` which one. `url`, `home` (the page that the feed belongs to), `current`, `previous` and `next` are site
    paths. `posts` are newest first. `archive` is the name of an archive document (RFC 5005, section 4), and
    `complete` is set where the feed holds all its posts at any time (section 2), `full` if it contains whole posts
    instead of summaries. `outlines` are what an OPML document lists, `discussions` those whose newest comments a feed
    of comments contains.
    """

    path: str
    url: str
    kind: str
    title: str
    description: str
    home: str
    language: str
    subject: str = "site"
    name: str = ""
    posts: tuple[Post, ...] = ()
    archive: str = ""
    current: str = ""
    previous: str = ""
    next: str = ""
    complete: bool = False
    full: bool = True
    outlines: tuple[OpmlOutline, ...] = ()
    discussions: tuple[FeedDiscussion, ...] = ()

    def __repr__(self) -> str:
        """Contain all fields, the posts by their fingerprints; only JSON Feed shows their views."""
        digests = [post.digest for post in self.posts]
        if self.kind != "json":
            digests = [*map(without_counts, digests)]
        location = f"{self.path!r}, {self.url!r}, {self.kind!r}, {self.home!r}, {self.language!r}"
        subject = f"{self.title!r}, {self.description!r}, {self.subject!r}, {self.name!r}"
        archive = f"{self.archive!r}, {self.current!r}, {self.previous!r}, {self.next!r}, {self.complete}, {self.full}"
        others = f"{archive}, {self.outlines!r}, {self.discussions!r}"
        return f"Feed({location}, {subject}, {' '.join(digests)}, {others})"


class ItemParts(Struct, frozen=True, array_like=True):
    """The markup of an item in one format, split where feeds differ.

    A feed of whole posts has `opening`, the content and `closing` where a feed of summaries has `summary`. The item's
    language is between `after` and `end` if it is not that of the feed.
    """

    before: bytes
    opening: bytes = b""
    closing: bytes = b""
    summary: bytes = b""
    after: bytes = b""
    end: bytes = b""


@dataclass(frozen=True, slots=True)
class FeedItem:
    """A post as a feed is given it: with its HTML, in which no URL depends on the page any more, and its guid.

    `comments_feed` is the URL of the feed of its comments, "" if there is none.
    """

    post: Post
    html: str
    guid: str
    comments_feed: str = ""
