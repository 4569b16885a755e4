"""What both Markdown engines must make the same of: fences, quotes of text, and the ends of lists and quotes."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown import Markdown

from sitegen.config import schema
from sitegen.config.schema import ENGINES
from sitegen.markdown.engines.python_markdown import build
from sitegen.markdown.fence_languages import language_of
from sitegen.markdown.renderer import MarkdownRenderer
from tests.support.processor_time import takes_less

RENDERERS = {engine: MarkdownRenderer(schema.Markdown(engine=engine, highlight=False)) for engine in ENGINES}


def render(engine, text):
    """Return the HTML of Markdown without line breaks between blocks."""
    return re.sub(r">\n+<", "><", RENDERERS[engine].render(text, path="content/posts/a.md").html.strip())


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("info", "language"),
    [
        ("", ""),
        ("python", "python"),
        (" python ", "python"),
        ('python title="x.py"', "python"),
        ("python {linenos=table,hl_lines=[1]}", "python"),
        ("python{linenos=table}", "python"),
        ("js{1,3}", "js"),
        ("rust,no_run", "rust"),
        ("js:title.js", "js"),
        ("{.python}", "python"),
        ("{r setup, echo=FALSE}", "r"),
        ("c++", "c++"),
        ("C#", "C#"),
        ('title="x.py"', ""),
        ('{title="x.py"', ""),
    ],
)
@pytest.mark.parametrize("fence", ["```", "~~~~"])
def test_a_fence_names_the_language_by_its_first_word(engine, info, language, fence):
    html = render(engine, f"Before.\n\n{fence}{info}\n\nx = 1\n  <b>\n{fence}\n\nAfter.")
    name = f' class="language-{language}"' if language else ""
    assert f'<pre tabindex="0"><code{name}>\nx = 1\n  &lt;b&gt;\n</code></pre>' in html
    assert html.startswith("<p>Before.</p>")
    assert html.endswith("<p>After.</p>")


@given(st.text(st.characters(exclude_characters="`\n\r", exclude_categories=["Cs", "Cc"]), max_size=30))
def test_code_stays_code_with_any_info_string(info):
    for engine in ENGINES:
        html = render(engine, f"```{info}\none\n\ntwo\n```\n")
        assert re.fullmatch(r"<pre[^>]*><code[^>]*>one\n\ntwo\n</code></pre>", html), (engine, html)
    assert "<" not in language_of(info)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("```\na\n\nb", "<pre><code>a\n\nb</code></pre>"),
        ("```\na\n`````\nb", "<pre><code>a\n</code></pre><p>b</p>"),
        ("````\n```\n````", "<pre><code>```\n</code></pre>"),
        ("``` a`b ```", "<p><code>a`b</code></p>"),
        (" ```\n a\n  b\n ```", "<pre><code>a\n b\n</code></pre>"),
        (
            "1. a\n\n    ```js x\n    y\n\n      z\n    ```\n2. b",
            '<ol><li><p>a</p><pre><code class="language-js">y\n\n  z\n</code></pre></li><li><p>b</p></li></ol>',
        ),
        (
            "> ```js\n> x\n>\n> y\n> ```\n> z",
            '<blockquote><pre><code class="language-js">x\n\ny\n</code></pre><p>z</p>',
        ),
        ("> a\n>\n> ```\n> b\n\nc", "<blockquote><p>a</p><pre><code>b\n</code></pre></blockquote><p>c</p>"),
        (
            "10. a\n\n    b\n\n        z\n        ```\n        y\n\nb",
            '<ol start="10"><li><p>a</p><p>b</p><pre><code>z\n```\ny\n</code></pre></li></ol><p>b</p>',
        ),
        (
            "10. a\n\n       ```\n       b\n       ```\n",
            '<ol start="10"><li><p>a</p><pre><code>b\n</code></pre></li></ol>',
        ),
        ("- a\nb\n\n    ```\n    c\n    ```\n", "<ul><li><p>a\nb</p><pre><code>c\n</code></pre></li></ul>"),
        ("- a\n\n ```\n b\n ```\n", "<ul><li>a</li></ul><pre><code>b\n</code></pre>"),
        ("a\n\n    ```\n    b\n", "<p>a</p><pre><code>```\nb\n</code></pre>"),
        ("* A.\n\n    > B.\n* C.", "<ul><li><p>A.</p><blockquote><p>B.</p></blockquote></li><li><p>C.</p></li></ul>"),
        ("* A.\n\n    B.\n* C.", "<ul><li><p>A.</p><p>B.</p></li><li><p>C.</p></li></ul>"),
        ("1. A.\n\n    > B.\n2. C.", "<ol><li><p>A.</p><blockquote><p>B.</p></blockquote></li><li><p>C.</p></li></ol>"),
        ("> A.\n* B.", "<blockquote><p>A.</p></blockquote><ul><li>B.</li></ul>"),
        ("> A.\n# B", '<blockquote><p>A.</p></blockquote><h1 id="b">B</h1>'),
        ("> A.\n***\nB.", "<blockquote><p>A.</p></blockquote><hr><p>B.</p>"),
        ("۱. A.\n\n٢. B.", "<p>۱. A.</p><p>٢. B.</p>"),
        ("- A.\n- ۱. B.", "<ul><li>A.</li><li>۱. B.</li></ul>"),
        ("> A,\nB.", "<blockquote><p>A,\nB.</p></blockquote>"),
    ],
)
def test_blocks_within_each_other_end_where_commonmark_ends_them(engine, text, html):
    found = render(engine, text).replace(' tabindex="0"', "").replace("\n</code>", "</code>")
    assert found.startswith(html.replace("\n</code>", "</code>"))


@pytest.mark.parametrize("line", ["    ```", "- ```", "> ```x", " " * 7 + "~~~ a", "```` `", "- a\n\n    ```"])
def test_many_fences_take_time_in_proportion(line):
    markdown = build(Markdown, (), smart=True)
    lines = f"{line}\n".split("\n") * 10_000
    # A search among all lines so far takes ten times as long.
    assert takes_less(lambda: markdown.preprocessors["fenced_code_block"].run(list(lines)), seconds=2)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"*x*"', "“<em>x</em>”"),
        ('"**B**"', "“<strong>B</strong>”"),
        ('"`code`"', "“<code>code</code>”"),
        ("'`code`'", "‘<code>code</code>’"),
        ("(\"*x*\") and ('*y*')", "(“<em>x</em>”) and (‘<em>y</em>’)"),
        ('"[a](/b)", c', '“<a href="/b">a</a>”, c'),
        ('"<em>x</em>" ok', "“<em>x</em>” ok"),
        ('*"x"*', "<em>“x”</em>"),
        ('"1990"\'s', "“1990”’s"),
        ('"...and"', "“…and”"),
        ('¿"que"?', "¿“que”?"),
        ("it's the '80s", "it’s the ’80s"),
        ("dogs' bones", "dogs’ bones"),
        ("[a]'s", "[a]’s"),
        ("\"'Quoted' words\" here", "“‘Quoted’ words” here"),
        ("'\"Q\" w'", "‘“Q” w’"),
        ('a--"b"--c', "a–“b”–c"),
        ('l\'"homme"', "l’“homme”"),
        ('\\"x\\"', '"x"'),
        ('"&amp;"', "“&amp;”"),
    ],
)
def test_quotes_open_and_close_by_what_is_beside_them(engine, text, expected):
    html = render(engine, text).replace("&quot;", '"').replace("\x02", "").replace("\x03", "")
    assert html == f"<p>{expected}</p>"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('漢字"引用"です', "漢字“引用”です"),
        ('5"x7" and 6\'2"', "5”x7” and 6’2”"),
        ('"one\n\n"two"', "“one</p><p>“two”"),
        ('"text"[^1] and "more"\n\n[^1]: n', "“text”"),
        ('| "a" | *b*\'s |\n|---|---|\n| 1 | 2 |', "<th>“a”</th><th><em>b</em>’s</th>"),
        ('"a"<br>"b"', "“a”<br>“b”"),
        ('&mdash;"a"', "&mdash;“a”"),
    ],
)
def test_quotes_of_the_default_engine(text, expected):
    assert expected in render("python-markdown", text)


@pytest.mark.parametrize("engine", ENGINES)
def test_curly_quotes_are_preserved_beside_a_character_reference(engine):
    html = MarkdownRenderer(schema.Markdown(engine=engine), "de").render('“a” &#42; "b" &#2;', path="a.md").html
    assert unescape(html).strip() == "<p>“a” * „b“ </p>"
