"""Warns of feeds that a publish removes, because their subscribers would get an error instead of new posts."""

from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from sitegen.config.schema import Config, base_path
from sitegen.errors import WARNING, Problem
from sitegen.feeds.plan import compile_archive_paths, locate
from sitegen.formats.site_urls import site_url


def warn_of_feeds(removed: Iterable[str], config: Config) -> Iterator[Problem]:
    """Yield a warning for each feed among the files that a publish removes.

    A feed is a file that has the name of a feed in any format, at the top or below a group's page, or the path of an
    archive document of the site, also in formats that the config has no longer.
    """
    archives = compile_archive_paths(config)
    urls = (config.urls.feed, config.urls.atom, config.urls.json_feed)
    feeds = {_locate(pattern, config) for pattern in urls if pattern}
    of_groups = {unquote(pattern).rstrip("/").rpartition("/")[2] for pattern in urls if pattern}
    for path in removed:
        message = hint = ""
        if archives.fullmatch(path):
            message = "this archive document of a feed was published, and will be removed"
            hint = "if readers may use it, name its format in `archive_formats` in [feeds]; see the page Feeds"
        elif path in feeds or path.rpartition("/")[2] in of_groups:
            message = "this feed was published, and will be removed: its subscribers will get an error"
            hint = (
                "to keep the feeds of a format, name it in `formats` or `group_formats` in [feeds]; see the page Feeds"
            )
        if message:
            yield Problem(path, 0, message, hint, severity=WARNING)


def _locate(pattern: str, config: Config) -> str:
    return locate(config, site_url(pattern, base_path(config)))
