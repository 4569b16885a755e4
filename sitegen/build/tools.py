"""The tools of a build: what it works with, and what remains between two builds."""

from collections.abc import Callable, Collection, Iterable
from contextlib import AbstractContextManager
from pathlib import Path

from msgspec import Struct

from sitegen.cache.store import Store
from sitegen.content.loader import Loader
from sitegen.content.site_hooks import SiteHooks
from sitegen.model import Post

Placing = Callable[[Collection[str], Iterable[Post], frozenset[str]], AbstractContextManager[None]]
"""Entered while files are put in place, with the paths of all files, the posts of the site, and the pending files."""


class Tools(Struct, frozen=True):
    """The tools of a build: the site's folder, the build cache in the folder `work`, the hooks and the loader.

    `clock` returns the time in ns. `cache` is the user's folder for compiled templates.
    """

    root: Path
    work: Path
    clock: Callable[[], int]
    placing: Placing
    cache: Path | None
    store: Store
    hooks: SiteHooks
    loader: Loader
