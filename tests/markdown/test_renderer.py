import re
import signal
import subprocess
import sys
import threading
import time
import tracemalloc
from html import unescape
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown.extensions import Extension
from markdown.extensions.wikilinks import WikiLinkExtension

from sitegen.config.schema import Markdown
from sitegen.errors import SiteError
from sitegen.markdown.renderer import MarkdownRenderer
from sitegen.markdown.summary import MAX_COUNTED_CHARACTERS, count_words
from sitegen.markdown.url_placeholders import fill_in_urls
from sitegen.model import Heading, Reference

ENGINES = ("python-markdown", "commonmark")
CODE = "```python\nprint('<b>')  # note\n```\n"


@pytest.fixture(params=ENGINES)
def engine(request):
    return request.param


@pytest.fixture
def render(engine):
    renderer = MarkdownRenderer(Markdown(engine=engine))

    def render(text, **settings):
        return renderer.render(text, **{"path": "content/posts/a.md", **settings})

    return render


def test_importing_the_package_loads_no_library():
    program = "import sys, sitegen.markdown; print({'markdown', 'pyromark', 'pygments', 'nh3'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"


def test_an_empty_text_is_an_empty_body(render):
    body = render("")
    assert (body.html.strip(), body.headings, body.references, body.words, body.summary) == ("", (), (), 0, "")


def test_paragraphs_and_emphasis_become_html(render):
    assert render("One *two* **three**.").html.strip() == "<p>One <em>two</em> <strong>three</strong>.</p>"


def test_a_post_can_choose_the_other_engine():
    renderer = MarkdownRenderer(Markdown())
    assert "<del>" not in renderer.render("~~a~~", path="a.md").html
    assert "<del>a</del>" in renderer.render("~~a~~", path="a.md", engine="commonmark").html


# Headings


def test_heading_ids_keep_every_script(render):
    headings = render("# Über uns\n\n## 漢字かな\n\n### שלום עולם\n\n#### مرحبا\n\n##### Привет").headings
    assert [heading.id for heading in headings] == ["über-uns", "漢字かな", "שלום-עולם", "مرحبا", "привет"]
    assert [heading.level for heading in headings] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("What's new", "whats-new"),
        ("What’s *really* new?", "whats-really-new"),
        ("`foo_bar`", "foo_bar"),
        ("v1.2", "v12"),
        ("Q & A", "q--a"),
        ("C++ and C#", "c-and-c"),
        ("A [link](b.md) to `code`", "a-link-to-code"),
        ("pre-release", "pre-release"),
        ("x² and Ⅷ", "x-and-ⅷ"),
        ("🎉 Party", "-party"),
        ("می\u200cخواهم", "میخواهم"),
        ("Cre\u0300me", "crème"),
    ],
)
def test_heading_ids_are_those_of_github(render, heading, anchor):
    assert [item.id for item in render(f"## {heading}").headings] == [anchor]


def test_equal_headings_get_different_ids(render):
    body = render("# Same\n\n# Same\n\n# Same 2\n\n# Same")
    assert [heading.id for heading in body.headings] == ["same", "same-1", "same-2", "same-3"]


def test_an_explicit_id_wins_and_is_not_given_to_another(render):
    body = render("# Start\n\n# Other {#start}")
    assert body.headings == (Heading(1, "start-1", "Start"), Heading(1, "start", "Other"))
    assert '<h1 id="start">Other</h1>' in body.html


def test_a_heading_without_letters_still_gets_an_id(render):
    assert render("# ???\n\n# !!!").headings == (Heading(1, "section", "???"), Heading(1, "section-1", "!!!"))


def test_a_headings_text_has_no_markup_and_no_footnote_number(render):
    body = render("## A *b* [c](d.md) & `e<f>`[^1]\n\n[^1]: Note.")
    assert body.headings == (Heading(2, "a-b-c--ef", "A b c & e<f>"),)


def test_headings_in_raw_html_count_too(render):
    assert render('<h2 class="x">Raw</h2>').html.strip() == '<h2 class="x" id="raw">Raw</h2>'


# Code


