"""Writes links, images and code within a line as Markdown."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from sitegen.importers.convert.escape import escape_text
from sitegen.importers.convert.html_tree import Element

BLANK = re.compile(r"[ \t\r\n\f]+")
UNSAFE = re.compile(r"[\s\"'<>\\^`{|}*]")
BREAK = "\ue000"
"""Stands for a hard line break until the paragraph is whole; a private character that no text keeps."""


@dataclass(frozen=True, slots=True)
class Context:
    """What the writers of inline text need to know of the whole document.

    `place` gives the URL of an image in the finished post; `anchors` are the ids that some link of
    the same text leads to; in a `table` no line may end.
    """

    place: Callable[[str], str]
    anchors: frozenset[str] = frozenset()
    table: bool = False


def write_code(text: str, context: Context) -> str:
    """Return a text as code within a line, which both engines read alike."""
    if not text:
        return ""
    if "|" in text and context.table:
        return f"<code>{escape_text(text, table=True)}</code>"
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    # A backslash before the closing mark would be read as an escape by one of the engines.
    return f"{fence}{pad}{text}{pad}{fence}" if not text.endswith("\\") else f"<code>{escape_text(text)}</code>"


def write_link(inner: str, url: str, title: str) -> str:
    """Return a link around Markdown that is written already; that alone where the link leads nowhere."""
    text = inner.strip(f" {BREAK}")
    if not url or not text:
        return inner
    head, tail = inner.split(text, 1)
    if not title and text == escape_text(url) and re.fullmatch(r"https?://[\w.~:/?#@!$&'()+,;=%-]+", url, re.ASCII):
        return f"{head}<{url}>{tail}"
    text = re.sub(f"(?:{BREAK} ?){{2,}}", BREAK, text)
    return f"{head}[{text}]({write_url(url)}{_title(title, text)}){tail}"


def write_image(element: Element, context: Context) -> str:
    """Return an image, with what it shows in words."""
    alt = escape_text(BLANK.sub(" ", element.get("alt") or "").strip(), table=context.table)
    url = write_url(context.place(element.get("src") or ""))
    return f"![{alt}]({url}{_title(element.get('title') or '', alt)})"


def _title(title: str, text: str) -> str:
    title = BLANK.sub(" ", title).strip()
    if not title or title == text:
        return ""
    return f' "{escape_text(title).replace(chr(34), "&quot;")}"'


def write_url(url: str) -> str:
    """Return a URL as it may be in a Markdown link: what would end the link is percent-encoded."""
    url = UNSAFE.sub(lambda match: quote(match[0]), url.strip())
    if not _balanced(url):
        url = url.replace("(", "%28").replace(")", "%29")
    url = url.replace("[", "%5B").replace("]", "%5D")
    return re.sub(r"&(?=#?\w+;)", "&amp;", url)


def _balanced(url: str) -> bool:
    depth = 0
    for char in url:
        depth += {"(": 1, ")": -1}.get(char, 0)
        if depth < 0:
            return False
    return depth == 0
