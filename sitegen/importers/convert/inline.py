"""Writes the inline content of paragraphs as Markdown: text, emphasis and inline elements."""

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
from sitegen.importers.convert.links_and_code import (
    BREAK,
    WHITESPACE,
    WriterContext,
    write_code,
    write_image,
    write_link,
)

STRONG = ("strong", "b")
EMPHASIS = ("em", "i")
INLINE_HTML_TAGS = names("sup sub u s strike del ins mark kbd small q cite abbr ruby rt rp dfn bdi bdo time")
_SPACES = re.compile(" {2,}")
_AROUND_BREAK = re.compile(f" ?{BREAK} ?")
WRITTEN_ATTRIBUTES = {"abbr": ("title",), "bdo": ("dir",), "bdi": ("dir",), "time": ("datetime",), "q": ("cite",)}


def write_lines(nodes: "InlineNodes", context: WriterContext) -> str:
    """Return inline nodes as paragraphs with their line breaks, or "" if they are empty."""
    text = write_inline(nodes, context)
    lines = [line.strip(" ") for line in text.split(BREAK)]
    paragraphs: list[list[str]] = [[]]
    for line in lines:
        if line:
            paragraphs[-1].append(escape_line(line))
        elif paragraphs[-1]:
            paragraphs.append([])
    return "\n\n".join("  \n".join(paragraph) for paragraph in paragraphs if paragraph)


def write_one_line(nodes: "InlineNodes", context: WriterContext, between: str = " ") -> str:
    """Return inline nodes on one line, with `between` instead of line breaks."""
    lines = [line.strip(" ") for line in write_inline(nodes, context).split(BREAK)]
    return between.join(line for line in lines if line)


InlineNodes = list["str | Element"]


def child_nodes(element: Element) -> InlineNodes:
    """Return the text and the children of an element in document order."""
    nodes: InlineNodes = [element.text] if element.text else []
    for child in element:
        nodes.append(child)
        if child.tail:
            nodes.append(child.tail)
    return nodes


def write_inline(nodes: InlineNodes, context: WriterContext) -> str:
    """Return inline nodes as Markdown, with single spaces, and BREAK for line breaks."""
    fragments = [node if isinstance(node, str) else _write_element(node, context) for node in _merge(nodes)]
    parts: list[str] = []
    last = ""
    for at, fragment in enumerate(fragments):
        if isinstance(fragment, str):
            # Runs of spaces become single ones below: a regular expression for each string takes ten times as long.
            text = fragment.replace(BREAK, "")
            for character in "\n\t\r\f":
                text = text.replace(character, " ")
            text = escape_text(text, table=context.table)
        elif isinstance(fragment, _EmphasisFragment):
            text = fragment.render(last, _first_character(fragments, at + 1))
        elif fragment.code and "`" in (last, _first_character(fragments, at + 1)):
            # Adjacent runs of backticks would become one delimiter.
            text = f"<code>{escape_text(fragment.code, table=context.table)}</code>"
        else:
            text = fragment.text
            if last == "!" and text.startswith("["):
                # An exclamation mark before a link would turn it into an image.
                parts[-1] = parts[-1][:-1] + "\\!"
        if text:
            parts.append(text)
            last = text[-1]
    written = "".join(parts)
    if "  " in written:
        written = _SPACES.sub(" ", written)
    return _AROUND_BREAK.sub(BREAK, written) if BREAK in written else written


@dataclass(frozen=True, slots=True)
class _Fragment:
    """Markdown that does not depend on its neighbours; `code` is the text of a code span."""

    text: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class _EmphasisFragment:
    """Emphasised text whose markers depend on its neighbours (CommonMark 6.2, delimiter runs)."""

    marker: str
    tag: str
    inner: str

    def render(self, before: str, after: str) -> str:
        """Return the text with markers around each paragraph, and spaces outside of the markers."""
        parts = re.split(f"((?:{BREAK} ?){{2,}})", self.inner)
        if len(parts) > 1:
            return "".join(
                part if at % 2 else _EmphasisFragment(self.marker, self.tag, part).render(" ", " ")
                for at, part in enumerate(parts)
            )
        text = self.inner.strip(f" {BREAK}")
        if not text:
            return self.inner
        at = self.inner.index(text)
        head, tail = self.inner[:at], self.inner[at + len(text) :]
        can_use_markers = self._can_use_markers(text, head[-1:] or before, tail[:1] or after)
        emphasis = f"{self.marker}{text}{self.marker}" if can_use_markers else f"<{self.tag}>{text}</{self.tag}>"
        return head + emphasis + tail

    def _can_use_markers(self, text: str, before: str, after: str) -> bool:
        if "*" in (before, after) or text[0].isspace() or text[-1].isspace():
            return False
        if (_is_punctuation(text[0]) and _is_word(before)) or (_is_punctuation(text[-1]) and _is_word(after)):
            return False
        if not re.search(r"(?<!\\)\*", text):
            return True
        if self.marker == "*":
            return bool(re.fullmatch(r"\*\*[^*]+\*\*", text))
        return not (text.startswith("*") or text.endswith("*")) or bool(re.fullmatch(r"\*[^*]+\*", text))


