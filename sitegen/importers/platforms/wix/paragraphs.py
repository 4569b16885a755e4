"""Converts the plain text of Wix to Markdown."""

import re

from sitegen.importers.convert.escape import escape_line, escape_text
from sitegen.importers.platforms.wix.ui_strings import BULLET


def write_paragraphs(lines: list[str]) -> str:
    """Return lines of plain text as Markdown: blank lines separate paragraphs, bullets become lists.

    Without any blank line, each line is a paragraph.
    """
    if not any(not line for line in lines[1:-1]) and sum(len(line) for line in lines) > 40 * max(1, len(lines)):
        lines = [part for line in lines for part in (line, "")]
    blocks: list[list[str]] = [[]]
    for line in lines:
        if not line.strip():
            blocks.append([])
        elif blocks[-1] and bool(BULLET.match(line)) != bool(BULLET.match(blocks[-1][-1])):
            blocks.append([line])
        else:
            blocks[-1].append(line)
    return "\n\n".join(_write_block(block) for block in blocks if block)


def _write_block(block: list[str]) -> str:
    if BULLET.match(block[0]):
        return "\n".join(f"- {_plain(BULLET.sub('', line, count=1))}" for line in block)
    return "\n".join(map(_plain, block))


def _plain(line: str) -> str:
    return escape_line(
        escape_text(re.sub(r"[ \t]{2,}|[ \t]*\u00a0[ \t\u00a0]+|[ \t]+\u00a0[ \t\u00a0]*", " ", line).strip())
    )
