"""The settings of a site's own content: taxonomies, types of posts, and pages for rows of data."""

from msgspec import Struct, field

from sitegen.formats.frozen_dict import FrozenDict

TERM_ORDERS = ("name", "posts", "latest")
POST_ORDERS = ("newest", "oldest")
FIELD_TYPES = ("text", "number", "date", "list", "url", "post", "posts")
GATHERS = ("number", "date", "list")


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
