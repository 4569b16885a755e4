"""Writes Latin text in ASCII, as the generators do that transliterate names for URLs."""

from unicodedata import category, normalize

_LETTERS = {
    "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ð": "d",
    "Ð": "D", "ł": "l", "Ł": "L", "þ": "th", "Þ": "Th", "ı": "i", "ħ": "h", "Ħ": "H",
}  # fmt: skip
_DASHES = frozenset("‐‑‒–—―")


def transliterate(text: str) -> str | None:
    """Return a string in ASCII: letters without accents, quotation marks as `"`; None if it has other letters or signs.

    Unidecode (Pelican) and deunicode (Zola) agree on these; what they make of other scripts needs their tables.
    """
    written: list[str] = []
    for letter in normalize("NFKD", text):
        kind = category(letter)
        if letter.isascii():
            written.append(letter)
        elif letter in _LETTERS:
            written.append(_LETTERS[letter])
        elif letter in _DASHES:
            written.append("-")
        elif kind[0] == "Z":
            written.append(" ")
        elif kind[0] == "P":
            written.append('"')
        elif kind != "Mn":
            return None
    return "".join(written)
