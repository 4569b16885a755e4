"""Puts the footnotes of WordPress's block editor, which are kept beside a post's text, into it."""

import json
import re
from collections.abc import Mapping
from html import escape

_BLOCK = re.compile(r"<!--\s*wp:footnotes\b[^>]{0,200}-->")


def add_footnotes(text: str, kept: str, doubts: list[str]) -> str:
    """Return a text with its footnotes as the list that WordPress renders, where the text's block stands for them.

    `kept` is the post's meta value `footnotes`, JSON such as `[{"id": "3e39", "content": "<em>sit</em>"}]`. A
    text that has rendered them already stays as it is.
    """
    if not kept.strip() or "wp-block-footnotes" in text:
        return text
    try:
        notes = json.loads(kept)
    except (ValueError, RecursionError):
        notes = None
    if not isinstance(notes, list):
        doubts.append("its footnotes cannot be read")
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
