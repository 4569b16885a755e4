"""Shortcodes: macros of the site that posts call, the same with both engines."""

import re

import pytest

from sitegen.errors import SiteError
from tests.support.sites import CONFIG, build, make_site, write

MACROS = {
    "templates/shortcodes/video.html": (
        '{% macro video(id, title="") %}'
        '<div class="video"><a href="/v/{{ id }}">{{ title or id }}</a></div>{% endmacro %}'
    ),
    "templates/shortcodes/note.html": (
        "{% macro note(content, kind='tip') %}<aside class='{{ kind }}'>{{ content }}</aside>{% endmacro %}"
    ),
    "templates/shortcodes/big-year.html": "{% macro big_year(value) %}<b>{{ value|int + 1 }}</b>{% endmacro %}",
}
ENGINES = ("python-markdown", "commonmark")


def make(root, text, engine="python-markdown", config=CONFIG, macros=MACROS):
    files = {"content/posts/2024-05-01-x.md": f"---\ntitle: X\nmarkdown: {engine}\n---\n{text}\n", **macros}
    make_site(root, files, config=config)
    build(root)
    page = (root / "output/posts/x/index.html").read_text("utf-8")
    found = re.search(r'<div class="body">\n(.*?)\n</div>\n<(?:script|footer)', page, re.DOTALL)[1]
    return re.sub(r"\s+</code>", "</code>", found.replace(' tabindex="0"', "")).strip()


def find_problems(root, text, macros=MACROS, config=CONFIG):
    with pytest.raises(SiteError) as caught:
        make(root, text, macros=macros, config=config)
    return [(problem.path, problem.line, problem.message) for problem in caught.value.problems]


VIDEO = '<div class="video"><a href="/v/a1">a1</a></div>'
CASES = {
    '{{< video "a1" >}}': VIDEO,
    "{{< video a1 >}}": VIDEO,
    "{{<video id=a1/>}}": VIDEO,
    'Before.\n{{< video "a1" >}}\nAfter.': f"<p>Before.</p>\n{VIDEO}\n<p>After.</p>",
    "{{< video id='a1' title='Two \"quoted\" <words>' >}}": (
        '<div class="video"><a href="/v/a1">Two &#34;quoted&#34; &lt;words&gt;</a></div>'
    ),
    "In {{< big-year 2023 >}}, *yes*.": "<p>In <b>2024</b>, <em>yes</em>.</p>",
    "{{< note >}}\nSome *words*.\n\n- one\n{{< /note >}}": (
        "<aside class='tip'><p>Some <em>words</em>.</p>\n<ul>\n<li>one</li>\n</ul></aside>"
    ),
    "{{< note kind=hot >}}\nA {{< big-year 1 >}}\n{{< video a1 >}}\n{{< /note >}}": (
        f"<aside class='hot'><p>A <b>2</b></p>\n{VIDEO}</aside>"
    ),
    "{{< note >}}a{{< note >}}b{{< /note >}}{{< /note >}}": (
        "<aside class='tip'><p>a<aside class='tip'><p>b</p></aside></p></aside>"
    ),
    "- one {{< big-year 1 >}}\n- two": "<ul>\n<li>one <b>2</b></li>\n<li>two</li>\n</ul>",
    "See `{{< video a1 >}}`.": "<p>See <code>{{&lt; video a1 &gt;}}</code>.</p>",
    "    {{< nothing >}}": "<pre><code>{{&lt; nothing &gt;}}</code></pre>",
    "```\n{{< note >}}\nx\n{{< /note >}}\n```": "<pre><code>{{&lt; note &gt;}}\nx\n{{&lt; /note &gt;}}</code></pre>",
    "```\n{{< /note >}}\n```": "<pre><code>{{&lt; /note &gt;}}</code></pre>",
    "A {{< and a }} of {{ text }}.": "<p>A {{&lt; and a }} of {{ text }}.</p>",
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("text", CASES)
def test_a_shortcode_becomes_the_html_of_its_macro(tmp_path, text, engine):
    assert make(tmp_path, text, engine) == CASES[text]


def test_a_shortcode_is_in_feeds_and_search_and_summary(tmp_path):
    make(tmp_path, 'In {{< big-year 2023 >}} it rained.\n\n{{< video "a1" title="Rain" >}}')
    feed = (tmp_path / "output/feed.xml").read_text("utf-8")
    assert "<b>2024</b>" in feed
    assert "https://letter.example.org/v/a1" in feed
    assert (
        '<meta name="description" property="og:description" content="In 2024 it rained.">'
        in (tmp_path / "output/posts/x/index.html").read_text()
    )


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("One.\n\n{{< vidio a >}}", 7, "there is no shortcode `vidio`"),
        ("One.\n\n{{< /note >}}", 7, "`{{< /note >}}` ends a shortcode that does not begin"),
        ("{{< video a=1 >}}", 5, "the shortcode `video` failed: macro 'video' takes no keyword argument 'a'"),
        ("{{< video >}}", 5, "the shortcode `video` failed: parameter 'id' was not provided"),
        ('{{< video "a >}}', 5, 'the values `"a` cannot be read'),
        ("{{< note >}}\na\n\n{{< nope >}}\n{{< /note >}}", 8, "there is no shortcode `nope`"),
        (
            "{{< video a >}}b{{< /video >}}",
            5,
            "the shortcode `video` failed: macro 'video' takes no keyword argument 'content'",
        ),
    ],
)
def test_a_wrong_call_is_reported_at_its_line(tmp_path, text, line, message):
    ((path, at, found),) = find_problems(tmp_path, text)
    assert (path, at) == ("content/posts/2024-05-01-x.md", line)
    assert found.startswith(message)


