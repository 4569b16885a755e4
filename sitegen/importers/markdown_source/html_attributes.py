"""Removes wrong attributes, and elements of a document's head, from the raw HTML of imported Markdown."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from html import unescape

from sitegen.content.front_matter.readers import read_language
from sitegen.formats.srcset import read_srcset
from sitegen.importers.markdown_source.html_tokens import KNOWN
from sitegen.importers.markdown_source.links import scan
from sitegen.importers.markdown_source.spans import Spans
from sitegen.importers.output.fragments import Ids, find_ids

_TAG = re.compile(rb"<(?P<end>/?)(?P<name>[A-Za-z][A-Za-z0-9-]*+)(?P<rest>(?:\s(?:[^<>\"']|\"[^\"]*\"|'[^']*')*+)?/?)>")
_ATTRIBUTE = re.compile(rb"(?<!\s)\s++(?P<name>[^\s=/>\"']++)(?:\s*+=\s*+(?P<value>\"[^\"]*\"|'[^']*'|[^\s\"'<>]+))?")
_SVG = re.compile(rb"<svg\b.*?(?:</svg\s*+>|\Z)", re.IGNORECASE | re.DOTALL)
_HEAD = re.compile(rb"<title\b[^<>]*>[^<]*</title\s*>|</?(?:html|head|body|meta|link|base)\b[^<>]*>", re.IGNORECASE)
_REFERENCES = frozenset(("for", "list", "headers", "aria-labelledby", "aria-describedby", "usemap"))
_SIZE = re.compile(r"\d+w|\d+(?:\.\d+)?x|\d+h")
_DIRECTIONS = ("ltr", "rtl", "auto")
_PREFIX = "theme:"
"""What the ids of the theme begin with."""

Edit = tuple[int, int, bytes, str]


def clean_html(text: str, dropped: Counter[str]) -> str:
    """Return Markdown whose raw HTML has none of what a page may have once, or of attributes that are wrong.

    Removes elements of a document's head; attributes that are given twice; ids that are empty, not one word, the
    theme's, or another element's; languages and directions that are not one; names of ids that the text lacks; and
    lists of image sizes that no browser reads. Counts what was removed.
    """
    if "<" not in text:
        return text
    data = text.encode("utf-8", "replace")
    ids = cache(lambda: find_ids(data.decode()))
    edits = [*_head(data), *_attributes(data, ids)]
    if not edits:
        return text
    html = Spans(scan(data.decode()).html)
    parts, place = [], 0
    for start, end, new, kind in sorted(edits):
        if start >= place and html.contain(start) and html.contain_end(end):
            parts += [data[place:start], new]
            place = end
            dropped[kind] += 1
    return b"".join((*parts, data[place:])).decode()


def _head(data: bytes) -> Iterator[Edit]:
    vector = Spans(match.span() for match in _SVG.finditer(data))
    for match in _HEAD.finditer(data):
        if not vector.contain(match.start()):
            yield match.start(), match.end(), b"", "element of a document's head"


def _attributes(data: bytes, ids: Callable[[], Ids]) -> Iterator[Edit]:
    """Yield the removal of each wrong attribute."""
    used: set[str] = set()
    for tag in _TAG.finditer(data):
        element = tag["name"].decode().lower()
        # The rest, such as `<EOF a a>`, is text.
        if tag["end"] or b"=" not in tag["rest"] or (element not in KNOWN and element != "use"):
            continue
        seen: set[str] = set()
        for match in _ATTRIBUTE.finditer(data, tag.start("rest"), tag.end("rest")):
            name = match["name"].decode("utf-8", "replace").lower()
            value = unescape((match["value"] or b"").decode("utf-8", "replace").strip("\"'"))
            wrong = "attribute given twice" if name in seen else _why_wrong(element, name, value, ids, used)
            seen.add(name)
            if wrong:
                yield match.start(), match.end(), b"", wrong


def _why_wrong(element: str, name: str, value: str, ids: Callable[[], Ids], used: set[str]) -> str:
    """Return what is wrong with an attribute, "" for nothing; `used` are the ids of the elements so far."""
    is_symbol = element == "use" and name in ("href", "xlink:href") and value.startswith("#")
    wrong = ""
    if name == "id":
        is_taken = value in used or value in ids().headings.values()
        used.add(value)
        is_id = len(value.split()) == 1 and not value.startswith(_PREFIX)
        wrong = "id that no page can have" if not is_id else "id that another element has" if is_taken else ""
    elif name in ("lang", "xml:lang"):
        wrong = "" if not value or _is_language(value) else "language that is not one"
    elif name == "dir":
        wrong = "" if value.lower() in _DIRECTIONS else "direction of writing that is not one"
    elif name == "srcset":
        wrong = "" if _is_srcset(value) else "list of image sizes that has no use here"
    elif name in _REFERENCES or is_symbol:
        wanted = [value.removeprefix("#")] if name == "usemap" or is_symbol else value.split()
        wrong = "" if all(identifier in ids().all for identifier in wanted) else "name of an id that the post lacks"
    return wrong


def _is_language(value: str) -> bool:
    try:
        return bool(read_language(value))
    except ValueError:
        return False


def _is_srcset(value: str) -> bool:
    """Return whether browsers take a `srcset`, and all its images are on other hosts: only `src` is placed."""
    found = list(read_srcset(value))
    sizes = [descriptor or "1x" for _, descriptor in found]
    return (
        bool(sizes)
        and len(set(sizes)) == len(sizes)
        and all(map(_SIZE.fullmatch, sizes))
        and all(url.startswith(("http://", "https://")) for url, _ in found)
    )
