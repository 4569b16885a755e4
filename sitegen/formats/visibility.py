"""Read from front matter whether a post is public, with the keys of sitegen and of other generators."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

PRIVATE_STATUSES = frozenset(
    ("draft", "drafts", "auto-draft", "hidden", "pending", "pending review", "private", "skip", "trash", "unpublished")
)
"""Values of `status` (Pelican, WordPress, Blogger) and `visibility` with which a post is not public."""

TRUE_WORDS = frozenset(("true", "yes", "on", "y", "1"))
FALSE_WORDS = frozenset(("false", "no", "off", "n", "0"))
"""Booleans of YAML 1.1, which Jekyll and Hugo read as booleans, and YAML 1.2 as strings."""


class Date(Struct, frozen=True):
    """A date of front matter as written, with its key; `strict` if the key has no other meaning."""

    key: str
    value: Any
    strict: bool


class Visibility(Struct, frozen=True):
    """Whether front matter makes a post public.

    `reason` is the key and the value that make the post private, such as `published: false`, "" if none does;
    `key` is that key. The post is public from the latest of the dates `starts` to the earliest of the dates `ends`.
    """

    key: str = ""
    reason: str = ""
    starts: tuple[Date, ...] = ()
    ends: tuple[Date, ...] = ()


PUBLIC = Visibility()


def read_visibility(values: Mapping[str, Any]) -> Visibility:
    """Return whether front matter makes a post public.

    Keys are compared without case, `-` and `_`, so `Draft: true` and `publish_date` count. The sources
    are the manuals of the generators: `draft`, `published` and `publish` (Jekyll, Hugo, Obsidian),
    `status` and `visibility` (Pelican, WordPress), `private`, `headless`, `build.render`, `publishDate`
    and `expiryDate` (Hugo), `render` (Zola), `permalink: false` (Eleventy).
    """
    found = [(name, key) for key in values if (name := _fold(key)) in _KEYS]
    if not found:
        return PUBLIC
    private, reason = "", ""
    starts: list[Date] = []
    ends: list[Date] = []
    for name, key in found:
        value = values[key]
        if not private and (said := _find_private(name, value)):
            private, reason = key, f"{key}{said}"
        if name in _STARTS and value is not None and not isinstance(value, bool):
            starts.append(Date(key, value, strict=name == "publishdate"))
        elif name in _ENDS and value is not None:
            ends.append(Date(key, value, strict=True))
    return Visibility(private, reason, tuple(starts), tuple(ends))


def read_limits(params: Mapping[str, Any]) -> Visibility:
    """Return from and to when `params` make a post public: imports write keys there that have no field.

    A date there that cannot be read has no effect.
    """
    found = read_visibility(params)
    if found is PUBLIC:
        return PUBLIC
    starts, ends = (tuple(replace(date, strict=False) for date in dates) for dates in (found.starts, found.ends))
    return Visibility(starts=starts, ends=ends)


_STARTS = frozenset(("publishdate", "pubdate", "published"))
_ENDS = frozenset(("expirydate", "unpublishdate"))
_KEYS = (
    frozenset(("draft", "published", "publish", "status", "visibility", "private", "headless"))
    | frozenset(("build", "render", "permalink"))
    | _STARTS
    | _ENDS
)


@lru_cache(maxsize=1024)
def _fold(key: str) -> str:
    return key.lower().replace("_", "").replace("-", "")


def _find_private(name: str, value: Any) -> str:
    """Return what follows the key in the words that make a post private, "" if it stays public."""
    match name:
        case "draft" | "private" | "headless":
            is_private = _is_word(value, TRUE_WORDS)
        case "published" | "publish":
            is_private = _is_word(value, FALSE_WORDS)
        case "permalink":
            is_private = value is False
        case "status" | "visibility":
            words = value if isinstance(value, list | tuple) else [value]
            is_private = any(str(word).strip().lower() in PRIVATE_STATUSES for word in words)
        case "render":
            is_private = _is_unrendered(value)
        case "build" if isinstance(value, Mapping):
            # Hugo before 0.145 called the table `_build`; `link` gives the page a URL, but no file.
            key = next((key for key in value if _fold(str(key)) == "render"), "")
            return f".{key}: {_show(value[key])}" if key and _is_unrendered(value[key]) else ""
        case _:
            is_private = False
    return f": {_show(value)}" if is_private else ""


def _is_unrendered(value: Any) -> bool:
    return _is_word(value, FALSE_WORDS | {"never", "link"})


def _is_word(value: Any, words: frozenset[str]) -> bool:
    return str(value).strip().lower() in words


def _show(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
