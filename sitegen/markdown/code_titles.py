"""The title of a code block, such as the name of a file, within the name of its language until its HTML is finished.

Engines keep the first word after a fence, and drop what follows. So `python title="x.py"` is given to them as one word.
"""

import re
from html import escape

from sitegen.formats import lazy_regex

_TITLE = lazy_regex.compile(r"""(?:^|[\s{,])title="([^"\n]+)\"""")
_IN_HTML = lazy_regex.compile(r"""(class="language-[^"\s]*)?--title-((?:[0-9a-f]{2})+)""")
_TITLED = lazy_regex.compile(r"(.*?)--title-((?:[0-9a-f]{2})+)")
MAX_TITLE = 200
"""Characters of a title; more are cut."""


def find_title(info: str) -> str:
    """Return the title in the words after a fence, "" for none."""
    found = _TITLE.search(info) if 'title="' in info else None
    return " ".join(found[1].split())[:MAX_TITLE] if found else ""


def join_title(language: str, title: str) -> str:
    """Return one word for a language and a title, of characters that every engine keeps."""
    return f"{language}--title-{title.encode('utf-8', 'replace').hex()}" if title else language


def restore_titles(html: str) -> str:
    """Return HTML with the titles as written that are not in a class, because their line was not a fence."""
    return _IN_HTML.sub(_restore, html) if "--title-" in html else html


def _restore(found: re.Match[str]) -> str:
    return found[0] if found[1] else f' title="{escape(_decode(found[2]))}"'


def _decode(digits: str) -> str:
    return bytes.fromhex(digits).decode("utf-8", "replace")


def split_title(word: str) -> tuple[str, str]:
    """Return language and title of a word of `join_title`, or another word with the title ""."""
    found = _TITLED.fullmatch(word)
    return (found[1], _decode(found[2])) if found else (word, "")
