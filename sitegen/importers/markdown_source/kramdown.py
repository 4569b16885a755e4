"""Handles extensions of kramdown: drops comments and markers for contents, counts attribute lists, ends footnotes."""

import re
from collections import Counter

from sitegen.formats.delimiters import find_closed, replace_closed
from sitegen.markdown.engines.fence_lines import Code, match_fence

_CONTENTS = re.compile(r"^[ ]{0,3}(?:[-*+]|\d\.)[ \t]+[^\n]{0,80}\n[ ]{0,3}\{:\s?toc[^}\n]*\}[ \t]*$\n?", re.MULTILINE)
_COMMENT = re.compile(r"\{::comment\}.*?(?:\{:/(?:comment)?\}|(?P<unclosed>\Z))", re.DOTALL)
_OPTIONS = re.compile(r"\{::options[^}\n]{0,200}/\}[ \t]*\n?")
_NO_MARKDOWN = re.compile(r"\{:/?:?/?nomarkdown[^}\n]{0,80}\}")
_FOOTNOTE = re.compile(r" {0,3}\[\^[^\]\n]{1,200}\]:")
_LINK_DEFINITION = re.compile(r" {0,3}\[(?!\^)[^\]\n]{1,200}\]: *\S")
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
    return _end_footnotes(text) if "[^" in text and "]:" in text else text


def _end_footnotes(text: str) -> str:
    """Insert an empty line between a footnote and the definition of a link below it.

    In kramdown the definition ends the footnote. In CommonMark it would be text of the footnote.
    """
    lines: list[str] = []
    code = Code()
    is_footnote = False
    for line in text.split("\n"):
        if code.contains(line):
            is_footnote = False
        elif opened := match_fence(line):
            code.begin(opened)
            is_footnote = False
        elif _FOOTNOTE.match(line):
            is_footnote = True
        elif is_footnote and _LINK_DEFINITION.match(line):
            lines.append("")
            is_footnote = False
        elif not line.strip():
            is_footnote = False
        lines.append(line)
    return "\n".join(lines)
