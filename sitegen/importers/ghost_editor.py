"""Reads the words out of what Ghost's editors keep: Lexical, and Mobiledoc before it, for posts without HTML."""

import json
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

_BLOCKS = {
    "paragraph": "p",
    "quote": "blockquote",
    "aside": "blockquote",
    "listitem": "li",
    "extended-quote": "blockquote",
}
_HTML = ("html", "markdown")
_DEEPEST = 60


def write_editor_text(lexical: Any, mobiledoc: Any) -> str:
    """Return as HTML what one of the two holds, plainly: paragraphs, headings, lists, cards of HTML; "" for neither."""
    for text, write in ((lexical, _write_lexical), (mobiledoc, _write_mobiledoc)):
        if isinstance(text, str) and text.strip():
            try:
                document = json.loads(text)
            except (ValueError, RecursionError):
                continue
            if isinstance(document, Mapping) and (html := write(document)):
                return html
    return ""


def _write_lexical(document: Mapping[str, Any]) -> str:
    return _write_node(document.get("root"), 0)


def _write_node(node: Any, depth: int) -> str:
    if not isinstance(node, Mapping) or depth > _DEEPEST:
        return ""
    kind, children = str(node.get("type")), node.get("children")
    inner = "".join(_write_node(child, depth + 1) for child in children) if isinstance(children, list) else ""
    match kind:
        case "text" | "extended-text":
            html = escape(str(node.get("text") or ""), quote=False)
        case "linebreak":
            html = "<br>"
        case "link":
            html = f'<a href="{escape(str(node.get("url") or ""))}">{inner}</a>'
        case "heading" | "extended-heading":
            html = f"<h2>{inner}</h2>"
        case "list":
            name = "ol" if node.get("listType") == "number" else "ul"
            html = f"<{name}>{inner}</{name}>"
        case _ if kind in _BLOCKS:
            html = f"<{_BLOCKS[kind]}>{inner}</{_BLOCKS[kind]}>"
        case _:
            html = inner + _write_card(kind, node)
    return html


def _write_card(kind: str, card: Mapping[str, Any]) -> str:
    if kind == "image" and card.get("src"):
        return f'<p><img src="{escape(str(card["src"]))}" alt="{escape(str(card.get("alt") or ""))}"></p>'
    if kind in {"codeblock", "code"}:
        return f"<pre>{escape(str(card.get('code') or ''), quote=False)}</pre>"
    words = next((card[name] for name in _HTML if isinstance(card.get(name), str)), "")
    return str(words) if words.lstrip().startswith("<") else "".join(_paragraphs(words))


def _write_mobiledoc(document: Mapping[str, Any]) -> str:
    cards = document.get("cards")
    html = ""
    sections = document.get("sections")
    for section in sections if isinstance(sections, list) else ():
        match section:
            case [10, int(number)] if isinstance(cards, list) and 0 <= number < len(cards):
                match cards[number]:
                    case [str(kind), Mapping() as card]:
                        html += _write_card(kind, card)
            case [1, str(tag), list(markers)]:
                html += f"<{tag}>{_markers(markers)}</{tag}>"
            case [3, str(tag), list(items)]:
                inner = "".join(f"<li>{_markers(item)}</li>" for item in items if isinstance(item, list))
                html += f"<{tag}>{inner}</{tag}>"
    return html


def _markers(markers: list[Any]) -> str:
    return "".join(
        escape(str(marker[3]), quote=False) for marker in markers if isinstance(marker, list) and len(marker) > 3
    )


def _paragraphs(text: str) -> Iterator[str]:
    for part in text.split("\n\n"):
        if part.strip():
            yield f"<p>{escape(part.strip(), quote=False)}</p>"
