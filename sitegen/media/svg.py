"""Remove from an SVG what runs, what loads other documents, and what editors write about their users."""

import re
from typing import TYPE_CHECKING

from sitegen.formats import lazy_regex

if TYPE_CHECKING:
    from lxml.etree import _Element

_SUSPECT = lazy_regex.compile(
    rb"<(?:[^\s<>/:\"'=]+:)?"
    rb"(?:script|handler|listener|foreignObject|metadata|namedview|iframe|embed|object|audio|video)\b"
    rb"|\son\w+\s*=|\sping\s*=|javascript:|data:text|<!--|<!(?:DOCTYPE|ENTITY)|<\?(?!xml\s)"
    rb"|inkscape\.org/|sodipodi\.sourceforge|ns\.adobe\.com|&#"
    rb"|\bencoding\s*=\s*[\"'](?!(?:utf-?8|us-ascii)[\"'])"
    rb"|@import|\\|\(\s*+[\"']?\s*+(?:[a-z][a-z0-9+.-]*+:|//)"
    rb"|\b(?:href|src|base)\s*+=\s*+[\"']\s*+(?:[a-z][a-z0-9+.-]*+:|//)"
    rb"|\s(?:to|from|by|values)\s*+=\s*+[\"'][^\"']*[:/]",
    re.IGNORECASE,
)
"""What an SVG contains if something may have to be removed: references (`&#`), escapes and encodings can hide it."""

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_XML = "http://www.w3.org/XML/1998/namespace"
_PUBLIC_NAMESPACES = frozenset(("", _SVG, _XLINK, _XML))
_DROPPED = frozenset(("script", "handler", "listener", "foreignobject", "metadata"))
_TARGETS = frozenset(("href", "src", "to", "from", "values", "by"))
"""Attributes that are, or animate, the target of a link."""

_LOADED = frozenset(("href", "src", "base", "to", "from", "values", "by"))
"""Attributes whose target browsers load, except for the `href` of a link."""

_PROGRAM = lazy_regex.compile(
    r"[\x00-\x20]*(?:j\s*a\s*v\s*a\s*s\s*c\s*r\s*i\s*p\s*t|v\s*b\s*s\s*c\s*r\s*i\s*p\s*t|data\s*:\s*text)"
)
_ELSEWHERE = r"(?!data:)(?:[a-z][a-z0-9+.-]*:|[/\\]{2})"
"""The beginning of a URL with a host or a scheme, apart from data that is in the URL."""

_ON_OTHER_HOST = lazy_regex.compile(rf"[\x00-\x20]*{_ELSEWHERE}", re.IGNORECASE)
_CSS_LOAD = lazy_regex.compile(
    rf"@import\b[^;]*;?|\b(?:url|src|image|image-set)\(\s*+[\"']?\s*+{_ELSEWHERE}[^)]*\)?", re.IGNORECASE
)
_CSS_ESCAPE = lazy_regex.compile(r"\\(?:([0-9a-f]{1,6})\s?|([^0-9a-f\n]))", re.IGNORECASE)
_MAX_CODE_POINT = 0x10FFFF

EMPTY = f'<svg xmlns="{_SVG}"/>\n'.encode()
"""What replaces a file that browsers do not show, and that may contain scripts before the error."""


def sanitize_svg(data: bytes) -> bytes:
    """Return an SVG without scripts, foreign content, files of other hosts, comments and the data of editors.

    The bytes are the same if there is nothing to remove. A file that is not well-formed XML becomes EMPTY.
    """
    is_utf8 = _is_utf8(data)
    if is_utf8 and not _SUSPECT.search(data):
        return data
    from lxml import etree  # noqa: PLC0415 - few images need it

    parser = etree.XMLParser(
        resolve_entities="internal",  # type: ignore[arg-type]  # the stubs know only lxml before 5
        no_network=True,
        load_dtd=False,
        # An image in the SVG may have more than 10 MB. Without a DTD, there are no entities that could grow.
        huge_tree=is_utf8 and b"<!DOCTYPE" not in data.upper(),
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        return EMPTY
    document = root.getroottree().docinfo
    has_doctype = bool(document.doctype)  # type: ignore[union-attr]  # the stubs do not know it
    is_whole = root.getprevious() is None and root.getnext() is None and not has_doctype
    is_plain = is_utf8 and (document.encoding or "utf-8").lower() in ("utf-8", "utf8", "us-ascii", "ascii")
    changes = _clean(root) if _name_of(root) == ("svg", _SVG) else None
    if changes is None:
        return EMPTY
    if is_whole and is_plain and not changes:
        return data
    etree.cleanup_namespaces(root)
    return etree.tostring(root, encoding="utf-8") + b"\n"


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return b"\0" not in data


def _clean(root: "_Element") -> int | None:
    """Remove what must not be published; return the number of changes, None if nothing is left."""
    changes = 0
    for element in list(root.iter()):
        name, namespace = _name_of(element)
        if namespace != _SVG or name.lower() in _DROPPED:
            parent = element.getparent()
            if parent is None:
                return None
            _remove(element, parent)
            changes += 1
            continue
        if not _PUBLIC_NAMESPACES.issuperset(element.nsmap.values()):
            changes += 1  # a namespace that no element or attribute needs
        for attribute, value in list(element.attrib.items()):
            if _is_private(name, str(attribute), str(value)):
                del element.attrib[attribute]
                changes += 1
        if name == "style" and element.text and _loads(element.text):
            element.text = _CSS_LOAD.sub("", _unescape(element.text))
            changes += 1
    return changes


def _is_private(element: str, attribute: str, value: str) -> bool:
    """Return whether an attribute runs something, loads something from another host, or is that of an editor."""
    local, namespace = _split(attribute)
    if namespace not in _PUBLIC_NAMESPACES or local.lower().startswith("on") or local == "ping":
        return True
    targets = value.split(";") if local in _TARGETS else [value]
    if local in _TARGETS and any(_PROGRAM.match(target.lower()) for target in targets):
        return True
    if local in _LOADED and element != "a" and any(map(_ON_OTHER_HOST.match, targets)):
        return True
    if element == "use" and local == "href" and value.strip().lower().startswith("data:"):
        return True  # it would become a part of this document
    return _loads(value)


def _loads(css: str) -> bool:
    """Return whether CSS loads something from another host."""
    return ("(" in css or "@" in css or "\\" in css) and _CSS_LOAD.search(_unescape(css)) is not None


def _unescape(css: str) -> str:
    """Return CSS without escapes (CSS Syntax Module Level 3, section 4.3.7)."""

    def replace(match: re.Match[str]) -> str:
        number = int(match[1], 16) if match[1] else 0
        return match[2] or (
            chr(number) if 0 < number <= _MAX_CODE_POINT and not 0xD800 <= number < 0xE000 else "\ufffd"
        )

    return _CSS_ESCAPE.sub(replace, css) if "\\" in css else css


def _remove(element: "_Element", parent: "_Element") -> None:
    """Remove an element and what is in it, but not the text that follows."""
    if element.tail:
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def _name_of(element: "_Element") -> tuple[str, str]:
    return _split(element.tag) if isinstance(element.tag, str) else ("", "-")


def _split(name: str) -> tuple[str, str]:
    """Return the local name and the namespace of a name in Clark notation."""
    if name.startswith("{"):
        namespace, _, local = name[1:].partition("}")
        return local, namespace
    return name, ""
