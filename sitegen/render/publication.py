"""The publication of an edition as structured data names it, by the settings."""

from sitegen.config.i18n import Words
from sitegen.config.schema import Config, base_path
from sitegen.config.taxonomies import find_taxonomies
from sitegen.formats.site_urls import link_url
from sitegen.formats.urls import origin_of
from sitegen.render.json_ld import Publication, describe_publication


def find_publication(config: Config, words: Words, home: str = "") -> Publication:
    """Return the publication of an edition with its config and words.

    `home` is the URL path of the home page, "" for that of the base URL.
    """
    base, origin, urls = base_path(config), origin_of(config.base_url), config.urls
    indexes = {
        **{item.page_type: (item.title or getattr(words, item.name), item.index) for item in find_taxonomies(config)},
        "year": (words.archive, urls.archive),
        "month": (words.archive, urls.archive),
    }
    return describe_publication(
        Publication(
            title=config.title,
            url=origin + home if home else config.base_url,
            origin=origin,
            language=config.language,
            author=config.author,
            article=config.theme.article,
            logo=link_url(config.theme.logo, base),
            search=link_url(urls.search, base),
            indexes={name: (title, link_url(pattern, base)) for name, (title, pattern) in indexes.items() if pattern},
        )
    )
