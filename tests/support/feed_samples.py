"""A small site of posts as feeds are given them, for the tests of feeds."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from sitegen.config.schema import Config
from sitegen.feeds import Feed, FeedItem, plan_feeds, render_document
from sitegen.feeds.rendered_item import render_item
from sitegen.formats.frozen_dict import FrozenDict
from sitegen.model import Count, Group, Post, Site, Source, Term
from sitegen.system.fingerprints import of_value

CONFIG = Config(
    title="The Dispatch Box",
    description="How news has travelled.",
    base_url="https://h.example/repo/",
    author="WGON",
    rights="© WGON",
)
FORMATS = ("rss", "atom", "json")
SOURCE = Source("NYPost", "nypost", "/repo/sources/nypost/", "https://nypost.example/", "https://nypost.example/feed/")
TAGS = (Term("Mail", "mail", "/repo/tags/mail/"), Term("新聞", "新聞", "/repo/tags/%E6%96%B0%E8%81%9E/"))
AUTHOR = Term("Ada & Co", "ada-co", "/repo/authors/ada-co/")


def make_post(number: int, **fields: object) -> Post:
    """Return a post that is the newer the greater its number is: some eight a year."""
    slug = f"post-{number}"
    post = Post(
        path=f"content/posts/{slug}.md",
        title=f"Post {number}",
        slug=slug,
        url=f"/repo/posts/{slug}/",
        output=f"posts/{slug}/index.html",
        date=datetime(2020, 2, 3, 4, 5, 6, tzinfo=UTC) + timedelta(days=45 * number),
        authors=(AUTHOR,),
        tags=TAGS[: number % 3],
        summary=f"What post {number} says",
    )
    if number % 2:
        post = replace(
            post,
            source=SOURCE,
            source_url=f"https://nypost.example/{number}",
            comments=Count(number, "Wix", date(2023, 1, 2)),
            views=Count(10 * number, "Wix", date(2023, 1, 2)),
        )
    post = replace(post, **fields)
    return replace(post, digest=of_value(tuple(getattr(post, name) for name in post.__slots__)))


def make_site(posts: Iterable[Post], config: Config = CONFIG) -> Site:
    """Return a site of posts, grouped."""
    newest = tuple(sorted(posts, key=lambda post: post.date, reverse=True))

    def group(name: str, url: str, members: Callable[[Post], bool]) -> Group:
        return Group(name, name.lower(), url, tuple(filter(members, newest)))

    groups = {
        "sources": (group(SOURCE.name, SOURCE.url, lambda post: post.source == SOURCE),),
        "tags": tuple(group(tag.name, tag.url, lambda post, tag=tag: tag in post.tags) for tag in TAGS),
        "authors": (group(AUTHOR.name, AUTHOR.url, lambda post: AUTHOR in post.authors),),
    }
    return Site(
        title=config.title,
        description=config.description,
        base_url=config.base_url,
        url="/repo/",
        language=config.language,
        author=config.author,
        posts=newest,
        terms=FrozenDict(groups),
        **groups,
    )


def make_items(feed: Feed, html: Callable[[Post], str] | None = None) -> list[FeedItem]:
    """Return the items of a feed, each guid being an id or the URL."""

    def body(post: Post) -> str:
        return f'<p>Text of <em>{post.slug}</em>, with a <a href="/repo/">link</a>.</p>'

    return [FeedItem(post, (html or body)(post), post.id or f"https://h.example{post.url}") for post in feed.posts]


def render_all(
    posts: Iterable[Post], config: Config = CONFIG, html: Callable[[Post], str] | None = None
) -> dict[str, bytes]:
    """Return the files of all feeds of a site, by path."""
    return {
        feed.path: render_document(
            feed, [render_item(item, config, image_facts, FORMATS) for item in make_items(feed, html)], config
        )
        for feed in plan_feeds(config, make_site(posts, config))
    }


def render_one(
    post: Post, feed_format: str, config: Config = CONFIG, html: Callable[[Post], str] | None = None, size: int = 1
) -> bytes:
    """Return the site's feed of one post."""
    path = {"rss": "feed.xml", "atom": "atom.xml", "json": "feed.json"}[feed_format]
    return render_all([post] * size, config, html)[path]


def image_facts(url: str) -> tuple[str, int, int, int] | None:
    """Know two images of the site."""
    known = {"https://h.example/repo/a.png": ("image/png", 1234, 640, 480)}
    known["https://h.example/repo/b.svg"] = ("image/svg+xml", 99, 0, 0)
    return known.get(url)


PARAMS = FrozenDict({"enclosure": FrozenDict({"url": "/talk.mp3", "length": 4321})})
