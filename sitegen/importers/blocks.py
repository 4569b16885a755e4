"""Writes a cleaned tree as Markdown blocks that both of our engines read alike.

What Markdown has no writing for (captions, tables with spans, definition lists, code in lists with
pictures beside it) is written as plain HTML, which is Markdown too.
"""

import re
from collections.abc import Callable
from html import escape
from itertools import pairwise

from sitegen.importers.prose import (
    BREAK,
    EMPHASIS,
    RAW,
    STRONG,
    Context,
    Nodes,
    append,
    nodes_of,
    write_lines,
    write_one_line,
)
from sitegen.importers.tree import BLOCKS, Element, has_class, is_empty, make, replace, tag_names, unwrap, words

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
LISTS = ("ul", "ol")
SEPARATOR = "<!-- -->"
"""Stands between two lists or quotes: side by side, an engine would make one of them."""

WRITTEN = {
    "a": ("href", "title"),
    "img": ("src", "alt", "title"),
    "td": ("colspan", "rowspan"),
    "th": ("colspan", "rowspan", "scope"),
    "ol": ("start", "reversed"),
    "li": ("value",),
    "abbr": ("title",),
    "time": ("datetime",),
}
WRITTEN_TAGS = RAW | tag_names(
    "a b blockquote br caption code dd details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img li ol p pre"
    " strong summary table tbody td tfoot th thead tr ul"
)
VOID = ("br", "hr", "img")
NO_TEXT = re.compile(r"    |> |- |-   |\d{1,9}\. |#{1,6} |\* \* \*|<!-- ")
"""How a block begins that an engine does not see behind the mark of a list's item."""

LANGUAGE = re.compile(r"(?:^|\s)(?:language-|lang-|highlight-source-|brush:\s*|src\s+src-)([\w+#.-]+)")


def write_markdown(tree: Element, place: Callable[[str], str]) -> str:
    """Return the Markdown of a cleaned tree; `place` gives the URL of each picture in the finished post."""
    for link in list(tree.iter("a", "strong", "b", "em", "i", "span", "u", "s", "sup", "sub", "small", "mark", "q")):
        if link.getparent() is not None and any(node.tag in BLOCKS for node in link.iterdescendants()):
            _push_down(link)
    _flatten_emphasis(tree)
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
        line = re.sub(r"(#+)$", r"\\\1", line)
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
        return [("html", _table(element, context) or write_html(element, context))]
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
    """Tell whether a list or a quote holds only what can be indented in both engines."""
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


def code_text(element: Element) -> str:
    """Return the lines of a `pre` as they are shown, without the blank ones around them."""
    for line_break in list(element.iter("br")):
        replace(line_break, make("span", "\n"))
    text = "".join(map(str, element.itertext())).replace("\r\n", "\n").replace("\r", "\n").replace(BREAK, "")
    return re.sub(r"^(?:[ \t]*\n)+", "", text).rstrip().expandtabs(4)


def code_language(element: Element) -> str:
    """Return the language that a `pre` or the `code` in it names, or ""."""
    for node in (element, *element.iter("code")):
        name = node.get("data-lang") or node.get("data-language") or ""
        match = LANGUAGE.search(node.get("class") or "")
        name = name or (match[1] if match else "")
        if re.fullmatch(r"[\w+#.-]{1,30}", name) and name not in ("none", "plain", "plaintext", "text"):
            return name.lower()
    return ""


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


def _table(element: Element, context: Context) -> str:
    """Return a table with a head and plain cells in pipes, or "" for any other one."""
    rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in element.iter("tr")]
    rows = [row for row in rows if row]
    if len(rows) < 2 or len({len(row) for row in rows}) != 1 or len(rows[0]) < 2:
        return ""
    in_head = any(node.tag == "thead" for node in rows[0][0].iterancestors())
    if not in_head and any(cell.tag != "th" for cell in rows[0]):
        return ""
    cells = [cell for row in rows for cell in row]
    spans = any(cell.get(name, "1") not in ("", "1") for cell in cells for name in ("colspan", "rowspan"))
    caption = next(element.iter("caption"), None)
    nested = (
        node for cell in cells for node in cell.iterdescendants() if node.tag in BLOCKS and node.tag not in ("p", "div")
    )
    heads = sum(1 for row in rows[1:] for cell in row if cell.tag == "th")
    if spans or heads or next(nested, None) is not None or (caption is not None and words(caption)):
        return ""
    inner = Context(context.place, context.anchors, table=True)
    lines = [[_cell(cell, inner) for cell in row] for row in rows]
    if not any(lines[0]):
        return ""
    ruler = [_ruler(cell) for cell in rows[0]]
    return "\n".join("| " + " | ".join(line) + " |" for line in (lines[0], ruler, *lines[1:]))


def _cell(cell: Element, context: Context) -> str:
    for block in list(cell.iter("p", "div")):
        block.append(make("br"))
        unwrap(block)
    return write_one_line(nodes_of(cell), context, "<br>")


