"""The parts of a feed's head that all formats share: its image and that of its podcast."""

from sitegen.config.schema import Config, base_path
from sitegen.feeds.address import absolute, to_uri
from sitegen.formats.site_urls import link_url


def feed_image(config: Config) -> str:
    """Return the absolute URL of the site's logo, "" if it has none."""
    return resolve(config.theme.logo, config) if config.theme.logo else ""


def resolve(path: str, config: Config) -> str:
    """Return the absolute URL of a file that a setting names: a URL, or a path from the root of the site."""
    return to_uri(absolute(link_url(path, base_path(config)), config.base_url))
