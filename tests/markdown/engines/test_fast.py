"""The fast Python-Markdown has the same output as the stock class for all documents."""

# ruff: noqa: E501, N802 - documents and lists of syntax stay on one line each; some names are Python-Markdown's

import random
from xml.etree.ElementTree import Element

import pytest
from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor, Pattern, SimpleTagInlineProcessor
from msgspec import structs

from sitegen.markdown.engines import fast
from sitegen.markdown.engines.fast import pattern_index
from sitegen.markdown.engines.fast.markdown import FastMarkdown
from sitegen.markdown.engines.python_markdown import build, make_full_converter

CHUNKS = 32
DOCUMENTS = 320  # in each chunk: some 10,000 in all, where wrong guards show in the first 100


class OldPattern(Pattern):
    """A pattern of the old style, which matches whole strings."""

    def handleMatch(self, m):
        element = Element("kbd")
        element.text = m.group(2)
        return element


class Mention(InlineProcessor):
    """A pattern that must not apply inside links, and that sometimes declines."""

    ANCESTOR_EXCLUDES = ("a", "H1")

    def handleMatch(self, m, data):
        if m.group(1) == "word":
            return None, None, None
        if m.group(1) == "x":
            return None, m.start(0), m.end(0)
        element = Element("mark")
        element.text = m.group(1)
        element.tail = "*tail*"
        return element, m.start(0), m.end(0)


class Changing(SimpleTagInlineProcessor):
    """A pattern that compiles its expression each time."""

    def getCompiledRegExp(self):
        return self.compiled_re


class Own(Extension):
    """What a site's own extension may bring."""

    def extendMarkdown(self, md):
        md.inlinePatterns.register(OldPattern(r"\+\+([^+]+)\+\+", md), "old", 175)
        md.inlinePatterns.register(Mention(r"@([\w*]+)", md), "mention", 75)
        md.inlinePatterns.register(SimpleTagInlineProcessor(r"(?i)()Q(.)q", "q"), "letters", 70)
        md.inlinePatterns.register(Changing(r"()~~(.*?)~~", "del"), "del", 65)
        md.block_level_elements.append("figure-like")


CONFIGURATIONS = [
    {"extensions": (), "smart": True, "linkify": True},
    {"extensions": (), "smart": False},
    {"extensions": ("admonition", "toc", "wikilinks", "nl2br", "meta"), "smart": True, "linkify": True},
    {"extensions": ("legacy_em", "legacy_attrs", Own()), "smart": True},
]

