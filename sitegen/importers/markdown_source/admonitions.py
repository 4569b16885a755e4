"""Turns admonitions between lines of colons (`:::note`) into quotations with a title."""

import re

NAMES = frozenset(("note", "tip", "info", "warning", "danger", "caution", "important", "success", "secondary"))

# Blanks and attributes in braces at the end are not part of the title.
_OPEN = re.compile(
    r"([ \t]*+)(:{3,}+)([a-z]++)"
    r"(?:\[(.*)\]|[ \t]++([^\s{](?:[^ \t{\n]++|[ \t]++(?!(?:\{[^{}]*+\}[ \t]*+)?\Z)|\{(?![^{}]*+\}[ \t]*+\Z))*+))?"
    r"[ \t]*+(?:\{[^{}]*+\}[ \t]*+)?\Z"
)
_CLOSE = re.compile(r"[ \t]*+(:{3,}+)[ \t]*+\Z")
_FENCE = re.compile(r"[ \t>]*(`{3,}|~{3,})")


def translate_admonitions(text: str) -> str:
    """Return a Markdown text whose closed admonitions are quotations; what is not closed stays as it is.

    An admonition is closed by at least as many colons as it is opened by. The title is the one that it has, else its
    name.
    """
    if ":::" not in text:
        return text
    lines = text.split("\n")
    pairs = _pairs(lines)
    closings = set(pairs.values())
    rows: list[str] = []
    open_until: list[tuple[int, str]] = []
    is_closed = False
    for index, line in enumerate(lines):
        marks = "".join(mark for _, mark in open_until)
        if index in closings:
            open_until.pop()
            if rows and rows[-1] == marks.rstrip(" "):
                rows.pop()
            is_closed = True
            continue
        if is_closed and line.strip():
            rows.append(marks.rstrip(" "))
        is_closed = is_closed and not line.strip() and not marks
        match = _OPEN.match(line) if index in pairs else None
        if match is None:
            row = _quoted(line, marks)
            if not (marks and rows and row == rows[-1] == marks.rstrip(" ")):
                rows.append(row)
            continue
        indent = match[1] if not open_until else ""
        title = (match[4] or match[5] or match[3].capitalize()).strip().replace("\\]", "]")
        if rows and rows[-1].strip(" \t>"):
            rows.append(marks.rstrip(" "))
        open_until.append((pairs[index], f"{indent}> "))
        marks = "".join(mark for _, mark in open_until)
        rows += [f"{marks}**{title}**", marks.rstrip(" ")]
    return "\n".join(rows)


def _quoted(line: str, marks: str) -> str:
    if not marks:
        return line
    indent = marks[: len(marks) - len(marks.lstrip())]
    inside = line.removeprefix(indent)
    return f"{marks}{inside}".rstrip(" ") if inside.strip() else marks.rstrip(" ")


def _pairs(lines: list[str]) -> dict[int, int]:
    """Return the line that closes each admonition, by the line that opens it."""
    found: dict[int, int] = {}
    waiting: list[tuple[int, int]] = []
    fence = ""
    for index, line in enumerate(lines):
        if match := _FENCE.match(line):
            if not fence:
                fence = match[1]
            elif match[1].startswith(fence):
                fence = ""
            continue
        if fence:
            continue
        if (match := _OPEN.match(line)) and match[3] in NAMES:
            waiting.append((index, len(match[2])))
        elif (match := _CLOSE.match(line)) and waiting and waiting[-1][1] <= len(match[1]):
            found[waiting.pop()[0]] = index
    return found
