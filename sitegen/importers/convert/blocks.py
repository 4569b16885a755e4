"""Writes a cleaned tree as Markdown blocks that both of our engines read alike.

What Markdown has no writing for (captions, tables with spans, definition lists, code in lists with
images beside it) is written as plain HTML, which is Markdown too.
"""

import re
from collections.abc import Callable
from html import escape
from itertools import pairwise

from sitegen.importers.convert.html_tree import BLOCKS, Element, is_empty, make, unwrap
from sitegen.importers.convert.inline import Nodes, append, nodes_of, write_lines, write_one_line
from sitegen.importers.convert.links_and_code import Context
from sitegen.importers.convert.normalize import HEADINGS, shape_inline
from sitegen.importers.convert.raw_html import code_language, code_text, write_html
from sitegen.importers.convert.tables import write_table

LISTS = ("ul", "ol")
SEPARATOR = "<!-- -->"
"""Stands between two lists or quotes: side by side, an engine would make one of them."""

NO_TEXT = re.compile(r"    |> |- |-   |\d{1,9}\. |#{1,6} |\* \* \*|<!-- ")
"""How a block begins that an engine does not see behind the mark of a list's item."""


def write_markdown(tree: Element, place: Callable[[str], str]) -> str:
    """Return the Markdown of a cleaned tree; `place` gives the URL of each image in the finished post."""
    shape_inline(tree)
    hrefs = {(link.get("href") or "") for link in tree.iter("a")}
    context = Context(place, frozenset(href[1:] for href in hrefs if href.startswith("#") and len(href) > 1))
    notes = [note for note in tree.iter("aside") if note.get("data-note")]
    for note in notes:
        parent = note.getparent()
        assert parent is not None
        parent.remove(note)
    blocks = write_blocks(tree, context, inside=False)
    blocks += [_note(note, context) for note in notes]
    return "\n\n".join(blocks) + "\n" if blocks else ""


def write_blocks(element: Element, context: Context, *, inside: bool) -> list[str]:
    """Return the blocks of an element; `inside` a list or a quote no fence and no HTML may be used."""
    blocks: list[str] = []
    kinds: list[str] = []
    run: Nodes = []

    def add(kind: str, text: str) -> None:
        if text:
            # Indented code behind a list would belong to its last item.
            alike = kinds[-1:] == [kind] and (kind in ("list", "quote") or (kind == "code" and inside))
            if alike or (inside and kind == "code" and kinds[-1:] == ["list"]):
                blocks.append(SEPARATOR)
            blocks.append(text)
            kinds.append(kind)

    def flush() -> None:
        for paragraph in write_lines(run, context).split("\n\n"):
            add("text", paragraph)
        run.clear()

    for node in nodes_of(element):
        if isinstance(node, str) or (node.tag not in BLOCKS and node.tag != "hr"):
            run.append(node)
            continue
        flush()
        for kind, text in _write_block(node, context, inside):
            add(kind, text)
    flush()
    return blocks


def _write_block(element: Element, context: Context, inside: bool) -> list[tuple[str, str]]:  # noqa: PLR0911 - one case a tag
    tag = str(element.tag)
    anchor = _block_anchor(element, context)
    if tag in HEADINGS:
        line = write_one_line(nodes_of(element), context)
        line = re.sub(r"(?<!#)(#++)$", r"\\\1", line)
        return [("text", f"{'#' * int(tag[1])} {anchor}{line}" if line else "")]
    if tag == "hr":
        return [("rule", "* * *")]
    if tag == "pre":
        return [("code", _code_block(element, inside=inside))]
    if tag in (*LISTS, "blockquote") and not inside:
        return _write_container(element, context)
    if tag in LISTS:
        return [("list", _list(element, context))]
    if tag == "blockquote":
        return [("quote", _quote(element, context))]
    if tag == "figure":
        return _figure(element, context, inside)
    if tag == "table":
        return [("html", write_table(element, context) or write_html(element, context))]
    if tag in ("dl", "details"):
        return [("html", write_html(element, context))]
    blocks = write_blocks(element, context, inside=inside)
    if anchor and blocks:
        blocks[0] = anchor + blocks[0] if tag == "p" else blocks[0]
    return [
        ("list" if re.match(r"(?:-|\d+\.) ", text) else "quote" if text.startswith("> ") else "text", text)
        for text in blocks
    ]


