"""Blocks of WordPress's editor that keep what they show in their comment instead of in HTML.

A block is a comment such as `<!-- wp:acme/quote {"words": "…"} /-->`; see "Markup representation of a block" in the
Block Editor Handbook. One that ends with `/-->` has no HTML: WordPress renders it anew for each visitor.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from sitegen.importers.archive.payload import MAX_NAME_CHARACTERS, holds_content

MAX_REUSED = 100
"""Number of reusable blocks that one post may show, so that blocks in blocks cannot fill the memory."""

_NAME = r"(?:[a-z][a-z0-9_-]{0,60}/)?[a-z][a-z0-9_-]{0,60}"
_BLOCK = re.compile(rf"<!--\s+wp:({_NAME})\s+(?:(\{{[^<>]*\}})\s+)?(/)?-->")
_IN_HTML = frozenset(("footnotes", "more", "nextpage"))
"""Blocks that other code turns into HTML, or that have none to show."""


def write_blocks(text: str, reusable: Mapping[str, str], dropped: Counter[str]) -> str:
    """Return a text with its reusable blocks put in, and count by type the blocks that have no HTML.

    `reusable` maps ids to the content of reusable blocks ("synced patterns"), which `<!-- wp:block {"ref": 7} /-->`
    shows. Of a block that is not put in, the attributes that could hold content are counted too.
    """
    left = iter(range(MAX_REUSED))

    def write(text: str, inside: frozenset[str]) -> str:
        def replace(match: re.Match[str]) -> str:
            name, values = match[1], _read(match[2])
            reference = str(values.get("ref") or "")
            if name == "block" and reference in reusable and reference not in inside and next(left, None) is not None:
                return write(reusable[reference], inside | {reference})
            if match[3] and name not in _IN_HTML:
                dropped[f"block {name} without HTML"] += 1
                dropped.update(
                    f"`{key[:MAX_NAME_CHARACTERS]}` of block {name}" for key in _content(values, nested=True)
                )
            elif "/" in name:
                dropped.update(
                    f"`{key[:MAX_NAME_CHARACTERS]}` of block {name}" for key in _content(values, nested=False)
                )
            return match[0]

        return _BLOCK.sub(replace, text)

    return write(text, frozenset()) if "<!-- wp:" in text else text


def _read(text: str | None) -> Mapping[str, Any]:
    try:
        values = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return {}
    return values if isinstance(values, Mapping) else {}


def _content(values: Mapping[str, Any], *, nested: bool) -> Iterator[str]:
    """Yield the keys whose values could hold content: words, URLs and, if `nested`, lists and mappings."""
    for key, value in values.items():
        if holds_content(value) if isinstance(value, str) else nested and isinstance(value, Mapping | list) and value:
            yield key
