"""Writes links, images and code spans as Markdown."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from sitegen.importers.convert.escape import escape_text, write_url
from sitegen.importers.convert.html_tree import Element

WHITESPACE = re.compile(r"[ \t\r\n\f]+")
BREAK = "\ue000"
"""A private-use character for a hard line break until the paragraph is complete; it is removed from all text."""


@dataclass(frozen=True, slots=True)
class WriterContext:
    """The properties of a document that the writers of its elements need.

    `image_url` returns the URL of an image in the post; `anchors` are the ids that links in the same document refer to;
    a `table` cannot contain line breaks.
    """

    image_url: Callable[[str], str]
    anchors: frozenset[str] = frozenset()
    table: bool = False


def write_code(text: str, context: WriterContext) -> str:
    """Return a code span that both engines render equally."""
    if not text:
        return ""
    if "|" in text and context.table:
        return f"<code>{escape_text(text, table=True)}</code>"
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    # One of the engines reads a backslash before the closing delimiter as an escape.
    return f"{fence}{pad}{text}{pad}{fence}" if not text.endswith("\\") else f"<code>{escape_text(text)}</code>"


def write_link(inner: str, url: str, title: str) -> str:
    """Return a link with this Markdown as its text, or only the Markdown if the URL or the text is empty."""
    text = inner.strip(f" {BREAK}")
    if not url or not text:
        return inner
    head, tail = inner.split(text, 1)
    if not title and text == escape_text(url) and re.fullmatch(r"https?://[\w.~:/?#@!$&'()+,;=%-]+", url, re.ASCII):
        return f"{head}<{url}>{tail}"
    text = re.sub(f"(?:{BREAK} ?){{2,}}", BREAK, text)
    return f"{head}[{text}]({write_url(url)}{_title(title, text)}){tail}"


def write_image(element: Element, context: WriterContext) -> str:
    """Return an image with its alternative text and title."""
    alt = escape_text(WHITESPACE.sub(" ", element.get("alt") or "").strip(), table=context.table)
    url = write_url(context.image_url(element.get("src") or ""))
    return f"![{alt}]({url}{_title(element.get('title') or '', alt)})"


def _title(title: str, text: str) -> str:
    title = WHITESPACE.sub(" ", title).strip()
    if not title or title == text:
        return ""
    return f' "{escape_text(title).replace(chr(34), "&quot;")}"'
