"""Writes elements without a Markdown syntax as plain HTML blocks."""

import re
from html import escape

from sitegen.formats.html_elements import BLOCKS, names
from sitegen.importers.convert.html_tree import Element, make, replace
from sitegen.importers.convert.inline import INLINE_HTML_TAGS
from sitegen.importers.convert.links_and_code import BREAK, WriterContext

WRITTEN_ATTRIBUTES = {
    "a": ("href", "title"),
    "img": ("src", "alt", "title"),
    "td": ("colspan", "rowspan"),
    "th": ("colspan", "rowspan", "scope"),
    "ol": ("start", "reversed"),
    "li": ("value",),
    "abbr": ("title",),
    "time": ("datetime",),
}
WRITTEN_TAGS = INLINE_HTML_TAGS | names(
    "a b blockquote br caption code dd details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img li ol p pre"
    " strong summary table tbody td tfoot th thead tr ul"
)
VOID_TAGS = ("br", "hr", "img")
LANGUAGE_CLASS = re.compile(r"(?:^|\s)(?:language-|lang-|highlight-source-|brush:\s*|src\s+src-)([\w+#.-]+)")


def write_html(element: Element, context: WriterContext) -> str:
    """Return an element as an HTML block without blank lines, with only the tags and attributes listed here."""
    text = (
        re.sub(r"\n(?:[ \t]*\n)+", "\n", _html(element, context)) if element.tag != "pre" else _html(element, context)
    )
    return text.strip()


def _html(element: Element, context: WriterContext) -> str:
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
        for name in WRITTEN_ATTRIBUTES.get(tag, ())
        if element.get(name) is not None
    )
    name = element.get("id")
    attributes += f' id="{escape(name)}"' if name and name in context.anchors else ""
    if tag in VOID_TAGS:
        return f"<{tag}{attributes}>"
    line = "\n" if tag in ("ul", "ol", "table", "thead", "tbody", "tr", "blockquote", "figure", "dl", "details") else ""
    inner = inner.strip() if line or tag in ("li", "p", "td", "th", "dd", "dt", "figcaption", "summary") else inner
    language = code_language(element) if tag == "code" else ""
    attributes += f' class="language-{language}"' if language else ""
    end = "\n" if tag in BLOCKS else ""
    return f"<{tag}{attributes}>{line}{inner}{line}</{tag}>{end}"


def _html_text(text: str | None, parent: Element) -> str:
    code = parent.tag == "pre" or any(node.tag == "pre" for node in parent.iterancestors())
    escaped = escape((text or "").replace(BREAK, ""), quote=False)
    if code:
        # A blank line would end the HTML block, and one engine reads fences even in HTML.
        return escaped.replace("\n\n", "\n&#10;").replace("```", "&#96;``").replace("~~~", "&#126;~~")
    return re.sub(r"[ \t\r\n\f]+", " ", escaped)


def _value(element: Element, name: str, context: WriterContext) -> str:
    value = element.get(name) or ""
    return context.image_url(value) if element.tag == "img" and name == "src" else value


def code_text(element: Element) -> str:
    """Return the text of a `pre`, without leading and trailing blank lines."""
    for line_break in list(element.iter("br")):
        replace(line_break, make("span", "\n"))
    text = "".join(map(str, element.itertext())).replace("\r\n", "\n").replace("\r", "\n").replace(BREAK, "")
    return re.sub(r"^(?:[ \t]*\n)+", "", text).rstrip().expandtabs(4)


def code_language(element: Element) -> str:
    """Return the language that a `pre` or the `code` in it has, or ""."""
    for node in (element, *element.iter("code")):
        name = node.get("data-lang") or node.get("data-language") or ""
        match = LANGUAGE_CLASS.search(node.get("class") or "")
        name = name or (match[1] if match else "")
        if re.fullmatch(r"[\w+#.-]{1,30}", name) and name not in ("none", "plain", "plaintext", "text"):
            return name.lower()
    return ""