FRAGMENTS = [
    "!!! note\n    ",
    '=== "A"\n    ',
    "> [!TIP]\n> ",
    *[
        "*",
        "**",
        "***",
        "_",
        "__",
        "___",
        "`",
        "``",
        "```",
        "\\",
        "\\\\",
        "[",
        "]",
        "(",
        ")",
        "![",
        "](",
        "](u.md)",
        "](<a b>)",
        '](x "t")',
        "[r]",
        "[r][]",
        "[t][r]",
        "![r]",
    ],
    *[
        "<",
        ">",
        "</",
        "<b>",
        "</b>",
        "<div>",
        "</div>",
        '<div markdown="1">',
        "<p>",
        "<br>",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<?",
        "?>",
        "<hr/>",
    ],
    *[
        "<http://a.b>",
        "<a@b.c>",
        "http://x",
        "http://a.bc/d_e*f",
        "www.a.b",
        "&",
        "&amp;",
        "&#38;",
        "&x;",
        "&#x26;",
        "'",
        '"',
        "'s",
        '"a"',
        "'80s",
        "--",
        "---",
        "...",
        ". ",
        ", ",
        ":",
        ";",
        "!",
        "?",
        "/",
        "=",
        "@",
    ],
    *[
        "- ",
        "* ",
        "+ ",
        "1. ",
        "7. ",
        "> ",
        ">> ",
        "# ",
        "## ",
        "#### ",
        "#",
        ": d",
        ":   dd",
        "[^1]",
        "[^x]",
        "AB",
        "ABC",
        "{: .c}",
        "{: #i}",
        "{#h}",
        "{.c a=b}",
        "{",
        "}",
        "+",
        "%",
        "$",
    ],
    *[
        "a b c",
        "word",
        "x",
        "Ünï",
        "漢字",
        "かな",
        "שלום",
        "عرب",
        "😀",
        "é",
        "\u200d",
        "\xa0",
        "\u2028",
        "\x85",
        "0",
        "1.",
        "٣. ",
        "www",
        "\t",
        "    ",
        "  ",
    ],
    *[
        "\\*",
        "\\_",
        "\\`",
        "\\[",
        "\\<",
        '\\"',
        "\\'",
        "\\{",
        "<script>",
        "</script>",
        "<em>",
        "<details>",
        "<summary>",
        "<img src=x>",
        '<a href="q">',
        "</a>",
    ],
    *[
        "<pre>",
        "</pre>",
        "<code>",
        "</code>",
        "<td>",
        "\x02",
        "\x03",
        "\x02klzzwxh:0000\x03",
        "\x02klzzwxh:",
        "\x02amp\x03",
        "\x02wzxhzdk:0\x03",
    ],
    *[
        "++k++",
        "@name",
        "@word",
        "@x",
        "QxQ",
        "~~d~~",
        "[[Wiki]]",
        "!!! note",
        "[TOC]",
        "[[",
        "]]",
        "///Footnotes Go Here///",
        "<a@b",
        "¡",
        "“",
        "”",
        "‘",
        "’",
        "–",
    ],
    *[
        "|",
        "||",
        "\n",
        "\n\n",
        "\n\n\n",
        "\n    ",
        "\n        ",
        "\r\n",
        "  \n",
        "\n===\n",
        "\n---\n",
        "\n***\n",
        "\n- - -\n",
    ],
    *['\n[r]: /u "ti"\n', "\n[r]: <x y>\n", "\n[^1]: n\n", "\n[^x]: y\n\n    z\n", "\n*[AB]: tt\n", "\n*[ABC]: ''\n"],
    *[
        "\n|:-:|-:|\n",
        "\n|-|\n",
        "\n~~~\n",
        "\n``` py\n",
        "\n``` {.py #x}\n",
        "\n```\n",
        "\nTerm\n: ",
        "\n{: .c #i k='v'}\n",
    ],
]
GLUE = ("", "", " ", "word ", "\n", "\n\n", "a")
SPANS = "*0*|_0_|**0**|__0__|***0***|`0`|``0``|[0](u.md)|![0](i.png 't')|[0][r]|<b>0</b>|\"0\"|'0'|(0)|[0]|0[^1]|~~0~~|++0++"
BLOCKS = [
    *["> 0", "- 0", "* 0\n    * 0", "1. 0\n2. 0", "# 0", "## 0 ##", "0\n===", "    0", "0\n: 0", "- 0\n\n    0", "***"],
    *["| 0 | 0 |\n|---|:-:|\n| 0 | 0 |", "[^1]: 0\n\n    0", "*[AB]: 0", "<div>0</div>", "```\n0\n```", "0\n{: .c }"],
    *['<div markdown="1">\n0\n</div>', "0 {#i}", "[r]: /u 'ti'", "!!! note\n    0", "0  \n0", "<p>0</p>", "0", "0"],
]