def test_fenced_code_gets_classes_and_no_styles(render):
    html = render(CODE).html
    assert html.startswith('<pre tabindex="0"><code class="language-python"><span class="nb">print</span>')
    assert '<span class="c1"># note</span>\n</code></pre>' in html
    assert "&lt;b&gt;" in html
    assert "style=" not in html


@pytest.mark.parametrize("fence", ["nolanguage", "", "a-b+c#"])
def test_code_in_no_known_language_is_plain_and_escaped(render, fence):
    html = render(f'```{fence}\n<b>&amp; "x"\n```\n').html
    assert "span" not in html
    assert html.replace("&quot;", '"').rstrip().endswith('&lt;b&gt;&amp;amp; "x"\n</code></pre>')


def test_indented_code_is_plain(render):
    assert render("a\n\n    b <c>\n").html.rstrip().endswith('<pre tabindex="0"><code>b &lt;c&gt;\n</code></pre>')


def test_blank_lines_at_the_ends_of_code_stay(render):
    html = render("```python\n\n\nx\n\n\n```").html
    assert (
        html.replace("&quot;", '"')
        .rstrip()
        .endswith('"language-python">\n\n<span class="n">x</span>\n\n\n</code></pre>')
    )


def test_highlighting_can_be_turned_off(engine):
    html = MarkdownRenderer(Markdown(engine=engine, highlight=False)).render(CODE, path="a.md").html
    assert "<span" not in html
    assert 'class="language-python"' in html


def test_pygments_is_not_loaded_for_a_post_without_a_language():
    program = (
        "import sys; from sitegen.config.schema import Markdown\n"
        "from sitegen.markdown.renderer import MarkdownRenderer\n"
        "MarkdownRenderer(Markdown(engine='commonmark')).render('`a`\\n\\n    b\\n', path='a.md')\n"
        "print({'markdown', 'pygments', 'nh3'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"


# Tables, footnotes, tasks


@pytest.mark.parametrize("end", ["</table>", "</table >", "</TABLE\n>"])
def test_a_table_in_html_scrolls_however_its_end_is_written(render, end):
    assert render(f"<table><tr><td>a</td></tr>{end}\n").html.rstrip("\n") == (
        '<div class="table" tabindex="0"><table><tr><td>a</td></tr></table></div>'
    )


def test_the_end_of_a_table_in_a_comment_or_a_script_is_unchanged(render):
    html = "<!-- </table> -->\n<script>a = '</table>'</script>\n"
    assert render(html).html.split() == html.split()


def test_tables_scroll_and_align_by_class(render):
    html = render("| a | b | c |\n|--:|:-:|---|\n| 1 | 2 | 3 |\n").html
    assert html.startswith('<div class="table" tabindex="0"><table>')
    assert html.rstrip().endswith("</table></div>")
    assert '<th class="align-right">a</th>' in html
    assert '<td class="align-center">2</td>' in html
    assert "<td>3</td>" in html
    assert "style=" not in html


def test_footnotes_lead_there_and_back(render):
    html = render("A[^1] b[^2] c[^1].\n\n[^1]: First.\n[^2]: Second.\n").html
    assert '<sup id="fnref:1"><a class="footnote-ref" href="#fn:1">1</a></sup>' in html
    assert '<sup id="fnref2:1"><a class="footnote-ref" href="#fn:1">1</a></sup>' in html
    assert html.count('class="footnote-backref"') == 3
    assert html.index('<li id="fn:1">') < html.index('<li id="fn:2">')
    assert "English" not in html
    assert "Jump back" not in html


def test_a_footnote_that_no_text_refers_to_has_no_link_back(render):
    html = render("x[^a]\n\n[^a]: one\n[^b]: two").html
    assert html.count('class="footnote-backref"') == 1
    assert "two" in html


def test_commonmark_footnotes_move_to_the_end_in_order_of_use():
    text = "[^b]: See[^c].\n\n    ```\n    <div>\n    ```\n\nText[^a] and[^b].\n\n[^c]: C.\n[^a]: A.\n[^d]: D.\n\nEnd."
    html = MarkdownRenderer(Markdown()).render(text, path="a.md", engine="commonmark").html
    offsets = [html.index(part) for part in ("Text", "End.", 'id="fn:1"', "A.", 'id="fn:2"', "See", 'id="fn:3"', "C.")]
    assert offsets == sorted(offsets)
    assert "footnote-definition" not in html
    assert html.index("D.") > offsets[-1]


def test_checkboxes_of_tasks_are_characters():
    html = MarkdownRenderer(Markdown()).render("- [ ] a\n- [x] b\n", path="a.md", engine="commonmark").html
    assert html.split("\n")[1:3] == ['<li class="task">☐ a</li>', '<li class="task">☑ b</li>']


# Punctuation


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "“a” ‘b’ don’t"),
        ("", "“a” ‘b’ don’t"),
        ("xx", "“a” ‘b’ don’t"),
        ("de", "„a“ ‚b‘ don’t"),
        ("de-AT", "„a“ ‚b‘ don’t"),
        ("de-CH", "«a» ‹b› don’t"),
        ("fr", "«\u202fa\u202f» “b” don’t"),
        ("fr_CA", "«\u202fa\u202f» “b” don’t"),
        ("pl", "„a” ‚b’ don’t"),
        ("sv", "”a” ’b’ don’t"),
        ("ru", "«a» „b“ don’t"),
    ],
)
def test_quotes_follow_the_language(render, language, expected):
    assert render("\"a\" 'b' don't", language=language).html.strip() == f"<p>{expected}</p>"


