"""Render documents that mean the same in both dialects with the CommonMark parser, in a tenth of the time."""

import re
from collections.abc import Callable

from pyromark import Markdown, Options

from sitegen.markdown.engines.common_blocks import is_common, reduce
from sitegen.system.libraries import TestedLibrary

# Python takes four times as long to search a string of two characters, one of which is frequent.
_SPACE_BESIDE_LINE_END = re.compile("\n(?:(?= )|(?<= \n))")
_BLANK = re.compile("\n +(?=\n)")
# Expressions that begin with a character are searched several times as fast as those that begin with a lookbehind.
_TRAILING = re.compile(r" (?<=\S )(?=\n|\Z)")
_INDENT = re.compile(r"\n +(?=[^ \n])(?![-+*] |[0-9]++[.)] )")
_IMAGE = re.compile(r'<img src="([^"]*)" alt="([^"]*)"([^<>]*) />')
_NESTED_LIST = re.compile(
    r"\n(?=<(?:ul|ol)[ >])(?:(?<![>\n]\n)|(?<=</a>\n)|(?<=</em>\n)|(?<=</code>\n)|(?<=</strong>\n)|(?<=\">\n))"
)
_TABLE_TAG = re.compile(r">(?=<(?:/?t(?:able|head|body|r)|t[hd])[ >])")
_ALIGNED_CELL = re.compile(r'(<t[hd] style="text-align: [a-z]++)">')
_QUOTED_CODE = re.compile(r'(<pre><code[^<>]*>)([^<"]*+"[^<]*)')

PARSER = TestedLibrary("pyromark", "pyromark", (0, 10, 3), (0, 11, 0), "Markdown takes several times as long")
"""The CommonMark parser in the versions that were compared with Python-Markdown."""


def make_renderer(*, smart: bool) -> Callable[..., str | None]:
    """Return a function from Markdown to Python-Markdown's HTML, or to None if a document needs Python-Markdown.

    With `skips_quotes=True`, that function also returns None for documents with straight quotes outside code.
    """
    options = Options.ENABLE_TABLES
    if smart:
        options |= Options.ENABLE_SMART_PUNCTUATION
    markdown = Markdown(options=options)

    def render(text: str, *, skips_quotes: bool = False) -> str | None:
        if not text.strip():
            return ""
        if "\t" in text:
            text = text.expandtabs(4)
        if _SPACE_BESIDE_LINE_END.search(text):
            text = _BLANK.sub("\n", text)
        text = text.strip("\n")
        held = hold_spaces(text)
        if held is None:
            return None
        reduced = reduce(held)
        if reduced is None or (skips_quotes and '"' in reduced) or not is_common(reduced):
            return None
        html = markdown.html(held)
        return _format(html if held is text else html.replace("\xa0", " "))

    return render


def hold_spaces(text: str) -> str | None:
    """Replace spaces around line ends that only Python-Markdown keeps in its HTML by U+00A0, which both keep.

    Two spaces at the end of a line, which are a line break, and the indent of a list item are unchanged. Returns
    None if the document has a U+00A0 of its own.
    """
    if text[-1:] != " " and not _SPACE_BESIDE_LINE_END.search(text):
        return text
    if "\xa0" in text:
        return None
    text = _TRAILING.sub("\xa0", text)
    return _INDENT.sub(lambda indent: "\n" + "\xa0" * (len(indent[0]) - 1), text)


def _format(html: str) -> str:
    """Return HTML as Python-Markdown writes it: empty elements without a slash, attributes in order, rows on lines."""
    if " />" in html:
        html = html.replace("<br />", "<br>").replace("<hr />", "<hr>")
        if "<img " in html:
            html = _IMAGE.sub(r'<img alt="\2" src="\1"\3>', html)
    if "<li>" in html:
        html = _NESTED_LIST.sub("", html)
    if "<table>" in html:
        html = _ALIGNED_CELL.sub(r'\1;">', _TABLE_TAG.sub(">\n", html))
    if "<pre>" in html:
        html = _QUOTED_CODE.sub(_escape_quotes, html)
    return html.rstrip("\n")


def _escape_quotes(code: re.Match[str]) -> str:
    return code[1] + code[2].replace('"', "&quot;")
