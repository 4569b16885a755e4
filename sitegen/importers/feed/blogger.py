"""Backups of Blogger: an Atom feed of posts, pages, comments and settings, in the form of before 2023 or after."""

from collections.abc import Mapping
from typing import Any

_TYPE_SCHEME = "http://schemas.google.com/g/2005#kind"
_ONLINE = ("", "LIVE", "PUBLISHED")


def read_type(entry: Mapping[str, Any]) -> str:
    """Return the type of an entry, such as "post", "page", "comment" or "settings"; "" in other feeds."""
    terms = (str(tag.get("term")) for tag in entry.get("tags", ()) if is_type(tag))
    return next((term.rpartition("#")[2] for term in terms), str(entry.get("blogger_type", ""))).strip().lower()


def is_type(tag: Mapping[str, Any]) -> bool:
    """Return whether a category is the type of an entry, and not one of its tags."""
    return tag.get("scheme") == _TYPE_SCHEME


def reason_to_skip(entry_type: str) -> str:
    """Return why an entry of a type is not a post, or ""."""
    if entry_type == "comment":
        return "a comment: after this import, import comments with `sitegen comments import`"
    return "" if entry_type in ("", "post", "page") else f"Blogger's {entry_type}, not a post"


def why_draft(entry: Mapping[str, Any]) -> str:
    """Return why an entry is a draft, or "" (RFC 5023, section 13.1.1, and Blogger's own state)."""
    is_online = str(entry.get("blogger_status", "")).strip().upper() in _ONLINE
    return "" if is_online and entry.get("app_draft") != "yes" else "it is a draft in the feed"
