"""Where a line of text may end: between words, and between the characters of scripts that have no spaces.

The rules are those of Unicode Standard Annex 14 that titles meet. Thai, Lao, Khmer and Burmese would need a dictionary;
their lines end at spaces, or between any two characters where a line would be too long.
"""

import re
import unicodedata

_JOINERS = "\u200d\u2060\ufeff"
_REGIONAL = range(0x1F1E6, 0x1F200)
_MODIFIERS = range(0x1F3FB, 0x1F400)
_TAGS = range(0xE0020, 0xE0080)
_HANGUL_VOWELS = range(0x1160, 0x1200)
_VIRAMA = 9
"""The canonical combining class of signs that join consonants."""

_NOT_FIRST = frozenset(
    "!%),.:;?]}¢°·’”›»…‰′″℃、。々〉》」』】〕〗〙〛〜゛゜ゝゞーァィゥェォッャュョヮヵヶ・ーヽヾ！％），．：；？］｝～ぁぃぅぇぉっゃゅょゎ"
)
_NOT_LAST = frozenset("([{£¥‘“‹«〈《「『【〔〖〘〚（［｛￡￥$#＃＄")
"""Characters that no line begins or ends with (JIS X 4051; CLREQ)."""

_BREAK_AFTER = re.compile(r"(?<=[^\W\d_])[-‐–—/](?=\w)")
"""A hyphen, dash or slash between words. Between digits it is part of a number or a date."""
_SPACELESS = re.compile("[\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff]")
"""Letters of Thai, Lao, Burmese and Khmer."""


def find_clusters(text: str) -> list[str]:
    """Return the parts of a string that are one character to a reader (Unicode Standard Annex 29, simplified)."""
    clusters: list[str] = []
    regional = 0
    for character in text:
        code = ord(character)
        before = clusters[-1][-1] if clusters else ""
        regional = regional + 1 if code in _REGIONAL else 0
        joins = bool(clusters) and (
            unicodedata.category(character)[0] == "M"
            or character in _JOINERS
            or code in _MODIFIERS
            or code in _TAGS
            or code in _HANGUL_VOWELS
            or (before == "\u200d" and not before.isspace())
            or regional == 2
            or (unicodedata.combining(before) == _VIRAMA and unicodedata.category(character)[0] == "L")
        )
        if joins:
            clusters[-1] += character
        else:
            clusters.append(character)
        if regional == 2:
            regional = 0
    return clusters


def find_units(clusters: list[str]) -> list[tuple[int, int]]:
    """Return first and last position, exclusive, of the parts of a line that are not divided; spaces end a part."""
    text = "".join(clusters)
    after = {match.end() for match in _BREAK_AFTER.finditer(text)}
    units, start, position = [], 0, 0
    for index, cluster in enumerate(clusters):
        position += len(cluster)
        following = clusters[index + 1] if index + 1 < len(clusters) else ""
        if not following or _may_break(cluster, following) or position in after:
            units.append((start, index + 1))
            start = index + 1
    return units


def lacks_spaces(text: str) -> bool:
    """Return whether a string is in a script without spaces between words that this module does not divide."""
    return _SPACELESS.search(text) is not None


def _may_break(before: str, after: str) -> bool:
    if before.isspace():
        return before != "\u00a0" and not after.isspace()
    if after.isspace() or not (_is_wide(before[0]) or _is_wide(after[0])):
        return False
    return before[-1] not in _NOT_LAST and after[0] not in _NOT_FIRST


def _is_wide(character: str) -> bool:
    """Return whether lines may end beside a character: Chinese, Japanese, emoji, not Korean, which has spaces."""
    return unicodedata.east_asian_width(character) in "WF" and not unicodedata.name(character, "").startswith("HANGUL")
