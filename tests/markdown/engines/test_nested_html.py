"""HTML blocks in lists, quotes, admonitions and tabs have no paragraph around them, by either engine."""

from textwrap import indent

import html5lib
import pytest
from markdown import Markdown

from sitegen.config import schema
from sitegen.config.schema import ENGINES
from sitegen.markdown.engines.fast.markdown import FastMarkdown
from sitegen.markdown.engines.python_markdown import build
from sitegen.markdown.renderer import MarkdownRenderer

RENDERERS = {engine: MarkdownRenderer(schema.Markdown(engine=engine, highlight=False)) for engine in ENGINES}
CONTAINERS = {
    "admonition": lambda block: f"!!! note\n{indent(block, '    ')}\n\n    After.\n",
    "titled admonition": lambda block: f'!!! tip "Title"\n\n    Before.\n\n{indent(block, "    ")}\n',
    "tab": lambda block: f'=== "Tab"\n\n{indent(block, "    ")}\n',
    "list": lambda block: f"- item\n\n{indent(block, '    ')}\n",
    "numbered list": lambda block: f"1. item\n\n{indent(block, '    ')}\n",
    "quote": lambda block: indent(f"Before.\n\n{block}\n", "> ", lambda _: True),
    "no container": lambda block: f"Before.\n\n{block}\n",
}
BLOCKS = {
    "one line": '<div class="a">Words.</div>',
    "emphasis": "<div>Words <em>of</em> it.</div>",
    "several lines": '<div class="a">\n<p>Words.</p>\n</div>',
    "blank lines": '<div class="a">\n\n<p>Words.</p>\n\n</div>',
    "table": "<table><tr><td>Words.</td></tr></table>",
    "figure": '<figure><img src="a.png" alt="A"><figcaption>Words.</figcaption></figure>',
    "capital letters": "<DIV>Words.</DIV>",
    "details": "<details><summary>More</summary><p>Words.</p></details>",
}


def count_empty_paragraphs(html):
    """Return how many empty paragraphs browsers make of HTML: one for each block in a paragraph."""
    tree = html5lib.parseFragment(html, namespaceHTMLElements=False)
    return sum(not len(item) and not (item.text or "").strip() for item in tree.iter("p"))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("block", BLOCKS)
def test_no_paragraph_is_around_an_html_block(engine, container, block):
    html = RENDERERS[engine].render(CONTAINERS[container](BLOCKS[block]), path="a.md").html
    assert count_empty_paragraphs(html) == 0, html
    assert html.lower().count("words") == 1


@pytest.mark.parametrize(
    "text", ["<b>bold</b> words", '<span class="a">a</span>', "a <div>b</div>", "<!-- c --> words"]
)
def test_a_paragraph_that_does_not_begin_with_a_block_remains(text):
    html = RENDERERS["python-markdown"].render(f"- item\n\n    {text}\n", path="a.md").html
    assert f"<p>{text}</p>" in html


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("block", BLOCKS)
def test_stock_and_fast_classes_have_the_same_output(container, block):
    text = CONTAINERS[container](BLOCKS[block])
    fast, stock = (build(one, (), smart=True).convert(text) for one in (FastMarkdown, Markdown))
    assert fast == stock
