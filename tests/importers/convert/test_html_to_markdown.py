"""Both engines render the Markdown of converted HTML with the same words, links, images, headings, lists and code."""

import random
import re
from collections import Counter
from datetime import UTC
from html import escape
from urllib.parse import unquote

import pytest
from lxml import etree, html

from sitegen.config.schema import ENGINES, Markdown
from sitegen.importers.archive.archive import Archive, UnreadableError
from sitegen.importers.base import HtmlBody, ImportedPost, Options
from sitegen.importers.convert.clean_html import clean_tree
from sitegen.importers.convert.footnotes import mark_footnotes
from sitegen.importers.convert.html_to_markdown import convert_html
from sitegen.importers.convert.html_tree import parse
from sitegen.importers.convert.normalize import drop_repeated_title
from sitegen.importers.convert.plain_line import plain_line
from sitegen.importers.registry import load_importer, load_recognisers
from sitegen.markdown.renderer import MarkdownRenderer
from tests.support.importing import EXPORTS, SAMPLES

PARTS = frozenset(
    "br p div li td th h1 h2 h3 h4 h5 h6 ul ol blockquote pre hr figcaption figure table tr section dt dd".split()  # noqa: SIM905
)


@pytest.fixture(scope="module", params=ENGINES)
def render(request):
    renderer = MarkdownRenderer(Markdown(engine=request.param, smart_quotes=False, highlight=False, linkify=False))
    return lambda text: re.sub("[\x02\x03]", "", renderer.render(text, path="x.md").html)


def convert(text, base="", title=""):
    return convert_html(HtmlBody(text, base), title).text


def words_of(tree):
    found = []

    def walk(node):
        inside = isinstance(node.tag, str)
        if inside:
            found.extend(("\n" if node.tag in PARTS else "", node.text or ""))
            for child in node:
                walk(child)
            found.append("\n" if node.tag in PARTS else "")
        found.append(node.tail or "")

    walk(tree)
    return "".join(found).split()


def shows(node):
    return bool(node.text_content().strip()) or node.find(".//img") is not None


def content_of(text):
    """Return the content of a page: words in order, links, images, headings, the number of list items, code."""
    tree = html.fromstring("<div>" + re.sub("<br ?/?>", "<br> ", text or " ") + "</div>")
    return {
        "words": words_of(tree),
        "links": {
            *(unquote(link.get("href")) for link in tree.iter("a") if link.get("href") and shows(link)),
            *(unquote(player.get("src")) for player in tree.iter("audio", "video") if player.get("src")),
        },
        "images": [(image.get("src"), " ".join((image.get("alt") or "").split())) for image in tree.iter("img")],
        "headings": [
            (node.tag, " ".join(node.text_content().split()))
            for n in range(1, 7)
            for node in tree.iter(f"h{n}")
            if shows(node)
        ],
        "items": sum(1 for item in tree.iter("li") if shows(item)),
        "code": Counter(
            " ".join(node.text_content().split())
            for node in tree.iter("pre", "code")
            if shows(node) and node.find("code") is None
        ),
    }


def round_trip(text, render):
    source = etree.tostring(parse(text, Counter()), encoding="unicode", method="html")
    assert content_of(render(convert(text))) == content_of(source)


LOOKALIKES = r"""1. not an item
12) nor this
# no heading
#hashtag
> no quote
- no item
+ no item
* star
---
===
~~~
```
: no definition
[x]: http://no.reference
[^1]
[^1]: no note
*[A]: no abbreviation
[a](b)
![a](b)
a_b_c _d_ __e__
*f* **g** ***h***
`i` ``j``
<b>k</b>
&amp; &copy &#65;
~~l~~ ~m~
| n | o |
{: .p }
q {#r}
\* \ C:\new
s!
“t” ‘u’
[ ] v
{{ w }}
$x$ ^y^
http://z.example/a_b_c*d
a  b
1986\. A great year
<!-- c -->
AT&T
3 < 4 > 2
<
&
end\
    four spaces
日本語 テキスト
😀 _😀_""".splitlines()


