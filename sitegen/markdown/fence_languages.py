"""Read the language of a fenced code block from its info string."""

import re
from html import escape, unescape

from sitegen.formats import lazy_regex

_LANGUAGE = lazy_regex.compile(r"\{?\s*\.?([\w#.+-]+)(?=[\s{,:}]|\Z)")
_CLASS = lazy_regex.compile(r'(<pre><code) class="language-([^"]*[^\w#.+"-][^"]*|\.[^"]*)"')


def language_of(info: str) -> str:
    """Return the language in an info string, "" for none.

    Other programs add options: `python title="x.py"`, `js{1,3}`, `rust,no_run`, `{.python}`.
    """
    found = _LANGUAGE.match(info)
    return found[1] if found else ""


def name_languages(html: str) -> str:
    """Return HTML of CommonMark with only the language in the classes of code blocks."""
    return _CLASS.sub(_name_language, html) if 'class="language-' in html else html


def _name_language(found: re.Match[str]) -> str:
    language = language_of(unescape(found[2]))
    return f'{found[1]} class="language-{escape(language)}"' if language else found[1]
