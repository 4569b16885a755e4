"""The CommonMark parser renders the documents that it gets for Python-Markdown as Python-Markdown does."""

import re

import pytest
from msgspec import structs

from sitegen.markdown.engines import common_blocks, common_inline, common_subset, default, python_markdown
from sitegen.markdown.engines.common_inline import INLINE_WITH_QUOTES
from sitegen.markdown.engines.common_subset import make_renderer
from sitegen.markdown.engines.default import make_converter
from sitegen.markdown.engines.fast.markdown import FastMarkdown
from tests.markdown.engines.dialects import Comparison, find_differences, generate, split
from tests.markdown.engines.test_fast import WRITTEN, write

DOCUMENTS = 1200
SOURCES = sorted({piece for text in WRITTEN for piece in split(text)})

# Rules of the inline expression and what makes them accept too much.
HOLES = [
    (r"(?<=[^\W_])'", "'"),
    ("!(?!\\[)", "!"),
    ("&(?= |(?:amp|lt|gt);)", "&"),
    (r":(?!//[\w-])", ":"),
    (r"[0-9]++(?![.)](?:[ \n\xa0]|\Z))", "[0-9]++"),
    (r"\\[\\`*_{}\[\]()>#+.!-]", r"\\[!-~]"),
    (r"(?<=[^\W_])_(?=[^\W_])", "_"),
    ("[A-Za-z0-9/_.~:?#%=+,;@!$-]", r"[^\s()]"),
]
HOLES_OF_SHORTENED = [
    ("_CODE", r"(?<!\s)`", "`"),
    ("_IMAGE", r"\.(?!\.)", r"\."),
]

# HTML in code that Python-Markdown's parser of HTML might take for real, and what would end it.
TAGS = ("<!-- x", "<div>", "</div>", "<script>", "<style", "<pre>", "<?php", "<![CDATA[", '<a href="', "<!", "&", "&#x")
ENDS = ("-->", "</div>", "</script>", "?>", "]]>", '">')
AROUND = (
    '`{}`\n\nA *b* "c"\n\n`{}`',
    "- `{}`\n- <3\n\n<https://a.b> `{}`",
    "> x `{}`\n\n```\n{}\n```\n\ny",
    "# `{}`\na\n`{}` b",
)


@pytest.mark.parametrize("smart", [True, False])
def test_generated_documents_come_out_the_same(smart):
    comparison = Comparison(smart=smart)
    assert list(find_differences(generate(SOURCES, 0), comparison, DOCUMENTS)) == []
    assert comparison.accepted >= DOCUMENTS


def test_documents_of_each_feature_come_out_the_same():
    comparison = Comparison(smart=True)
    texts = [*SOURCES, *WRITTEN, *map(write, range(3000))]
    assert [text for text in texts if comparison.find_difference(text)] == []
    assert comparison.accepted > 50


def test_html_in_code_comes_out_the_same():
    comparison = Comparison(smart=True)
    texts = [form.format(tag, end) for form in AROUND for tag in TAGS for end in ENDS]
    assert [text for text in texts if comparison.find_difference(text)] == []
    assert comparison.accepted > len(texts) // 2


def find_first():
    """Return the first document that the CommonMark parser renders in another way."""
    # The accelerated Python-Markdown makes the same HTML as the stock one, see test_fast.py.
    comparison = Comparison(smart=True, markdown_class=FastMarkdown)
    return next(find_differences(generate(SOURCES, 0), comparison, 6000), None)


@pytest.mark.parametrize(("rule", "hole"), HOLES)
def test_a_rule_for_inline_markdown_that_accepts_too_much_is_found(monkeypatch, rule, hole):
    pattern = INLINE_WITH_QUOTES.pattern
    assert rule in pattern
    for name in ("INLINE", "INLINE_WITH_QUOTES"):
        monkeypatch.setattr(common_blocks, name, re.compile(pattern.replace(rule, hole)))
    assert find_first() is not None


@pytest.mark.parametrize(("name", "rule", "hole"), HOLES_OF_SHORTENED)
def test_a_rule_for_what_is_shortened_that_accepts_too_much_is_found(monkeypatch, name, rule, hole):
    pattern = getattr(common_inline, name).pattern
    assert rule in pattern
    monkeypatch.setattr(common_inline, name, re.compile(pattern.replace(rule, hole)))
    assert find_first() is not None


@pytest.mark.parametrize(
    ("name", "hole"),
    [
        ("_DEFINITION", re.compile(r"(?!)")),
        ("_HEADING", re.compile(r"#{1,6} ++")),
        ("_NUMBER", re.compile(r"[0-9]++[.)] ")),
        ("_BULLET", re.compile("[-*+:] {1,6}")),
        ("_DELIMITERS", re.compile(r"(?<=\|\n)[^\n]++")),
        ("_ITEM", re.compile(r"(?P<indent> *)(?P<marker>[-*+] {1,3}|[1-9][0-9]?\. )")),
    ],
)
def test_a_rule_for_blocks_that_accepts_too_much_is_found(monkeypatch, name, hole):
    monkeypatch.setattr(common_blocks, name, hole)
    assert find_first() is not None


