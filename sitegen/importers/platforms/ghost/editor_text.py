"""Converts the documents of Ghost's editors, Lexical and Mobiledoc, to HTML for posts without HTML."""

import json
from collections import Counter
from collections.abc import Mapping
from html import escape
from typing import Any

from sitegen.importers.archive.payload import Payload, count_unread
from sitegen.importers.platforms.ghost.cards import write_card

_FORMATS = ((1, "strong"), (2, "em"), (4, "s"), (8, "u"), (16, "code"), (32, "sub"), (64, "sup"), (128, "mark"))
"""The bits of `format` in a Lexical text node, and their elements, from the outermost to the innermost."""

_BLOCKS = {
    "paragraph": "p",
    "quote": "blockquote",
    "aside": "blockquote",
    "listitem": "li",
    "extended-quote": "blockquote",
}
_LAYOUT_KEYS = frozenset((
    "children", "direction", "format", "indent", "type", "version", "mode", "style", "detail", "textFormat",
    "textStyle", "value", "rel", "target", "checked",
))  # fmt: skip
"""Keys of Lexical nodes without content for readers."""

_MARKUPS = frozenset(("strong", "b", "em", "i", "s", "u", "code", "sub", "sup", "mark", "a"))
_SECTIONS = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "aside", "pull-quote"))
_MAX_DEPTH = 60


def write_editor_text(lexical: Any, mobiledoc: Any, dropped: Counter[str]) -> str:
    """Return the content of one of the two documents as HTML, or "" if there is none.

    Unknown cards, nodes, atoms and markups are counted in `dropped` by category.
    """
    for text, write in ((lexical, _write_lexical), (mobiledoc, _write_mobiledoc)):
        if isinstance(text, str) and text.strip():
            try:
                document = json.loads(text)
            except (ValueError, RecursionError):
                continue
            if isinstance(document, Mapping) and (html := write(document, dropped)):
                return html
    return ""


def _write_lexical(document: Mapping[str, Any], dropped: Counter[str]) -> str:
    return _write_node(document.get("root"), 0, dropped)


def _write_node(node: Any, depth: int, dropped: Counter[str]) -> str:
    if not isinstance(node, Mapping):
        return ""
    node_type, children = str(node.get("type")), node.get("children")
    if depth > _MAX_DEPTH:
        dropped["text nested too deep in Ghost's editor"] += 1
        return ""
    inner = "".join(_write_node(child, depth + 1, dropped) for child in children) if isinstance(children, list) else ""
    fields = Payload(node, f"Ghost's {node_type[:40]} node", _LAYOUT_KEYS)
    match node_type:
        case "root":
            return inner
        case "text" | "extended-text":
            html = _apply_formats(escape(str(fields.get("text") or ""), quote=False), node.get("format"))
        case "linebreak":
            html = "<br>"
        case "tab":
            html = " "
            fields.get("text")
        case "link" | "autolink":
            title = f' title="{escape(str(fields["title"]))}"' if fields.get("title") else ""
            html = f'<a href="{escape(str(fields.get("url") or ""))}"{title}>{inner}</a>'
        case "heading" | "extended-heading":
            tag = str(fields.get("tag") or "h2")
            tag = tag if tag in _SECTIONS else "h2"
            html = f"<{tag}>{inner}</{tag}>"
        case "list":
            name = "ol" if fields.get("listType") == "number" else "ul"
            start = fields.get("start")
            fields.get("tag")
            first = f' start="{start}"' if name == "ol" and isinstance(start, int) and start != 1 else ""
            html = f"<{name}{first}>{inner}</{name}>"
        case _ if node_type in _BLOCKS:
            html = f"<{_BLOCKS[node_type]}>{inner}</{_BLOCKS[node_type]}>"
        case _ if inner:
            dropped[f"unknown node {node_type[:40]} of Ghost's editor (text imported)"] += 1
            html = inner
        case _:
            return write_card(node_type, {key: value for key, value in node.items() if key != "children"}, dropped)
    count_unread(fields, dropped)
    return html


