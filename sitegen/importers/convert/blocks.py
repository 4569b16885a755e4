"""Writes a cleaned tree as Markdown blocks that both Markdown engines render equally.

Elements without a Markdown syntax (captions, tables with spans, definition lists, code with images in lists) are
written as plain HTML.
"""

import re
from collections.abc import Callable
from html import escape
from itertools import pairwise

from sitegen.formats.html_elements import BLOCKS
from sitegen.importers.convert.html_tree import Element, is_empty, make, unwrap
from sitegen.importers.convert.inline import InlineNodes, append, child_nodes, write_lines, write_one_line
from sitegen.importers.convert.links_and_code import WriterContext
from sitegen.importers.convert.normalize import HEADINGS, normalize_inline
from sitegen.importers.convert.raw_html import code_language, code_text, write_html
from sitegen.importers.convert.tables import write_table

LISTS = ("ul", "ol")
CONTAINERS = (*LISTS, "blockquote")
LIST_SEPARATOR = "<!-- -->"
"""Separates adjacent lists or quotes, which an engine would merge."""

_ITEM = re.compile(r"(?:-|\d+\.) ")
UNSAFE_ITEM_START = re.compile(r"    |> |- |-   |\d{1,9}\. |#{1,6} |\* \* \*|<!-- ")
"""Beginnings of blocks that an engine does not recognise after the marker of a list item."""


def write_markdown(tree: Element, image_url: Callable[[str], str]) -> str:
    """Return the Markdown of a cleaned tree; `image_url` returns the URL of each image in the post."""
    normalize_inline(tree)
    hrefs = {(link.get("href") or "") for link in tree.iter("a")}
    context = WriterContext(image_url, frozenset(href[1:] for href in hrefs if href.startswith("#") and len(href) > 1))
    notes = [note for note in tree.iter("aside") if note.get("data-note")]
    for note in notes:
        parent = note.getparent()
        assert parent is not None
        parent.remove(note)
    blocks = write_blocks(tree, context, nested=False)
    blocks += [_write_footnote(note, context) for note in notes]
    return "\n\n".join(blocks) + "\n" if blocks else ""


def write_blocks(element: Element, context: WriterContext, *, nested: bool) -> list[str]:
    """Return the blocks of an element; `nested` in a list or quote, they contain no fences and no HTML."""
    blocks: list[str] = []
    block_types: list[str] = []
    run: InlineNodes = []

    def add(block_type: str, text: str) -> None:
        if text:
            # Indented code after a list would belong to its last item.
            would_merge = block_types[-1:] == [block_type] and (
                block_type in ("list", "quote") or (block_type == "code" and nested)
            )
            if would_merge or (nested and block_type == "code" and block_types[-1:] == ["list"]):
                blocks.append(LIST_SEPARATOR)
            blocks.append(text)
            block_types.append(block_type)

    def flush() -> None:
        if not run:
            return
        for paragraph in write_lines(run, context).split("\n\n"):
            add("text", paragraph)
        run.clear()

    for node in child_nodes(element):
        if isinstance(node, str) or (node.tag not in BLOCKS and node.tag != "hr"):
            run.append(node)
            continue
        flush()
        for block_type, text in _write_block(node, context, nested):
            add(block_type, text)
    flush()
    return blocks


def _write_block(element: Element, context: WriterContext, nested: bool) -> list[tuple[str, str]]:  # noqa: PLR0911 - one case for each tag
    tag = str(element.tag)
    anchor = _block_anchor(element, context)
    if tag in HEADINGS:
        line = write_one_line(child_nodes(element), context)
        line = re.sub(r"(?<!#)(#++)$", r"\\\1", line)
        return [("text", f"{'#' * int(tag[1])} {anchor}{line}" if line else "")]
    if tag == "hr":
        return [("rule", "* * *")]
    if tag == "pre":
        return [("code", _write_code_block(element, nested=nested))]
    if tag in CONTAINERS and not nested:
        return _write_container(element, context)
    if tag in LISTS:
        return [("list", _write_list(element, context))]
    if tag == "blockquote":
        return [("quote", _write_quote(element, context))]
    if tag == "figure":
        return _write_figure(element, context, nested)
    if tag == "table":
        return [("html", write_table(element, context) or write_html(element, context))]
    if tag in ("dl", "details"):
        return [("html", write_html(element, context))]
    blocks = write_blocks(element, context, nested=nested)
    if anchor and blocks:
        blocks[0] = anchor + blocks[0] if tag == "p" else blocks[0]
    return [("list" if _ITEM.match(text) else "quote" if text.startswith("> ") else "text", text) for text in blocks]


