"""The language of a fenced code block, from the words after its fence."""

import re
from html import escape, unescape

_LANGUAGE = re.compile(r"\{?\s*\.?([\w#.+-]+)(?=[\s{,:}]|\Z)")
_CLASS = re.compile(r'(<pre><code) class="language-([^"]*[^\w#.+"-][^"]*|\.[^"]*)"')


def language_of(info: str) -> str:
    """Return the language that the words after a fence name, "" for none.

    What follows it is for other programs: `python title="x.py"`, `js{1,3}`, `rust,no_run`, `{.python}`.
    """
    found = _LANGUAGE.match(info)
    return found[1] if found else ""


def name_languages(html: str) -> str:
    """Return the HTML of CommonMark with classes of code blocks that name the language alone."""
    return _CLASS.sub(_name_language, html) if 'class="language-' in html else html


def _name_language(found: re.Match[str]) -> str:
    language = language_of(unescape(found[2]))
    return f'{found[1]} class="language-{escape(language)}"' if language else found[1]
