"""The order of names with numbers in them: 2 before 10."""

import re

_NUMBER = re.compile(r"\d{1,18}", re.ASCII)


def natural_key(text: str) -> tuple[tuple[str, int], ...]:
    """Return a sort key by which names are in alphabetical order, and the numbers in them in that of their values."""
    if text.isalpha():  # no digits: most names
        return ((text.casefold(), 0),)
    folded = text.casefold()
    numbers = [*map(int, _NUMBER.findall(folded)), 0]
    return tuple(zip(_NUMBER.split(folded), numbers, strict=True))
