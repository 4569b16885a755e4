"""Whether text can be shaped: joined letters, reordered vowels and marks need Raqm with FriBiDi and HarfBuzz."""

import unicodedata
from functools import cache

from sitegen.media.cards.bidi import FIRST_RIGHT_TO_LEFT

_FIRST_MARK = "\u0300"


def needs_shaping(text: str) -> bool:
    """Return whether a string is more than one glyph after another from left to right."""
    if max(text, default="") < _FIRST_MARK:
        return False
    return any(
        unicodedata.category(character)[0] == "M"
        or character == "\u200d"
        or (character >= FIRST_RIGHT_TO_LEFT and unicodedata.bidirectional(character) in ("R", "AL"))
        for character in text
    )


@cache
def can_shape() -> bool:
    """Return whether Pillow can shape text: it finds FriBiDi when it is loaded."""
    from PIL import features  # noqa: PLC0415 - an extra, which takes 70 ms to import

    return bool(features.check("raqm"))
