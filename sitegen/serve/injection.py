"""What is added to a page on its way to the browser, and what tells whether the page must be loaded anew."""

import re
from dataclasses import dataclass
from hashlib import blake2b
from html import escape, unescape

SCRIPT_URL = "/.sitegen/reload.js"
"""No planned file can lie there: hidden files are not published."""

LINK = re.compile(rb"<link\b[^>]*>", re.IGNORECASE)
STYLE = re.compile(rb"""\b(?:rel\s*=\s*["']?[^"'>]*\bstylesheet\b|as\s*=\s*["']?style\b)""", re.IGNORECASE)
SHEET = re.compile(rb"""\brel\s*=\s*["']?[^"'>]*\bstylesheet\b""", re.IGNORECASE)
HREF = re.compile(rb"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
END = re.compile(rb"</body\s*>", re.IGNORECASE)

RIBBON = (
    '<div role="note" style="position:fixed;z-index:2147483646;top:0;right:0;padding:.3em 1em;background:#8a1c00;'
    'color:#fff;font:bold 14px/1.4 system-ui,sans-serif;pointer-events:none">Not published: {reason}</div>'
)


@dataclass(frozen=True, slots=True)
class Shape:
    """A page without the addresses of its style sheets, as a fingerprint, and these addresses in order."""

    digest: str
    styles: tuple[str, ...]


def shape_of(page: bytes) -> Shape:
    """Return what must stay the same for a page to be kept when its style sheets are exchanged."""
    styles: list[str] = []

    def blank(match: re.Match[bytes]) -> bytes:
        tag = match[0]
        if not STYLE.search(tag):
            return tag
        address = HREF.search(tag)
        if address and SHEET.search(tag):
            value = next(group for group in address.groups() if group is not None)
            styles.append(unescape(value.decode("utf-8", "replace")))
        return HREF.sub(b"href", tag)

    rest = LINK.sub(blank, page)
    return Shape(blake2b(rest, digest_size=8).hexdigest(), tuple(styles))


def add_script(page: bytes, token: str, version: int, path: str) -> bytes:
    """Return a page with the live reload script at its end; `path` is where the browser asked for it."""
    attributes = f'data-token="{token}" data-version="{version}" data-shape="{shape_of(page).digest}"'
    script = f'<script src="{SCRIPT_URL}" {attributes} data-page="{escape(path)}" async></script>'
    return _append(page, script.encode())


def add_ribbon(page: bytes, reason: str) -> bytes:
    """Return a page with a ribbon that says why it is not published."""
    return _append(page, RIBBON.format(reason=escape(reason)).encode())


def _append(page: bytes, part: bytes) -> bytes:
    """Return a page with something put before the end of its body, or at its very end."""
    end = None
    for end in END.finditer(page):  # noqa: B007 - the last one
        pass
    return page + part if end is None else page[: end.start()] + part + page[end.start() :]
