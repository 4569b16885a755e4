"""Render the Markdown of comments to HTML that is safe for any page: comments are written by strangers."""

import re
from functools import cache
from typing import TYPE_CHECKING

from pyromark import Markdown, Options

from sitegen.formats import lazy_regex
from sitegen.formats.html_elements import names
from sitegen.markdown.characters import clean
from sitegen.markdown.engines.commonmark_urls import render_with_links

if TYPE_CHECKING:
    import nh3

ELEMENTS = names("p br em strong del code pre blockquote ul ol li a hr sup sub")
ATTRIBUTES = {"a": names("href title"), "ol": names("start")}
LINK_RELATION = "ugc nofollow"
"""The relation of links that readers wrote, for search engines."""

# Text whose HTML is its paragraphs: no character of Markdown or HTML, no line that begins a list, no hard line break.
_MARKUP = re.compile(r"_|[^\w \n,.;?!'\"()…–—’‘“”-]")
# Replacing bytes by a table takes less than half the time of deleting some, and FF is in no UTF-8.
_MARKUP_REPLACED = bytes([0xFF if _MARKUP.match(chr(code)) else code for code in range(128)]).ljust(256, b"\xff")
_MARKED_LINE = re.compile(r"\n[ \d-]")
# A bare URL that neither the engine nor the cleaner changes.
_URL = r"https?://(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z]{2,}(?:/(?:[A-Za-z0-9./-]*[A-Za-z0-9/])?)?"
_PLAIN_URL = lazy_regex.compile(rf"(?<!\S){_URL}(?=[.,;!?]*(?:\s|\Z))")
_PLAIN_LINK = lazy_regex.compile(rf'<a href="({_URL})">')
_LINK = rf'<a href="\g<0>" rel="{LINK_RELATION}">\g<0></a>'

_HEADING = re.compile(r"<(/?)h[1-6]>")
_IMAGE = lazy_regex.compile(r'<img src="([^"<]*)" alt="([^"<]*)"[^<>]*>')
_HTML_IMAGE = lazy_regex.compile(
    r"<img\b[^<>]*?\ssrc\s*=\s*[\"']?(https?://[^\s\"'<>]+)(?=[\s\"'>])[^<>]*>", re.IGNORECASE
)
# A path is relative to a page of the old site, and what has no URL now had one that is not allowed.
_NO_LINK = lazy_regex.compile(r'<a(?![^<>]* href="(?:https?:|mailto:|[/#]))[^<>]*>([^<]*(?:<(?!/?a\b)[^<]*)*)</a>')


def render_comment(text: str) -> str:
    """Return the HTML of a comment, with the URLs that it contains linked.

    Elements other than ELEMENTS are removed. Links get LINK_RELATION, headings become paragraphs, and images links, so
    that no page loads anything from where a stranger wants it to. Links without a host that don't begin with `/` or `#`
    become text.
    """
    if _is_plain(text):
        return _write_paragraphs(text)
    if "://" in text and "](" not in text and _is_plain(_PLAIN_URL.sub("x", text)):
        return _write_paragraphs(_PLAIN_URL.sub(_LINK, text))
    text = clean(text)
    html = render_with_links(text, _markdown())
    if "<h" in html:
        html = _HEADING.sub(lambda match: "</strong></p>" if match[1] else "<p><strong>", html)
    if "<img" in html:
        html = _IMAGE.sub(lambda match: f'<a href="{match[1]}">{match[2] or match[1]}</a>', html)
        html = _HTML_IMAGE.sub(r'<a href="\1">\1</a>', html)
    links = html.count("<a ")
    if links:
        urls = _PLAIN_LINK.findall(html)
        links -= len(urls)
        for url in dict.fromkeys(urls):
            html = html.replace(f'<a href="{url}">', f'<a href="{url}" rel="{LINK_RELATION}">')
    if links or "<img" in html or not _is_clean(text):
        html = _NO_LINK.sub(r"\1", clean(_cleaner().clean(html)))
    elif "/" in html or "&" in html:
        html = html.replace(" />", ">").replace("&quot;", '"')
    return html.strip("\n") + "\n"


def _is_clean(text: str) -> bool:
    """Return whether text without links contains only emphasis, lists, quotations and the like.

    The cleaner, which takes most of the time of a comment, would only write void elements and quotes in another way.
    It may change HTML, references, the language of code, and characters to escape.
    """
    if "<" in text or "&" in text or "\xa0" in text or "\0" in text:
        return False
    return "```" not in text and "~~~" not in text and " />" not in text


def _write_paragraphs(text: str) -> str:
    if "\n\n" not in text:
        return f"<p>{text.rstrip()}</p>\n"
    if "\n\n\n" not in text:
        paragraphs = text.strip("\n").replace("\n\n", "</p>\n<p>")
        return f"<p>{paragraphs}</p>\n"
    return "".join([f"<p>{inner}</p>\n" for part in text.split("\n\n") if (inner := part.strip("\n"))])


def _is_plain(text: str) -> bool:
    if text.isascii():
        data = text.encode()
        if data.translate(_MARKUP_REPLACED) != data:
            return False
    elif _MARKUP.search(text):
        return False
    if "www." in text or ("\n" in text and (" \n" in text or _MARKED_LINE.search(text))):
        return False
    return not (text[:1] in "- \n0123456789" or text[-1:] == " ")


@cache
def _markdown() -> Markdown:
    return Markdown(options=Options.ENABLE_STRIKETHROUGH)


@cache
def _cleaner() -> "nh3.Cleaner":
    import nh3  # noqa: PLC0415 - few comments need it

    return nh3.Cleaner(
        tags=set(ELEMENTS),
        clean_content_tags={"script", "style", "iframe", "object", "embed", "form", "template", "noscript"},
        attributes={name: set(values) for name, values in ATTRIBUTES.items()},
        url_schemes={"http", "https", "mailto"},
        link_rel=LINK_RELATION,
    )
