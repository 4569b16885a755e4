"""Editions: the main language of a site and its further ones, each with pages of its own below a prefix."""

from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import asdict, replace

from sitegen.config.content_schema import OwnTaxonomy, OwnType
from sitegen.config.schema import Config, Language, Urls
from sitegen.config.theme_schema import Theme
from sitegen.formats.frozen_dict import FrozenDict
from sitegen.formats.slugs import name_slug
from sitegen.formats.urls import base_path_of


class Edition(Struct, frozen=True):
    """One language of a site: its tag (BCP 47), and the config with what differs in that language.

    `name` is "" for the main language, otherwise the tag. `prefix` is what all paths of its pages begin with: "" or
    "/de". `tags` has the slugs of tags that the main language has other names for, each with the slug there.
    """

    name: str
    language: str
    prefix: str
    config: Config
    tags: Mapping[str, str] = FrozenDict()

    @property
    def home(self) -> str:
        """The path of the home page below the base URL."""
        return f"{self.prefix}/"

    @property
    def url(self) -> str:
        """The URL of the home page, from the host on."""
        return f"{base_path_of(self.config.base_url)}{self.prefix}/"


class Editions(Struct, frozen=True):
    """The editions of a site by their tags in lower case, the main one first."""

    main: Edition
    by_tag: Mapping[str, Edition]

    def __iter__(self) -> Iterator[Edition]:
        """Iterate over the editions, the main one first, the others in the order of the config."""
        return iter(self.by_tag.values())

    def find(self, language: str) -> Edition:
        """Return the edition that a post in a language belongs to: that of its tag or of a parent, or the main one."""
        if len(self.by_tag) == 1 or not language:
            return self.main
        tag = language.lower()
        while tag:
            if tag in self.by_tag:
                return self.by_tag[tag]
            tag = tag.rpartition("-")[0]
        return self.main


def find_editions(config: Config) -> Editions:
    """Return the editions of a site; a site without the table `languages` has one."""
    main = Edition("", config.language, "", config)
    others = {code.lower(): _make_edition(code, language, config) for code, language in config.languages.items()}
    return Editions(main, {config.language.lower(): main, **others})


def _make_edition(code: str, language: Language, config: Config) -> Edition:
    prefix = f"/{code.lower()}"
    urls = {name: f"{prefix}{pattern}" if pattern else "" for name, pattern in asdict(config.urls).items()}
    own = replace(
        config,
        language=code,
        title=language.title or config.title,
        description=language.description,
        rights=language.rights or config.rights,
        untranslated=language.untranslated or config.untranslated,
        urls=replace(Urls(**urls), language_feeds=""),
        taxonomies=FrozenDict({name: _prefix_taxonomy(item, prefix) for name, item in config.taxonomies.items()}),
        types=FrozenDict({name: _prefix_type(item, prefix) for name, item in config.types.items()}),
        theme=_localize_theme(config.theme, language),
        params=FrozenDict({**config.params, **language.params}),
    )
    tags = {name_slug(name): name_slug(str(other)) for name, other in language.tags.items()}
    return Edition(code, code, prefix, own, FrozenDict(tags))


def _prefix_taxonomy(taxonomy: OwnTaxonomy, prefix: str) -> OwnTaxonomy:
    url, index = (f"{prefix}{pattern}" if pattern else "" for pattern in (taxonomy.url, taxonomy.index))
    return replace(taxonomy, url=url, index=index)


def _prefix_type(post_type: OwnType, prefix: str) -> OwnType:
    listing = f"{prefix}{post_type.listing}" if post_type.listing else ""
    return replace(post_type, url=f"{prefix}{post_type.url}", listing=listing)


def _localize_theme(theme: Theme, language: Language) -> Theme:
    return replace(
        theme,
        nav=language.nav or theme.nav,
        footer=language.footer or theme.footer,
        links=language.links or theme.links,
        announcement=language.announcement if language.announcement.text else theme.announcement,
        subscribe=language.subscribe if language.subscribe.action else theme.subscribe,
    )


def without_lists(config: Config) -> Config:
    """Return the config of an edition that has no posts: without lists, search and feeds, which would be empty."""
    urls = asdict(config.urls)
    return replace(config, urls=Urls(**{name: urls[name] if name in ("post", "page") else "" for name in urls}))