def test_the_sites_language_serves_posts_without_one(engine):
    assert "„a“" in MarkdownRenderer(Markdown(engine=engine), "de").render('"a"', path="a.md").html


def test_quotes_that_were_typed_as_such_stay(render):
    assert render('“a” ‘b’ "c"', language="de").html.strip() == "<p>“a” ‘b’ „c“</p>"


def test_code_keeps_its_quotes_and_dashes(render):
    assert "<code>\"a\" -- 'b'...</code>" in render("`\"a\" -- 'b'...`", language="de").html.replace("&quot;", '"')


def test_dashes_and_ellipses_become_characters(render):
    assert render("a -- b --- c...").html.strip() == "<p>a – b — c…</p>"


def test_smart_quotes_can_be_turned_off(engine):
    html = MarkdownRenderer(Markdown(engine=engine, smart_quotes=False), "de").render('"a" -- don\'t', path="a.md").html
    assert html.replace("&quot;", '"').strip() == '<p>"a" -- don\'t</p>'


# URLs


def test_urls_that_depend_on_the_site_get_marks(render):
    text = "[a](b.md#c) [r](/about/) ![i](p.png) [x](https://e.org/) [m](mailto:a@b.c) [f](#z) [s](//e.org/) [e]()"
    body = render(text)
    placed = []
    fill_in_urls(body.html, lambda url: placed.append(url) or url)
    assert placed == ["b.md#c", "/about/", "p.png"]
    assert [reference.target for reference in body.references] == ["b.md#c", "/about/", "p.png"]


def test_urls_in_raw_html_get_marks_too(render):
    body = render(
        "<video src='v.mp4' poster=\"p.jpg\"></video>\n\n"
        '<IMG SRC=a.png SRCSET="a.png 1x, b.png 2x, https://e.org/c.png 3x">\n\n'
        "<img alt='a href=\"no.md\"' src='data:image/gif;base64,R0lG'>\n"
    )
    targets = [reference.target for reference in body.references]
    assert sorted(targets) == ["a.png", "a.png", "b.png", "p.jpg", "v.mp4"]
    assert 'SRCSET="/a.png 1x, /b.png 2x, https://e.org/c.png 3x"' in fill_in_urls(body.html, lambda url: f"/{url}")


def test_code_comments_and_scripts_hold_no_urls(render):
    text = '`<a href="a.md">`\n\n    <a href="b.md">\n\n<!-- <a href="c.md"> -->\n\n<script>"<a href=d.md>"</script>\n'
    body = render(text)
    assert body.references == ()
    assert fill_in_urls(body.html, lambda _: "!") == body.html


def test_a_placed_url_is_plain_for_the_resolver_and_escaped_in_the_page(render):
    body = render("[a](b.md?x=1&y=2)")
    assert 'href="/R?a&amp;b&quot;"' in fill_in_urls(body.html, lambda url: {"b.md?x=1&y=2": '/R?a&b"'}[url])


def test_html_without_marks_is_given_back_as_it_is():
    html = "<p>nothing</p>"
    assert fill_in_urls(html, lambda _: "!") is html


