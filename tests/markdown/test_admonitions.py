"""Admonitions, tabs and titles of code blocks: both engines make the same of them."""

# ruff: noqa: E501 - Markdown and its HTML stay on one line each

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.config.i18n.catalogs import known_languages
from sitegen.config.schema import ENGINES, Markdown
from sitegen.feeds.content import clean
from sitegen.markdown.admonitions import ALERTS
from sitegen.markdown.code_titles import MAX_TITLE, find_title, join_title, split_title
from sitegen.markdown.renderer import MarkdownRenderer
from sitegen.search.html_text import text_of

RENDERERS = {engine: MarkdownRenderer(Markdown(engine=engine, highlight=False)) for engine in ENGINES}
both = pytest.mark.parametrize("engine", ENGINES)


def body(engine, text, **options):
    return RENDERERS[engine].render(text, path="content/posts/a.md", **options)


def render(engine, text, **options):
    """Return the HTML of Markdown without the line breaks and indents between its blocks."""
    return re.sub(r">\s+<", "><", body(engine, text, **options).html.strip()).replace("&quot;", '"')


def note(inside, types="note", title="Note"):
    return f'<div class="admonition {types}"><p class="admonition-title">{title}</p>{inside}</div>'


def tabs(number, *contents, opened=0):
    """Return a group of tabs, each given by title and content."""
    parts = [
        f'<details name="tabs-{number}"{" open" if at == opened else ""}><summary>{title}</summary>{inside}</details>'
        for at, (title, inside) in enumerate(contents)
    ]
    return f'<div class="tabs">{"".join(parts)}</div>'


