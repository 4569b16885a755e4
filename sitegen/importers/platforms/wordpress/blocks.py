"""Inserts reusable blocks of WordPress's editor, and counts blocks whose content is in a comment instead of HTML.

A block is a comment such as `<!-- wp:acme/quote {"words": "…"} /-->`; see "Markup representation of a block" in the
Block Editor Handbook. A block that ends with `/-->` has no HTML: WordPress renders it for each request.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from sitegen.importers.archive.payload import MAX_NAME_CHARACTERS, holds_content

MAX_REUSED = 100
"""Number of reusable blocks in a post, so that nested blocks cannot exhaust the memory."""

_NAME = r"(?:[a-z][a-z0-9_-]{0,60}/)?[a-z][a-z0-9_-]{0,60}"
_BLOCK = re.compile(rf"<!--\s+wp:({_NAME})\s+(?:(\{{[^<>]*\}})\s+)?(/)?-->")
_IGNORED_BLOCKS = frozenset(("footnotes", "more", "nextpage"))
"""Blocks that other code converts to HTML, or that have no content."""


def write_blocks(text: str, reusable: Mapping[str, str], dropped: Counter[str]) -> str:
    """Insert the reusable blocks of a post, and count the blocks without HTML by category.

    `reusable` maps ids to the content of reusable blocks ("synced patterns"), which `<!-- wp:block {"ref": 7} /-->`
    refers to. For other blocks, attributes that could hold content are counted too.
    """
    remaining_reuses = iter(range(MAX_REUSED))

    def write(text: str, inside: frozenset[str]) -> str:
        def replace(match: re.Match[str]) -> str:
            name, attributes = match[1], _parse_attributes(match[2])
            reference = str(attributes.get("ref") or "")
            if (
                name == "block"
                and reference in reusable
                and reference not in inside
                and next(remaining_reuses, None) is not None
            ):
                return write(reusable[reference], inside | {reference})
            if match[3] and name not in _IGNORED_BLOCKS:
                dropped[f"block {name} without HTML"] += 1
                dropped.update(
                    f"`{key[:MAX_NAME_CHARACTERS]}` of block {name}" for key in _content_keys(attributes, nested=True)
                )
            elif "/" in name:
                dropped.update(
                    f"`{key[:MAX_NAME_CHARACTERS]}` of block {name}" for key in _content_keys(attributes, nested=False)
                )
            return match[0]

        return _BLOCK.sub(replace, text)

    return write(text, frozenset()) if "<!-- wp:" in text else text


def _parse_attributes(text: str | None) -> Mapping[str, Any]:
    try:
        attributes = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return {}
    return attributes if isinstance(attributes, Mapping) else {}


def _content_keys(attributes: Mapping[str, Any], *, nested: bool) -> Iterator[str]:
    """Yield the keys whose values may be content: words, URLs and, if `nested`, lists and mappings."""
    for key, value in attributes.items():
        if holds_content(value) if isinstance(value, str) else nested and isinstance(value, Mapping | list) and value:
            yield key