def test_an_email_in_angle_brackets_is_a_mail_link_and_not_a_file(render):
    body = render("Write to <ann@example.org>.")
    assert body.references == ()
    assert 'href="mailto:ann@example.org"' in unescape(fill_in_urls(body.html, lambda url: f"/wrong/{url}"))


def test_references_know_their_line(render):
    text = "See [a](a.md).\n\nAnd\n[b](posts/a.md) ![c](<sp ace.png>)\n\n[d][ref]\n\n[ref]: d.md\n"
    lines = {(reference.target.replace("%20", " "), reference.line) for reference in render(text, line=10).references}
    assert lines == {("a.md", 10), ("posts/a.md", 13), ("sp ace.png", 13), ("d.md", 17)}


def test_a_reference_is_a_plain_value(render):
    assert render("[a](ä.md)").references[0].line == 1
    assert isinstance(render("[a](b.md)").references[0], Reference)


# Words and summary


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("One two — three.", 3),
        ("don't well-known", 2),
        ("**bold** `code` [link text](http://example.org/a-b-c)", 4),
        ("漢字かな", 4),
        ("漢字 and 한국", 5),
        ("# Title\n\nText & more <br> x", 4),
        ("привет мир", 2),
    ],
)
def test_words_are_counted(render, text, words):
    assert render(text).words == words


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        ("# T\n\n> quote\n\n- item\n\nFirst *para*\nof `it` & so on.\n\nSecond.", "First para of it & so on."),
        ("![only](a.png)\n\nText[^1].\n\n[^1]: Note.", "Text."),
        ("| a |\n|---|\n| b |\n\n> q\n\nP", "P"),
        ("> only a quote", ""),
        ("x <b>y</b> 1 < 2", "x y 1 < 2"),
    ],
)
def test_the_summary_is_the_first_paragraphs_text(render, text, summary):
    assert render(text).summary == summary


def test_a_long_summary_ends_at_a_word(render):
    summary = render("word, " * 100).summary
    assert len(summary) <= 300
    assert summary.endswith("word…")


def test_a_long_summary_without_spaces_is_cut_anywhere(render):
    assert render("漢" * 500).summary == "漢" * 299 + "…"


def test_a_summary_is_not_cut_between_a_letter_and_its_accent(render):
    assert render("e\u0301" * 200).summary == "e\u0301" * 149 + "…"


# Characters, trust


def test_characters_that_xml_forbids_are_taken_out(render):
    body = render("a\x00b\x02c\x0bd\ud800e\ufffef\x02klzzwxh:0000\x03\n\n# g\x1bh")
    assert body.html.startswith("<p>abcdefklzzwxh:0000</p>")
    assert body.headings == (Heading(1, "gh", "gh"),)


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_line_ends_do_not_matter(render, line_end):
    assert render("a\n\n- b\n- [c](d.md)\n".replace("\n", line_end)) == render("a\n\n- b\n- [c](d.md)\n")


def test_raw_html_of_a_trusted_post_stays(render):
    assert '<aside data-x="1" onclick="f()">a</aside>' in render('<aside data-x="1" onclick="f()">a</aside>').html


HOSTILE = (
    "[l](javascript:alert(1)) [v](VBScript:x)\n\n<script>alert(1)</script><b onclick='f()'>b</b> "
    '<a href="data:text/html,x">d</a> <img src=x onerror=f()> <iframe src="https://e.org"></iframe> '
    '<p style="position:fixed">p</p> &#2; <style>p{}</style>'
)


@pytest.mark.parametrize(("raw_html", "trusted"), [(True, False), (False, True)])
def test_html_that_is_not_trusted_loses_all_that_can_act(engine, raw_html, trusted):
    renderer = MarkdownRenderer(Markdown(raw_html=raw_html))
    html = renderer.render(HOSTILE, path="a.md", engine=engine, trusted=trusted).html.lower()
    for word in ("script", "onclick", "onerror", "iframe", "style", "data:", "position", "\x02;"):
        assert word not in html
    assert "<b>b</b>" in html


