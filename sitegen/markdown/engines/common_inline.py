"""The inline Markdown that Python-Markdown and CommonMark render in the same way, as one regular expression.

Python takes as long to compile it as to render many posts, because the rules for what can be in emphasis or in a link
are in it several times. So `shorten` replaces code and images, which have long rules, before.

Each rule accepts less than both dialects do. What no rule names is refused: raw HTML, bare URLs, references and
footnotes, attribute lists, most character references, emphasis within words, and any mark without its other half.
`tests/markdown/engines/dialects.py` compares the output of both, also with rules that accept too much.
"""

import re

from sitegen.formats import lazy_regex

HIDDEN = "\x01"
"""The content of accepted code and images after `shorten`. It is a character that documents cannot contain."""

# Letters and digits of any script. They are neither white space nor punctuation, which decide on emphasis and quotes.
_LETTER = r"[^\W_]"

# Control characters are refused: methods of `str` take some of them for line ends.
_CONTROL = r"\x00-\x1f\x7f-\x9f"

_START = r"""(?=[^\x00-\x7f\s]|[A-Za-z($%@/,.;?"*_`\[\\]|!\[|[0-9]++(?![.)](?:[ \n\xa0]|\Z)))"""
"""What a line begins with: not white space, and not the marker of a block in either dialect."""

# Text without marks. Python-Markdown keeps valid character references, and CommonMark replaces them. It also allows
# fewer characters to be escaped. An apostrophe after a letter never opens a quotation.
_TEXT = rf"""[^{_CONTROL}*_`\[\]<&\\"'{{:!]++"""
_ESCAPED = r"\\[\\`*_{}\[\]()>#+.!-]"
_MARK = rf"(?<={_LETTER})'|!(?!\[)|&(?= |(?:amp|lt|gt);)|<(?=[ 0-9])|{_ESCAPED}"
_UNDERSCORE = rf"(?<={_LETTER})_(?={_LETTER})"
_COLON = r":(?!//[\w-])"  # a bare URL is refused

# `hold_spaces` has replaced the space at the end of a line, and those at the beginning of the next, by U+00A0.
_LINE_END = rf"(?:(?<!\s)|(?<=[^\s\\]\xa0))\n\xa0*+{_START}"
_LINE_BREAK = rf"(?<=[^\s\\]  )\n{_START}"

# Code on one line. Python-Markdown strips all spaces at its ends, and CommonMark one.
_CODE_TEXT = rf"[^`{_CONTROL}\\&]|&(?!#)|\\(?!`)"
_CODE = re.compile(
    rf"`(?<!``)(?:(?=[^`\s])(?:{_CODE_TEXT}|(?!))*+(?<!\s)`|`(?=[^`\s])(?:{_CODE_TEXT}|(?<!`)`(?!`)|(?!))*+(?<![\s`])``)(?!`)"
)

# URLs of ASCII characters, because CommonMark percent-encodes others, with at most one pair of parentheses.
_URL_TEXT = r"(?:[A-Za-z0-9/_.~:?#%=+,;@!$-]|&(?=[A-Za-z0-9_.%-]*+=)|(?!))"
_URL = rf"{_URL_TEXT}++(?:\({_URL_TEXT}*+\){_URL_TEXT}*+)?"
_AUTOLINK = rf"<https?://{_URL_TEXT}++>"
_TARGET = rf'\({_URL}(?: "(?! )[A-Za-z0-9 ,;:()]++(?<! )")?\)'

# The alternative text of an image is plain text in Python-Markdown, so it must not have any Markdown.
_IMAGE = re.compile(rf"!\[(?! )(?:[A-Za-z0-9 ,;:!?()/#$%@+=|>~]|[^\x00-\xa0]|\.(?!\.)|-(?!-)|(?!))*+(?<! )\]{_TARGET}")

