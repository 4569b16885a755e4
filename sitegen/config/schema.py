"""The settings of a site, each with its default, as one frozen value."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeGuard, get_args, get_origin

from msgspec import Struct, field

from sitegen.config.content_schema import DataPages, OwnTaxonomy, OwnType
from sitegen.config.theme_schema import Announcement, NavItem, Subscribe, Theme
from sitegen.formats.frozen_dict import FrozenDict
from sitegen.formats.urls import base_path_of
from sitegen.model import Link

ENGINES = ("python-markdown", "commonmark")
BROKEN_LINKS = ("error", "warning")
IMAGE_FORMATS = ("avif", "webp")
IMAGE_METADATA = ("remove", "credit", "keep")
IMAGE_LAYOUTS = ("wide", "full")
MENUS = ("header", "footer", "none")
UNTRANSLATED = ("hide", "list", "link")
TARGETS = {"folder": "path", "git": "remote", "rclone": "remote", "rsync": "remote", "s3": "url"}
"""The types of targets, each with the setting that it needs."""

FORMATS = ("rss", "atom", "json")


class Urls(Struct, frozen=True):
    """The paths of pages below the base URL; names in braces are filled in, and "" disables that type of page."""

    post: str = "/posts/{slug}/"
    page: str = "/{slug}/"
    archive: str = "/archive/"
    archive_page: str = "/archive/page/{number}/"
    year: str = "/archive/{year}/"
    sources: str = "/sources/"
    source: str = "/sources/{slug}/"
    tags: str = "/tags/"
    tag: str = "/tags/{slug}/"
    authors: str = "/authors/"
    author: str = "/authors/{slug}/"
    most_read: str = "/most-read/"
    most_read_year: str = "/most-read/{year}/"
    feed: str = "/feed.xml"
    atom: str = "/atom.xml"
    json_feed: str = "/feed.json"
    feed_archive: str = "/feeds/{year}.xml"
    atom_archive: str = "/feeds/{year}.atom.xml"
    json_archive: str = "/feeds/{year}.json"
    search: str = "/search/"
    figures: str = "/figures/"
    feeds: str = "/feeds/"
    language_feeds: str = "/feeds/{slug}/"
    opml: str = "/feeds/opml.xml"
    comments_feed: str = "/comments.xml"


class Markdown(Struct, frozen=True):
    """How Markdown becomes HTML."""

    engine: str = "python-markdown"
    extensions: tuple[str, ...] = ()
    smart_quotes: bool = True
    highlight: bool = True
    raw_html: bool = True
    linkify: bool = True
    seconds: float = 10.0


class Images(Struct, frozen=True):
    """How pages show the images of the content folder."""

    convert: bool = True
    """Whether images are encoded in several formats and widths, if the extra `images` is installed."""

    formats: tuple[str, ...] = ("avif", "webp")
    """The formats that are offered beside the original's."""

    widths: tuple[int, ...] = (480, 960, 1600)
    """The widths that are offered, in pixels; an image is never enlarged."""

    quality: int = 75
    """The quality of WebP and JPEG, from 1 to 100; AVIF gets the quality at which images appear the same."""

    sizes: str = ""
    """The `sizes` attribute of images in posts; by default that of the theme's layout."""

    lazy: bool = True
    """Whether all images but the first of a page are loaded when the reader scrolls to them."""

    captions: bool = True
    """Whether an image on its own is a figure, with its title as the caption."""

    placeholders: bool = True
    """Whether the dominant color of an image is shown while it loads."""

    metadata: str = "remove"
    """What is published of the metadata of images and films: remove (none), credit (artist and copyright) or keep."""

    max_megapixels: int = 100
    """The largest image that is decoded, in millions of pixels."""


class Cards(Struct, frozen=True):
    """Share cards: the images that networks and messengers show for a page."""

    enabled: bool = False
    """Whether pages have share cards, if the extra `images` is installed."""

    replace_images: bool = False
    """Whether a post or page with an image of its own, and a home page with `theme.image`, get a card too."""

    logo: str = ""
    """The path of the logo on cards, which cannot be an SVG; without it, that of the theme."""

    fonts: tuple[str, ...] = ()
    """Font files, by their paths below the site's folder, that are used before all others."""

    system_fonts: bool = True
    """Whether the fonts of the machine are used."""


