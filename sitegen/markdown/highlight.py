"""Source code in colours: Pygments' tokens as spans with its short class names."""

from functools import lru_cache
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pygments.lexer import Lexer


def draw_code(source: str, language: str) -> str:
    """Return source code as HTML, a span for each run of tokens of one kind.

    The classes are those of Pygments' HtmlFormatter. Code in a language that Pygments does not know
    is only escaped. `source` ends with a line break, and so does the result.
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
    from pygments.lexers import get_lexer_by_name  # noqa: PLC0415 - only where a post holds code
    from pygments.util import ClassNotFound  # noqa: PLC0415 - the same

    try:
        lexer: Lexer = get_lexer_by_name(language.lower(), stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None
    return lexer


@lru_cache(maxsize=1024)
def _class_of(kind: object) -> str:
    """Return the class of a kind of token; kinds of an extension of Pygments use their parent's."""
    from pygments.token import STANDARD_TYPES  # noqa: PLC0415 - only where a post holds code

    while kind not in STANDARD_TYPES:
        kind = kind.parent  # type: ignore[attr-defined]  # token kinds form a tree up to Token, which is standard
    name: str = STANDARD_TYPES[kind]  # type: ignore[index]
    return name if name not in ("w", "p") else ""
