"""Recognize documents that Python-Markdown and CommonMark render in the same way, by their blocks."""

import re
from collections.abc import Callable

from sitegen.formats import lazy_regex
from sitegen.markdown.engines.common_inline import HIDDEN, INLINE, INLINE_WITH_QUOTES, shorten

# A fence without indent and with at most a language. The code has no other run of backquotes, and no blank lines
# at its ends.
_FENCE = re.compile(
    r"(?<![^\n])```(?:[A-Za-z][A-Za-z0-9_+-]*+)?\n(?=\S)"
    r"(?:[^`\x00-\x09\x0b-\x1f\x7f-\x9f]++|`(?!``)|(?!))*+(?<=\S\n)```(?=\n\n)"
)

_THEMATIC_BREAKS = frozenset({"***", "---", "___", "* * *", "- - -"})

# Number signs at the end are not part of a heading; a number at its beginning makes no list.
_HEADING = re.compile(r"#{1,6} ++(?![#\n])(?:[0-9]++[.)] )?(?=[^\n]*+(?<![#\xa0])\Z)")
_BULLET = re.compile("[-*+] {1,4}")
_NUMBER = lazy_regex.compile(r"[1-9][0-9]{0,8}\. ")
_ITEM = lazy_regex.compile(r"(?P<indent>(?: {4})*)(?P<marker>[-*+] {1,3}|[1-9][0-9]?\. )")
_NEXT_NUMBER = lazy_regex.compile(r"\n(?=[0-9]++\. )")

# The row between the head of a table and its body.
_DELIMITERS = re.compile(r"(?<=\|\n)\|(?: *+:?-++:? *+\||(?!))++(?=\n\|)")

# Definitions of references, footnotes and abbreviations.
_DEFINITION = re.compile(r"\][ \xa0]*:")

Fits = Callable[..., re.Match[str] | None]
"""Matches the content of a block as a whole, from an offset on."""


def reduce(text: str) -> str | None:
    """Return a document as `is_common` reads it, without the content of code, or None if the dialects differ on it.

    `text` is the document after `hold_spaces`. Long runs of dots and hyphens, which become ellipses and dashes, and
    bare URLs are refused wherever they are outside fenced code.
    """
    if HIDDEN in text:
        return None
    if "`" in text and "```" in text:  # one character is found in a tenth of the time
        text = _FENCE.sub(HIDDEN, f"{text}\n\n").rstrip("\n")
    has_tables = "|" in text and "|\n|" in text
    if has_tables:
        text = _DELIMITERS.sub(_shorten_hyphens, text)
    if "...." in text or "----" in text:
        return None
    if "www." in text and text.count("www.") != text.count("://www."):
        return None
    if _DEFINITION.search(text):
        return None
    shortened = shorten(text)
    # CommonMark ends a cell at a `|` in code too.
    return None if has_tables and shortened.count("|") != text.count("|") else shortened


def is_common(text: str) -> bool:
    """Return whether both dialects render a document in the same way, after `reduce`.

    Blocks are separated by blank lines, because the dialects differ on what ends a block without one.
    """
    fits = INLINE_WITH_QUOTES.fullmatch if '"' in text else INLINE.fullmatch
    return _are_common(text, fits, is_quoted=False)


def _are_common(text: str, fits: Fits, *, is_quoted: bool) -> bool:
    """Return whether both dialects render the blocks of a document or of a quote in the same way."""
    last = ""
    for part in text.split("\n\n"):
        block = part[1:] if part[:1] == "\n" else part  # after two blank lines
        if fits(block):
            last = ""
            continue
        first = block[:1]
        if first == "#":
            title, _, rest = block.partition("\n")
            heading = _HEADING.match(title)
            if not heading or not fits(title, heading.end()) or (rest and not fits(rest)):
                return False
            last = ""
        elif block in _THEMATIC_BREAKS or (block == HIDDEN and not is_quoted):
            last = ""
        elif first == ">":
            if last == "quote" or is_quoted or not _is_common_quote(block, fits):
                return False
            last = "quote"
        elif first == "|":
            if is_quoted or not _is_common_table(block, fits):
                return False
            last = ""
        else:
            if last == "list" or not _is_common_list(block, fits):
                return False
            last = "list"
    return True


def _shorten_hyphens(delimiters: re.Match[str]) -> str:
    return re.sub("-+", "-", delimiters[0])


def _is_common_table(block: str, fits: Fits) -> bool:
    """Return whether both dialects render a table in the same way: with all its cells, and a `|` at all ends of rows.

    A `|` always ends a cell: one after a backslash leaves a cell that does not fit.
    """
    delimiters = _DELIMITERS.match(block, block.find("\n") + 1)
    if not delimiters:
        return False
    for row in (block[: delimiters.start() - 1], *block[delimiters.end() + 1 :].split("\n")):
        if row[:1] != "|" or row[-1:] != "|" or row.count("|") != delimiters[0].count("|"):
            return False
        if not all(fits(text) for cell in row[1:-1].split("|") if (text := cell.strip(" "))):
            return False
    return True


def _is_common_quote(block: str, fits: Fits) -> bool:
    """Return whether both dialects render a quote in the same way: one with a `>` on each line, or one paragraph."""
    lines = block.split("\n")
    content = [line if line[:1] != ">" else line[2:] if line[1:2] == " " else line[1:] for line in lines]
    text = "\n".join(content)
    if any(line[:1] != ">" for line in lines):
        return fits(text) is not None
    return text == text.strip("\n") and _are_common(text, fits, is_quoted=True)


def _is_common_list(block: str, fits: Fits) -> bool:
    """Return whether both dialects render a list in the same way: without blank lines, with one marker."""
    if "\n    " in block:
        return _is_common_nested_list(block, fits)
    bullet = _BULLET.match(block)
    if bullet:
        return all(fits(item) for item in block[bullet.end() :].split(f"\n{bullet[0]}"))
    for item in _NEXT_NUMBER.split(block):
        number = _NUMBER.match(item)
        if not number or not fits(item, number.end()):
            return False
    return True


def _is_common_nested_list(block: str, fits: Fits) -> bool:
    """Return whether both dialects render nested lists in the same way: indented by four spaces, with a line each."""
    depth = -1
    first = ""
    for line in block.split("\n"):
        item = _ITEM.match(line)
        if not item or not fits(line, item.end()):
            return False
        above, depth = depth, len(item["indent"]) // 4
        number = item["marker"].rstrip(" ").rstrip(".")
        marker = "1" if number.isdecimal() else item["marker"]
        first = first or marker
        # In CommonMark, only a list that begins with 1 can follow a line of text.
        if marker != first or depth > above + 1 or (depth > above >= 0 and number.isdecimal() and number != "1"):
            return False
    return True