@pytest.mark.parametrize("text", LOOKALIKES)
def test_text_that_looks_like_markup_is_escaped(text, render):
    shown = escape(text)
    for source in (
        f"<p>{shown}</p>",
        f"<p>before<br>{shown}<br>{shown}</p>",
        f"<ul><li>{shown}</li><li><p>{shown}</p><p>{shown}</p></li></ul>",
        f"<blockquote><p>{shown}</p></blockquote>",
        f"<h2>{shown}</h2><p><b>{shown}</b> <em>{shown}</em></p>",
        f'<p><a href="http://a.example/">{shown}</a>x <img src="http://a.example/i.png" alt="{shown}"></p>',
        f"<table><tr><th>{shown}</th><th>x</th></tr><tr><td>{shown}</td><td>{shown}</td></tr></table>",
        f"<figure><img src='http://a.example/i.png'><figcaption>{shown}</figcaption></figure>",
    ):
        round_trip(source, render)


@pytest.mark.parametrize(
    "source",
    [
        "<ol><li>a<ul><li>b<ol><li>c</li></ol></li></ul></li><li>d</li></ol>",
        "<ul><li>a</li></ul><ul><li>b</li></ul><ol><li>c</li></ol>",
        "<ul><li><p>a</p><pre>code\n  more</pre></li><li>b</li></ul>",
        "<ul><li><pre>```\nfenced</pre></li></ul>",
        "<ul><li><h3>a</h3>b</li><li><blockquote>c</blockquote></li><li></li></ul>",
        "<ul><li>a</li><ul><li>b</li></ul></ul>",
        "<blockquote><p>a</p><blockquote>b</blockquote><ul><li>c</li></ul><pre>d\n\ne</pre></blockquote><blockquote>f</blockquote>",
        "<pre><code class='language-c++'>a\n\n\nb ``` ```` c\n\td &lt;e&gt; &amp;amp;</code></pre>",
        "<p><code>`</code> <code>a``b</code><code>c</code> <code>\\</code> <code>|</code></p>",
        "<p>a<b>b</b>c <i>d </i>e<em><b>f</b></em>g<b><i>h</i> i</b><b>j</b><b>k</b> l<b>m.</b>n</p>",
        "<p><a href='http://a.example/(x)?b=[1]&c=_d_ e'>f <b>g</b></a>!"
        "<a href='http://b.example/'><img src='http://i.example/jk.png'></a></p>",
        "<a href='http://a.example/'><h2>b</h2><p>c</p></a>",
        "<p>H<sub>2</sub>O x<sup>2</sup> <del>a</del> <u>b</u> <mark>c</mark> <abbr title='d'>e</abbr></p>",
        "<dl><dt>a</dt><dd>b</dd></dl><details><summary>c</summary><p>d</p></details><hr><p>e</p>",
        "<table><tr><td colspan='2'>a</td></tr><tr><td>b</td><td><ul><li>c</li></ul></td></tr></table>",
        "<table><tr><td>no</td><td>head</td></tr><tr><td>at</td><td>all</td></tr></table>",
        "<figure><a href='http://a.example/'><img src='http://a.example/i.png' alt='a'></a>"
        "<figcaption>b <a href='http://c.example/'>c</a></figcaption></figure>",
        "<p>a<br><br>b<br>c</p>text without a paragraph<div>d<p>e</p>f</div>",
        "<p><ruby>漢<rt>kan</rt></ruby> <q>said</q> <small>x</small></p>",
        "<h2>Only C#</h2><h3>a # b #</h3>",
        "<p>see <a href='#part'>below</a></p><h2 id='part'>Part</h2>",
    ],
)  # fmt: skip
def test_the_rendered_page_has_the_content_of_the_html(source, render):
    round_trip(source, render)


def inline(chance, depth=0):
    html_text = ""
    for _ in range(chance.randint(1, 3)):
        choice = chance.random()
        word = escape(chance.choice(LOOKALIKES))
        if choice < 0.5 or depth > 1:
            html_text += word + chance.choice((" ", " ", ""))
        elif choice < 0.65:
            tag = chance.choice(("b", "em", "strong", "i"))
            html_text += f"<{tag}>{inline(chance, depth + 1)}</{tag}> "
        elif choice < 0.75:
            html_text += f' <a href="http://e.example/{chance.randint(1, 9)}?a=1&amp;b_c=(2)">{word}</a> '
        elif choice < 0.85:
            html_text += f" <code>{escape(chance.choice(['x', 'a`b', 'a|b', '<i>', '*a*']))}</code> "
        else:
            html_text += chance.choice(("<br>", f"<sup>{word}</sup>", '<img src="http://i.example/x_(1).png" alt="a">'))
    return html_text


