"""Handles extensions of kramdown: drops comments and table of contents markers, counts attribute lists."""

import re
from collections import Counter

from sitegen.formats.delimiters import find_closed, replace_closed

_CONTENTS = re.compile(r"^[ ]{0,3}(?:[-*+]|\d\.)[ \t]+[^\n]{0,80}\n[ ]{0,3}\{:\s?toc[^}\n]*\}[ \t]*$\n?", re.MULTILINE)
_COMMENT = re.compile(r"\{::comment\}.*?(?:\{:/(?:comment)?\}|(?P<unclosed>\Z))", re.DOTALL)
_OPTIONS = re.compile(r"\{::options[^}\n]{0,200}/\}[ \t]*\n?")
_NO_MARKDOWN = re.compile(r"\{:/?:?/?nomarkdown[^}\n]{0,80}\}")
_ATTRIBUTES = re.compile(r"\{:[^}\n]{1,200}\}")


def render_kramdown(text: str, left: Counter[str], dropped: Counter[str]) -> str:
    """Remove comments, options and table of contents markers, and count the attribute lists, which stay as text."""
    for category, pattern in (
        ("marker for a table of contents", _CONTENTS),
        ("kramdown comment", _COMMENT),
        ("kramdown options", _OPTIONS),
        ("kramdown nomarkdown mark", _NO_MARKDOWN),
    ):
        number = sum(1 for _ in find_closed(pattern, text)) if "{:" in text else 0
        if number:
            text = replace_closed(pattern, "", text)
            dropped[category] += number
    for found in _ATTRIBUTES.findall(text):
        left[" ".join(found.split())] += 1
    return text