CASES = {
    "an admonition": ("!!! note\n    One.\n\n    Two.\n\nAfter.\n", note("<p>One.</p><p>Two.</p>") + "<p>After.</p>"),
    "a title": (
        '!!! warning "Mind the <gap> & *go*"\n    One.\n',
        note("<p>One.</p>", "warning", "Mind the &lt;gap&gt; &amp; *go*"),
    ),
    "no title": ('!!! tip ""\n    One.\n', '<div class="admonition tip"><p>One.</p></div>'),
    "another type": ("!!! danger\n    One.\n", note("<p>One.</p>", "danger", "Danger")),
    "two classes": ("!!! note inline\n    One.\n", note("<p>One.</p>", "note inline")),
    "content after a blank line": ("!!! note\n\n    One.\n", note("<p>One.</p>")),
    "after a paragraph": (
        "Before.\n\n!!! note\n    One.\nAfter.\n",
        f"<p>Before.</p>{note('<p>One.</p>')}<p>After.</p>",
    ),
    "one in another": (
        "!!! note\n    One.\n\n    !!! tip\n        Two.\n\n    Three.\n",
        note(f"<p>One.</p>{note('<p>Two.</p>', 'tip', 'Tip')}<p>Three.</p>"),
    ),
    "one after another": (
        "!!! note\n    One.\n!!! tip\n    Two.\n",
        note("<p>One.</p>") + note("<p>Two.</p>", "tip", "Tip"),
    ),
    "code in it": (
        "!!! note\n    ```\n    !!! tip\n        x\n\n    y\n    ```\n",
        note('<pre tabindex="0"><code>!!! tip\n    x\n\ny\n</code></pre>'),
    ),
    "a list in it": ("!!! note\n    - a\n    - b\n", note("<ul><li>a</li><li>b</li></ul>")),
    "in a list": (
        "1.  One.\n\n    !!! note\n        Two.\n\n        Three.\n\n2.  Four.\n",
        f"<ol><li><p>One.</p>{note('<p>Two.</p><p>Three.</p>')}</li><li><p>Four.</p></li></ol>",
    ),
    "no content": ("!!! note\n\nText.\n", "<p>!!! note</p><p>Text.</p>"),
    "within code": ("```\n!!! note\n    One.\n```\n", '<pre tabindex="0"><code>!!! note\n    One.\n</code></pre>'),
    "within indented code": (
        "Text.\n\n    !!! note\n        One.\n",
        '<p>Text.</p><pre tabindex="0"><code>!!! note\n    One.\n</code></pre>',
    ),
    "tabs": (
        '=== "Linux"\n\n    One.\n\n=== "macOS & <co>"\n    Two.\n\nAfter.\n',
        tabs(1, ("Linux", "<p>One.</p>"), ("macOS &amp; &lt;co&gt;", "<p>Two.</p>")) + "<p>After.</p>",
    ),
    "tabs in another order": (
        '=== "A"\n    One.\n\n===+ "B"\n    Two.\n',
        tabs(1, ("A", "<p>One.</p>"), ("B", "<p>Two.</p>"), opened=1),
    ),
    "two groups": (
        '=== "A"\n    One.\n\n===! "B"\n    Two.\n\n=== "C"\n    Three.\n',
        tabs(1, ("A", "<p>One.</p>")) + tabs(2, ("B", "<p>Two.</p>"), ("C", "<p>Three.</p>")),
    ),
    "groups with text between": (
        '=== "A"\n    One.\n\nText.\n\n=== "B"\n    Two.\n',
        tabs(1, ("A", "<p>One.</p>")) + "<p>Text.</p>" + tabs(2, ("B", "<p>Two.</p>")),
    ),
    "tabs in an admonition": (
        '!!! note\n    === "A"\n        One.\n    === "B"\n        Two.\n',
        note(tabs(1, ("A", "<p>One.</p>"), ("B", "<p>Two.</p>"))),
    ),
    "an admonition in a tab": ('=== "A"\n    !!! note\n        One.\n', tabs(1, ("A", note("<p>One.</p>")))),
    "code in a tab": (
        '=== "A"\n\n    ```\n    x\n    ```\n',
        tabs(1, ("A", '<pre tabindex="0"><code>x\n</code></pre>')),
    ),
    "a heading underlined": (
        "Title\n=====\n\n    code\n",
        '<h1 id="title">Title</h1><pre tabindex="0"><code>code\n</code></pre>',
    ),
    "an alert": ("> [!NOTE]\n> One.\n>\n> Two.\n\nAfter.\n", note("<p>One.</p><p>Two.</p>") + "<p>After.</p>"),
    "an alert with a blank line": ("> [!TIP]\n>\n> One.\n", note("<p>One.</p>", "tip", "Tip")),
    "an alert in lower case": ("> [!tip]\n> One.\n", note("<p>One.</p>", "tip", "Tip")),
    "two alerts": ("> [!NOTE]\n> One.\n\n> [!TIP]\n> Two.\n", note("<p>One.</p>") + note("<p>Two.</p>", "tip", "Tip")),
    "an alert and a quote": (
        "> One.\n\n> [!NOTE]\n> Two.\n\n> Three.\n",
        f"<blockquote><p>One.</p></blockquote>{note('<p>Two.</p>')}<blockquote><p>Three.</p></blockquote>",
    ),
    "a quote in an alert": (
        "> [!NOTE]\n> One.\n>\n> > Two.\n",
        note("<p>One.</p><blockquote><p>Two.</p></blockquote>"),
    ),
    "another word in brackets": ("> [!WOW]\n> One.\n", "<blockquote><p>[!WOW]\nOne.</p></blockquote>"),
    "an alert with text in its line": ("> [!NOTE] One.\n", "<blockquote><p>[!NOTE] One.</p></blockquote>"),
    "a title of code": (
        '```python title="a & b.py"\nx\n```\n',
        '<figure class="code"><figcaption>a &amp; b.py</figcaption><pre tabindex="0"><code class="language-python">x\n</code></pre></figure>',
    ),
    "a title without a language": (
        '``` title="notes.txt"\nx\n```\n',
        '<figure class="code"><figcaption>notes.txt</figcaption><pre tabindex="0"><code>x\n</code></pre></figure>',
    ),
    "a title in braces": (
        '~~~ {.toml title="a.toml"}\nx\n~~~\n',
        '<figure class="code"><figcaption>a.toml</figcaption><pre tabindex="0"><code class="language-toml">x\n</code></pre></figure>',
    ),
    "a title within code": (
        '````\n```python title="a.py"\n```\n````\n',
        '<pre tabindex="0"><code>```python title="a.py"\n```\n</code></pre>',
    ),
    "a title in a quote": (
        '> ```python title="a.py"\n> x\n> ```\n',
        '<blockquote><figure class="code"><figcaption>a.py</figcaption><pre tabindex="0"><code class="language-python">x\n</code></pre></figure></blockquote>',
    ),
}