class Lists(Struct, frozen=True):
    """How many posts the lists show."""

    home: int = 10
    page: int = 20
    most_read: int = 50
    related: int = 4
    year: int = 200
    """The most posts that the page of a year lists; a year with more has a page for each month. 0 for no such limit."""


class Podcast(Struct, frozen=True):
    """What podcast directories ask of a feed; the feeds are not a podcast's without `category`."""

    category: str = ""
    """The category of Apple Podcasts, such as News or Society & Culture."""

    subcategory: str = ""
    """The subcategory, such as Daily News; "" for none."""

    image: str = ""
    """The path or URL of the artwork: a square JPEG or PNG of 1,400 to 3,000 pixels."""

    email: str = ""
    """The e-mail address of the owner, which directories write to."""

    author: str = ""
    """Who makes the podcast; the site's author without."""

    explicit: bool = False
    """Whether episodes contain explicit language, unless one says otherwise."""

    type: str = "episodic"
    """episodic, or serial where episodes are listened to in order."""


class Feeds(Struct, frozen=True):
    """Which feeds there are, and what they hold."""

    posts: int = 20
    """How many posts a feed that one subscribes to holds: the newest."""

    group_posts: int = 5
    """How many of them the feeds of sources, tags and authors hold, which repeat what the site's feed contains."""

    full: bool = True
    """Whether feeds contain whole posts, or only their summaries."""

    group_full: bool = False
    """Whether the feeds of sources, tags and authors contain whole posts too; no feed does if `full` is false."""

    formats: tuple[str, ...] = ("rss", "atom", "json")
    """The formats that are written: rss (2.0), atom (1.0), json (JSON Feed 1.1); the first is the one advised."""

    group_formats: tuple[str, ...] = ("rss",)
    """Those of `formats` that the feeds of sources, tags and authors have; the first of `formats` if none of them."""

    groups: bool = True
    """Whether each source, tag, author and language has feeds of its own."""

    archives: bool = True
    """Whether the whole archive can be walked from the feed, a document a year (RFC 5005; next_url in JSON Feed)."""

    archive_formats: tuple[str, ...] = ("rss",)
    """Those of a feed's formats that have archive documents; the first of them if none is here."""

    group_archives: bool = False
    """Whether the feeds of sources, tags, authors and languages have archives too: many files on a large site."""

    attribution: str = "First published by {source}"
    """The line above a republished post, `{source}` being the linked name of its source; "" for none."""

    hubs: tuple[str, ...] = ()
    """The URLs of the WebSub hubs that notify subscribers of new posts."""

    post_comments: bool = False
    """Whether each post with comments has a feed of its comments; the site has one in any case."""

    podcast: Podcast = field(default_factory=Podcast)


class Search(Struct, frozen=True):
    """What the search index contains, beside posts and pages."""

    comments: bool = False
    """Whether a post is also found by the words of its comments."""


class Deploy(Struct, frozen=True):
    """Settings for the site's host, and whom a publish notifies of changes."""

    headers: bool = True
    """Whether there is a `_headers` file: types of feeds, caching, security (Netlify, Cloudflare Pages)."""

    csp: str = ""
    """The Content-Security-Policy in `_headers`, if not the one that fits the theme."""

    cname: str = ""
    """The site's own domain, for the CNAME file of GitHub Pages."""

    indexnow: str = ""
    """The key for IndexNow; without it, search engines are not notified."""

    tombstone: str = ""
    """The message on a page that was taken down; without it, the page does not exist."""


class Target(Struct, frozen=True):
    """A target that the site is published to: its name, its kind, and the settings of that kind."""

    name: str = ""
    kind: str = ""
    """One of TARGETS."""

    path: str = ""
    """The folder, from the site's root (`folder`)."""

    remote: str = ""
    """A git remote or URL, an rsync destination, or an rclone remote (`git`, `rsync`, `rclone`)."""

    branch: str = "gh-pages"
    """The branch (`git`)."""

    identity: str = ""
    """The author of the commits, as Name <mail>; by default that of git's own settings (`git`)."""

    message: str = "Publish {base_url}"
    """The first line of the commits (`git`)."""

    squash: bool = False
    """Whether the branch contains only the newest commit (`git`)."""

    url: str = ""
    """The bucket and the folder in it, as s3://bucket/folder (`s3`)."""

    endpoint: str = ""
    """The URL of the service, if it is not Amazon's (`s3`)."""

    region: str = ""
    """The region of the bucket, if the environment does not name it (`s3`)."""

    compress: bool = False
    """Whether to add a .gz and a .br copy of each text file, for servers that send them."""


