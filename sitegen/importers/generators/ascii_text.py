"""Transliterates Latin text to ASCII, as generators do for URLs."""

from unicodedata import category, normalize

_LETTERS = {
    "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ð": "d",
    "Ð": "D", "ł": "l", "Ł": "L", "þ": "th", "Þ": "Th", "ı": "i", "ħ": "h", "Ħ": "H",
}  # fmt: skip
_DASHES = frozenset("‐‑‒–—―")


def transliterate(text: str) -> str | None:
    """Return a string in ASCII, with accents removed and quotation marks as `"`, or None for other characters.

    Unidecode (Pelican) and deunicode (Zola) give the same result for these; other scripts would need their tables.
    """
    written: list[str] = []
    for letter in normalize("NFKD", text):
        letter_category = category(letter)
        if letter.isascii():
            written.append(letter)
        elif letter in _LETTERS:
            written.append(_LETTERS[letter])
        elif letter in _DASHES:
            written.append("-")
        elif letter_category[0] == "Z":
            written.append(" ")
        elif letter_category[0] == "P":
            written.append('"')
        elif letter_category != "Mn":
            return None
    return "".join(written)
