"""The bodies of posts in the build cache, as the pages that are rendered show them."""

from collections.abc import Collection, Iterable, Mapping
from copy import copy

from sitegen.cache.codec import read_body
from sitegen.cache.store import Store, StoreError
from sitegen.content.links import Links
from sitegen.markdown.url_placeholders import fill_in_urls
from sitegen.model import Body, Entry, Post


class Bodies:
    """The bodies of published posts and pages in the build cache.

    `keys` are the fingerprints of the bodies and `links` the links in them, both by the post's path; `base` is the path
    of the base URL. A page can read only the bodies that it has declared.
    """

    def __init__(self, store: Store, entries: Mapping[str, Entry], links: Mapping[str, Links], base: str) -> None:
        self._store, self._links, self._base = store, links, base
        self.keys = {path: entry.body for path, entry in entries.items()}
        self._fetched: Mapping[str, Body] = {}
        self._declared: Collection[str] = ()

    def with_changes(self, changed: Iterable[Entry]) -> "Bodies":
        """Return the bodies of the same posts, of which some have changed."""
        fresh = copy(self)
        fresh.keys = {**self.keys, **{entry.post.path: entry.body for entry in changed}}
        return fresh

    def fetch(self, posts: Iterable[Post]) -> None:
        """Read the bodies of the posts that the next pages show, all at once."""
        self._fetched = dict(self._store.some("body", [self.keys[post.path] for post in posts], read_body))

    def declare(self, posts: Iterable[Post] | None) -> None:
        """Allow the page that is rendered next to read the bodies of some posts, None for those of all."""
        self._declared = self.keys if posts is None else {post.path for post in posts}

    def get(self, post: Post) -> Body:
        """Return the body of a post. Raises LookupError if the page has not declared it."""
        if post.path not in self._declared:
            raise LookupError(f"a page shows the body of {post.path}, which its type does not return in `bodies`")
        key = self.keys[post.path]
        body = self._fetched.get(key) or self._store.get("body", key, read_body)
        if body is None:
            raise StoreError(f"no body {key}")
        return body

    def html(self, post: Post) -> str:
        """Return the HTML of a body, with the URLs of this site filled in."""
        links = dict(self._links.get(post.path, ()))

        def resolve(target: str) -> str:
            return self._base + target if target.startswith("/") else links.get(target, target)

        return fill_in_urls(self.get(post).html, resolve)
