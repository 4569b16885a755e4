"""Find posts by the URLs and slugs that other programs have of them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from sitegen.content.ledger.file import LedgerEntry
from sitegen.content.ledger.view_counts import index_posts
from sitegen.formats.site_urls import comparable, path_key
from sitegen.formats.url_paths import path_of
from sitegen.formats.urls import base_path_of
from sitegen.model import Post


class PostIndex:
    """The files of posts by the URLs that they have or had, and by their slugs.

    The URLs are those of `index_posts`, and last the `source_url`. Hosts do not matter, since a site can have moved,
    nor does case, unless two paths differ only in it.
    """

    def __init__(self, posts: Sequence[Post], records: Sequence[LedgerEntry], base_url: str) -> None:
        self._base = base_path_of(base_url)
        self._files = index_posts(posts, records, base_url)
        for post in posts:
            if post.source_url and (key := path_key(path_of(post.source_url))):
                self._files.setdefault(key, post.path)
        self._folded: dict[str, str] = {}
        slugs: defaultdict[str, set[str]] = defaultdict(set)
        for key, file in self._files.items():
            self._folded.setdefault(comparable(key), file)
            slugs[_slug_of(key)].add(file)
        for post in posts:
            slugs[_slug_of(post.slug)].add(post.path)
            slugs[_slug_of(post.path.rpartition(".")[0])].add(post.path)
        self._slugs = {
            slug: min(files) for slug, files in slugs.items() if len(files) == 1 and slug not in ("", "index")
        }

    def by_path(self, path: str) -> str | None:
        """Return the file of the post at a decoded path below the base URL, None if no post is or was there."""
        return self._files.get(path_key(path))

    def by_url(self, url: str) -> str | None:
        """Return the file of the post at a URL or at its path, None if no post is or was there."""
        keys = [key for path in self.paths(url) if (key := path_key(path))]
        return next((self._files[key] for key in keys if key in self._files), None) or next(
            (self._folded[folded] for key in keys if (folded := comparable(key)) in self._folded), None
        )

    def by_slug(self, slug: str) -> str | None:
        """Return the file of the only post with a slug, in any folder; None if there is none, or more than one."""
        return self._slugs.get(_slug_of(slug))

    def paths(self, url: str) -> Iterator[str]:
        """Yield the paths below the base URL that a URL can have: a site can have been at another base path."""
        path = path_of(url)
        if self._base and f"{path}/".startswith(f"{self._base}/"):
            yield path[len(self._base) :]
        yield path


def _slug_of(path: str) -> str:
    return comparable(path_key(path).rpartition("/")[2])