WRITTEN = [
    "An address with code in it, which no dash may change: <http://example.org/`c`--y> -- and on.",
    "Setext\n======\n\nSecond\n------\n\n# Hash #\n\n###### six ######\n\n####### seven",
    "# Closing \\#\n\n# *em* and `code` #\ntext right after\n# again",
    "> quote\nlazy\n> > nested\n\n> - list\n>   more\n>\n>     code",
    "* a\n* b\n\n    para in b\n\n    * c\n        * d\n\n1. one\n2. two\n\n7. seven\n8. eight",
    "- tight\n- list\n    - inner\n\n- loose\n\n\n- three\n\n    > quote\n\n        code",
    "1. a\n- b\n2. c\n* d\n+ e",
    "    code\n    more\n\n    after blank\n\ntext\n\n\tby tab",
    "***\n- - -\n___\n* * *\n-----\n\ntext\n---\n",
    "An [inline](http://example.org \"Title\"), [pointy](<a b> 't'), [no](), [paren](a(b)c), [nested [x]](y).",
    "Ref [one][1], [two] [2], [Three][], [three].\n\n[1]: http://a/ \"A\"\n  [2]: <http://b/>\n    (B)\n[three]: /c 'C'",
    '![alt](a.png "t") ![ref][i] ![i]\n\n[i]: b.png\n',
    "*em* _em_ **strong** __strong__ ***both*** ___both___ **a *b* c** *a **b** c* in_word_under un*frigging*believable",
    "* not em * _ not _ \\*literal\\* **unclosed *mixed** up*",
    "`code` `` a ` b `` \\`not\\` ```three `` inside```",
    "<http://auto.link/?a=b&c> <me@example.org> <not a link> <ftp://x>",
    "line  \nbreak and\nsoft",
    "AT&T &copy; &#169; &#xA9; &amp; 4 < 5 > 3 &unknown; a&b;",
    "<div>\n*raw*\n</div>\n\n<p>a</p> tail\n\n<!-- c -->\n\n<?php x ?>\n\n<![CDATA[ y ]]>\n\nInline <b>*em*</b>.",
    '<div markdown="1">\n# H\n\n- a\n\n<p markdown="span">*b*</p>\n\n</div>\n\n<section markdown="block">\n*x*\n</section>',
    "``` { .python #id .extra hl_lines='1 3' }\nx = '<a>'\n```\n\n~~~\nplain\n~~~\n\n```js\n\n```",
    "Text[^1] more[^long] again[^1].\n\n[^1]: Note.\n[^long]: Para.\n\n    Second para.\n\n        code\n\n///Footnotes Go Here///\n\nEnd.",
    "The HTML and W3C specs; HTMLish.\n\n*[HTML]: Hyper Text\n*[W3C]:  World Wide\n*[XX]: ''\n",
    "Apple\n:   Fruit.\n    More.\n\n:   Second.\n\nOrange\nCitrus\n:   Other.\n\n    > quote\n\n    1. list\n",
    "# H {#id .c}\n\nPara\n{: #p .q k='v w' flag }\n\n*em*{: .x} [l](u){: target=_blank }\n\n- item\n{: .i }\n\n| a {: .t } |\n|---|\n| b |",
    "a | b | c\n---|:-:|--:\n1 | `x|y` | \\|\n| 2 |\n\n|one|\n|---|\n|x|\n\nnot | a table\nsecond line",
    '"Double" \'single\' "\'both\'" \'"both"\' it\'s \'80s -- --- ... <<x>> "<b>q</b>" ("p") "a"-"b" 6\'2"',
    '!!! note "T"\n    Body *em*.\n\n    - list\n\n[TOC]\n\n# One\n\n## Two\n\n[[Wiki Link]]',
    "meta: value\nother: 1\n    2\n\nText",
    '漢字*強調*です。**太字**「引用」\n\n한국어 _강조_ "인용"\n\nעברית *מודגש* "ציטוט"\n\nعربي **غامق** ...',
    "a\x02b\x03c \x02klzzwxh:0001\x03 *x* \x02klzzwxh: y `z` \x0242\x03 \x00 \x0b",
    "",
    " \n\t\n",
    "\ufeffBOM",
]


def make_renderer(markdown_class, configuration):
    """Return a function from a document to what a class makes of it, which may be an exception."""
    state = {"markdown": build(markdown_class, **configuration)}

    def convert(text):
        try:
            return state["markdown"].reset().convert(text)
        except Exception as error:  # noqa: BLE001 - both must raise the same exception
            state["markdown"] = build(markdown_class, **configuration)
            return type(error), str(error)

    return convert


