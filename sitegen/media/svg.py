"""Remove from an SVG what runs, what loads other documents, and what editors write about their users."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

_SUSPECT = re.compile(
    rb"<(?:[\w-]+:)?(?:script|handler|listener|foreignObject|metadata|namedview|iframe|embed|object|audio|video)\b"
    rb"|\son\w+\s*=|javascript:|data:text|<!--|<!(?:DOCTYPE|ENTITY)|<\?xml-stylesheet"
    rb"|inkscape\.org/|sodipodi\.sourceforge|ns\.adobe\.com|&#",
    re.IGNORECASE,
)
"""What an SVG contains if something may have to be removed. References (`&#`) can hide any of the other forms."""

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_XML = "http://www.w3.org/XML/1998/namespace"
_PUBLIC_NAMESPACES = frozenset(("", _SVG, _XLINK, _XML))
_DROPPED = frozenset(("script", "handler", "listener", "foreignobject", "metadata"))
_TARGETS = frozenset(("href", "src", "to", "from", "values", "by"))
"""Attributes that are, or animate, the target of a link."""

_PROGRAM = re.compile(
    r"[\x00-\x20]*(?:j\s*a\s*v\s*a\s*s\s*c\s*r\s*i\s*p\s*t|v\s*b\s*s\s*c\s*r\s*i\s*p\s*t|data\s*:\s*text)"
)

EMPTY = f'<svg xmlns="{_SVG}"/>\n'.encode()
"""What replaces a file that browsers do not show, and that may contain scripts before the error."""


def sanitize_svg(data: bytes) -> bytes:
    """Return an SVG without scripts, event handlers, foreign content, comments and the data of editors.

    The bytes are the same if there is nothing to remove. A file that is not well-formed XML becomes EMPTY.
    """
    if not _SUSPECT.search(data) and b"\0" not in data[:64]:
        return data
    from lxml import etree  # noqa: PLC0415 - few images need it

    parser = etree.XMLParser(
        resolve_entities="internal",  # type: ignore[arg-type]  # the stubs know only lxml before 5
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        return EMPTY
    if _name_of(root) != ("svg", _SVG) or not _clean(root):
        return EMPTY
    etree.cleanup_namespaces(root)
    return etree.tostring(root, encoding="utf-8") + b"\n"


def _clean(root: "_Element") -> bool:
    """Remove what must not be published; return whether something is left."""
    for element in list(root.iter()):
        name, namespace = _name_of(element)
        if namespace != _SVG or name.lower() in _DROPPED:
            parent = element.getparent()
            if parent is None:
                return False
            _remove(element, parent)
            continue
        for attribute, value in list(element.attrib.items()):
            local, space = _split(str(attribute))
            is_program = local in _TARGETS and any(_PROGRAM.match(part) for part in str(value).lower().split(";"))
            if space not in _PUBLIC_NAMESPACES or local.lower().startswith("on") or is_program:
                del element.attrib[attribute]
    return True


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
