"""Finds the places of links and pictures in Markdown text, outside of code, and changes where they lead."""

import re
from collections.abc import Callable

_CODE = re.compile(
    r"^(?P<indent>[ \t>]*)(?P<fence>`{3,}|~{3,})[^\n]*(?:\n.*?^[ \t>]*(?P=fence)[`~]*[ \t]*$|\n.*\Z|\Z)"
    r"|(?<!`)(?P<ticks>`{1,8})(?!`)(?:[^`\n]|(?!(?P=ticks)(?!`))`|\n(?!\n)){1,2000}?(?<!`)(?P=ticks)(?!`)"
    r"|<!--.{0,4000}?-->",
    re.MULTILINE | re.DOTALL,
)
_TARGET = re.compile(
    r"(?P<inline>\]\(\s*)(?P<a><[^<>\n]*>|[^\s()<>]*(?:\([^\s()]*\)[^\s()]*)*)(?=\s*(?:[\"'(][^\n]{0,400}?)?\s*\))"
    r"|^(?P<definition> {0,3}\[(?!\^)[^\]\n]{1,200}\]:[ \t]*)(?P<b><[^<>\n]*>|\S+)"
    r"|(?P<tag><(?:a|img|source|video|audio|iframe|embed|object|track)\s[^<>]{0,2000}>)",
    re.MULTILINE | re.IGNORECASE,
)
_ATTRIBUTE = re.compile(
    r"(?P<before>\s(?:href|src|poster|data)\s*=\s*)(?P<mark>[\"'])(?P<url>[^\"'\n]*)(?P=mark)", re.IGNORECASE
)

Change = Callable[[str], str | None]
"""Takes where a link leads, and gives where it shall lead; None leaves it as it is."""


def change_links(text: str, change: Change) -> str:
    """Return Markdown text in which each link, picture and definition leads where `change` says."""
    parts: list[str] = []
    place = 0
    for match in _CODE.finditer(text):
        parts += [_change(text[place : match.start()], change), match[0]]
        place = match.end()
    return "".join((*parts, _change(text[place:], change)))


def _change(text: str, change: Change) -> str:
    def attribute(match: re.Match[str]) -> str:
        target = change(match["url"])
        return match[0] if target is None else f"{match['before']}{match['mark']}{target}{match['mark']}"

    def one(match: re.Match[str]) -> str:
        if match["tag"]:
            return _ATTRIBUTE.sub(attribute, match["tag"])
        before = match["inline"] or match["definition"]
        written = match["a"] or match["b"] or ""
        quoted = written[:1] == "<" and len(written) > 1
        target = change(written[1:-1] if quoted else written)
        if target is None:
            return match[0]
        return before + (f"<{target}>" if quoted and " " in target else target)

    return _TARGET.sub(one, text)