def _ruler(cell: Element) -> str:
    style = (cell.get("style") or "") + " " + (cell.get("class") or "")
    match = re.search(r"text-align:\s*(left|right|center)|has-text-align-(left|right|center)", style)
    side = (match[1] or match[2]) if match else (cell.get("align") or "").lower()
    return {"left": ":---", "right": "---:", "center": ":---:"}.get(side, "---")


def _note(note: Element, context: Context) -> str:
    blocks = write_blocks(note, context, inside=True) or [""]
    text = "\n\n".join(blocks)
    return f"[^{note.get('data-note')}]: " + _indent(text, 4).lstrip(" ")


def write_html(element: Element, context: Context) -> str:
    """Return an element as plain HTML in one block without blank lines, its tags and attributes chosen here."""
    text = (
        re.sub(r"\n(?:[ \t]*\n)+", "\n", _html(element, context)) if element.tag != "pre" else _html(element, context)
    )
    return text.strip()


def _html(element: Element, context: Context) -> str:
    tag = str(element.tag)
    inner = _html_text(element.text, element)
    for child in element:
        inner += _html(child, context) + _html_text(child.tail, element)
    if tag not in WRITTEN_TAGS or (tag == "div" and not element.get("id")):
        return inner if tag not in ("div", "section", "article") or not inner.strip() else f"<div>{inner.strip()}</div>"
    if element.get("data-note"):
        return f"<sup>{inner}</sup>"
    attributes = "".join(
        f' {name}="{escape(_value(element, name, context))}"'
        for name in WRITTEN.get(tag, ())
        if element.get(name) is not None
    )
    name = element.get("id")
    attributes += f' id="{escape(name)}"' if name and name in context.anchors else ""
    if tag in VOID:
        return f"<{tag}{attributes}>"
    line = "\n" if tag in ("ul", "ol", "table", "thead", "tbody", "tr", "blockquote", "figure", "dl", "details") else ""
    inner = inner.strip() if line or tag in ("li", "p", "td", "th", "dd", "dt", "figcaption", "summary") else inner
    language = code_language(element) if tag == "code" else ""
    attributes += f' class="language-{language}"' if language else ""
    end = "\n" if tag in BLOCKS else ""
    return f"<{tag}{attributes}>{line}{inner}{line}</{tag}>{end}"


def _html_text(text: str | None, parent: Element) -> str:
    code = parent.tag == "pre" or any(node.tag == "pre" for node in parent.iterancestors())
    shown = escape((text or "").replace(BREAK, ""), quote=False)
    if code:
        # Neither a blank line may end the block, nor backticks begin a fence that one engine looks for first.
        return shown.replace("\n\n", "\n&#10;").replace("```", "&#96;``").replace("~~~", "&#126;~~")
    return re.sub(r"[ \t\r\n\f]+", " ", shown)


def _value(element: Element, name: str, context: Context) -> str:
    value = element.get(name) or ""
    return context.place(value) if element.tag == "img" and name == "src" else value


def _flatten_emphasis(tree: Element) -> None:
    """Unwrap emphasis within emphasis of the same kind: it shows nothing, and marks cannot be nested."""
    for kind in (STRONG, EMPHASIS):
        for node in list(tree.iter(*kind)):
            if any(around.tag in kind for around in node.iterancestors()):
                unwrap(node)


def _push_down(inline: Element) -> None:
    """Put a link or an emphasis that holds whole blocks around the text within each block instead."""
    _wrap_runs(inline, inline)
    unwrap(inline)


def _wrap_runs(container: Element, pattern: Element) -> None:
    nodes, run = nodes_of(container), []  # type: tuple[Nodes, Nodes]
    for child in list(container):
        container.remove(child)
    container.text = None

    def flush() -> None:
        if any(not isinstance(node, str) or node.strip() for node in run) and pattern.tag != "span":
            wrapper = make(str(pattern.tag))
            for name in ("href", "title"):
                if pattern.get(name):
                    wrapper.set(name, pattern.get(name) or "")
            append(wrapper, run)
            append(container, [wrapper])
        else:
            append(container, run)
        run.clear()

    for node in nodes:
        if isinstance(node, str) or not (
            node.tag in BLOCKS or any(below.tag in BLOCKS for below in node.iterdescendants())
        ):
            run.append(node)
        else:
            flush()
            node.tail = None
            _wrap_runs(node, pattern)
            append(container, [node])
    flush()


def drop_repeated_title(tree: Element, title: str) -> bool:
    """Remove a first heading that only repeats the post's title; tell whether there was one."""
    for node in tree.iter():
        if node is tree or node.tag not in (*BLOCKS, "img", "hr"):
            continue
        if node.tag in ("h1", "h2") and _folded(words(node)) == _folded(title) and title:
            parent = node.getparent()
            assert parent is not None
            unwrap_tail = node.tail
            parent.remove(node) if not unwrap_tail else replace(node, make("span"))
            return True
        if node.tag in HEADINGS or (words(node) and not has_class(node, "header") and not len(node)):
            return False
    return False


def _folded(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()
