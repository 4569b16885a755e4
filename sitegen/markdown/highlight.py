"""Highlight source code: Pygments' tokens as spans with its short class names."""

from functools import lru_cache
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pygments.lexer import Lexer


def highlight_code(source: str, language: str) -> str:
    """Return source code as HTML, with a span for each run of tokens of one type.

    The classes are those of Pygments' HtmlFormatter. Code in a language without a lexer is only
    escaped. `source` ends with a line break, and so does the result.
    """
    lexer = _find_lexer(language)
    if lexer is None:
        return escape(source, quote=False)
    parts = []
    for name, tokens in groupby(lexer.get_tokens(source), key=lambda token: _class_of(token[0])):
        text = escape("".join([value for _, value in tokens]), quote=False)
        parts.append(f'<span class="{name}">{text}</span>' if name and not text.isspace() else text)
    return "".join(parts)


@lru_cache(maxsize=256)
def _find_lexer(language: str) -> "Lexer | None":
    from pygments.lexers import get_lexer_by_name  # noqa: PLC0415 - only if a post has code
    from pygments.util import ClassNotFound  # noqa: PLC0415 - the same

    try:
        lexer: Lexer = get_lexer_by_name(language.lower(), stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None
    return lexer


@lru_cache(maxsize=1024)
def _class_of(token_type: object) -> str:
    """Return the class of a token type; types of an extension of Pygments use their parent's class."""
    from pygments.token import STANDARD_TYPES  # noqa: PLC0415 - only if a post has code

    while token_type not in STANDARD_TYPES:
        token_type = token_type.parent  # type: ignore[attr-defined]  # types form a tree up to Token, which is standard
    name: str = STANDARD_TYPES[token_type]  # type: ignore[index]  # a token type, by now
    return name if name not in ("w", "p") else ""
