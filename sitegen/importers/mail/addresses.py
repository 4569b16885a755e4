"""Removes e-mail addresses: those that a plain-text message quotes, and all of an answer that becomes a comment."""

import re
from collections import Counter
from collections.abc import Callable

from sitegen.importers.convert.html_tree import Element, drop_all, unwrap

# Pipermail writes addresses as "bo at b.example".
_ADDRESS = r"[\w.+%=-]{1,64}(?:@| at )[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"
_ADDRESSES = re.compile(rf"(?:(?<![ \t])[ \t]++)?[<\[(](?:mailto:)?{_ADDRESS}[>\])]|\b(?:mailto:)?{_ADDRESS}")
_BRACKETED = re.compile(rf"(?:(?<![ \t])[ \t]++)?[<\[(](?:mailto:)?{_ADDRESS}[>\])]")
_BARE = re.compile(r"\b(?:mailto:)?[\w.+%=-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_ALONE = re.compile(rf"\s*+(?:[\w-]{{1,20}}:[ \t])?{_ADDRESS}\s*+")
_SIGNATURE = re.compile(r"\s*+--[ \t]*+(?:\n|\Z)")
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


def clean_answer(tree: Element, dropped: Counter[str]) -> None:
    """Remove all e-mail addresses and attached images from the HTML of an answer, and count them in `dropped`.

    Archives write an address as "bo at b.example", but "more at b.example" can be words of the author: this form is
    removed in brackets, alone on a line, and in the signature.
    """
    attached = [image for image in tree.iter("img") if not (image.get("src") or "").startswith(("https:", "http:"))]
    drop_all(attached, "image in an answer", dropped)
    for link in [link for link in tree.iter("a") if (link.get("href") or "").lower().startswith("mailto:")]:
        unwrap(link)
    removed, in_signature = 0, False

    def without_addresses(text: str) -> str:
        nonlocal removed, in_signature
        in_signature = in_signature or _SIGNATURE.match(text) is not None
        total = 0
        if in_signature or _ALONE.fullmatch(text):
            text, total = _ADDRESSES.subn("", text)
        for pattern, instead in ((_BRACKETED, ""), (_BARE, "…")):
            text, count = pattern.subn(instead, text)
            total += count
        removed += total
        return text

    _replace_text(tree, without_addresses)
    if removed:
        dropped["e-mail address in an answer"] += removed


def _replace_text(tree: Element, change: Callable[[str], str]) -> None:
    """Change the strings of a tree in the order of the document, without recursion."""
    waiting: list[tuple[Element, bool]] = [(tree, False)]
    while waiting:
        element, is_after = waiting.pop()
        if is_after:
            element.tail = change(element.tail) if element.tail else element.tail
            continue
        element.text = change(element.text) if element.text else element.text
        waiting.append((element, True))
        waiting += [(child, False) for child in reversed(element)]
