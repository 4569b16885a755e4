"""Escapes plain text and URLs so that both Markdown engines render them unchanged.

Python-Markdown has no backslash escape for some special characters: these are written as character references, which
both engines support.
"""

import re
from urllib.parse import quote

from sitegen.formats import lazy_regex
from sitegen.formats.characters import DISCOURAGED, XML_FORBIDDEN

SPECIAL_CHARACTER = lazy_regex.compile(rf"[\\`*_{{}}\[\]<&~|\r{XML_FORBIDDEN}{DISCOURAGED}]")
REFERENCE = re.compile(r"&(?:#|\w|$)")
TAG = re.compile(r"<(?:[A-Za-z/!?$]|$)")
LINE_START = lazy_regex.compile(
    r"(?P<mark>#|>|[-+](?=[\s\-+|:]|$))"
    r"|(?P<number>\d{1,9})(?P<dot>[.)])(?=\s|$)"
    r"|(?P<reference>[=:|])"
    r"|(?P<fence>~)(?=~~)"
)
UNSAFE_URL_CHARACTER = re.compile(r"[\s\"'<>\\^`{|}*]")
REFERENCES = {"=": "&#61;", ":": "&#58;", "|": "&#124;", "~": "&#126;"}


def escape_text(text: str, *, table: bool = False) -> str:
    """Escape the characters of plain text that could begin markup, and drop control characters.

    `escape_line` escapes the characters that are special only at the start of a line.
    """
    return SPECIAL_CHARACTER.sub(lambda match: _escape(match, table), text)


def escape_line(line: str) -> str:
    """Escape the start of a line that could begin another block; the text of the line is already escaped."""
    match = LINE_START.match(line)
    if not match:
        return line
    if match["mark"]:
        return "\\" + line
    if match["number"]:
        return f"{match['number']}\\{match['dot']}{line[match.end() :]}"
    return REFERENCES[line[0]] + line[1:]


def write_url(url: str) -> str:
    """Return a URL for a Markdown link, with the characters that would end the link percent-encoded."""
    url = UNSAFE_URL_CHARACTER.sub(lambda match: quote(match[0]), url.strip())
    if ("(" in url or ")" in url) and not _has_balanced_parentheses(url):
        url = url.replace("(", "%28").replace(")", "%29")
    url = url.replace("[", "%5B").replace("]", "%5D")
    return re.sub(r"&(?=#?\w+;)", "&amp;", url)


def _escape(match: re.Match[str], table: bool) -> str:  # noqa: PLR0911 - one case for each character
    char, text, at = match[0], match.string, match.start()
    before, after = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
    match char:
        case "_":
            # Within a word an underscore means nothing to either engine.
            return char if before.isalnum() and after.isalnum() else "\\_"
        case "<":
            return "&lt;" if TAG.match(text, at) else char
        case "&":
            return "&amp;" if REFERENCE.match(text, at) else char
        case "~":
            is_single = (not before or before.isspace()) and (after.isalnum() or after.isspace())
            return char if is_single else "&#126;"
        case "|":
            return "\\|" if table else char
        case "\\" | "`" | "*" | "{" | "}" | "[" | "]":
            return "\\" + char
    return ""


def _has_balanced_parentheses(url: str) -> bool:
    depth = 0
    for char in url:
        depth += {"(": 1, ")": -1}.get(char, 0)
        if depth < 0:
            return False
    return depth == 0