def block(chance, depth=0):
    choice = chance.random()
    if choice < 0.4 or depth > 2:
        return f"<p>{inline(chance)}</p>"
    if choice < 0.5:
        return f"<h3>{inline(chance)}</h3>"
    if choice < 0.7:
        tag = chance.choice(("ul", "ol"))
        items = (
            inline(chance) + (block(chance, depth + 1) if chance.random() < 0.4 else "")
            for _ in range(chance.randint(1, 3))
        )
        return f"<{tag}>" + "".join(f"<li>{item}</li>" for item in items) + f"</{tag}>"
    if choice < 0.8:
        return "<blockquote>" + "".join(block(chance, depth + 1) for _ in range(2)) + "</blockquote>"
    lines = (chance.choice(["x = 1", "    y", "", "# c", "```", "<b>", "* a"]) for _ in range(4))
    return f"<pre><code>z{escape(chr(10).join(lines))}</code></pre>"


@pytest.mark.parametrize("seed", range(60))
def test_random_documents_are_unchanged_after_a_round_trip(seed, render):
    chance = random.Random(seed)
    round_trip("".join(block(chance) for _ in range(3)), render)


def test_scripts_and_unsafe_urls_are_removed():
    text = convert(
        "<p onclick='x()'>a<script>alert(1)</script><a href='javascript:alert(1)'>b</a><a href='data:text/html,x'>c</a>"
        "<img src='javascript:x' onerror='y'><iframe src='javascript:z'></iframe><svg onload='w'></svg>"
        "<style>p{}</style><object data='javascript:v'></object>&lt;script&gt;</p>"
        "<dl onclick='x()'><dt style='a' onmouseover='b'>d</dt></dl>"
    )
    assert not re.search(r"script:|<script|on\w+=|data:|<svg|<style|style=", text)
    assert "&lt;script>" in text


def test_boilerplate_and_trackers_are_dropped_and_counted():
    converted = convert_html(
        HtmlBody(
            "<p>Text <a href='https://a.example/?utm_source=n&amp;id=7'>link</a> *|FNAME|*</p>"
            "<p><a href='https://www.google.com/url?q=https://real.example/page&amp;sa=D'>wrapped</a></p>"
            "<p><a class='button' href='/subscribe'>Subscribe now</a></p>"
            "<p><a href='https://a.example/unsubscribe?u=1'>Unsubscribe</a> | </p>"
            "<img src='https://a.example/open.gif' width='1' height='1'><div class='preheader'>Preview</div>"
            "<form><input name='email'><button>Go</button></form>",
            "https://a.example/post/",
        )
    )  # fmt: skip
    assert converted.text == "Text [link](https://a.example/?id=7)\n\n[wrapped](https://real.example/page)\n"
    assert dict(converted.dropped) == {
        "merge tag": 1, "tracking parameter": 1, "click tracker unwrapped": 1, "subscribe or share button": 1,
        "unsubscribe link": 1, "tracking pixel": 1, "hidden preview text": 1, "form": 2,
    }  # fmt: skip


def test_footnotes_of_any_platform_become_markdown_footnotes(render):
    text = convert(
        "<p>a<sup id='r1'><a href='#n1'>1</a></sup> b<a href='#n2' id='r2'>[2]</a></p>"
        "<ol><li id='n1'><p>one <a href='#r1'>↩</a></p></li><li id='n2'>two <a href='#r2'>^</a></li></ol>"
    )
    assert text == "a[^1] b[^2]\n\n[^1]: one\n\n[^2]: two\n"
    assert len(re.findall("<li", render(text))) == 2


def test_a_forged_footnote_stays_a_link():
    assert convert("<p><a data-note='x](y)' href='http://a.example/'>b</a></p>") == "[b](http://a.example/)\n"


