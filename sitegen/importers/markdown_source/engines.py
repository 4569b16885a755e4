"""Chooses the Markdown engine that renders an imported post like its generator."""

import re
from collections.abc import Callable
from functools import cache

from sitegen.formats import lazy_regex
from sitegen.formats.delimiters import remove_code, remove_tags
from sitegen.markdown.characters import clean
from sitegen.markdown.errors import MAX_RECURSION_DEPTH, UnclosedError
from sitegen.system.limits import TimeUpError, limit

COMMONMARK, PYTHON_MARKDOWN = "commonmark", "python-markdown"

MAX_SECONDS = 10.0
"""Processor time for rendering a post to choose its engine."""

_FENCE = lazy_regex.compile(r" *(?:(?:[-*+]|[0-9]+[.)]) +)?(`{3,}|~{3,})")
_ITEM = re.compile(r"( *)(?:[-*+]|[0-9]{1,9}\.) +\S")
_QUOTE = re.compile(r"(?: {0,3}> ?|(?!))++")
_OTHER_BLOCK = re.compile(r"[ \t]|[>#|<]|\{[:%{]|\[\^?[^\]]{1,200}\]:")
# Each begins with the character that it searches for, which `re` finds far faster than an alternative.
_STRIKETHROUGH = re.compile(r"~~(?<!~~~)[^\s~]")
_CODE_AS_LABEL = re.compile(r"\[`[^`\n]*`\](?!\()")
_TASK_OR_FENCE_IN_LIST = re.compile(r"\n *(?:[-*+]|[0-9]{1,9}\.) +(?:\[[ xX]\] |`{3}|~{3})")
_ATTRIBUTE_LIST = re.compile(r"\{:[ .#\w][^}\n]{0,200}\}")
_BLOCK_BELOW_ATTRIBUTES = lazy_regex.compile(r"\{:[ .#\w][^}\n]{0,200}\}[ \t]*\n {0,3}(?:[-*+] |1[.)] |\|)")
_HASH_WITHOUT_SPACE = re.compile(r"\n#{1,6}(?=[^#\s])")
_ABBREVIATION_OR_HTML = re.compile(r"^ {0,3}\*\[[^\]\n]{1,100}\]:|<[a-z][^>\n]{0,200}\smarkdown=", re.MULTILINE)
_MEANING = re.compile(r"\n {0,3}: {1,3}\S")
_STARTS = frozenset(" -*+0123456789>")
_HTML_BLOCK = lazy_regex.compile(
    r" {0,3}</?(?:div|table|section|figure|center|p|ul|ol|details|aside|article|form)\b", re.IGNORECASE
)

_RAW_MARKUP = lazy_regex.compile(
    r"^[ \t]*(?:[-*+]|[0-9]{1,9}\.)\s+\S|^[ \t]*#{1,6} \S|^[ \t]*: {1,3}\S|^[ \t]*\[[ xX]\] |\{:[ .#\w][^}\n]{0,200}\}"
    r"|^[ \t]*\*\[[^\]\n]{1,100}\]:|`{3}|~~\S|\][\[(]|\*\*\S",
    re.MULTILINE,
)
_WRONG_CODE = lazy_regex.compile(r"<code>\s*(?:&lt;/?\w|[-*+] \S|[0-9]{1,9}\. \S)")


def use_commonmark(text: str) -> str:  # noqa: ARG001 - the signature of the callback
    """Return CommonMark, for generators that use it."""
    return COMMONMARK


def use_default(text: str) -> str:  # noqa: ARG001 - the signature of the callback
    """Return "", for generators that use Python-Markdown, as sites do unless they say otherwise."""
    return ""


def choose_for_kramdown(text: str) -> str:
    """Return the engine that renders a post most like kramdown, or "" if both do.

    kramdown has the lists, fences and headings of CommonMark, and the attribute lists, definitions and abbreviations
    of Python-Markdown. A post that needs only one of them gets that engine. A post that needs both is rendered by
    both, and the engine that leaves less markup as text is used.
    """
    lines = _without_fences(text) if "```" in text or "~~~" in text else text.split("\n")
    plain = "\n".join(lines)
    # Search for plain strings first: most posts have none of this.
    python_markdown = (
        ("{:" in plain and _has_attribute_list(plain))
        or (("*[" in plain or "markdown=" in plain) and _ABBREVIATION_OR_HTML.search(plain) is not None)
        or _MEANING.search(plain) is not None
        or ("\n    " in plain and "<" in plain and _has_indented_html(lines))
    )
    commonmark = (
        _STRIKETHROUGH.search(plain) is not None
        or _CODE_AS_LABEL.search(plain) is not None
        or _TASK_OR_FENCE_IN_LIST.search(f"\n{plain}") is not None
        or ("{:" in plain and _BLOCK_BELOW_ATTRIBUTES.search(plain) is not None)
        or _has_commonmark_lists(lines)
        or _HASH_WITHOUT_SPACE.search(f"\n{plain}") is not None
    )
    if commonmark and python_markdown:
        wrong_headings = len(_HASH_WITHOUT_SPACE.findall(f"\n{plain}"))
        others = _count_raw(text, PYTHON_MARKDOWN) + wrong_headings
        return COMMONMARK if _count_raw(text, COMMONMARK) <= others else PYTHON_MARKDOWN
    return COMMONMARK if commonmark else PYTHON_MARKDOWN if python_markdown else ""


