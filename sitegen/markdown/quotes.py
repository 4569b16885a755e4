"""Localise quotation marks: engines write English ones, which are replaced by those of the language."""

import re
from collections.abc import Callable

from sitegen.formats import lazy_regex

# Opening and closing double and single quotes, after Unicode CLDR's `delimiters` and the languages' orthographies.
QUOTES = {
    **dict.fromkeys(("de", "cs", "sk", "sl", "is", "lb", "hsb", "dsb"), "„“‚‘"),
    **dict.fromkeys(("bg", "et", "lt", "ka", "sr", "mk"), "„“‚‘"),
    **dict.fromkeys(("pl", "ro", "hr", "bs"), "„”‚’"),
    "hu": "„”»«",
    **dict.fromkeys(("sv", "fi"), "””’’"),
    **dict.fromkeys(("es", "it", "pt-pt", "ca", "gl", "eu", "el", "sq", "no", "nb", "nn"), ("«", "»", "“", "”")),
    **dict.fromkeys(("ru", "uk", "be", "kk"), "«»„“"),
    "da": "»«›‹",
    **dict.fromkeys(("de-ch", "de-li", "fr-ch", "it-ch"), "«»‹›"),
    "fr": ("«\u202f", "\u202f»", "“", "”"),
    **dict.fromkeys(("fa", "hy"), "«»‹›"),
}
_WRITTEN = tuple(zip("“”‘’", "\ufdd0\ufdd1\ufdd2\ufdd3", strict=True))
"""The typographic quotes that are in the Markdown, each with its placeholder while the others are replaced."""

_CURLY = re.compile("[“”‘’]")
_SINGLES = lazy_regex.compile(r"‘((?:[^‘’\n]|(?<=\w)’(?=\w)|(?!))*+)’(?!\w)")


def localise(text: str, language: str, convert: Callable[[str], str]) -> str:
    """Convert Markdown, and replace its smart quotes with those of a BCP 47 language.

    Typographic quotes in the Markdown are unchanged. All languages use the English apostrophe.
    An empty or unknown language means English.
    """
    tag = language.lower().replace("_", "-")
    marks = QUOTES.get(tag) or QUOTES.get(tag.partition("-")[0])
    if marks is None:
        return convert(text)
    curly = _CURLY.search(text) is not None
    # `str.translate` takes forty times as long for text that is not ASCII.
    for mark, placeholder in _WRITTEN if curly else ():
        text = text.replace(mark, placeholder)
    html = convert(text)
    html = html.replace("“", "\ufdd4").replace("”", "\ufdd5")
    if "‘" in html:
        html = _SINGLES.sub(rf"{marks[2]}\1{marks[3]}", html)
    html = html.replace("\ufdd4", marks[0]).replace("\ufdd5", marks[1])
    for mark, placeholder in _WRITTEN if curly else ():
        html = html.replace(placeholder, mark)
    return html
