"""The settings of a site, each with its default, as one frozen value."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeGuard, get_args, get_origin

from msgspec import Struct, field

from sitegen.config.presets import PRESETS
from sitegen.formats.urls import base_path_of, origin_of
from sitegen.model import FrozenDict, Link

ENGINES = ("python-markdown", "commonmark")
BROKEN_LINKS = ("error", "warning")
IMAGE_FORMATS = ("avif", "webp")
IMAGE_METADATA = ("remove", "credit", "keep")
ARTICLES = ("BlogPosting", "NewsArticle")
IMAGE_LAYOUTS = ("wide", "full")
MENUS = ("header", "footer", "none")
SECTIONS = (
    "home", "archive", "sources", "tags", "authors", "most_read", "search", "figures", "feeds", "subscribe",
)  # fmt: skip
ICONS = (
    "bluesky", "code", "email", "facebook", "instagram", "link", "linkedin", "mastodon", "podcast", "rss", "x",
    "youtube",
)  # fmt: skip
MASTHEADS = ("both", "logo", "title")
FONT_USES = ("text", "headings", "labels", "code")
VIEWS = ("sum", "platforms")
COMMENT_SYSTEMS = ("giscus", "isso", "remark42", "webmention")
TERM_ORDERS = ("name", "posts", "latest")
POST_ORDERS = ("newest", "oldest")
UNTRANSLATED = ("hide", "list", "link")
FIELD_TYPES = ("text", "number", "date", "list", "url", "post", "posts")
GATHERS = ("number", "date", "list")
TARGETS = ("folder", "git", "rclone", "rsync", "s3")
FORMATS = ("rss", "atom", "json")
SHARING = ("email", "bluesky", "facebook", "hackernews", "linkedin", "reddit", "telegram", "whatsapp", "x")


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


class Subscribe(Struct, frozen=True):
    """The subscription form, where readers enter their email address; none without `action`."""

    action: str = ""
    """The URL of the form, from Buttondown, Mailchimp, Ghost or another provider."""

    name: str = "email"
    """The name of the field for the email address."""

    hidden: FrozenDict = field(default_factory=FrozenDict)
    """Fields that the form sends along unseen, by name."""


class NavItem(Struct, frozen=True):
    """A link at the head or the foot of every page: to a `section`, a `page` or a `url`."""

    section: str = ""
    """A part of the site, one of SECTIONS; the link is omitted if the site has none."""

    page: str = ""
    """The slug of a page of `content/pages/`."""

    url: str = ""
    """Any URL, or a path of the site."""

    title: str = ""
    """What the link says; without it, the name of the section or the title of the page."""

    icon: str = ""
    """An icon instead of the title, one of ICONS."""


class CommentSystem(Struct, frozen=True):
    """Where readers write new comments, which a static site cannot take itself; nowhere without `system`."""

    system: str = ""
    """One of COMMENT_SYSTEMS."""

    url: str = ""
    """The URL of the server (Isso, Remark42), or of the receiver of webmentions."""

    site_id: str = ""
    """The name of the site on the server (Remark42)."""

    repo: str = ""
    """The repository on GitHub that has the discussions, as owner/name (giscus)."""

    repo_id: str = ""
    """The id of the repository, which giscus.app shows (giscus)."""

    category: str = ""
    """The category of new discussions (giscus)."""

    category_id: str = ""
    """The id of the category, which giscus.app shows (giscus)."""

    integrity: str = ""
    """The hash of the server's script, as sha384-...; browsers then run no other (Isso, Remark42)."""

    @property
    def host(self) -> str:
        """The name of the host that gets what readers write."""
        return "GitHub (giscus.app)" if self.system == "giscus" else origin_of(self.url).partition("://")[2]

    @property
    def needs_script(self) -> bool:
        """Whether readers write comments in a form that a script loads."""
        return self.system not in ("", "webmention")


class Announcement(Struct, frozen=True):
    """A line at the top of every page; none without `text`."""

    text: str = ""
    """What it says."""

    url: str = ""
    """Where it leads, if anywhere."""


class FontFile(Struct, frozen=True):
    """A font of the site's own: a WOFF2 file of the content folder."""

    file: str = ""
    """The path of the file; its weights and whether it is italic are read from it."""

    use: str = "text"
    """What it is for, one of FONT_USES."""

    languages: tuple[str, ...] = ()
    """The codes of the languages that use it; without any, all."""