class _NotMarkdownError(Exception):
    """Raised for a list or a quote that cannot be written as Markdown."""


def _write_container(element: Element, context: WriterContext) -> list[tuple[str, str]]:
    """Return a list or a quote as Markdown, or as HTML if an engine would misread its content."""
    if _is_simple(element):
        try:
            return [
                ("list", _write_list(element, context))
                if element.tag in LISTS
                else ("quote", _write_quote(element, context))
            ]
        except _NotMarkdownError:
            pass
    return [("html", write_html(element, context))]


def _write_quote(element: Element, context: WriterContext) -> str:
    lines = "\n\n".join(write_blocks(element, context, nested=True)).split("\n")
    return "\n".join(f"> {line}" if line else ">" for line in lines)


def _block_anchor(element: Element, context: WriterContext) -> str:
    name = element.get("id")
    return f'<a id="{escape(name)}"></a>' if name and name in context.anchors else ""


def _is_simple(element: Element) -> bool:
    """Return whether both engines accept all content of a list or a quote when it is indented."""
    for node in element.iterdescendants():
        if node.tag in ("table", "dl", "details", "hr") or (node.tag == "figcaption" and not is_empty(node)):
            return False
        if node.tag in HEADINGS and element.tag in LISTS:
            return False
        if node.tag == "pre" and not _is_plain_code(node):
            return False
    return True


def _is_plain_code(element: Element) -> bool:
    return next(element.iterdescendants("a", "img"), None) is None


def _write_list(element: Element, context: WriterContext) -> str:
    ordered = element.tag == "ol"
    start = element.get("start") or "1"
    number = int(start) if start.isdecimal() and len(start) < 9 else 1
    items: list[str] = []
    for child in child_nodes(element):
        if isinstance(child, str):
            if child.strip():
                items.append(_write_item([write_lines([child], context)], f"{number}. " if ordered else "- "))
            continue
        if child.tag == "li":
            blocks = write_blocks(child, context, nested=True)
        elif child.tag in LISTS and items:
            # A list that is a direct child of a list belongs to the item before it.
            items[-1] += "\n" + _indent(_write_list(child, context), 4)
            continue
        else:
            item = make("li")
            append(item, [child])
            blocks = write_blocks(item, context, nested=True)
        if not blocks:
            continue
        if UNSAFE_ITEM_START.match(blocks[0]):
            raise _NotMarkdownError
        marker = f"{number}. " if ordered else "-   " if any(block.startswith("    ") for block in blocks) else "- "
        items.append(_write_item(blocks, marker))
        number += 1
    # If an item contains a blank line, separate all items: otherwise an engine continues its last paragraph.
    loose = any("\n\n" in item for item in items)
    return ("\n\n" if loose else "\n").join(items)


def _is_list_block(block: str) -> bool:
    return bool(re.match(r"- |-   |\d{1,9}\. ", block))


def _write_item(blocks: list[str], marker: str) -> str:
    text = blocks[0]
    for before, block in pairwise(blocks):
        tight = _is_list_block(block) and len(blocks) == 2 and not _is_list_block(before) and "\n\n" not in block
        text += ("\n" if tight else "\n\n") + block
    return marker + _indent(text, max(4, len(marker))).lstrip(" ") if text else marker.rstrip()


def _indent(text: str, width: int) -> str:
    return "\n".join(" " * width + line if line.strip(" ") else "" for line in text.split("\n"))


def _write_code_block(element: Element, *, nested: bool) -> str:
    if not _is_plain_code(element):
        return write_html(element, WriterContext(lambda url: url))
    text = code_text(element)
    if not text.strip():
        return ""
    if nested:
        return _indent(text, 4)
    fence = "`" * max(3, max(map(len, re.findall("`+", text)), default=0) + 1)
    return f"{fence}{code_language(element)}\n{text}\n{fence}"


def _write_figure(element: Element, context: WriterContext, nested: bool) -> list[tuple[str, str]]:
    caption = next(element.iter("figcaption"), None)
    if caption is None or is_empty(caption) or next(element.iter("img"), None) is None or nested:
        blocks = write_blocks(element, context, nested=nested)
        return [("text", text) for text in blocks]
    for wrapper in list(element.iterdescendants("div", "section", "article")):
        unwrap(wrapper)
    if len(paragraphs := list(caption.iter("p"))) == 1:
        unwrap(paragraphs[0])
    return [("html", write_html(element, context))]


def _write_footnote(note: Element, context: WriterContext) -> str:
    blocks = write_blocks(note, context, nested=True) or [""]
    text = "\n\n".join(blocks)
    return f"[^{note.get('data-note')}]: " + _indent(text, 4).lstrip(" ")
