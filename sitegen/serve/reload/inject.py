"""Adds the live reload script to pages, and compares whether a page must be reloaded."""

import re
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from html import escape, unescape

SCRIPT_URL = "/.sitegen/reload.js"
"""No page can have this URL: hidden files are not published."""

LINK = re.compile(rb"<link\b[^>]*>", re.IGNORECASE)
STYLE = re.compile(rb"""\b(?:rel\s*+=\s*+["']?[^"'>=]*\bstylesheet\b|as\s*=\s*["']?style\b)""", re.IGNORECASE)
SHEET = re.compile(rb"""\brel\s*+=\s*+["']?[^"'>=]*\bstylesheet\b""", re.IGNORECASE)
HREF = re.compile(rb"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
END = re.compile(rb"</body\s*>")

RIBBON = (
    '<div role="note" style="position:fixed;z-index:2147483646;top:0;right:0;padding:.3em 1em;background:#8a1c00;'
    'color:#fff;font:bold 14px/1.4 system-ui,sans-serif;pointer-events:none">Not published: {reason}</div>'
)


@dataclass(frozen=True, slots=True)
class Shape:
    """A fingerprint of a page without the URLs of its style sheets, and these URLs in order."""

    digest: str
    styles: tuple[str, ...]


def shape_of(page: bytes) -> Shape:
    """Return the fingerprint of a page that must be unchanged to replace only its style sheets."""
    styles: list[str] = []
    rest = blake2b(digest_size=8)
    # A search for a plain word in lower case takes a tenth of the time of one that matches in any case.
    lower, done, start = page.lower(), 0, -1
    while (start := lower.find(b"<link", max(start + 1, done))) >= 0:
        if lower.find(b"style", start, lower.find(b">", start)) < 0:
            continue
        tag = LINK.match(page, start)
        if tag is None or not STYLE.search(tag[0]):
            continue
        href = HREF.search(tag[0])
        if href and SHEET.search(tag[0]):
            value = next(group for group in href.groups() if group is not None)
            styles.append(unescape(value.decode("utf-8", "replace")))
        rest.update(page[done:start])
        rest.update(HREF.sub(b"href", tag[0]))
        done = tag.end()
    rest.update(page[done:])
    return Shape(rest.hexdigest(), tuple(styles))


def add_script(page: bytes, token: str, version: int, path: str) -> bytes:
    """Return a page with the live reload script at its end; `path` is the path that the browser requested."""
    digest, end = _measure(page)
    attributes = f'data-token="{token}" data-version="{version}" data-shape="{digest}"'
    script = f'<script src="{SCRIPT_URL}" {attributes} data-page="{escape(path)}" async></script>'
    return b"".join((page[:end], script.encode(), page[end:]))


def add_ribbon(page: bytes, reason: str) -> bytes:
    """Return a page with a ribbon that says why it is not published."""
    end = _end_of_body(page)
    return page[:end] + RIBBON.format(reason=escape(reason)).encode() + page[end:]


@lru_cache(8)
def _measure(page: bytes) -> tuple[str, int]:
    """Return the fingerprint of a page's shape and the offset of the end of its body."""
    return shape_of(page).digest, _end_of_body(page)


def _end_of_body(page: bytes) -> int:
    """Return the offset of the last end tag of a body, or the length if there is none."""
    lower, end = page.lower(), len(page)
    while (end := lower.rfind(b"</body", 0, end)) >= 0:
        if END.match(lower, end):
            return end
    return len(page)
