"""Removes the e-mail addresses of other people that a plain-text message quotes."""

import re
from collections import Counter

# Pipermail writes "bo at b.example" for the address.
_ADDRESS = r"[\w.+%=-]{1,64}(?:@| at )[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"
_ADDRESSES = re.compile(rf"(?:(?<![ \t])[ \t]++)?[<\[(](?:mailto:)?{_ADDRESS}[>\])]|\b(?:mailto:)?{_ADDRESS}")
_HEADER = re.compile(
    r"[ \t>*|]*(?:from|to|cc|bcc|reply-to|sender|von|an|de|à|para|da|van|aan)[ \t]?\*?:\*?[ \t]", re.IGNORECASE
)
# The line that begins a message of an mbox file, where it is part of a text.
_SEPARATOR = re.compile(rf"[ \t>]*From {_ADDRESS}[ \t]+\w{{3}}[ \t]")


def remove_quoted_addresses(text: str, dropped: Counter[str]) -> str:
    """Return a plain text without the addresses of quoted header lines and of the line that introduces a quotation.

    An introduction ends in a colon right before a quoted line, and may be wrapped over two lines. Addresses
    elsewhere in the text stay: their author wrote them there. `dropped` counts those that were removed.
    """
    if "@" not in text and " at " not in text:
        return text
    lines = text.split("\n")
    chosen: set[int] = set()
    for number, line in enumerate(lines):
        if _HEADER.match(line[:40]) or _SEPARATOR.match(line[:400]):
            chosen.add(number)
        elif line.rstrip().endswith(":") and _introduces(lines, number):
            chosen |= {number, number - 1} if number and lines[number - 1].strip("> \t") else {number}
    removed = 0
    for number in chosen:
        lines[number], count = _ADDRESSES.subn("", lines[number])
        removed += count
    if removed:
        dropped["e-mail address in a quotation"] += removed
    return "\n".join(lines)


def _introduces(lines: list[str], number: int) -> bool:
    """Return whether the next line with text is quoted deeper than this one."""
    depth = _depth(lines[number])
    following = next((line for line in lines[number + 1 : number + 3] if line.strip("> \t\r")), "")
    return _depth(following) > depth


def _depth(line: str) -> int:
    return line[: len(line) - len(line.lstrip("> \t"))].count(">")
