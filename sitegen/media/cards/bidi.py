"""The order of right-to-left and left-to-right text on a line (Unicode Standard Annex 9).

Explicit embeddings, overrides and isolates are not applied: their control characters are neutral here. Titles do not
contain them, and a font of each run would have to be known to the library that applies them.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from itertools import groupby

FIRST_RIGHT_TO_LEFT = "\u0590"
"""All characters before this one, the first of the Hebrew block, are left-to-right or neutral."""

_STRONG = ("L", "R", "AL")
_NEUTRAL = ("B", "S", "WS", "ON", "LRI", "RLI", "FSI", "PDI", "LRE", "RLE", "LRO", "RLO", "PDF", "BN")
_BRACKETS = dict(zip(")]}⟩⟫」』】〉》）］｝›»", "([{⟨⟪「『【〈《（［｛‹«", strict=True))
"""Opening brackets by the closing ones. Quotation marks that design like these are not brackets in Unicode."""

_PAIRS = {closing: opening for closing, opening in _BRACKETS.items() if unicodedata.bidirectional(closing) == "ON"}


def find_base_level(text: str) -> int:
    """Return the level of a paragraph: 1 if its first strong character is right-to-left, otherwise 0 (rules P2, P3)."""
    for character in text:
        bidi_class = unicodedata.bidirectional(character)
        if bidi_class in _STRONG:
            return int(bidi_class != "L")
    return 0


def find_levels(text: str, base: int) -> list[int]:
    """Return the level of each character of a paragraph: odd levels are right-to-left (rules W1 to I2, L1)."""
    if not base and max(text, default="") < FIRST_RIGHT_TO_LEFT:
        return [0] * len(text)
    original = [unicodedata.bidirectional(character) or "L" for character in text]
    edge = "R" if base else "L"
    classes = _resolve_weak(original, edge)
    _resolve_brackets(text, classes, original, edge)
    _resolve_neutral(classes, edge)
    levels = [_raise_level(bidi_class, base) for bidi_class in classes]
    end = len(levels)
    while end and original[end - 1] in _NEUTRAL and original[end - 1] != "ON":
        end -= 1
    return levels[:end] + [base] * (len(levels) - end)


def order_runs(levels: Sequence[int]) -> list[int]:
    """Return the numbers of runs from left to right, given the level of each in the order of the text (rule L2)."""
    order = list(range(len(levels)))
    for level in range(max(levels, default=0), 0, -1):
        start = 0
        for is_reversed, group in groupby(order, lambda number: levels[number] >= level):  # noqa: B023 - used at once
            size = len(list(group))
            if is_reversed:
                order[start : start + size] = order[start : start + size][::-1]
            start += size
    return order


def _resolve_weak(original: Iterable[str], edge: str) -> list[str]:
    """Return the types of characters after the rules for numbers and combining marks (W1 to W7)."""
    classes: list[str] = []
    previous = strong = edge
    for bidi_class in original:
        if bidi_class == "NSM":  # W1
            bidi_class = previous  # noqa: PLW2901 - the rules replace types one after the other
        previous = bidi_class
        if bidi_class in _STRONG:
            strong = bidi_class
        elif bidi_class == "EN" and strong == "AL":  # W2
            bidi_class = "AN"  # noqa: PLW2901 - as above
        classes.append("R" if bidi_class == "AL" else bidi_class)  # W3
    for index in range(1, len(classes) - 1):  # W4
        before, after = classes[index - 1], classes[index + 1]
        if before == after and (
            (classes[index] == "ES" and before == "EN") or (classes[index] == "CS" and before in ("EN", "AN"))
        ):
            classes[index] = before
    for start, end in _find_spans(classes, ("ET",)):  # W5
        if "EN" in (classes[start - 1] if start else "", classes[end] if end < len(classes) else ""):
            classes[start:end] = ["EN"] * (end - start)
    strong = edge
    for index, bidi_class in enumerate(classes):  # W6, W7
        if bidi_class in ("ET", "ES", "CS"):
            classes[index] = "ON"
        elif bidi_class in ("L", "R"):
            strong = bidi_class
        elif bidi_class == "EN" and strong == "L":
            classes[index] = "L"
    return classes


def _resolve_brackets(text: str, classes: list[str], original: Sequence[str], edge: str) -> None:
    """Give each pair of brackets the direction of the text in it, or before it (N0)."""
    for opening, closing in _find_pairs(text, classes):
        inside = {_direction(bidi_class) for bidi_class in classes[opening + 1 : closing]} - {""}
        direction = edge if edge in inside else ""
        if inside and not direction:
            direction = next(
                (found for bidi_class in classes[:opening][::-1] if (found := _direction(bidi_class))), edge
            )
        if direction:
            for index in (opening, closing):
                classes[index] = direction
                following = index + 1
                while following < len(classes) and original[following] == "NSM":
                    classes[following] = direction
                    following += 1


def _find_pairs(text: str, classes: Sequence[str]) -> list[tuple[int, int]]:
    """Return the positions of pairs of brackets in the order of the opening ones (BD16)."""
    pairs, stack = [], []
    openings = frozenset(_PAIRS.values())
    for index, character in enumerate(text):
        if classes[index] != "ON":
            continue
        if character in openings:
            stack.append(index)
        elif character in _PAIRS:
            for depth in range(len(stack) - 1, -1, -1):
                if text[stack[depth]] == _PAIRS[character]:
                    pairs.append((stack[depth], index))
                    del stack[depth:]
                    break
    return sorted(pairs)


def _resolve_neutral(classes: list[str], edge: str) -> None:
    """Give neutral characters the direction of the text around them (N1, N2)."""
    for start, end in _find_spans(classes, _NEUTRAL):
        before = _direction(classes[start - 1]) if start else edge
        after = _direction(classes[end]) if end < len(classes) else edge
        classes[start:end] = [before if before == after else edge] * (end - start)


def _direction(bidi_class: str) -> str:
    """Return the direction of a type: numbers count as right-to-left here."""
    return "R" if bidi_class in ("R", "EN", "AN") else "L" if bidi_class == "L" else ""


def _find_spans(classes: Sequence[str], wanted: Sequence[str]) -> list[tuple[int, int]]:
    """Return start and end of each span of characters of some types."""
    spans, start = [], 0
    for is_wanted, group in groupby(classes, lambda bidi_class: bidi_class in wanted):
        end = start + len(list(group))
        if is_wanted:
            spans.append((start, end))
        start = end
    return spans


def _raise_level(bidi_class: str, base: int) -> int:
    if base:
        return base if bidi_class == "R" else base + 1
    return {"L": base, "R": base + 1}.get(bidi_class, base + 2)