def _apply_formats(html: str, bits: Any) -> str:
    """Wrap text in the elements of its Lexical format, with spaces outside of them."""
    bits = bits if isinstance(bits, int) else 0
    bare = html.strip(" ")
    if not bits or not bare:
        return html
    head, _, tail = html.partition(bare)
    for bit, tag in reversed(_FORMATS):
        if bits & bit:
            bare = f"<{tag}>{bare}</{tag}>"
    return head + bare + tail


def _write_mobiledoc(document: Mapping[str, Any], dropped: Counter[str]) -> str:
    cards, sections = document.get("cards"), document.get("sections")
    markers = _Markers(document, dropped)
    html = ""
    for section in sections if isinstance(sections, list) else ():
        match section:
            case [10, int(number), *_] if isinstance(cards, list) and 0 <= number < len(cards):
                match cards[number]:
                    case [str(card_type), Mapping() as card, *_]:
                        html += write_card(card_type, card, dropped)
                    case _:
                        dropped["damaged card of Ghost's editor"] += 1
            case [1, str(tag), list(items), *_]:
                name = tag if tag in _SECTIONS else "p"
                name = "blockquote" if name in ("aside", "pull-quote") else name
                html += f"<{name}>{markers.write(items)}</{name}>"
            case [2, str(source), *_]:
                html += f'<p><img src="{escape(source)}" alt=""></p>'
            case [3, str(tag), list(items), *_]:
                name = "ol" if tag == "ol" else "ul"
                inner = "".join(f"<li>{markers.write(item)}</li>" for item in items if isinstance(item, list))
                html += f"<{name}>{inner}</{name}>"
            case _:
                dropped["damaged section of Ghost's editor"] += 1
    return html


class _Markers:
    """Converts the markers of a Mobiledoc: runs of text that open and close markups, and atoms."""

    def __init__(self, document: Mapping[str, Any], dropped: Counter[str]) -> None:
        markups, atoms = document.get("markups"), document.get("atoms")
        self._markups = markups if isinstance(markups, list) else []
        self._atoms = atoms if isinstance(atoms, list) else []
        self._dropped = dropped

    def write(self, markers: list[Any]) -> str:
        """Return the HTML of a section's markers; open markups are closed at its end."""
        html, opened = "", list[str]()
        for marker in markers:
            match marker:
                case [int(marker_type), list(numbers), int(closing), value, *_]:
                    for number in numbers:
                        start, end = self._markup(number)
                        html += start
                        opened.append(end)
                    html += self._atom(value) if marker_type == 1 else escape(str(value), quote=False)
                    for _ in range(min(closing, len(opened))):
                        html += opened.pop()
                case _:
                    self._dropped["damaged text of Ghost's editor"] += 1
        return html + "".join(reversed(opened))

    def _markup(self, number: Any) -> tuple[str, str]:
        markup = self._markups[number] if isinstance(number, int) and 0 <= number < len(self._markups) else None
        match markup:
            case [str(tag), *rest] if tag.lower() in _MARKUPS:
                pairs = rest[0] if rest and isinstance(rest[0], list) else []
                attributes = dict(zip(pairs[::2], pairs[1::2], strict=False))
                attributes_html = "".join(
                    f' {name}="{escape(str(attributes[name]))}"' for name in ("href", "title") if attributes.get(name)
                )
                for name in attributes.keys() - {"href", "title", "rel", "target"}:
                    self._dropped[f"`{str(name)[:40]}` of Ghost's {tag} markup"] += 1
                return f"<{tag.lower()}{attributes_html}>", f"</{tag.lower()}>"
            case [str(tag), *_]:
                self._dropped[f"unknown markup {tag[:40]} of Ghost's editor (text imported)"] += 1
        return "", ""

    def _atom(self, number: Any) -> str:
        match self._atoms[number] if isinstance(number, int) and 0 <= number < len(self._atoms) else None:
            case ["soft-return", *_]:
                return "<br>"
            case [str(name), str(text), *_]:
                self._dropped[f"unknown atom {name[:40]} of Ghost's editor (text imported)"] += 1
                return escape(text, quote=False)
        self._dropped["damaged atom of Ghost's editor"] += 1
        return ""
