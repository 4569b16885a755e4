"""The settings of a site: `sitegen.toml`, or `[tool.sitegen]` in pyproject.toml, as a frozen value."""

from dataclasses import dataclass, field

from sitegen.model import FrozenDict

ENGINES = ("python-markdown", "commonmark")


@dataclass(frozen=True, slots=True)
class Urls:
    """Where pages lie below the base URL; names in braces are filled in."""

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
    feed: str = "/feed.xml"


@dataclass(frozen=True, slots=True)
class Markdown:
    """How Markdown becomes HTML."""

    engine: str = "python-markdown"
    extensions: tuple[str, ...] = ()
    smart_quotes: bool = True
    highlight: bool = True
    raw_html: bool = True
    seconds: float = 10.0


@dataclass(frozen=True, slots=True)
class Lists:
    """How many posts the lists show."""

    home: int = 10
    page: int = 20
    most_read: int = 50
    related: int = 4


@dataclass(frozen=True, slots=True)
class Feeds:
    """What the feeds hold."""

    posts: int = 20
    full: bool = True


@dataclass(frozen=True, slots=True)
class Config:
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
    urls: Urls = field(default_factory=Urls)
    markdown: Markdown = field(default_factory=Markdown)
    lists: Lists = field(default_factory=Lists)
    feeds: Feeds = field(default_factory=Feeds)
    params: FrozenDict = field(default_factory=FrozenDict)