class Theme(Struct, frozen=True):
    """What the default theme shows, as far as that is not a matter of templates and CSS."""

    article: str = "BlogPosting"
    """What posts are for search engines: BlogPosting or NewsArticle (schema.org)."""

    preset: str = "newspaper"
    """The preset that provides the defaults of all other settings: one of PRESETS."""

    fonts: str = ""
    """The fonts, which readers' devices have: book, classic or modern; without it, those of the preset."""

    font_files: tuple[FontFile, ...] = ()
    """Fonts of the site's own, which are used before those of `fonts`."""

    lists: str = ""
    """How lists show posts: summaries, compact, images or cards; without it, as the preset does."""

    home: tuple[str, ...] = ()
    """The blocks of the home page, in their order; without it, those of the preset."""

    accent: str = ""
    """The accent colour, as #rrggbb; without it, that of the theme."""

    accent_dark: str = ""
    """The accent colour in dark mode, as #rrggbb; without it, one is derived from `accent`."""

    logo: str = ""
    """The path of the publisher's logo; or its URL, which only search engines and feed readers get to see."""

    logo_dark: str = ""
    """The path of the logo in dark mode; without it, `logo` is shown there too."""

    masthead: str = "both"
    """What the masthead shows of a site with a logo: both, logo or title."""

    icon: str = ""
    """The path of a square SVG or PNG file, of which the site's icons are made; without it, the theme's icon."""

    header_image: str = ""
    """The path of an image above the title of the home page."""

    header_image_alt: str = ""
    """The description of `header_image` for people who do not see it; "" if it is decoration."""

    image: str = ""
    """The path or URL of the preview image of pages without one of their own."""

    contents: int = 3
    """The number of headings from which a post begins with a table of contents; 0 for none."""

    drop_cap: bool = False
    """Whether the first letter of a post is as tall as three lines."""

    share: tuple[str, ...] = ("email", "bluesky", "linkedin", "reddit")
    """Where readers can pass a post on: the names of services, or email."""

    views: str = "sum"
    """How a post shows views that several platforms counted: sum, or platforms, each with its number."""

    links: tuple[Link, ...] = ()
    """Links at the foot of every page to the newsletter on other platforms."""

    subscribe: Subscribe = field(default_factory=Subscribe)

    words: FrozenDict = field(default_factory=FrozenDict)
    """Words of the theme that the site says otherwise, a table by language: see the page "theming" of the manual."""

    nav: tuple[NavItem, ...] = ()
    """The links at the head of every page; without any, the sections that exist and the pages with `menu: header`."""

    footer: tuple[NavItem, ...] = ()
    """The links at the foot of every page, before `links`; without any, the pages and three sections."""

    announcement: Announcement = field(default_factory=Announcement)

    comments: CommentSystem = field(default_factory=CommentSystem)

    @property
    def font_set(self) -> str:
        """The fonts: one of FONTS."""
        return self.fonts or PRESETS[self.preset].fonts

    @property
    def list_style(self) -> str:
        """How lists show posts: one of LISTS."""
        return self.lists or PRESETS[self.preset].lists

    @property
    def home_blocks(self) -> tuple[str, ...]:
        """The blocks of the home page, in their order."""
        return self.home or PRESETS[self.preset].home


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


class OwnTaxonomy(Struct, frozen=True):
    """A way to group posts, by a key of their front matter; `{name}` in its URLs is its name."""

    title: str = ""
    """What pages call it; by default its name with a capital letter."""

    key: str = ""
    """The key of front matter; by default its name."""

    url: str = "/{name}/{slug}/"
    """The page that lists the posts of a term; "" for none."""

    index: str = "/{name}/"
    """The page that lists the terms; "" for none."""

    template: str = "term.html"
    """The template of a term's page."""

    index_template: str = "terms.html"
    """The template of the page that lists the terms."""

    feed: bool = False
    """Whether each term has feeds."""

    term_order: str = "name"
    """How the terms are ordered: name, posts (most first) or latest (that of the newest post first)."""

    post_order: str = ""
    """How the posts of a term are ordered: newest or oldest first; by default newest, oldest for posts with parts."""

    parts: bool = False
    """Whether posts are numbered parts, as those of the taxonomy `series` always are."""

    part: str = "part"
    """The key of front matter with the number of a part."""


class DataPages(Struct, frozen=True):
    """A page for each row of a file of `content/data/`; `{name}` in `url` is the name."""

    data: str = ""
    """The name of the file, without its ending; by default that of the table."""

    url: str = "/{name}/{slug}/"
    """The URL of a page; `{slug}` is the slug of its row."""

    template: str = "data.html"
    """The template of a page."""

    title: str = "title"
    """The key of a row with the title of its page; `name` if the rows have no such key."""

    slug: str = "slug"
    """The key of a row with the last part of its URL; by default it is derived from the title."""


class OwnType(Struct, frozen=True):
    """A type of posts with a folder and keys of its own; `{name}` in its URLs is its name."""

    title: str = ""
    """What pages call its list; by default its name with a capital letter."""

    folder: str = ""
    """The folder of its posts below the content folder; by default its name."""

    url: str = "/{name}/{slug}/"
    """The URL of a post; it can contain the date, as `urls.post`."""

    template: str = ""
    """The template of a post; by default post.html, or issue.html with `gather`."""

    listing: str = "/{name}/"
    """The page that lists the posts; "" for none."""

    listing_template: str = "listing.html"
    """The template of that page."""

    feed: bool = False
    """Whether the type has feeds."""

    main: bool = False
    """Whether the posts are also on the home page, in the archive and in the feeds of the site."""

    sort: str = "date"
    """What the list is sorted by: date (newest first), title, or the name of a field."""

    reverse: bool = False
    """Whether the list is in the opposite order."""

    gather: str = ""
    """For issues, which posts one shows: those of its number, since the issue before (date), or those in its list."""

    fields: FrozenDict = field(default_factory=FrozenDict)
    """The type of each own key of front matter, by its name."""

    required: tuple[str, ...] = ()
    """The keys that each post needs."""


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