@pytest.mark.parametrize(
    ("source", "line", "message"),
    [
        ("{% macro video(id) %}\n{% if %}{% endmacro %}", 2, "the shortcode has an error: Expected an expression"),
        ("text", 0, "the file defines no macro `video`"),
        ("{{ nothing }}{% macro video(id) %}{% endmacro %}", 0, "the shortcode has an error: 'nothing' is undefined"),
        (
            "{{ ''.upper }}{% macro video(id) %}{% endmacro %}",
            0,
            "the shortcode has an error: a function cannot be printed",
        ),
    ],
)
def test_a_wrong_macro_is_reported_in_its_file(tmp_path, source, line, message):
    macros = {"templates/shortcodes/video.html": source}
    ((path, at, text),) = find_problems(tmp_path, "{{< video a >}}", macros)
    assert (path, at) == ("templates/shortcodes/video.html", line)
    assert text.startswith(message)


def test_without_macros_the_text_stays_as_it_is(tmp_path):
    assert make(tmp_path, "A {{< video a1 >}}.", macros={}) == "<p>A {{&lt; video a1 &gt;}}.</p>"


def test_shortcodes_are_only_for_trusted_content(tmp_path):
    config = CONFIG + "[markdown]\nraw_html = false\n"
    assert "{{&lt; video a1 &gt;}}" in make(tmp_path, "A {{< video a1 >}}.", config=config)


def test_the_config_maps_imported_shortcodes_to_macros(tmp_path):
    config = CONFIG + '[shortcodes]\nyoutube = "video"\nadvert = ""\n'
    assert make(tmp_path, "{{< youtube a1 >}}\n\n{{< advert 7 >}}\n\nEnd.", config=config) == f"{VIDEO}\n\n<p>End.</p>"
    wrong = find_problems(tmp_path, "Text.", config=CONFIG + '[shortcodes]\nyoutube = "vidio"\nx = 1\n')
    assert wrong == [
        ("sitegen.toml", 5, '`youtube = "vidio"` names a shortcode that is missing'),
        ("sitegen.toml", 6, "`x = 1` does not name a shortcode"),
    ]


def test_changing_a_macro_renders_the_posts_that_call_it_only(tmp_path):
    make(tmp_path, "{{< video a1 >}}")
    write(tmp_path, {"templates/shortcodes/video.html": "{% macro video(id) %}<i>{{ id }}</i>{% endmacro %}"})
    rendered = build(tmp_path).rendered
    assert "posts/x/index.html" in rendered
    assert "posts/first/index.html" not in rendered
    assert "<i>a1</i>" in (tmp_path / "output/posts/x/index.html").read_text("utf-8")
