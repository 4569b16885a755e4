"""Serialize a tree of elements to HTML as Python-Markdown's own serializer does."""

import re
from functools import lru_cache
from xml.etree.ElementTree import Element

from markdown import serializers

from sitegen.formats import lazy_regex

_AMPERSAND = lazy_regex.compile(r"&(?!(?:#[0-9]+|#x[0-9a-f]+|[0-9a-z]+);)", re.IGNORECASE)
_VOID = frozenset(
    {"area", "base", "basefont", "br", "col", "embed", "frame", "hr", "img"}
    | {"input", "isindex", "link", "meta", "param", "source", "track", "wbr"}
)
_BOOLEAN: frozenset[str] = serializers.BOOLEAN_ATTRIBUTES["html"]  # type: ignore[attr-defined]  # newer than its stub


def serialize(root: Element) -> str:
    """Return the HTML of an element, its content and its tail.

    Valid character references in text are unchanged; attributes are in alphabetical order.
    """
    parts: list[str] = []
    _write(root, parts)
    return "".join(parts)


def _write(element: Element, parts: list[str]) -> None:
    tag: object = element.tag
    if not isinstance(tag, str):
        parts.append(
            serializers.to_html_string(element)
        )  # a comment, a processing instruction or a name with a namespace
        return
    start, end, raw = _tags(tag)
    parts.append(_start(tag, element) if element.attrib else start)
    text, tail = element.text, element.tail
    if text:
        parts.append(text if raw else _escape(text))
    for child in element:
        _write(child, parts)
    parts.append(end)
    if tail:
        parts.append(_escape(tail))


@lru_cache(maxsize=1024)
def _tags(name: str) -> tuple[str, str, bool]:
    """Return the start and end tags of an element, "" for a missing end tag, and whether its text is raw."""
    return f"<{name}>", "" if name.lower() in _VOID else f"</{name}>", name.lower() in ("script", "style")


def _start(tag: str, element: Element) -> str:
    start = f"<{tag}"
    attributes: list[tuple[str, str | None]] = sorted(element.items())
    for name, value in attributes:
        if value is None:
            start += f" {name}"
        elif name == value and name in _BOOLEAN:
            start += f" {value}"
        else:
            text = _escape(value)
            start += f' {name}="{text.replace(chr(34), "&quot;")}"'
    return start + ">"


def _escape(text: str) -> str:
    if "&" in text:
        text = _AMPERSAND.sub("&amp;", text)
    if "<" in text:
        text = text.replace("<", "&lt;")
    return text.replace(">", "&gt;") if ">" in text else text
