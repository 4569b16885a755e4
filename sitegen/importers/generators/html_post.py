"""Turns a post that another generator keeps as HTML, with front matter and template tags, into Markdown."""

from collections import Counter
from collections.abc import Callable
from functools import cache
from urllib.parse import quote, unquote

from sitegen.importers.base import HtmlBody
from sitegen.importers.convert.html_to_markdown import convert_html
from sitegen.importers.convert.html_tree import parse, words
from sitegen.importers.markdown_source.embeds import Snippet
from sitegen.importers.output.post_links import KEY_SCHEME

# A URL that every cleaning rule for links leaves alone (RFC 2606), for one whose scheme a sanitiser would remove.
_PLACEHOLDER = "https://post.sitegen.invalid/"


def hide_key(link: str | None) -> str | None:
    """Return a link by a post's key as a URL that survives the conversion of HTML; any other link as it is."""
    return _PLACEHOLDER + quote(link, safe="#") if link and KEY_SCHEME in link else link


def convert_text(html: str, title: str) -> tuple[str, Counter[str]]:
    """Return the Markdown of an HTML text, and what was dropped by type; links by key are as they were.

    Raises UnreadableError for markup that cannot be read.
    """
    converted = convert_html(HtmlBody(html), title)
    parts = converted.text.split(_PLACEHOLDER)
    restored = [parts[0]]
    for part in parts[1:]:
        end = next((at for at, char in enumerate(part) if char in ")#>\"' \n]"), len(part))
        restored += [unquote(part[:end]), part[end:]]
    return "".join(restored), converted.dropped


def as_html(text: str) -> str:
    """Return what stands for a template tag as HTML: Markdown made for an embed is rendered, other text stays."""
    if not isinstance(text, Snippet):
        return text
    html = _converter()(text).strip()
    inner = html.removeprefix("<p>").removesuffix("</p>")
    return inner if "<p>" not in inner and html.startswith("<p>") else html


def markdown_words(text: str) -> str:
    """Return the words of a Markdown text, without markup."""
    return " ".join(words(parse(_converter()(text), Counter())).split())


@cache
def _converter() -> Callable[[str], str]:
    from sitegen.markdown.engines.commonmark import make_converter  # noqa: PLC0415 - few archives have texts in HTML

    return make_converter(smart=False)