class _TooRichError(Exception):
    """Raised within a list or a quote that Markdown cannot hold."""


def _write_container(element: Element, context: Context) -> list[tuple[str, str]]:
    """Return a list or a quote as Markdown, or as HTML where an engine would take what it holds for something else."""
    if _is_simple(element):
        try:
            return [("list", _list(element, context)) if element.tag in LISTS else ("quote", _quote(element, context))]
        except _TooRichError:
            pass
    return [("html", write_html(element, context))]


def _quote(element: Element, context: Context) -> str:
    lines = "\n\n".join(write_blocks(element, context, inside=True)).split("\n")
    return "\n".join(f"> {line}" if line else ">" for line in lines)


def _block_anchor(element: Element, context: Context) -> str:
    name = element.get("id")
    return f'<a id="{escape(name)}"></a>' if name and name in context.anchors else ""


def _is_simple(element: Element) -> bool:
    """Return whether a list or a quote holds only what can be indented in both engines."""
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


def _list(element: Element, context: Context) -> str:
    ordered = element.tag == "ol"
    start = element.get("start") or "1"
    number = int(start) if start.isdecimal() and len(start) < 9 else 1
    items: list[str] = []
    for child in nodes_of(element):
        if isinstance(child, str):
            if child.strip():
                items.append(_item([write_lines([child], context)], f"{number}. " if ordered else "- "))
            continue
        if child.tag == "li":
            blocks = write_blocks(child, context, inside=True)
        elif child.tag in LISTS and items:
            # A list right inside of a list belongs to the item before it.
            items[-1] += "\n" + _indent(_list(child, context), 4)
            continue
        else:
            holder = make("li")
            append(holder, [child])
            blocks = write_blocks(holder, context, inside=True)
        if not blocks:
            continue
        if NO_TEXT.match(blocks[0]):
            raise _TooRichError
        mark = f"{number}. " if ordered else "-   " if any(block.startswith("    ") for block in blocks) else "- "
        items.append(_item(blocks, mark))
        number += 1
    # A blank line anywhere within an item is one between all: else an engine goes on with that paragraph.
    loose = any("\n\n" in item for item in items)
    return ("\n\n" if loose else "\n").join(items)


def _is_list(block: str) -> bool:
    return bool(re.match(r"- |-   |\d{1,9}\. ", block))


def _item(blocks: list[str], mark: str) -> str:
    text = blocks[0]
    for before, block in pairwise(blocks):
        tight = _is_list(block) and len(blocks) == 2 and not _is_list(before) and "\n\n" not in block
        text += ("\n" if tight else "\n\n") + block
    return mark + _indent(text, max(4, len(mark))).lstrip(" ") if text else mark.rstrip()


def _indent(text: str, width: int) -> str:
    return "\n".join(" " * width + line if line.strip(" ") else "" for line in text.split("\n"))


def _code_block(element: Element, *, inside: bool) -> str:
    if not _is_plain_code(element):
        return write_html(element, Context(lambda url: url))
    text = code_text(element)
    if not text.strip():
        return ""
    if inside:
        return _indent(text, 4)
    fence = "`" * max(3, max(map(len, re.findall("`+", text)), default=0) + 1)
    return f"{fence}{code_language(element)}\n{text}\n{fence}"


def _figure(element: Element, context: Context, inside: bool) -> list[tuple[str, str]]:
    caption = next(element.iter("figcaption"), None)
    if caption is None or is_empty(caption) or next(element.iter("img"), None) is None or inside:
        blocks = write_blocks(element, context, inside=inside)
        return [("text", text) for text in blocks]
    for wrapper in list(element.iterdescendants("div", "section", "article")):
        unwrap(wrapper)
    if len(paragraphs := list(caption.iter("p"))) == 1:
        unwrap(paragraphs[0])
    return [("html", write_html(element, context))]


def _note(note: Element, context: Context) -> str:
    blocks = write_blocks(note, context, inside=True) or [""]
    text = "\n\n".join(blocks)
    return f"[^{note.get('data-note')}]: " + _indent(text, 4).lstrip(" ")
