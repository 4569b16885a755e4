"""Records which URLs are located while a file is read."""

from collections.abc import Iterator, MutableMapping
from dataclasses import replace

from sitegen.check.links.resolve import Address, Hosting

UrlKey = str | tuple[str, str]
"""A URL that means the same on every page, or the page or folder that it is relative to, and the URL."""


class LocatedUrls(MutableMapping[UrlKey, Address]):
    """Records the URLs that are located by way of a cache of resolved URLs."""

    def __init__(self, known: MutableMapping[UrlKey, Address]) -> None:
        self._known = known
        self.keys_used: dict[UrlKey, None] = {}

    def get(self, key: UrlKey, default: Address | None = None) -> Address | None:  # type: ignore[override]  # one type
        """Return where a URL leads, if that is known."""
        address = self._known.get(key, default)
        if address is not None:
            self.keys_used[key] = None
        return address

    def __getitem__(self, key: UrlKey) -> Address:
        self.keys_used[key] = None
        return self._known[key]

    def __setitem__(self, key: UrlKey, address: Address) -> None:
        self.keys_used[key] = None
        self._known[key] = address

    def __delitem__(self, key: UrlKey) -> None:
        del self._known[key]

    def __iter__(self) -> Iterator[UrlKey]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)

    def clear(self) -> None:
        """Forget where URLs lead, but not which were located."""
        self._known.clear()


def record_urls(hosting: Hosting) -> tuple[Hosting, LocatedUrls]:
    """Return the same hosting, and the record of the URLs that will be located with it."""
    located = LocatedUrls(hosting.known)
    return replace(hosting, known=located), located
