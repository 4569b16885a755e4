"""Find the post that an export means by a URL, a slug or a title."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from pathlib import Path

from sitegen.build.planned_site import PlannedSite
from sitegen.config.schema import Config
from sitegen.content.ledger.file import LedgerEntry
from sitegen.content.ledger.post_index import PostIndex
from sitegen.content.ledger.record import reconcile_posts
from sitegen.content.ledger.view_counts import post_path
from sitegen.formats.site_urls import path_key
from sitegen.formats.urls import base_path_of
from sitegen.importers.views.export import Key
from sitegen.model import Post


class PostFinder:
    """Finds posts by what exports call them.

    `posts` are all posts of the site with their URLs, `records` those that were published, `others` the site paths of
    all other pages.
    """

    def __init__(
        self, posts: Sequence[Post], records: Sequence[LedgerEntry], base_url: str, others: Collection[str]
    ) -> None:
        base = base_path_of(base_url)
        self._index = PostIndex(posts, records, base_url)
        self._names = {post.path: post_path(post, base) for post in posts}
        self._others = {path_key(path[len(base) :]) for path in others}
        self._titles: defaultdict[str, list[Post]] = defaultdict(list)
        for post in posts:
            self._titles[_fold(post.title)].append(post)

    def find(self, key: Key) -> str | None:
        """Return the path by which `views.csv` names the post that a key means, None if there is no such post.

        A URL is matched first, then a slug that only one post has, then a title that only one post has, or only one
        on that day or the days beside it.
        """
        file = self._by_url(key.url) if key.url else None
        if file is None and key.slug:
            file = self._index.by_slug(key.slug)
        if file is None and key.title:
            file = self._by_title(key.title, key.day)
        return None if file is None else self._names[file]

    def is_other_page(self, key: Key) -> bool:
        """Return whether a key is the URL of a page of the site that is not a post."""
        return any(path_key(path) in self._others for path in self._index.paths(key.url)) if key.url else False

    def find_path(self, path: str) -> str | None:
        """Return the present path of the post that `views.csv` names by a path, None if no post has or had it."""
        file = self._index.by_path(path)
        return None if file is None else self._names[file]

    def _by_url(self, url: str) -> str | None:
        if file := self._index.by_url(url):
            return file
        name = url.strip("/")
        is_slug = name and "/" not in name and not self.is_other_page(Key(url))
        return self._index.by_slug(name) if is_slug else None  # a column of slugs looks like one of paths

    def _by_title(self, title: str, day: str) -> str | None:
        posts = self._titles.get(_fold(title), [])
        if day:
            meant = date.fromisoformat(day)
            # Exports write the moment in UTC, posts in the zone of the site.
            near = [post for post in posts if abs(post.date.date() - meant) <= timedelta(days=1)]
            posts = near or posts
        return posts[0].path if len(posts) == 1 else None


def make_finder(root: Path, site: PlannedSite, config: Config) -> PostFinder:
    """Return the finder of the posts of a planned site, whose folder is `root`, by their present and former URLs."""
    pages = f"{config.content}/pages/"
    posts = [entry.post for entry in site.entries.values() if not entry.post.path.startswith(pages)]
    published = [entry.post for entry in (*site.choice.posts, *site.choice.pages)]
    records = reconcile_posts(root, config, published).ledger.records
    urls = {post.url for post in posts}
    others = {page.url for page in site.pages.values() if hasattr(page, "url") and page.url not in urls}
    return PostFinder(posts, records, config.base_url, others)


def _fold(title: str) -> str:
    return " ".join(title.casefold().split())
