"""Converts HTML posts of other generators, with front matter and template tags, to Markdown."""

from collections import Counter
from collections.abc import Callable
from functools import cache
from urllib.parse import quote, unquote

from sitegen.importers.base import HtmlBody
from sitegen.importers.markdown_source.embeds import Snippet
from sitegen.importers.output.post_links import KEY_SCHEME

# A URL that the cleaning rules preserve (RFC 2606), in place of a scheme that the sanitiser would remove.
_PLACEHOLDER = "https://post.sitegen.invalid/"


def hide_key(link: str | None) -> str | None:
    """Replace an internal link by key with a URL that the conversion of HTML preserves."""
    return _PLACEHOLDER + quote(link, safe="#") if link and KEY_SCHEME in link else link


def convert_html_text(html: str, title: str) -> tuple[str, Counter[str]]:
    """Convert HTML to Markdown, restore internal links by key, and count dropped content by category.

    Raises UnreadableError for markup that cannot be read.
    """
    from sitegen.importers.convert.html_to_markdown import convert_html  # noqa: PLC0415 - few archives have HTML posts

    converted = convert_html(HtmlBody(html), title)
    parts = converted.text.split(_PLACEHOLDER)
    restored = [parts[0]]
    for part in parts[1:]:
        end = next((at for at, char in enumerate(part) if char in ")#>\"' \n]"), len(part))
        restored += [unquote(part[:end]), part[end:]]
    return "".join(restored), converted.dropped


def as_html(text: str) -> str:
    """Return the replacement of a template tag as HTML: render the Markdown of embeds, and leave other strings."""
    if not isinstance(text, Snippet):
        return text
    html = _converter()(text).strip()
    inner = html.removeprefix("<p>").removesuffix("</p>")
    return inner if "<p>" not in inner and html.startswith("<p>") else html


def plain_words(text: str) -> str:
    """Return the text of Markdown without markup."""
    from sitegen.importers.convert.html_tree import parse, words  # noqa: PLC0415 - few archives have HTML posts

    return " ".join(words(parse(_converter()(text), Counter())).split())


@cache
def _converter() -> Callable[[str], str]:
    from sitegen.markdown.engines.commonmark import make_converter  # noqa: PLC0415 - few archives have HTML posts

    return make_converter(smart=False)