class Language(Struct, frozen=True):
    """A further language of the site, which has pages, feeds and search of its own.

    Apart from the description, its defaults are the site's.
    """

    title: str = ""
    """The title of the site in the language."""

    description: str = ""
    """The description of the site."""

    rights: str = ""
    """The copyright notice."""

    untranslated: str = ""
    """How its pages show posts without a translation: hide, list or link; without it, `untranslated` of the site."""

    nav: tuple[NavItem, ...] = ()
    """The links at the head of every page."""

    footer: tuple[NavItem, ...] = ()
    """The links at the foot of every page."""

    links: tuple[Link, ...] = ()
    """Links at the foot of every page to the newsletter on other platforms."""

    announcement: Announcement = field(default_factory=Announcement)
    """A line at the top of every page."""

    subscribe: Subscribe = field(default_factory=Subscribe)
    """The subscription form."""

    tags: FrozenDict = field(default_factory=FrozenDict)
    """The tags that are called otherwise than in the main language: each with the tag there."""

    params: FrozenDict = field(default_factory=FrozenDict)
    """Values for templates, which replace those of the site."""


class Config(Struct, frozen=True):
    """All settings of a site, each with its default; folders are relative to the site's root."""

    title: str = "Newsletter archive"
    description: str = ""
    base_url: str = "http://localhost:8000/"
    language: str = "en"
    timezone: str = "UTC"
    author: str = ""
    rights: str = ""
    content: str = "content"
    templates: str = "templates"
    output: str = "output"
    untranslated: str = "hide"
    broken_links: str = "error"
    urls: Urls = field(default_factory=Urls)
    markdown: Markdown = field(default_factory=Markdown)
    lists: Lists = field(default_factory=Lists)
    images: Images = field(default_factory=Images)
    cards: Cards = field(default_factory=Cards)
    feeds: Feeds = field(default_factory=Feeds)
    search: Search = field(default_factory=Search)
    theme: Theme = field(default_factory=Theme)
    taxonomies: Mapping[str, OwnTaxonomy] = field(default_factory=FrozenDict)
    types: Mapping[str, OwnType] = field(default_factory=FrozenDict)
    pages: Mapping[str, DataPages] = field(default_factory=FrozenDict)
    shortcodes: FrozenDict = field(default_factory=FrozenDict)
    deploy: Deploy = field(default_factory=Deploy)
    publish: tuple[Target, ...] = ()
    languages: Mapping[str, Language] = field(default_factory=FrozenDict)
    params: FrozenDict = field(default_factory=FrozenDict)


def is_table(setting_type: Any) -> TypeGuard[type[Struct]]:
    """Return whether a setting of a type is a table of settings, written as [table]."""
    return isinstance(setting_type, type) and issubclass(setting_type, Struct)


def named_table(setting_type: Any) -> type[Struct] | None:
    """Return the type of the tables of a setting that has one for each name, written as [setting.NAME], or None."""
    inner = get_args(setting_type)[1] if get_origin(setting_type) is Mapping else None
    return inner if is_table(inner) else None


def feed_formats(config: Config) -> tuple[str, ...]:
    """Return the formats in which feeds are written: those of the config whose URL isn't ""."""
    patterns = {"rss": config.urls.feed, "atom": config.urls.atom, "json": config.urls.json_feed}
    return tuple(kind for kind in dict.fromkeys(config.feeds.formats) if patterns.get(kind))


def archive_formats(config: Config, formats: Iterable[str]) -> tuple[str, ...]:
    """Return those of some formats of feeds that have archive documents: those of the config, or else the first.

    A format whose archive URL is "" has none.
    """
    patterns = {"rss": config.urls.feed_archive, "atom": config.urls.atom_archive, "json": config.urls.json_archive}
    able = tuple(kind for kind in formats if patterns[kind])
    return tuple(kind for kind in able if kind in config.feeds.archive_formats) or able[:1]


def base_path(config: Config) -> str:
    """Return the path part of the base URL, without a slash at its end: "" or "/repo"."""
    return base_path_of(config.base_url)
