"""What no page may show: marks that only the build uses, and tags of another program's templates."""

import re
from collections.abc import Iterator

from sitegen.check.html.tokenizer import Document
from sitegen.check.problem_types import page_problem
from sitegen.errors import Problem

_MARKS = ("\x00", "\x02", "\x03", "\x0b", "\x0c", "\ufffe", "\uffff", "wzxhzdk:", "klzzwxh:")
_CODE_TAG = re.compile(r"(code|pre|script|style|textarea|template)\b", re.IGNORECASE)
_CODE_START = re.compile(r"<(code|pre|script|style|textarea|template)\b[^>]*(?<!--)>", re.IGNORECASE)
_CODE_ENDS = {
    name: re.compile(rf"</{name}\s*>", re.IGNORECASE)
    for name in ("code", "pre", "script", "style", "textarea", "template")
}
_OPENING = re.compile(r"\{[%{]")
_TEMPLATE_TAG = re.compile(r"\{%-?\s*[A-Za-z]\w*[^%{}]{0,200}%\}|\{\{-?\s*[A-Za-z_][\w.]*\s*(?:\|[^{}]{0,200})?-?\}\}")


def check_leftovers(document: Document) -> Iterator[Problem]:
    """Yield each internal mark that a page contains, and each template tag that it shows."""
    for mark in _MARKS if _holds_mark(document.text) else ():
        if mark in document.text:
            message = f"the page holds {mark!r}, a mark or character that no page may show"
            hint = "if it is in the post's file, remove it there; otherwise report a bug of sitegen"
            yield page_problem(
                "leaked-mark", document.path, document.line(document.text.index(mark)), message, hint, mark
            )
    if _OPENING.search(document.text) and not _is_all_code(document.text):
        yield from _check_template_tags(document)


def _holds_mark(text: str) -> bool:
    # In a string with two bytes for each character, the search for a zero would stop at every other byte.
    return b"\0" in text.encode("utf-8", "replace") or any(mark in text for mark in _MARKS[1:])


def _check_template_tags(document: Document) -> Iterator[Problem]:
    """Yield the template tags of other programs that a page shows outside of code, once each."""
    text = _blank_code(document.text)
    for tag, found in {found[0]: found for found in reversed(list(_TEMPLATE_TAG.finditer(text)))}.items():
        message = f'the page shows "{tag[:60]}", a template tag that was not filled in'
        line = text.count("\n", 0, found.start()) + 1
        yield page_problem("template-tag", document.path, line, message, "replace it by its value, or remove it", tag)


def _blank_code(text: str) -> str:
    """Return a page without its tags, comments and code, whose line breaks stay, in linear time."""
    parts: list[str] = []
    missing: set[str] = set()
    end_of_last = location = 0
    while (start := text.find("<", location)) >= 0:
        stop = _find_end(text, start, missing)
        location = stop if stop >= 0 else start + 1
        if stop >= 0:
            parts += (text[end_of_last:start], "\n" * text.count("\n", start, stop))
            end_of_last = stop
    return "".join(parts) + text[end_of_last:]


def _find_end(text: str, start: int, missing: set[str]) -> int:
    """Return where code, a comment or a tag ends that begins at a "<", -1 if it does not end.

    `missing` collects what does not come any more, so that it is searched for once and not from each "<".
    """
    name = _CODE_TAG.match(text, start + 1)
    if name and name[1].lower() not in missing and (inside := text.find(">", name.end())) >= 0:
        if end := _CODE_ENDS[name[1].lower()].search(text, inside + 1):
            return end.end()
        missing.add(name[1].lower())
    for opening, closing in (("<!--", "-->"), ("<", ">")):
        if text.startswith(opening, start) and closing not in missing:
            location = text.find(closing, start + len(opening))
            if location >= 0:
                return location + len(closing)
            missing.add(closing)
    return -1


def _is_all_code(text: str) -> bool:
    """Return whether each "{" is within a tag, or after one that starts code, as on most pages.

    It spares these the reading by `_blank_code`, and denies wherever that might see it otherwise.
    """
    location = text.find("{")
    while location >= 0:
        start, end = text.rfind("<", 0, location), text.rfind(">", 0, location)
        within = start > end
        following = text.find(">" if within else "<", location)
        if following < 0 or not (within or _begins_code(text, start, end, following)):
            return False
        location = text.find("{", following)
    return True


def _begins_code(text: str, start: int, end: int, following: int) -> bool:
    """Return whether a tag begins code that continues after the text behind it, which ends at `following`."""
    tag = _CODE_START.fullmatch(text, max(start, 0), end + 1)
    return (
        tag is not None
        and text.find(">", end + 1, following) < 0
        and text.rfind("<", 0, start) <= text.rfind(">", 0, start)
        and _CODE_ENDS[tag[1].lower()].search(text, following) is not None
    )