def test_a_missing_change_of_the_html_is_found(monkeypatch):
    monkeypatch.setattr(common_subset, "_format", lambda html: html.rstrip("\n"))
    assert find_first() is not None


@pytest.mark.parametrize(
    ("table", "is_common"),
    [
        ("| a | b |\n|:----|----:|\n| *c* | `d` |\n|  | 1 |", True),
        ("| a |\n| - |\n| b |", True),
        ("a | b\n- | -\nc | d", False),
        ("| a | b |\n| - | - |\n| c |", False),
        ("| a | b |\n| - | - |\n| c \\| d |", False),
        ("| a | b |\n| - | - |\n| `c | d` |", False),
        ("| a | b |\n| - | - |\n| `c | d` | e |", False),
        ("| a | b |\n| - | - |\n| ![c | d](e) |", False),
        ("| a | b |\n| - | - |", False),
        ("> | a |\n> | - |\n> | b |", False),
    ],
)
def test_tables_with_all_their_cells_are_rendered_by_the_commonmark_parser(table, is_common):
    full = python_markdown.make_full_converter(FastMarkdown, (), smart=True)
    assert "<table>" in full(table)
    assert make_renderer(smart=True)(table) == (full(table) if is_common else None)


def test_documents_with_extensions_of_the_site_are_rendered_by_python_markdown():
    assert make_converter((), smart=True)("a [[b]] c") == "<p>a [[b]] c</p>"
    assert 'class="wikilink"' in make_converter(("wikilinks",), smart=True)("a [[b]] c")


def test_python_markdown_renders_all_documents_with_a_parser_that_was_not_compared(monkeypatch):
    assert default.PARSER.is_tested()
    monkeypatch.setattr(default, "PARSER", structs.replace(default.PARSER, first=(99, 0, 0), end=(100, 0, 0)))
    monkeypatch.setattr(default, "make_renderer", None)
    assert make_converter((), smart=True)("a *b*") == "<p>a <em>b</em></p>"


def test_python_markdown_is_created_for_the_first_document_that_needs_it(monkeypatch):
    created = []
    make = python_markdown.make_full_converter
    monkeypatch.setattr(
        python_markdown, "make_full_converter", lambda *data, **settings: created.append(1) or make(*data, **settings)
    )
    convert = make_converter((), smart=True, linkify=True)
    html = '<p>A <em>word</em>.</p>\n<ul>\n<li><a href="y">x</a></li>\n</ul>'
    assert convert("A *word*.\n\n- [x](y)\n") == html
    assert [convert(""), convert(" \n\n\t")] == ["", ""]
    assert created == []
    assert "<table>" in convert("a | b\n--|--\n1 | 2")
    assert "<table>" in convert("a | b\n--|--\n1 | 3")
    assert created == [1]


def test_documents_with_straight_quotes_do_not_wait_for_their_expression_once_python_markdown_is_loaded(monkeypatch):
    monkeypatch.setattr(default, "MIN_DOCUMENTS_BEFORE_QUOTES", 2)
    by_python_markdown = []
    make = python_markdown.make_full_converter

    def make_recording(*data, **settings):
        convert = make(*data, **settings)
        return lambda text: by_python_markdown.append(text) or convert(text)

    monkeypatch.setattr(python_markdown, "make_full_converter", make_recording)
    convert = make_converter((), smart=True)
    assert convert('"a"') == "<p>“a”</p>"
    assert by_python_markdown == []
    assert [convert("<b>1</b>"), convert("2"), convert('"3"')] == ["<p><b>1</b></p>", "<p>2</p>", "<p>“3”</p>"]
    assert by_python_markdown == ["<b>1</b>", '"3"']
    assert convert('"4"') == "<p>“4”</p>"
    assert by_python_markdown == ["<b>1</b>", '"3"']


@pytest.mark.parametrize("text", ["\\`a`", "\\![a](b)", "[a\\](b)", "a](b)", "`a\\`b`", "\x00", "`\x00`", "[a](\x00)"])
def test_what_only_looks_like_code_or_a_link_is_left_to_python_markdown(text):
    assert make_renderer(smart=True)(text) is None


def test_documents_with_straight_quotes_in_code_alone_need_no_expression_for_them(monkeypatch):
    monkeypatch.setattr(common_blocks, "INLINE_WITH_QUOTES", None)
    render = make_renderer(smart=True)
    assert render('```\n"a"\n```\n\nb') == "<pre><code>&quot;a&quot;\n</code></pre>\n<p>b</p>"
    assert render('`"a"`') == '<p><code>"a"</code></p>'
    assert render('```\n"a"\n```\n\n"b"', skips_quotes=True) is None
