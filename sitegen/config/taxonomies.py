"""Taxonomies: the built-in ones (sources, tags, authors) and those of the config, as all stages of a build use them."""

from collections.abc import Collection, Iterator, Mapping

from msgspec import Struct

from sitegen.config.content_schema import POST_ORDERS, TERM_ORDERS, OwnTaxonomy
from sitegen.config.schema import Config
from sitegen.config.setting_values import SettingProblem, check_own_name, check_pattern, check_template
from sitegen.config.theme_schema import SECTIONS
from sitegen.errors import did_you_mean
from sitegen.formats import lazy_regex

SERIES = "series"
"""The taxonomy whose posts are parts without a setting."""

FRONT_MATTER_KEYS = frozenset(
    (
        "title", "date", "updated", "slug", "id", "author", "authors", "source", "source_url", "views", "comments",
        "likes", "tags", "summary", "image", "image_alt", "image_caption", "image_credit", "image_layout", "issue",
        "language", "markdown", "draft", "broken_links", "translation_of", "translation_key",
        "aliases", "menu", "order", "parent", "template", "params", "enclosure",
    )
)  # fmt: skip
"""The keys of front matter that have a meaning in every post, so that no taxonomy can have them."""

RESERVED_NAMES = frozenset(
    (
        *SECTIONS, "post", "page", "posts", "pages", "data", "year", "month", "source", "tag", "author", "language",
        "comments", "site", "opml",
    )
)  # fmt: skip
"""Names that page types, folders and sections have already."""

_KEY = lazy_regex.compile(r"[A-Za-z][\w-]*")


class Taxonomy(Struct, frozen=True):
    """A way to group posts by terms, such as tags.

    `name` is that of its index page and its section, `page_type` that of the pages of its terms; `title` is "" for what
    the theme has a word for. `key` is the key of front matter, `part` the one with a post's number among those of its
    term, or "". `url` and `index` are the patterns of URLs, "" for no such page. `feeds` says whether terms have feeds.
    """

    name: str
    page_type: str
    key: str
    url: str
    index: str
    template: str
    index_template: str
    feeds: bool
    title: str = ""
    part: str = ""
    term_order: str = "name"
    post_order: str = "newest"

    @property
    def is_own(self) -> bool:
        """Whether the config defines it."""
        return bool(self.title)


def find_taxonomies(config: Config) -> tuple[Taxonomy, ...]:
    """Return all taxonomies of a site, the built-in ones first."""
    urls, feeds = config.urls, config.feeds.groups
    return (
        Taxonomy("sources", "source", "source", urls.source, urls.sources, "source.html", "sources.html", feeds),
        Taxonomy("tags", "tag", "tags", urls.tag, urls.tags, "tag.html", "tags.html", feeds),
        Taxonomy("authors", "author", "authors", urls.author, urls.authors, "author.html", "authors.html", feeds),
        *find_own_taxonomies(config.taxonomies),
    )


def find_own_taxonomies(settings: Mapping[str, OwnTaxonomy]) -> tuple[Taxonomy, ...]:
    """Return the taxonomies that a config defines, in its order."""
    return tuple(_complete(name, item) for name, item in settings.items())


def _complete(name: str, item: OwnTaxonomy) -> Taxonomy:
    """Return a taxonomy with what the config leaves to defaults."""
    part = _part_key(name, item)
    return Taxonomy(
        name=name,
        page_type=f"{name}-term",
        key=item.key or name,
        url=item.url.replace("{name}", name),
        index=item.index.replace("{name}", name),
        template=item.template,
        index_template=item.index_template,
        feeds=item.feed,
        title=item.title or name.replace("_", " ").capitalize(),
        part=part,
        term_order=item.term_order,
        post_order=item.post_order or ("oldest" if part else "newest"),
    )


def _part_key(name: str, item: OwnTaxonomy) -> str:
    return item.part if item.parts or name == SERIES else ""


def is_free_key(key: str) -> bool:
    """Return whether a string is a key of front matter to which a config may give a meaning."""
    return key not in FRONT_MATTER_KEYS and _KEY.fullmatch(key) is not None


def check_taxonomies(settings: Mapping[str, OwnTaxonomy]) -> Iterator[SettingProblem]:
    """Yield what is wrong with the taxonomies of a config."""
    keys: dict[str, str] = {}
    for name, item in settings.items():
        here = ("taxonomies", name)
        if problems := check_own_name(here, name, RESERVED_NAMES, "a taxonomy"):
            yield from problems
            continue
        part, key = _part_key(name, item), item.key or name
        for setting, value in (("key", key), ("part", part)):
            if value and not is_free_key(value):
                message = f'"{value}" cannot be the {setting} of the taxonomy "{name}"'
                yield (*here, setting), message, "name a key of front matter that has no other meaning"
        if key == part or keys.setdefault(key, name) != name:
            message = f'the key "{key}" is used twice'
            yield (*here, "key"), message, "give each taxonomy a key of its own"
        if item.url:
            yield from check_pattern((*here, "url"), item.url, "/{name}/{slug}/", {"slug"}, {"slug", "name"})
        if item.index:
            yield from check_pattern((*here, "index"), item.index, "/{name}/", set(), {"name"})
        for setting, value, known in (
            ("term_order", item.term_order, TERM_ORDERS),
            ("post_order", item.post_order or POST_ORDERS[0], POST_ORDERS),
        ):
            if value not in known:
                hint = did_you_mean(value, known) or f"known are: {', '.join(known)}"
                yield (*here, setting), f'"{value}" is not a known value of `{setting}`', hint
        for setting in ("template", "index_template"):
            if not getattr(item, setting):
                yield (*here, setting), f"`{setting}` is empty", "write the name of a file in the templates folder"


def check_templates(config: Config, templates: Collection[str]) -> Iterator[SettingProblem]:
    """Yield a problem for each template that a taxonomy of the config names and that is not among the site's."""
    for name, item in config.taxonomies.items():
        for setting in ("template", "index_template"):
            yield from check_template(("taxonomies", name, setting), getattr(item, setting), templates, config)
