import pytest

from sitegen.search.html_text import text_of

CASES = (
    ("<p>One</p><p>two</p>", "One two"),
    ("<p>A <b>tele</b>graph &amp; <em>wire</em>s</p>", "A telegraph & wires"),
    ("one<br>two<br/>three", "one two three"),
    ("<td>1</td><td>2</td>", "1 2"),
    ("a<script>alert('<p>no</p>')</script>b<style>p{}</style>c<!-- <p>no</p> -->d", "a b c d"),
    ("<pre><code>if x &lt; 2:\n    print(x)</code></pre>", "if x < 2: print(x)"),
    ('note<a class="footnote-backref" href="#fnref:1" title="Back">↩</a>', "note"),
    ('<a href="#fn1"\n   class="footnote-ref footnote-backref">↩︎</a>kept', "kept"),
    ('<a class="link" href="/x/">kept</a>', "kept"),
    ('<img alt="not shown" src="x.svg"> after', "after"),
    ("<svg><title>not read</title></svg>figure", "figure"),
    ("2 < 3 and 4 > 1", "2 < 3 and 4 > 1"),
    ("<custom-element data-x='1'>in</custom-element>side", "in side"),
    ("&eacute;t&#233; &nbsp;x", "été x"),
    ("", ""),
)


@pytest.mark.parametrize(("html", "text"), CASES)
def test_text_is_what_a_reader_sees(html, text):
    assert " ".join(text_of(html).split()) == text


INLINE = """
a abbr b bdi bdo cite code data del dfn em i ins kbd mark q ruby s samp small span strong sub sup time u var wbr
"""
BLOCKS = "article aside br dd details div dt figure h1 li p pre section summary table td tr ul custom-element"


@pytest.mark.parametrize("name", INLINE.split())
def test_inline_elements_do_not_separate_words(name):
    assert text_of(f"tele<{name}>gra</{name.upper()} >ph") == "telegraph"


@pytest.mark.parametrize("name", BLOCKS.split())
def test_other_elements_separate_words(name):
    assert text_of(f"tele<{name}>gra</{name.upper()} >ph").split() == ["tele", "gra", "ph"]


def test_what_is_not_closed_lasts_to_the_end():
    assert text_of("kept <script>lost <p>lost").strip() == text_of("kept <!-- lost").strip() == "kept"


@pytest.mark.parametrize("part", ["<script>", "<!--", "<svg", "<a ", "<", "</", "<a footnote-backref ", "&#", "<b>"])
def test_hostile_text_is_read_in_linear_time(part):
    # Patterns that took time in the square of the length would hold this test up for hours.
    assert isinstance(text_of(part * 200_000), str)
