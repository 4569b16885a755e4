"""Removes the e-mail addresses of other people that a plain-text message quotes."""

import re
from collections import Counter

# Pipermail writes addresses as "bo at b.example".
_ADDRESS = r"[\w.+%=-]{1,64}(?:@| at )[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"
_ADDRESSES = re.compile(rf"(?:(?<![ \t])[ \t]++)?[<\[(](?:mailto:)?{_ADDRESS}[>\])]|\b(?:mailto:)?{_ADDRESS}")
_HEADER = re.compile(
    r"[ \t>*|]*(?:from|to|cc|bcc|reply-to|sender|von|an|de|à|para|da|van|aan)[ \t]?\*?:\*?[ \t]", re.IGNORECASE
)
# The separator line of an mbox file, quoted in the text of a message.
_SEPARATOR = re.compile(rf"[ \t>]*From {_ADDRESS}[ \t]+\w{{3}}[ \t]")


def remove_quoted_addresses(text: str, dropped: Counter[str]) -> str:
    """Return plain text without the e-mail addresses in quoted header lines and in the line before a quotation.

    That line ends with a colon and may be wrapped over two lines. Addresses elsewhere in the text stay, since the
    author wrote them. `dropped` counts the removed addresses.
    """
    if "@" not in text and " at " not in text:
        return text
    lines = text.split("\n")
    line_numbers: set[int] = set()
    for number, line in enumerate(lines):
        if _HEADER.match(line[:40]) or _SEPARATOR.match(line[:400]):
            line_numbers.add(number)
        elif line.rstrip().endswith(":") and _introduces_quotation(lines, number):
            line_numbers |= {number, number - 1} if number and lines[number - 1].strip("> \t") else {number}
    removed = 0
    for number in line_numbers:
        lines[number], count = _ADDRESSES.subn("", lines[number])
        removed += count
    if removed:
        dropped["e-mail address in a quotation"] += removed
    return "\n".join(lines)


def _introduces_quotation(lines: list[str], number: int) -> bool:
    """Return whether the next line with text has a deeper quotation level than this one."""
    depth = _depth(lines[number])
    following = next((line for line in lines[number + 1 : number + 3] if line.strip("> \t\r")), "")
    return _depth(following) > depth


def _depth(line: str) -> int:
    return line[: len(line) - len(line.lstrip("> \t"))].count(">")
