"""Handles extensions of kramdown: comments, markers for contents, attribute lists and the ends of footnotes."""

import re
from collections import Counter
from itertools import groupby

from sitegen.formats.delimiters import find_closed, replace_closed
from sitegen.importers.markdown_source.engines import COMMONMARK, choose_for_kramdown
from sitegen.importers.markdown_source.links import scan
from sitegen.importers.markdown_source.spans import Spans
from sitegen.markdown.engines.fence_lines import Code, match_fence

_CONTENTS = re.compile(r"^[ ]{0,3}(?:[-*+]|\d\.)[ \t]+[^\n]{0,80}\n[ ]{0,3}\{:\s?toc[^}\n]*\}[ \t]*$\n?", re.MULTILINE)
_COMMENT = re.compile(r"\{::comment\}.*?(?:\{:/(?:comment)?\}|(?P<unclosed>\Z))", re.DOTALL)
_OPTIONS = re.compile(r"\{::options[^}\n]{0,200}/\}[ \t]*\n?")
_NO_MARKDOWN = re.compile(r"\{:/?:?/?nomarkdown[^}\n]{0,80}\}")
_FOOTNOTE = re.compile(r" {0,3}\[\^[^\]\n]{1,200}\]:")
_LINK_NAME = re.compile(r" {0,3}\[(?!\^)[^\]\n]{1,200}\]: *\S")
_ATTRIBUTES = re.compile(rb"\{:[ .#\w][^{}\n]{0,200}\}")
_ATTRIBUTE_LINE = re.compile(r" {0,3}(\{:[ .#\w][^{}\n]{0,200}\})[ \t]*")
_NAME = re.compile(r"\{: *[\w-]+ *[:}]")
"""Attributes with a name, or a list that refers to them by it, which Python-Markdown does not have."""

_HEADING = re.compile(r" {0,3}#{1,6}[ \t]")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-+)[ \t]*")
_OTHER_BLOCK = re.compile(r" {4}|\t| {0,3}(?:[-*+][ \t]|[0-9]{1,9}[.)][ \t]|[>|<]|\[\^?[^\]\n]{1,200}\]:)")
_TABLE_RULE = re.compile(r" {0,3}\|?[ \t]*:?-+:?[ \t]*\|[ \t:|-]*")


def render_kramdown(text: str, dropped: Counter[str]) -> str:
    """Remove comments, options and markers for contents, and move attribute lists to where an engine reads them."""
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
    if "{:" in text:
        text = _attach_attributes(text, dropped)
        if choose_for_kramdown(text) == COMMONMARK:
            text = _drop_attributes(text, dropped)
    return _end_footnotes(text) if "[^" in text and "]:" in text else text


def _attach_attributes(text: str, dropped: Counter[str]) -> str:
    """Move the attribute lists of headings and paragraphs to where Python-Markdown reads them, and drop the others.

    In kramdown, a line with an attribute list belongs to the block right above or below it. Python-Markdown reads one
    at the end of a heading and below a paragraph. It has none for lists, tables, quotes and code.
    """
    code = Code()
    lines: list[str] = []
    for is_code, block in groupby(text.split("\n"), lambda line: _is_code(code, line)):
        if is_code:
            lines += block
            continue
        for is_blank, rows in groupby(block, lambda line: not line.strip()):
            found = list(rows)
            lines += found if is_blank else _attach_in_block(found, dropped)
    return "\n".join(lines)


def _is_code(code: Code, line: str) -> bool:
    if code.contains(line):
        return True
    if opened := match_fence(line):
        code.begin(opened)
    return opened is not None


def _attach_in_block(rows: list[str], dropped: Counter[str]) -> list[str]:
    """Return the lines of a block, with its attributes where Python-Markdown reads them."""
    lists = [match[1] for row in rows if (match := _ATTRIBUTE_LINE.fullmatch(row))]
    if not lists:
        return rows
    rest = [row for row in rows if not _ATTRIBUTE_LINE.fullmatch(row)]
    used = [found for found in lists if not _NAME.match(found)]
    merged = "{: " + " ".join(found[2:-1].strip() for found in used) + "}"
    if used and rest and (_HEADING.match(rest[0]) or any(map(_UNDERLINE.fullmatch, rest[1:2]))):
        rest[0] = f"{rest[0].rstrip()} {merged}"
    elif used and rest and not _OTHER_BLOCK.match(rest[0]) and not any(map(_TABLE_RULE.fullmatch, rest)):
        rest.append(merged)
    else:
        used = []
    dropped.update(_category(found) for found in lists if found not in used)
    return rest


def _drop_attributes(text: str, dropped: Counter[str]) -> str:
    """Remove the attribute lists that CommonMark shows as text: all outside of code but those of headings."""
    data = text.encode()
    code = Spans(scan(text).code)
    parts, position = [], 0
    for found in _ATTRIBUTES.finditer(data):
        start = data.rfind(b"\n", 0, found.start()) + 1
        if code.contain(found.start()) or _HEADING.match(data[start : found.start()].decode()):
            continue
        dropped[_category(found[0].decode())] += 1
        parts.append(data[position : found.start()])
        position = found.end()
        if not data[start : found.start()].strip() and data[position : position + 1] == b"\n":
            position += 1
    return b"".join((*parts, data[position:])).decode()


def _category(attributes: str) -> str:
    return f"attributes {' '.join(attributes.split())}"


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
        elif is_footnote and _LINK_NAME.match(line):
            lines.append("")
            is_footnote = False
        elif not line.strip():
            is_footnote = False
        lines.append(line)
    return "\n".join(lines)
