"""The settings of the default theme: what its pages show, and how."""

from msgspec import Struct, field

from sitegen.config.presets import PRESETS
from sitegen.formats.frozen_dict import FrozenDict
from sitegen.formats.urls import origin_of
from sitegen.model import Link

ARTICLES = ("BlogPosting", "NewsArticle")
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
SHARING = ("email", "bluesky", "facebook", "hackernews", "linkedin", "reddit", "telegram", "whatsapp", "x")


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