@both
@pytest.mark.parametrize("name", CASES)
def test_both_engines_make_the_same_of(engine, name):
    text, html = CASES[name]
    assert render(engine, text) == html


@both
@pytest.mark.parametrize("alert", ALERTS)
@pytest.mark.parametrize("language", sorted(known_languages()))
def test_a_title_is_in_the_language_of_the_post(engine, alert, language):
    title = re.compile('<p class="admonition-title">([^<]+)</p>')
    titles = {
        title.search(render(engine, text, language=language))[1]
        for text in (f"!!! {alert}\n    x\n", f"> [!{alert}]\n> x\n")
    }
    assert len(titles) == 1
    if language == "en":
        assert titles == {alert.capitalize()}
    else:
        assert render(engine, f"!!! {alert}\n    x\n", language="xx") == note("<p>x</p>", alert, alert.capitalize())


@both
def test_an_admonition_is_not_the_summary_of_a_text(engine):
    for text in (
        "!!! note\n    Beware.\n\nThe text.\n",
        "> [!NOTE]\n> Beware.\n\nThe text.\n",
        '=== "A"\n    B\n\nThe text.\n',
    ):
        assert body(engine, text).summary == "The text."
    assert body(engine, "!!! note\n    Beware.\n").summary == ""


@both
def test_headings_links_and_footnotes_work_in_them(engine):
    text = '## A\n\n=== "Tab"\n\n    ## B\n\n    See [c](c.md) and [d].[^1]\n\n[d]: d.md\n[^1]: Note.\n'
    found = body(engine, text)
    assert [(heading.text, heading.id) for heading in found.headings] == [("A", "a"), ("B", "b")]
    assert {(item.target, item.line) for item in found.references} >= {("c.md", 7), ("d.md", 9)}
    assert 'class="footnote-ref"' in found.html


@both
def test_they_survive_the_filter_for_untrusted_text(engine):
    text = '!!! note\n    One.\n\n=== "A"\n    Two.\n\n```py title="a.py"\nx\n```\n'
    assert render(engine, text, trusted=False) == render(engine, text).replace(' tabindex="0"', "").replace(
        "<pre>", '<pre tabindex="0">'
    ).replace(" open>", ' open="">')


@both
def test_feeds_and_search_contain_their_text(engine):
    text = '!!! note\n    One.\n\n=== "Linux"\n    Two.\n\n=== "macOS"\n    Three.\n\n```py title="a.py"\nfour\n```\n'
    html = body(engine, text).html
    shown = clean(html, "https://example.org/a/").html
    for part in ("Note", "One.", "Linux", "Two.", "macOS", "Three.", "a.py", "four"):
        assert part in shown
        assert part in text_of(html)
    assert "name=" not in shown


LINES = st.lists(
    st.sampled_from(
        [
            "",
            "!!! note",
            '!!! tip "T"',
            '=== "A"',
            '===! "B"',
            "> [!NOTE]",
            "> q",
            "- item",
            "1. item",
            "text",
            "```",
            '```py title="x"',
            "***",
        ]
    ).flatmap(lambda line: st.integers(0, 3).map(lambda level: "    " * level + line if line else "")),
    max_size=14,
)


@given(LINES)
def test_their_html_is_balanced_and_contains_no_placeholder(lines):
    for engine in ENGINES:
        html = body(engine, "\n".join(lines)).html
        assert not re.search("[\ufdd0-\ufdef\x02\x03]|--title-[0-9a-f]", html)
        for name in ("div", "details", "figure", "blockquote"):
            assert len(re.findall(rf"<{name}\b", html)) == html.count(f"</{name}>"), engine
        assert html.count("<details") == html.count("<summary>")


@given(st.text(st.characters(exclude_characters='"\n\r', exclude_categories=["Cs", "Cc"]), min_size=1, max_size=300))
def test_a_title_is_unchanged(title):
    found = find_title(f'python title="{title}"')
    assert found == " ".join(title.split())[:MAX_TITLE]
    assert split_title(join_title("c++", found)) == ("c++", found)
    assert split_title("c++--title-zz") == ("c++--title-zz", "")