def test_frames_of_known_players_become_links():
    text = convert(
        "<iframe src='https://www.youtube-nocookie.com/embed/a1?rel=0'></iframe><video src='/v.mp4'></video>",
        "https://b.example/",
    )
    assert text == "[Video on YouTube](https://www.youtube.com/watch?v=a1)\n\n[Video](https://b.example/v.mp4)\n"


def test_layout_tables_are_unwrapped():
    assert convert("<table role='presentation'><tr><td><h2>a</h2></td><td><p>b</p></td></tr></table>") == "## a\n\nb\n"


def test_a_data_table_within_a_layout_table_has_all_its_rows():
    figures = "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>"
    text = convert(f"<table><tr><td><p>Before.</p>{figures}</td></tr></table>")
    assert (text.count("<tr>"), text.count("<td>"), text.count("<table>")) == (2, 4, 1)
    assert "<div>" not in text


def test_a_data_table_with_headers_does_not_make_the_layout_around_it_a_table():
    figures = "<table><tr><th>a</th><th>b</th></tr><tr><td>c</td><td>d</td></tr></table>"
    text = convert(f"<table><tr><td><table><tr><td><p>Before.</p>{figures}</td></tr></table></td></tr></table>")
    assert text == "Before.\n\n| a | b |\n| --- | --- |\n| c | d |\n"


@pytest.mark.parametrize(
    "link",
    [
        "View email in browser",
        "Read this newsletter in your web browser »",
        "Newsletter im Browser ansehen",
        "Voir dans votre navigateur",
        "Ver en el navegador",
        "Visualizza nel browser",
        "Bekijk deze e-mail in je browser",
        "<b>Unsubscribe</b> from this list",
        "Se désabonner",
    ],
)
def test_links_of_a_mailing_to_its_own_page_are_dropped(link):
    assert convert(f"<p>text</p><p><a href='https://mail.example/x'>{link}</a></p>") == "text\n"
    assert convert("<p>text</p><p><a href='*|ARCHIVE|*'>Dieser Brief im Netz</a></p>") == "text\n"


@pytest.mark.parametrize(
    "blank", ["<p>&nbsp;</p>", "<h2><b>&nbsp; </b></h2>", "<div>&#8203;</div>", "<p>&#847;&zwnj;&nbsp;<br></p>"]
)
def test_a_paragraph_of_spaces_is_dropped_and_counted(blank):
    converted = convert_html(HtmlBody(f"<p>a</p>{blank}<p>b</p>"))
    assert converted.text == "a\n\nb\n"
    assert converted.dropped == {"blank paragraph": 1}


@pytest.mark.parametrize(
    "paragraph", ["<p>&nbsp;<img src='https://a.example/b.png'></p>", "<p id='c'>&nbsp;</p>", "<pre>&nbsp;</pre>"]
)
def test_a_paragraph_of_spaces_with_an_image_an_id_or_code_stays(paragraph):
    assert "blank paragraph" not in convert_html(HtmlBody(f"<p>a</p>{paragraph}<p>b</p>")).dropped


def test_a_link_whose_url_is_a_merge_tag_becomes_text():
    assert convert("<p>See <a href='*|LIST:URL|*'>our site</a>.</p>") == "See our site.\n"


def test_a_heading_that_repeats_the_title_is_dropped():
    assert convert("<h1>The  Title!</h1><p>text</p>", title="The title") == "text\n"
    assert convert("<p>text</p><h2>The title</h2>", title="The title") == "text\n\n## The title\n"


@pytest.mark.parametrize("source", ["<div>" * 5000 + "x", "<ul><li>" * 2000, "<blockquote>" * 3000])
def test_deeply_nested_markup_is_refused(source):
    with pytest.raises(UnreadableError, match="nested"):
        convert(source)


def test_a_body_of_many_megabytes_is_refused():
    with pytest.raises(UnreadableError, match="million"):
        convert("x" * 8_000_001)


def test_control_characters_are_removed():
    assert convert("<p>a\x00b\x0bc&#11;d&#x1f;e\ud800f\x02g</p>") == "abcdefg\n"


def bodies(sample):
    """Yield each post with an HTML body of a sample export."""
    importer = load_importer(SAMPLES[sample])
    with Archive([EXPORTS / sample / "input"], load_recognisers()[SAMPLES[sample]].private) as archive:
        for item in importer.read(archive, Options(UTC)):
            if isinstance(item, ImportedPost) and isinstance(item.body, HtmlBody):
                yield item