def choose_for_commonmark(text: str) -> str:
    """Return CommonMark, unless only Python-Markdown supports the markup of a post and leaves less of it as text."""
    return PYTHON_MARKDOWN if choose_for_kramdown(text) == PYTHON_MARKDOWN else COMMONMARK


def _without_fences(text: str) -> list[str]:
    """Return the lines outside of fenced code, including the fences."""
    outside = []
    fence = ""
    for line in text.split("\n"):
        if fence:
            bare = line.strip()
            if bare.startswith(fence) and not bare.strip(fence[0]):
                fence = ""
            continue
        opened = _FENCE.match(line) if "```" in line or "~~~" in line else None
        if opened and "`" not in line[opened.end() :]:
            fence = opened[1]
        outside.append(line)
    return outside


def _has_attribute_list(text: str) -> bool:
    """Return whether there is an attribute list where Python-Markdown applies it: behind an element, or below a line.

    At the start of a block, where kramdown applies it to that block, both engines leave it as text.
    """
    for found in _ATTRIBUTE_LIST.finditer(text):
        line = text.rfind("\n", 0, found.start()) + 1
        line_above = text.rfind("\n", 0, max(0, line - 1)) + 1
        if text[line_above : found.start()].strip():
            return True
    return False


def _has_commonmark_lists(lines: list[str]) -> bool:
    """Return whether there are lists that Python-Markdown reads otherwise.

    A list right below a paragraph, or content of an item that is indented by less than four spaces.
    """
    before, depth = "", 0
    item: int | None = None  # the indent of the last item, while a list goes on
    for quoted in lines:
        if item is None and quoted[:1] not in _STARTS:
            before, depth = quoted, 0
            continue
        marks = _QUOTE.match(quoted)
        line = quoted[marks.end() :] if marks else quoted
        if (now := marks[0].count(">") if marks else 0) != depth:
            before, depth, item = "", now, None
        bare = line.lstrip(" ")
        indent = len(line) - len(bare)
        found = _ITEM.match(line)
        if found:
            if item is None and before and not _OTHER_BLOCK.match(before) and bare[0] in "-*+1":
                return True
            if item is not None and item < indent < item + 4 and indent % 4:
                return True
            item = indent
        elif bare and item is not None and not before:
            if indent == 0:
                item = None
            elif item < indent < item + 4 and indent % 4 > 1:
                return True
        before = line.rstrip()
    return False


def _has_indented_html(lines: list[str]) -> bool:
    """Return whether HTML continues below an empty line with an indent, which is code in CommonMark."""
    inside = blank = False
    for line in lines:
        if inside and blank and line.startswith("    ") and line.lstrip().startswith("<"):
            return True
        if _HTML_BLOCK.match(line):
            inside = True
        blank = not line.strip()
    return False


def _count_raw(text: str, engine: str) -> int:
    """Return how often the rendered post has markup as text, or code that should be a list or HTML."""
    try:
        with limit(MAX_SECONDS, MAX_RECURSION_DEPTH):
            html = _converter(engine)(clean(text))
    except (TimeUpError, RecursionError, UnclosedError):
        _converter.cache_clear()  # an engine that was interrupted keeps half of its state
        return len(text)
    shown = remove_tags(remove_code(html))
    return len(_RAW_MARKUP.findall(shown)) + len(_WRONG_CODE.findall(html))


@cache
def _converter(engine: str) -> Callable[[str], str]:
    """Return an engine's function from Markdown to HTML: few archives have posts that must be rendered."""
    if engine == COMMONMARK:
        from sitegen.markdown.engines.commonmark import make_converter  # noqa: PLC0415 - loads pyromark

        return make_converter(smart=False)
    from sitegen.markdown.engines.default import make_converter as make  # noqa: PLC0415 - loads pyromark

    return make((), smart=False)