def test_what_markdown_makes_survives_the_filter(render):
    text = '# H {#i}\n\n| a |\n|--:|\n| b |\n\nx[^1] "q"\n\n[^1]: n\n\n' + CODE + "\n[l](a.md) ![p](b.png)\n"
    trusted, filtered = render(text), render(text, trusted=False)
    assert filtered.headings == trusted.headings
    assert filtered.references == trusted.references
    assert filtered.html.count("class=") == trusted.html.count("class=")
    assert 'class="footnote-backref"' in filtered.html
    assert 'class="align-right"' in filtered.html


def test_references_to_characters_that_xml_forbids_go_too(render):
    assert render("a&#2;b&#x1F;c `&#2;` &euro;d&#xFFFE;").html.strip().replace("&euro;", "€") == (
        "<p>abc <code>&amp;#2;</code> €d</p>"
    )


def test_a_footnote_label_with_a_space_makes_a_valid_id(render):
    html = render("a[^x y]\n\n[^x y]: z w\n").html
    assert not re.findall(r'(?:id|href)="[^"]* [^"]*"', html)
    assert html.count('href="#fn:') == html.count('<li id="fn:') == 1
    assert re.search(r'href="#(fn:[^"]*)"', html)[1] in re.findall(r'id="([^"]*)"', html)


def test_void_elements_have_no_slash(render):
    assert render("a  \nb ![c](https://e.org/d.png)\n\n***").html.count("/>") == 0


# Limits

PATHOLOGICAL = {
    "unclosed CDATA": "<![CDATA[" * 2000,
    "500 tight definitions": "".join(f"term {number}\n: text {number}\n" for number in range(500)),
    "long runs of underscores": "_" * 2000 + " a " + "_" * 2000,
    "20,000 headings": "# same\n\n" * 20_000,
    "an 851 KB post": ('A *word* and [link](u.md) `code` "q" it\'s -- ok.\n\n- item\n- two\n\n' * 12_000)[:851_000],
    "nested quotes": ">" * 5000 + " a",
    "nested lists": "".join("    " * depth + "- a\n" for depth in range(200)),
    "nested divs": '<div markdown="1">\n\n' * 300 + "a" + "\n\n</div>" * 300,
    "open brackets": "[" * 8000,
    "open links": "[a](" * 4000,
    "open tags": '<a "' * 4000,
}


# The signal may come in a callback of the garbage collector, where Python drops what is raised: it comes again.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("name", PATHOLOGICAL)
def test_a_pathological_text_ends_in_a_body_or_one_problem(engine, name):
    renderer = MarkdownRenderer(Markdown(engine=engine, seconds=0.5))
    try:
        body = renderer.render(PATHOLOGICAL[name], path="content/posts/a.md", line=7)
    except SiteError as error:
        (problem,) = error.problems
        assert (problem.path, problem.line) == ("content/posts/a.md", 7)
        assert problem.message in (
            "the post takes longer than 0.5 seconds to render",
            "the post is nested too deeply to render",
        )
        assert problem.hint
    else:
        assert body.html
    assert renderer.render("*a*", path="b.md").html.strip() == "<p><em>a</em></p>"


def test_definitions_that_the_library_cannot_nest_are_rendered():
    body = MarkdownRenderer(Markdown()).render(PATHOLOGICAL["500 tight definitions"], path="a.md")
    assert body.html.count("<dd>") == 500


def test_a_text_that_nests_too_deep_is_its_own_problem():
    renderer = MarkdownRenderer(Markdown(seconds=60))
    text = "".join(f"term {number}\n: text\n" for number in range(4000))
    with pytest.raises(SiteError, match=r"a\.md:1: the post is nested too deeply to render"):
        renderer.render(text, path="a.md")


def test_text_that_unclosed_html_would_lose_is_a_problem():
    renderer = MarkdownRenderer(Markdown())
    message = "a.md:3: HTML elements with a `markdown` attribute are not closed, and their text would be lost"
    with pytest.raises(SiteError, match=re.escape(message)):
        renderer.render('<div markdown="1">\n\n' * 2 + "*a*", path="a.md", line=3)
    code = '```html\n<div markdown="1">\n<div markdown="1">\n```\n'
    assert "<p>a</p>" in renderer.render(f"a\n\n{code}", path="a.md").html
    closed = renderer.render('<div markdown="1">\n\n' * 2 + "*a*" + "\n\n</div>" * 2, path="a.md")
    assert "<em>a</em>" in closed.html