def cleaned(post):
    """Return the cleaned HTML of a body, with the numbers of its footnotes."""
    dropped = Counter()
    tree = parse(post.body.text, dropped)
    post.body.clean(tree, dropped)
    mark_footnotes(tree)
    clean_tree(tree, post.body.base, dropped)
    for note in tree.iter("aside"):
        note.tail = f" {note.tail or ''}"  # a block of its own, whose words do not run into the next one's
    drop_repeated_title(tree, post.title)
    return etree.tostring(tree, encoding="unicode", method="html")


IN_MARKDOWN = {"wix-text", "hugo", "zola", "jekyll", "pelican", "eleventy", "astro", "docusaurus", "plain"}


@pytest.mark.parametrize("sample", sorted(SAMPLES.keys() - IN_MARKDOWN))
def test_every_sample_is_unchanged_after_a_round_trip(sample, render):
    posts = list(bodies(sample))
    assert posts
    for post in posts:
        source = content_of(cleaned(post))
        text = convert_html(post.body, post.title).text
        shown = content_of(re.sub(r'<a class="footnote-backref.*?</a>|<li class="footnote-def.*?>', "", render(text)))
        if "[^" in text:
            # Footnotes are rendered as a list at the end of the page, with additional links.
            words = {re.sub(r"[^\w]|\d", "", word) for word in source["words"]}
            assert words <= {re.sub(r"[^\w]|\d", "", word) for word in shown["words"]}
            assert source["links"] <= shown["links"]
            assert (shown["images"], shown["headings"]) == (source["images"], source["headings"])
        else:
            assert shown == source, post.where


WORD_ITEM = "<p class=MsoListParagraph style='mso-list:l0 level{level} lfo1'>{mark}{text}</p>\n"
WORD_MARK = "<span style='font-family:Symbol'><span style='mso-list:Ignore'>{}<span>&nbsp;&nbsp; </span></span></span>"


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([(1, WORD_MARK.format("·"), "One"), (1, WORD_MARK.format("·"), "Two")], "- One\n- Two\n"),
        ([(1, "·<span>&nbsp;&nbsp; </span>", "<b>One</b>"), (1, "•&nbsp; ", "Two")], "- **One**\n- Two\n"),
        ([(1, WORD_MARK.format("1."), "One"), (1, "2)&nbsp; ", "Two")], "1. One\n2. Two\n"),
        (
            [(1, WORD_MARK.format("1."), "One"), (2, WORD_MARK.format("o"), "Below"), (1, "2. ", "Two")],
            "1. One\n    - Below\n2. Two\n",
        ),
        ([(1, WORD_MARK.format("1."), "One"), (1, WORD_MARK.format("·"), "Two")], "1. One\n\n<!-- -->\n\n- Two\n"),
        ([(1, "", "No mark")], "No mark\n"),
        ([(1, "", "<img src='https://a.example/a.png' alt='A'>")], "![A](https://a.example/a.png)\n"),
    ],
)
def test_list_paragraphs_of_word_become_lists(items, expected):
    html_text = "".join(WORD_ITEM.format(level=level, mark=mark, text=text) for level, mark, text in items)
    before, after = convert(f"<p>Before</p>{html_text}<p>After</p>").split("Before\n\n")[1].rsplit("\nAfter\n", 1)
    assert after == ""
    assert before.replace("<!-- -->\n\n", "") == expected.replace("<!-- -->\n\n", "")


def test_quotes_of_windows_1252_that_became_control_characters_are_restored():
    assert convert("<p>It\x92s \x93quoted\x94\x85 \x81</p>") == "It’s “quoted”…\n"
    assert plain_line("It\x92s") == "It’s"


def test_headings_of_the_level_of_the_title_are_lowered_with_those_below_them():
    converted = convert_html(HtmlBody("<h1>T</h1><h1>A</h1><h2>B</h2><h6>C</h6>"), "T")
    assert converted.text == "## A\n\n### B\n\n###### C\n"
    assert converted.dropped["headings of a post lowered by one level"] == 1
    assert convert("<h2>A</h2><h3>B</h3>") == "## A\n\n### B\n"