def write(seed):
    """Return a document of well-formed pieces within each other, or one of loose bits of syntax."""
    chance = random.Random(seed)
    spans = SPANS.split("|")

    def bits(least, most):
        return "".join(chance.choice(FRAGMENTS) + chance.choice(GLUE) for _ in range(chance.randint(least, most)))

    def span(depth):
        if depth == 0 or chance.random() < 0.3:
            return (
                bits(1, 1).strip("\n") if chance.random() < 0.3 else chance.choice(("word", "two words", "AB", "漢字"))
            )
        return "".join(chance.choice(spans).replace("0", span(depth - 1)) for _ in range(chance.randint(1, 2)))

    def block():
        return chance.choice(BLOCKS).replace("0", " ".join(span(2) for _ in range(chance.randint(1, 2))))

    if seed % 2:
        return bits(2, 27)
    return chance.choice(("\n\n", "\n\n", "\n")).join(block() for _ in range(chance.randint(1, 4)))


def find_difference(configuration, seeds):
    """Return the first document that the two convert differently, or None."""
    stock, fast = make_renderer(Markdown, configuration), make_renderer(FastMarkdown, configuration)
    for seed in seeds:
        text = write(seed)
        if stock(text) != fast(text):
            return text
    return None


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_random_documents_come_out_the_same(chunk):
    # Half of the chunks use what a site has by default.
    configuration = CONFIGURATIONS[0 if chunk % 2 else (chunk // 2) % len(CONFIGURATIONS)]
    assert find_difference(configuration, range(chunk * DOCUMENTS, (chunk + 1) * DOCUMENTS)) is None


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
def test_documents_of_each_feature_come_out_the_same(configuration):
    fast = make_renderer(FastMarkdown, configuration)
    texts = [*WRITTEN, *(f"{one}\n\n{other}" for one in WRITTEN for other in WRITTEN[::5])]
    for text in texts:
        assert fast(text) == make_renderer(Markdown, configuration)(text)


@pytest.mark.parametrize("wrong", ["*", "***", "["])
def test_the_comparison_finds_a_wrong_guard(monkeypatch, wrong):
    find_required_literals = pattern_index.find_required_literals

    def guess(expression):
        return frozenset([wrong]) if expression.pattern == r"\*|_" else find_required_literals(expression)

    monkeypatch.setattr(pattern_index, "find_required_literals", guess)
    assert find_difference(CONFIGURATIONS[0], range(CHUNKS * DOCUMENTS)) is not None


def test_patterns_are_skipped():
    markdown = build(FastMarkdown, (), smart=True)
    tried = []
    for stage in (markdown.treeprocessors["inline"], markdown.treeprocessors["smarty"]):
        for pattern in stage.inlinePatterns:
            find = pattern.getCompiledRegExp
            pattern.getCompiledRegExp = lambda find=find, pattern=pattern: tried.append(pattern) or find()
    markdown.convert("Plain words without any markup at all.\n\n" * 50)
    count = len(tried)
    markdown.reset().convert("Plain words without any markup at all.\n\n" * 100)
    assert len(tried) == 2 * count  # once for each document, to detect a changed pattern, and never for a string


def test_the_converter_makes_the_same_of_500_documents_with_a_version_that_was_not_tested(monkeypatch):
    texts = [*WRITTEN, *map(write, range(500 - len(WRITTEN)))]
    expected = convert_all(texts)
    monkeypatch.setattr(fast, "LIBRARY", structs.replace(fast.LIBRARY, first=(99, 0, 0), end=(100, 0, 0)))
    assert convert_all(texts) == expected
    assert len(set(expected)) > 400


def convert_all(texts):
    """Return the HTML of each document, or the exception that it raises."""
    results = []
    convert = make_full_converter(fast.choose_class(), (), smart=True, linkify=True)
    for text in texts:
        try:
            results.append(convert(text))
        except Exception as error:  # noqa: BLE001 - both must raise the same exception
            results.append((type(error), str(error)))
            convert = make_full_converter(fast.choose_class(), (), smart=True, linkify=True)
    return results
