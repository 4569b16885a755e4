"""Drops the avatars of readers, whose URLs are hashes of email addresses."""

import re
from collections import Counter

from msgspec.structs import replace

from sitegen.importers.base import HtmlBody
from sitegen.importers.convert.html_tree import Element, drop_all

_AVATAR = re.compile(r"/avatar/[0-9a-f]{32}", re.IGNORECASE)
"""The URLs of Gravatar and of services with the same interface (MD5 or SHA-256)."""


def without_avatars(body: HtmlBody) -> HtmlBody:
    """Return a body that is cleaned of avatars, and of what it is cleaned of already."""

    def clean(tree: Element, dropped: Counter[str]) -> None:
        drop_all([image for image in tree.iter("img") if _AVATAR.search(image.get("src") or "")], "avatar", dropped)
        body.clean(tree, dropped)

    return replace(body, clean=clean)
