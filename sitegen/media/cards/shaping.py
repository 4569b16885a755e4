"""Whether text can be shaped: joined letters, reordered vowels and marks need Raqm with FriBiDi and HarfBuzz."""

import unicodedata
from functools import cache
from typing import Any

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


def shaping_options(language: str, direction: str | None = None) -> dict[str, Any]:
    """Return the arguments with which Pillow shapes text; without FriBiDi it accepts none of them.

    `direction` is "ltr", "rtl" or None for that of the text; `language` is a BCP 47 tag, "" for none.
    """
    return {"direction": direction, "language": language or None} if can_shape() else {}
