"""Anchors of headings: the ids that GitHub, Hugo and most other Markdown renderers give them."""

import re
from unicodedata import category, normalize

_DROPPED = re.compile(r"[^a-z0-9_ -]+")
_CATEGORIES = frozenset(["Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "Pc"])


def make_anchor(text: str) -> str:
    """Return the id that GitHub gives to a heading, "" for one without letters and digits.

    Letters of every script (in lower case), digits, combining marks, underscores and hyphens stay, each space
    becomes a hyphen, and everything else is dropped: "What's new in v1.2?" becomes "whats-new-in-v12". In Unicode
    form NFC.
    """
    text = text.lower()
    if text.isascii():
        anchor = _DROPPED.sub("", text)
    else:
        anchor = "".join([c for c in normalize("NFC", text) if c in " -" or category(c) in _CATEGORIES])
    return anchor.replace(" ", "-") if anchor.strip(" -_") else ""


def number_anchor(anchor: str, taken: set[str], numbers: dict[str, int]) -> str:
    """Return an anchor that isn't taken, numbered as GitHub does: "notes", "notes-1", "notes-2".

    `taken` are the ids of the post so far and `numbers` the last number of each anchor; both are updated.
    """
    identifier, number = anchor, numbers.get(anchor, 0)
    while identifier in taken:
        number += 1
        identifier = f"{anchor}-{number}"
    numbers[anchor] = number
    taken.add(identifier)
    return identifier
