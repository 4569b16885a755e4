"""Converts admonitions in lines of colons (`:::note`) to quotations with a title."""

import re

NAMES = frozenset(("note", "tip", "info", "warning", "danger", "caution", "important", "success", "secondary"))

# Trailing spaces and attributes in braces are not part of the title.
_OPEN = re.compile(
    r"([ \t]*+)(:{3,}+)([a-z]++)"
    r"(?:\[(.*)\]|[ \t]++([^\s{](?:[^ \t{\n]++|[ \t]++(?!(?:\{[^{}]*+\}[ \t]*+)?\Z)|\{(?![^{}]*+\}[ \t]*+\Z)|(?!))*+))?"
    r"[ \t]*+(?:\{[^{}]*+\}[ \t]*+)?\Z"
)
_CLOSE = re.compile(r"[ \t]*+(:{3,}+)[ \t]*+\Z")
_FENCE = re.compile(r"[ \t>]*(`{3,}|~{3,})")


def translate_admonitions(text: str) -> str:
    """Convert closed admonitions in Markdown to quotations; unclosed ones stay unchanged.

    The closing line has at least as many colons as the opening line. The default title is the name of the admonition.
    """
    if ":::" not in text:
        return text
    lines = text.split("\n")
    pairs = _find_pairs(lines)
    closings = set(pairs.values())
    rows: list[str] = []
    open_until: list[tuple[int, str]] = []
    is_closed = False
    for index, line in enumerate(lines):
        prefix = "".join(mark for _, mark in open_until)
        if index in closings:
            open_until.pop()
            if rows and rows[-1] == prefix.rstrip(" "):
                rows.pop()
            is_closed = True
            continue
        if is_closed and line.strip():
            rows.append(prefix.rstrip(" "))
        is_closed = is_closed and not line.strip() and not prefix
        match = _OPEN.match(line) if index in pairs else None
        if match is None:
            row = _quoted(line, prefix)
            if not (prefix and rows and row == rows[-1] == prefix.rstrip(" ")):
                rows.append(row)
            continue
        indent = match[1] if not open_until else ""
        title = (match[4] or match[5] or match[3].capitalize()).strip().replace("\\]", "]")
        if rows and rows[-1].strip(" \t>"):
            rows.append(prefix.rstrip(" "))
        open_until.append((pairs[index], f"{indent}> "))
        prefix = "".join(mark for _, mark in open_until)
        rows += [f"{prefix}**{title}**", prefix.rstrip(" ")]
    return "\n".join(rows)


def _quoted(line: str, prefix: str) -> str:
    if not prefix:
        return line
    indent = prefix[: len(prefix) - len(prefix.lstrip())]
    inside = line.removeprefix(indent)
    return f"{prefix}{inside}".rstrip(" ") if inside.strip() else prefix.rstrip(" ")


def _find_pairs(lines: list[str]) -> dict[int, int]:
    """Return the closing line of each admonition, by its opening line."""
    found: dict[int, int] = {}
    opened: list[tuple[int, int]] = []
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
            opened.append((index, len(match[2])))
        elif (match := _CLOSE.match(line)) and opened and opened[-1][1] <= len(match[1]):
            found[opened.pop()[0]] = index
    return found
