"""Writes what is within a paragraph as Markdown: text and emphasis, and in which order."""

import re
import unicodedata
from copy import deepcopy
from dataclasses import dataclass
from html import escape
from itertools import groupby

from lxml import etree

from sitegen.formats.html_elements import names
from sitegen.importers.convert.escape import escape_line, escape_text
from sitegen.importers.convert.html_tree import Element
from sitegen.importers.convert.links_and_code import BLANK, BREAK, Context, write_code, write_image, write_link

STRONG = ("strong", "b")
EMPHASIS = ("em", "i")
RAW = names("sup sub u s strike del ins mark kbd small q cite abbr ruby rt rp dfn bdi bdo time")
KEPT_ATTRIBUTES = {"abbr": ("title",), "bdo": ("dir",), "bdi": ("dir",), "time": ("datetime",), "q": ("cite",)}


def write_lines(nodes: "Nodes", context: Context) -> str:
    """Return inline nodes as the lines of a paragraph, "" where they show nothing; "" lines part paragraphs."""
    text = write_inline(nodes, context)
    lines = [line.strip(" ") for line in text.split(BREAK)]
    paragraphs: list[list[str]] = [[]]
    for line in lines:
        if line:
            paragraphs[-1].append(escape_line(line))
        elif paragraphs[-1]:
            paragraphs.append([])
    return "\n\n".join("  \n".join(paragraph) for paragraph in paragraphs if paragraph)


def write_one_line(nodes: "Nodes", context: Context, between: str = " ") -> str:
    """Return inline nodes on one line, with `between` in the place of line breaks."""
    lines = [line.strip(" ") for line in write_inline(nodes, context).split(BREAK)]
    return between.join(line for line in lines if line)


Nodes = list["str | Element"]


def nodes_of(element: Element) -> Nodes:
    """Return the text and the children of an element in their order."""
    nodes: Nodes = [element.text] if element.text else []
    for child in element:
        nodes.append(child)
        if child.tail:
            nodes.append(child.tail)
    return nodes


def write_inline(nodes: Nodes, context: Context) -> str:
    """Return inline nodes as Markdown with single spaces and BREAK for line breaks."""
    pieces = [node if isinstance(node, str) else _write_element(node, context) for node in _merge(nodes)]
    parts: list[str] = []
    last = ""
    for at, piece in enumerate(pieces):
        if isinstance(piece, str):
            text = escape_text(BLANK.sub(" ", piece.replace(BREAK, "")), table=context.table)
        elif isinstance(piece, _Marked):
            text = piece.close(last, _first(pieces, at + 1))
        elif piece.code and "`" in (last, _first(pieces, at + 1)):
            # Two runs of backticks side by side would be one mark.
            text = f"<code>{escape_text(piece.code, table=context.table)}</code>"
        else:
            text = piece.text
            if last == "!" and text.startswith("["):
                # An exclamation mark before a link would make an image of it.
                parts[-1] = parts[-1][:-1] + "\\!"
        if text:
            parts.append(text)
            last = text[-1]
    written = "".join(parts)
    return re.sub(f" ?{BREAK} ?", BREAK, re.sub(" {2,}", " ", written))


@dataclass(frozen=True, slots=True)
class _Done:
    """Markdown that needs nothing of its neighbours; a code span that may not touch another one has its `code`."""

    text: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class _Marked:
    """Emphasised text whose marks depend on its neighbours (CommonMark 6.2, flanking)."""

    mark: str
    tag: str
    inner: str

    def close(self, before: str, after: str) -> str:
        """Return the text with its marks, each paragraph's part on its own, blanks outside of them."""
        parts = re.split(f"((?:{BREAK} ?){{2,}})", self.inner)
        if len(parts) > 1:
            return "".join(
                part if at % 2 else _Marked(self.mark, self.tag, part).close(" ", " ") for at, part in enumerate(parts)
            )
        text = self.inner.strip(f" {BREAK}")
        if not text:
            return self.inner
        at = self.inner.index(text)
        head, tail = self.inner[:at], self.inner[at + len(text) :]
        fits = self._fits(text, head[-1:] or before, tail[:1] or after)
        marked = f"{self.mark}{text}{self.mark}" if fits else f"<{self.tag}>{text}</{self.tag}>"
        return head + marked + tail

    def _fits(self, text: str, before: str, after: str) -> bool:
        if "*" in (before, after) or text[0].isspace() or text[-1].isspace():
            return False
        if (_is_mark(text[0]) and _is_word(before)) or (_is_mark(text[-1]) and _is_word(after)):
            return False
        if not re.search(r"(?<!\\)\*", text):
            return True
        if self.mark == "*":
            return bool(re.fullmatch(r"\*\*[^*]+\*\*", text))
        return not (text.startswith("*") or text.endswith("*")) or bool(re.fullmatch(r"\*[^*]+\*", text))


