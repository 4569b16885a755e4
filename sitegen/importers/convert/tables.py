"""Writes pipe tables, as far as both Markdown engines support them."""

import re

from sitegen.formats.html_elements import BLOCKS
from sitegen.importers.convert.html_tree import Element, make, unwrap, words
from sitegen.importers.convert.inline import child_nodes, write_one_line
from sitegen.importers.convert.links_and_code import WriterContext


def write_table(element: Element, context: WriterContext) -> str:
    """Return a table with a header and plain cells as a pipe table, or "" for any other table."""
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
    inner_headers = sum(1 for row in rows[1:] for cell in row if cell.tag == "th")
    if spans or inner_headers or next(nested, None) is not None or (caption is not None and words(caption)):
        return ""
    inner = WriterContext(context.image_url, context.anchors, table=True)
    lines = [[_cell(cell, inner) for cell in row] for row in rows]
    if not any(lines[0]):
        return ""
    delimiter_row = [_delimiter_cell(cell) for cell in rows[0]]
    return "\n".join("| " + " | ".join(line) + " |" for line in (lines[0], delimiter_row, *lines[1:]))


def _cell(cell: Element, context: WriterContext) -> str:
    for block in list(cell.iter("p", "div")):
        block.append(make("br"))
        unwrap(block)
    return write_one_line(child_nodes(cell), context, "<br>")


def _delimiter_cell(cell: Element) -> str:
    style = (cell.get("style") or "") + " " + (cell.get("class") or "")
    match = re.search(r"text-align:\s*(left|right|center)|has-text-align-(left|right|center)", style)
    side = (match[1] or match[2]) if match else (cell.get("align") or "").lower()
    return {"left": ":---", "right": "---:", "center": ":---:"}.get(side, "---")