# Emphasis begins after white space or an opening mark, and ends after a letter, or between punctuation and white space.
_OPENS_AFTER = r" \n\xa0(\["
_INSIDE = r"(?=[^\x00-\x7f\s]|[A-Za-z0-9\[`(@$])"
_BEYOND = r"(?=[ \n\xa0.,;:!?)\]]|\Z)"
_LAST = r"[^\x00-\x7f\s–—“‘«‹¿¡]|[A-Za-z0-9.,!?:;)`%]"


def _any(*patterns: str) -> str:
    return f"(?:{'|'.join(patterns)}|(?!))"


def _emphasis(content: str) -> str:
    """Return the pattern for emphasis and strong emphasis with asterisks, which contain no other asterisks."""
    inside = rf"{_INSIDE}{content}++"
    end = rf"(?:(?<={_LETTER})(?=\*++(?:[^\w*]|\Z))|(?<={_LAST})(?=\*++{_BEYOND}))"
    return rf"(?<![^{_OPENS_AFTER}“‘—/])(?:\*\*{inside}{end}\*\*|\*{inside}{end}\*)"


def _underlined(content: str) -> str:
    """Return the pattern for emphasis and strong emphasis with underscores, which contain no other underscores."""
    inside = rf"{_INSIDE}{content}++(?<={_LAST})"
    return rf"(?<![^{_OPENS_AFTER}])(?:__{inside}__|_{inside}_){_BEYOND}"


def _link(content: str) -> str:
    return rf"\[(?:(?![\s^!]){content}++(?<={_LAST}|[*_])|{_SHORT_IMAGE})\]{_TARGET}"


_SHORT_IMAGE = rf"!\[{HIDDEN}\)"
_PIECES = (_TEXT, _MARK, f"`{HIDDEN}`", _LINE_END)
_LINK_TEXT = _any(*_PIECES, ":", _UNDERSCORE)  # a URL in it is not linked

# Brackets are text, because references are refused.
_BRACKETS = rf"\[(?![\s^!]){_any(*_PIECES, _COLON, _UNDERSCORE)}++(?<!\s)\](?![(\[:{{])"

_MARKUP = _any(
    *_PIECES,
    _COLON,
    _UNDERSCORE,
    _LINE_BREAK,
    _link(_any(*_PIECES, ":", _UNDERSCORE, _emphasis(_LINK_TEXT))),
    _SHORT_IMAGE,
    _AUTOLINK,
    _BRACKETS,
    _emphasis(_any(*_PIECES, _COLON, _UNDERSCORE, _link(_LINK_TEXT))),
    _underlined(_any(*_PIECES, _COLON, _link(_any(*_PIECES, ":")))),
)

# A quote that can only open, and one that can only close. CommonMark renders the latter as opening without the former.
_OPENING_QUOTE = rf'(?:(?<![^{_OPENS_AFTER}])"(?={_LETTER})|(?<![^ \n\xa0])"(?=[\[*_`]))'
_CLOSING_QUOTE = rf'(?<=[^\W_]|[.,!?)`*_])"{_BEYOND}'
_END = r"(?:(?<!\s)|(?<=\S\xa0))"

INLINE = lazy_regex.compile(rf"{_START}{_MARKUP}++{_END}")
"""The whole content of a paragraph, a heading, an item of a list or a cell, without straight double quotes."""

INLINE_WITH_QUOTES = lazy_regex.compile(
    rf"{_START}(?:{_MARKUP}|{_OPENING_QUOTE}(?:{_MARKUP}|{_OPENING_QUOTE}|(?!))*+{_CLOSING_QUOTE}|(?!))++{_END}"
)
"""The same with straight double quotes, which takes twice as long to compile."""


def shorten(text: str) -> str:
    """Return Markdown with `HIDDEN` in place of the content of accepted code and images, as `INLINE` needs it.

    After a backslash, which makes it text, `HIDDEN` fits into no rule.
    """
    if "`" in text:
        text = _CODE.sub(f"`{HIDDEN}`", text)
    if "![" in text:
        text = _IMAGE.sub(f"![{HIDDEN})", text)  # with the last character of an image, after which emphasis can end
    return text