def _write_element(element: Element, context: Context) -> "_Done | _Marked":  # noqa: PLR0911 - one case a tag
    tag = str(element.tag)
    anchor = _anchor(element, context)
    if tag == "br":
        return _Done(BREAK)
    if tag == "img":
        return _Done(write_image(element, context))
    if tag in ("code", "tt", "samp", "var") and not len(element):
        text = BLANK.sub(" ", "".join(map(str, element.itertext()))).strip(" ")
        return _Done(anchor + write_code(text, context), text)
    inner = write_inline(nodes_of(element), context)
    if tag == "a":
        if element.get("data-note"):
            return _Done(f"[^{element.get('data-note')}]")
        return _Done(anchor + write_link(inner, element.get("href") or "", element.get("title") or ""))
    if tag in STRONG or tag in EMPHASIS:
        marked = _Marked("**", "strong", inner) if tag in STRONG else _Marked("*", "em", inner)
        return _Done(anchor + marked.close(">", " ")) if anchor else marked
    if tag in RAW and inner.strip(f" {BREAK}"):
        tag = {"strike": "s"}.get(tag, tag)
        return _Done(f"{anchor}<{tag}{_attributes(element, tag)}>{inner}</{tag}>")
    if tag in ("code", "tt"):
        return _Done(f"{anchor}<code>{inner}</code>" if inner.strip() else "")
    return _Done(anchor + inner)


def _merge(nodes: Nodes) -> Nodes:
    """Join neighbours of one type of emphasis: `<b>a</b><b>b</b>` cannot be written with two pairs of marks."""
    merged: Nodes = []
    for kind, group in groupby(nodes, _emphasis):
        run = list(group)
        if kind and len(run) > 1:
            joined = etree.Element(str(run[0].tag))  # type: ignore[union-attr]  # a string has no emphasis
            append(joined, [part for node in run for part in nodes_of(deepcopy(node))])  # type: ignore[arg-type]  # as above
            run = [joined]
        merged += run
    return merged


def append(element: Element, nodes: Nodes) -> None:
    """Add text and elements behind all that an element holds."""
    for node in _join_strings(nodes):
        if not isinstance(node, str):
            node.tail = None
            element.append(node)
        elif len(element):
            element[-1].tail = (element[-1].tail or "") + node
        else:
            element.text = (element.text or "") + node


def _join_strings(nodes: Nodes) -> Nodes:
    joined: Nodes = []
    for is_string, group in groupby(nodes, lambda node: isinstance(node, str)):
        run = list(group)
        joined += ["".join(map(str, run))] if is_string else run
    return joined


def _emphasis(element: Element | str) -> str:
    if isinstance(element, str):
        return ""
    return "strong" if element.tag in STRONG else "em" if element.tag in EMPHASIS else ""


def _first(pieces: "list[str | _Done | _Marked]", start: int) -> str:
    """Return the first character that is written from a piece on, "" at the end."""
    for at in range(start, len(pieces)):
        piece = pieces[at]
        text = piece if isinstance(piece, str) else piece.mark if isinstance(piece, _Marked) else piece.text
        if text:
            return text[0]
    return ""


def _is_word(char: str) -> bool:
    return bool(char) and not char.isspace() and not _is_mark(char) and char != BREAK


def _is_mark(char: str) -> bool:
    return bool(char) and unicodedata.category(char)[0] in "PS"


def _anchor(element: Element, context: Context) -> str:
    name = element.get("id") or (element.get("name") if element.tag == "a" else None)
    return f'<a id="{escape(name)}"></a>' if name and name in context.anchors else ""


def _attributes(element: Element, tag: str) -> str:
    names = KEPT_ATTRIBUTES.get(tag, ())
    return "".join(f' {name}="{escape(element.get(name) or "")}"' for name in names if element.get(name))