def _write_element(element: Element, context: WriterContext) -> "_Fragment | _EmphasisFragment":  # noqa: PLR0911 - one case for each tag
    tag = str(element.tag)
    anchor = _anchor(element, context)
    if tag == "br":
        return _Fragment(BREAK)
    if tag == "img":
        return _Fragment(write_image(element, context))
    if tag in ("code", "tt", "samp", "var") and not len(element):
        text = WHITESPACE.sub(" ", "".join(map(str, element.itertext()))).strip(" ")
        return _Fragment(anchor + write_code(text, context), text)
    inner = write_inline(child_nodes(element), context)
    if tag == "a":
        if element.get("data-note"):
            return _Fragment(f"[^{element.get('data-note')}]")
        return _Fragment(anchor + write_link(inner, element.get("href") or "", element.get("title") or ""))
    if tag in STRONG or tag in EMPHASIS:
        emphasis = _EmphasisFragment("**", "strong", inner) if tag in STRONG else _EmphasisFragment("*", "em", inner)
        return _Fragment(anchor + emphasis.render(">", " ")) if anchor else emphasis
    if tag in INLINE_HTML_TAGS and inner.strip(f" {BREAK}"):
        tag = {"strike": "s"}.get(tag, tag)
        return _Fragment(f"{anchor}<{tag}{_attributes(element, tag)}>{inner}</{tag}>")
    if tag in ("code", "tt"):
        return _Fragment(f"{anchor}<code>{inner}</code>" if inner.strip() else "")
    return _Fragment(anchor + inner)


def _merge(nodes: InlineNodes) -> InlineNodes:
    """Join adjacent elements of the same emphasis: `<b>a</b><b>b</b>` cannot be written with two pairs of markers."""
    if len(nodes) < 2:
        return nodes
    merged: InlineNodes = []
    for emphasis_tag, group in groupby(nodes, _emphasis):
        run = list(group)
        if emphasis_tag and len(run) > 1:
            joined = etree.Element(str(run[0].tag))  # type: ignore[union-attr]  # strings have no emphasis
            append(joined, [part for node in run for part in child_nodes(deepcopy(node))])  # type: ignore[arg-type]  # as above
            run = [joined]
        merged += run
    return merged


def append(element: Element, nodes: InlineNodes) -> None:
    """Append text and elements to an element."""
    for node in _join_strings(nodes):
        if not isinstance(node, str):
            node.tail = None
            element.append(node)
        elif len(element):
            element[-1].tail = (element[-1].tail or "") + node
        else:
            element.text = (element.text or "") + node


def _join_strings(nodes: InlineNodes) -> InlineNodes:
    joined: InlineNodes = []
    for is_string, group in groupby(nodes, lambda node: isinstance(node, str)):
        run = list(group)
        joined += ["".join(map(str, run))] if is_string else run
    return joined


def _emphasis(element: Element | str) -> str:
    if isinstance(element, str):
        return ""
    return "strong" if element.tag in STRONG else "em" if element.tag in EMPHASIS else ""


def _first_character(fragments: "list[str | _Fragment | _EmphasisFragment]", start: int) -> str:
    """Return the first character written from a fragment on, or "" at the end."""
    for at in range(start, len(fragments)):
        fragment = fragments[at]
        text = (
            fragment
            if isinstance(fragment, str)
            else fragment.marker
            if isinstance(fragment, _EmphasisFragment)
            else fragment.text
        )
        if text:
            return text[0]
    return ""


def _is_word(char: str) -> bool:
    return bool(char) and not char.isspace() and not _is_punctuation(char) and char != BREAK


def _is_punctuation(char: str) -> bool:
    return bool(char) and unicodedata.category(char)[0] in "PS"


def _anchor(element: Element, context: WriterContext) -> str:
    name = element.get("id") or (element.get("name") if element.tag == "a" else None)
    return f'<a id="{escape(name)}"></a>' if name and name in context.anchors else ""


def _attributes(element: Element, tag: str) -> str:
    names = WRITTEN_ATTRIBUTES.get(tag, ())
    return "".join(f' {name}="{escape(element.get(name) or "")}"' for name in names if element.get(name))
