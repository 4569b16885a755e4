"""Adds the footnotes of WordPress's block editor, which are stored separately, to the text of a post."""

import json
import re
from collections.abc import Mapping
from html import escape

_BLOCK = re.compile(r"<!--\s*wp:footnotes\b[^>]{0,200}-->")


def add_footnotes(text: str, footnotes: str, warnings: list[str]) -> str:
    """Return the text of a post with its footnotes as a list, like WordPress, in place of the footnotes block.

    `footnotes` is the value of the meta key `footnotes`, JSON such as `[{"id": "3e39", "content": "<em>sit</em>"}]`.
    Text with rendered footnotes is returned unchanged.
    """
    if not footnotes.strip() or "wp-block-footnotes" in text:
        return text
    try:
        notes = json.loads(footnotes)
    except (ValueError, RecursionError):
        notes = None
    if not isinstance(notes, list):
        warnings.append("its footnotes cannot be read")
        return text
    items = "".join(
        f'<li id="{escape(str(note.get("id") or ""))}">{note.get("content") or ""}</li>'
        for note in notes
        if isinstance(note, Mapping)
    )
    if not items:
        return text
    html = f'<ol class="wp-block-footnotes">{items}</ol>'
    block = _BLOCK.search(text)
    return f"{text[: block.start()]}{html}{text[block.end() :]}" if block else f"{text}\n{html}"