def test_the_result_does_not_depend_on_the_depth_of_the_call():
    renderer = MarkdownRenderer(Markdown())
    text = ">" * 400 + " a"

    def deeper(calls):
        return renderer.render(text, path="a.md") if calls == 0 else deeper(calls - 1)

    assert deeper(0) == deeper(600)


def test_limits_leave_the_process_as_it_was(render):
    before = (sys.getrecursionlimit(), signal.getsignal(signal.SIGVTALRM))
    signal.setitimer(signal.ITIMER_VIRTUAL, 50, 7)
    try:
        render("a")
        left, interval = signal.getitimer(signal.ITIMER_VIRTUAL)
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    assert 0 < left < 51
    assert interval == 7
    assert (sys.getrecursionlimit(), signal.getsignal(signal.SIGVTALRM)) == before


def test_a_text_is_rendered_in_a_thread_too(render):
    bodies = []
    thread = threading.Thread(target=lambda: bodies.append(render("*a*")))
    thread.start()
    thread.join()
    assert bodies == [render("*a*")]


# Extensions


def test_the_sites_own_extensions_are_used():
    renderer = MarkdownRenderer(Markdown(extensions=("admonition",)))
    assert '<div class="admonition note">' in renderer.render("!!! note\n    a", path="a.md").html


def test_extension_objects_of_a_hook_are_used():
    renderer = MarkdownRenderer(Markdown(), "en", [WikiLinkExtension(base_url="/w/")])
    assert fill_in_urls(renderer.render("[[Page]]", path="a.md").html, str).startswith(
        '<p><a class="wikilink" href="/w/Page/">'
    )


def test_extensions_that_cannot_be_loaded_are_all_named():
    renderer = MarkdownRenderer(Markdown(extensions=("no_such_extension", "sitegen.errors")))
    with pytest.raises(SiteError) as caught:
        renderer.render("a", path="a.md")
    assert [problem.message.split('"')[1] for problem in caught.value.problems] == [
        "no_such_extension",
        "sitegen.errors",
    ]


def test_one_post_leaves_nothing_behind_for_the_next(render):
    alone = render("[a][r] x[^1] AB\n\n# T")
    render("[r]: /u\n[^1]: note\n*[AB]: abbreviation\n\n# T\n\n<div>\n\n> q x[^1]")
    assert render("[a][r] x[^1] AB\n\n# T") == alone


class WaitingExtension(Extension):
    """Waits without work, as on a busy machine, while a post is rendered."""

    def extendMarkdown(self, md):  # noqa: N802 - of Python-Markdown
        md.preprocessors.register(SimpleNamespace(run=lambda lines: time.sleep(0.6) or lines), "waiting", 0)


def test_time_is_that_of_the_processor():
    renderer = MarkdownRenderer(Markdown(seconds=0.5), "en", [WaitingExtension()])
    assert renderer.render("a", path="a.md").words == 1


PIECES = ["a", "é", "–", "—", " ", "\n", "\t", "\xa0", "\u2003", "\u2028", "\u1680", "\x85", "<b>", "</p>\n<p>"]


@given(
    st.lists(st.sampled_from([*PIECES, "&amp;", " &amp; ", "it’s", "\u3000", "\u200b", "<a href='–'>", "ا"])).map(
        "".join
    )
)
def test_words_are_counted_as_white_space_and_dashes_part_them(html: str) -> None:
    text = re.sub("<[^>]*>", " ", re.sub("[–—]", " ", html))
    assert count_words(html) == len(text.split()) - text.count(" &amp; ")


@pytest.mark.parametrize("word", ["one", "dva", "три", "words &amp; more", 'a<br title="&gt; b">c', "雪"])
def test_words_of_long_html_are_counted_in_little_memory(word: str) -> None:
    paragraph = f"<p><em>{word}</em> <b>x</b></p>\n"
    number = 4 * MAX_COUNTED_CHARACTERS // len(paragraph)
    html = paragraph * number
    tracemalloc.start()
    count = count_words(html)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == count_words(paragraph) * number
    assert peak < 40 * MAX_COUNTED_CHARACTERS
