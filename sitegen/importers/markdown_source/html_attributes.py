"""Removes invalid attributes, and elements of a document's head, from the raw HTML of imported Markdown."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from html import unescape

from sitegen.content.front_matter.readers import read_language
from sitegen.formats import lazy_regex
from sitegen.formats.srcset import read_srcset
from sitegen.importers.markdown_source.html_tokens import KNOWN
from sitegen.importers.markdown_source.links import scan
from sitegen.importers.markdown_source.spans import Spans
from sitegen.importers.output.fragments import Ids, find_ids

_TAG = re.compile(
    rb"<(?P<end>/?)(?P<name>[A-Za-z][A-Za-z0-9-]*+)(?P<rest>(?:\s(?:[^<>\"']|\"[^\"]*\"|'[^']*'|(?!))*+)?/?)>"
)
_ATTRIBUTE = re.compile(rb"(?<!\s)\s++(?P<name>[^\s=/>\"']++)(?:\s*+=\s*+(?P<value>\"[^\"]*\"|'[^']*'|[^\s\"'<>]+))?")
_SVG = re.compile(rb"<svg\b.*?(?:</svg\s*+>|\Z)", re.IGNORECASE | re.DOTALL)
_HEAD = re.compile(rb"<title\b[^<>]*>[^<]*</title\s*>|</?(?:html|head|body|meta|link|base)\b[^<>]*>", re.IGNORECASE)
_REFERENCES = frozenset(("for", "list", "headers", "aria-labelledby", "aria-describedby", "usemap"))
_SIZE = lazy_regex.compile(r"\d+w|\d+(?:\.\d+)?x|\d+h")
_DIRECTIONS = ("ltr", "rtl", "auto")
_PREFIX = "theme:"
"""Prefix of the ids of the theme."""

Edit = tuple[int, int, bytes, str]


def clean_html(text: str, dropped: Counter[str]) -> str:
    """Remove invalid attributes and elements of a document's head from the raw HTML of Markdown, and count them.

    Invalid are duplicate attributes; ids that are empty, not one word, reserved for the theme, or duplicate; unknown
    languages and directions; references to missing ids; and `srcset` attributes that browsers ignore.
    """
    if "<" not in text:
        return text
    data = text.encode("utf-8", "replace")
    ids = cache(lambda: find_ids(data.decode()))
    edits = [*_head(data), *_attributes(data, ids)]
    if not edits:
        return text
    html = Spans(scan(data.decode()).html)
    parts, position = [], 0
    for start, end, new, category in sorted(edits):
        if start >= position and html.contain(start) and html.contain_end(end):
            parts += [data[position:start], new]
            position = end
            dropped[category] += 1
    return b"".join((*parts, data[position:])).decode()


def _head(data: bytes) -> Iterator[Edit]:
    vector = Spans(match.span() for match in _SVG.finditer(data))
    for match in _HEAD.finditer(data):
        if not vector.contain(match.start()):
            yield match.start(), match.end(), b"", "element of a document's head"


def _attributes(data: bytes, ids: Callable[[], Ids]) -> Iterator[Edit]:
    """Yield an edit for each invalid attribute, which removes it."""
    used: set[str] = set()
    for tag in _TAG.finditer(data):
        element = tag["name"].decode().lower()
        # Others, such as `<EOF a a>`, are text.
        if tag["end"] or b"=" not in tag["rest"] or (element not in KNOWN and element != "use"):
            continue
        seen: set[str] = set()
        for match in _ATTRIBUTE.finditer(data, tag.start("rest"), tag.end("rest")):
            name = match["name"].decode("utf-8", "replace").lower()
            value = unescape((match["value"] or b"").decode("utf-8", "replace").strip("\"'"))
            reason = "attribute given twice" if name in seen else _why_wrong(element, name, value, ids, used)
            seen.add(name)
            if reason:
                yield match.start(), match.end(), b"", reason


def _why_wrong(element: str, name: str, value: str, ids: Callable[[], Ids], used: set[str]) -> str:
    """Return why an attribute is invalid, or ""; `used` are the ids of the elements before it."""
    is_symbol = element == "use" and name in ("href", "xlink:href") and value.startswith("#")
    reason = ""
    if name == "id":
        is_taken = value in used or value in ids().headings.values()
        used.add(value)
        is_id = len(value.split()) == 1 and not value.startswith(_PREFIX)
        reason = "id that no page can have" if not is_id else "id that another element has" if is_taken else ""
    elif name in ("lang", "xml:lang"):
        reason = "" if not value or _is_language(value) else "language that is not one"
    elif name == "dir":
        reason = "" if value.lower() in _DIRECTIONS else "direction of writing that is not one"
    elif name == "srcset":
        reason = "" if _is_srcset(value) else "list of image sizes that has no use here"
    elif name in _REFERENCES or is_symbol:
        wanted = [value.removeprefix("#")] if name == "usemap" or is_symbol else value.split()
        reason = "" if all(identifier in ids().all for identifier in wanted) else "name of an id that the post lacks"
    return reason


def _is_language(value: str) -> bool:
    try:
        return bool(read_language(value))
    except ValueError:
        return False


def _is_srcset(value: str) -> bool:
    """Return whether a `srcset` is valid, with all images on other hosts, since only images in `src` are saved."""
    found = list(read_srcset(value))
    sizes = [descriptor or "1x" for _, descriptor in found]
    return (
        bool(sizes)
        and len(set(sizes)) == len(sizes)
        and all(map(_SIZE.fullmatch, sizes))
        and all(url.startswith(("http://", "https://")) for url, _ in found)
    )
