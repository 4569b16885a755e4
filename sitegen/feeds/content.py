"""A post's HTML as feeds carry it: every URL absolute, nothing in it that runs or that only a page can show."""

from functools import lru_cache

import nh3

from sitegen.feeds.text import legal

TAGS = nh3.ALLOWED_TAGS | {"section", "main", "input", "label"}
EVERYWHERE = {"id", "class", "lang", "dir", "title"}


@lru_cache(maxsize=4096)
def clean(html: str, permalink: str) -> str:
    """Return the HTML of the post at `permalink` (absolute) as a feed carries it."""
    attributes = {tag: set(names) for tag, names in nh3.ALLOWED_ATTRIBUTES.items()} | {"*": EVERYWHERE}
    return nh3.clean(legal(html), attributes=attributes, link_rel=None, url_relative=("rewrite_with_base", permalink))
