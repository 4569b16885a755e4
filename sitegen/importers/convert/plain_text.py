"""Converts the layout of plain text in mail to HTML: paragraphs, quotations, lists, code, links."""

import re
from html import escape
from itertools import groupby, pairwise

_URL = re.compile(r"<?(https?://[^\s<>\"]+[^\s<>\".,;:!?'\])])>?", re.IGNORECASE)
_BULLET = re.compile(r"[ ]{0,3}[-*+•][ \t]+(?=\S)")
_NUMBER = re.compile(r"[ ]{0,3}\d{1,3}[.)][ \t]+(?=\S)")
_RULE = re.compile(r"\s*([-=_*~#+])\1{4,}\s*\Z|\s*(?:[-*_] ){2,}[-*_]\s*\Z")
_MAX_QUOTE_DEPTH = 20
_MIN_WRAPPED_CHARACTERS = 45
"""A line of at least this length that is followed by another one was wrapped by a program, not by its author."""


def text_to_html(text: str, *, flowed: bool = False, delete_space: bool = False) -> str:
    """Return plain text as HTML, with all its words.

    `flowed` and `delete_space` are the parameters of `format=flowed` (RFC 3676), in which a line that ends with a space
    continues on the next line.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4)
    if flowed:
        text = _unflow(text, delete_space)
    return "\n".join(_blocks(text.split("\n"), 0))


def _unflow(text: str, delete_space: bool) -> str:
    lines: list[str] = []
    open_depth = -1
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        content = line[depth:].removeprefix(" ")
        soft = content.endswith(" ") and content != "-- "
        content = content[:-1] if soft and delete_space else content
        if depth == open_depth:
            lines[-1] += content
        else:
            lines.append(f"{'>' * depth} {content}" if depth else content)
        open_depth = depth if soft else -1
    return "\n".join(lines)


def _blocks(lines: list[str], depth: int) -> list[str]:
    html: list[str] = []
    for quoted, group in groupby(lines, key=lambda line: line.startswith(">") and depth < _MAX_QUOTE_DEPTH):
        if quoted:
            inner = _blocks([line[1:].removeprefix(" ") for line in group], depth + 1)
            html += ["<blockquote>", *inner, "</blockquote>"]
        else:
            for empty, paragraph in groupby(group, key=lambda line: not line.strip()):
                if not empty:
                    html.append(_paragraph([line.rstrip() for line in paragraph]))
    return html


def _paragraph(lines: list[str]) -> str:
    if len(lines) == 1 and _RULE.match(lines[0]):
        return "<hr>"
    if len(lines) > 1 and _RULE.match(lines[-1]):
        title = _paragraph(lines[:-1])
        return f"<h2>{_inline(lines[0].strip())}</h2>" if len(lines) == 2 else f"{title}\n<hr>"
    if _RULE.match(lines[0]):
        return "<hr>\n" + _paragraph(lines[1:])
    for marker, name in ((_BULLET, "ul"), (_NUMBER, "ol")):
        if marker.match(lines[0]) and (len(lines) > 1 or name == "ul"):
            return _list(lines, marker, name)
    if all(line.startswith("    ") for line in lines) and not any(len(line) > 200 for line in lines):
        return "<pre>" + escape("\n".join(line[4:] for line in lines)) + "</pre>"
    return f"<p>{_join(lines)}</p>"


def _list(lines: list[str], marker: re.Pattern[str], name: str) -> str:
    items: list[list[str]] = []
    for line in lines:
        match = marker.match(line)
        if match:
            items.append([line[match.end() :]])
        elif line[:1] == " ":
            items[-1][-1] += " " + line.strip()
        else:
            items[-1].append(line)
    first = re.match(r"\s*(\d+)", lines[0]) if name == "ol" else None
    start = f' start="{int(first[1])}"' if first and int(first[1]) != 1 else ""
    return f"<{name}{start}>" + "".join(f"<li>{_join(item)}</li>" for item in items) + f"</{name}>"


def _join(lines: list[str]) -> str:
    """Join lines that were wrapped by a program, and preserve the author's line breaks."""
    html = _inline(lines[0].strip())
    for above, line in pairwise(lines):
        wrapped = len(above) >= _MIN_WRAPPED_CHARACTERS and line.strip() != "--"  # which begins a signature
        html += (" " if wrapped else "<br>\n") + _inline(line.strip())
    return html


def _inline(text: str) -> str:
    html, position = "", 0
    for match in _URL.finditer(text):
        html += escape(text[position : match.start()], quote=False)
        url = escape(match[1])
        html += f'<a href="{url}">{escape(match[1], quote=False)}</a>'
        position = match.end()
    return html + escape(text[position:], quote=False)
