"""Plans every feed of a site."""

from urllib.parse import quote

from sitegen.config import Config, base_path
from sitegen.feeds.feed import Feed
from sitegen.model import Site


def plan_feeds(config: Config, site: Site) -> list[Feed]:
    """Return every feed of the site."""
    url = base_path(config) + quote(config.urls.feed)
    return [
        Feed(
            path=config.urls.feed.lstrip("/"),
            url=url,
            kind="rss",
            title=site.title,
            description=site.description,
            home=site.url,
            language=site.language,
            posts=site.posts[: config.feeds.posts],
        )
    ]
