"""MDX and admonitions become Markdown, and code stays as it is."""

from collections import Counter

import pytest

from sitegen.importers.markdown_source.admonitions import translate_admonitions
from sitegen.importers.markdown_source.mdx import translate_mdx
from tests.support.processor_time import takes_less


@pytest.mark.parametrize(
    ("source", "expected", "dropped"),
    [
        ("import A from 'a';\nimport 'b.css'\n\nText.", "Text.", {}),
        ("import {\n  A,\n\n  B,\n} from 'x';\n\nText.", "Text.", {}),
        ("export const a = {\n  b: 1,\n\n  c: 2,\n};\n\nText.", "Text.", {"MDX export": 1}),
        ("Goods to\nimport from 'x' abroad.", "Goods to\nimport from 'x' abroad.", {}),
        ("import duties rose.\n", "import duties rose.\n", {}),
        ("```js\nimport A from 'a';\n<A/>\n```\n", "```js\nimport A from 'a';\n<A/>\n```\n", {}),
        ("~~~~\n~~~\n<A/>\n~~~~\n<A/>x", "~~~~\n~~~\n<A/>\n~~~~\nx", {"component <A>": 1}),
        ("`<A/>` ``a`<B/>`` <C/>", "`<A/>` ``a`<B/>`` ", {"component <C>": 1}),
        ("{/* a note\nover lines */}x", "x", {}),
        ("## T {/* #my-id */}", "## T {#my-id}", {}),
        ("## T {#my-id}", "## T {#my-id}", {}),
        ("a{' '}b {\"c\"} {x + 1}", "a b c {x + 1}", {}),
        ("<A.B c={{d: '>'}} e={() => <F/>} {...g}>in *side*</A.B>", "in *side*", {"component <A.B>": 1}),
        ('<Link to="/x y">t</Link>', '<a href="/x%20y">t</a>', {}),
        ("<Link to={useBaseUrl('/x')}>t</Link>", '<a href="/x">t</a>', {}),
        ('<Tabs>\n<TabItem label="One">\n\nA\n\n</TabItem>\n</Tabs>', "\n\n**One**\n\nA\n\n", {}),
        ("<img src={require('./a b.png').default} className=\"c\" style={{d: 1}} />",
         '<img src="./a%20b.png" class="c" />', {}),
        ("import pic from './p.png';\n\n<img src={pic} alt='x > y' />", '<img src="./p.png" alt="x > y" />', {}),
        ("<Image img={require('./p.png')} alt=\"P\" />", "![P](./p.png)", {}),
        ("<ThemedImage sources={{light: useBaseUrl('/l.svg'), dark: '/d.svg'}} alt='L' />", "![L](/l.svg)", {}),
        ('<LiteYouTubeEmbed id="abc" title="V" />', "[V](https://www.youtube.com/watch?v=abc)", {}),
        ("<YouTube id={videoId} />", "", {"component <YouTube>": 1}),
        ('<Admonition type="tip" title="T">\nx\n</Admonition>', "\n:::tip[T]\n\nx\n\n:::\n", {}),
        ("<details><summary>S</summary>x</details>", "<details><summary>S</summary>x</details>", {}),
        ("<https://x.example/> <a@b.example> 1 <2", "<https://x.example/> <a@b.example> 1 <2", {}),
        ("Vec<u8> Option<T>", "Vec<u8> Option<T>", {}),
        ("<A", "<A", {}),
        ("<A b='", "<A b='", {}),
        ("<A b={", "<A b={", {}),
    ],
)  # fmt: skip
def test_mdx_becomes_markdown(source, expected, dropped):
    found = Counter()
    assert translate_mdx(source, found) == expected
    assert found == dropped


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (":::note\nx\n:::", "> **Note**\n>\n> x"),
        ("a\n:::tip[A *title*]\n\nx\n\n:::\nb", "a\n\n> **A *title***\n>\n> x\n\nb"),
        (":::warning Old title\nx\n:::", "> **Old title**\n>\n> x"),
        (":::danger{.big}\nx\n:::", "> **Danger**\n>\n> x"),
        ("::::info\n:::tip\nx\n:::\ny\n::::", "> **Info**\n>\n> > **Tip**\n> >\n> > x\n>\n> y"),
        ("- a\n\n  :::note\n\n  x\n\n  :::", "- a\n\n  > **Note**\n  >\n  > x"),
        (":::note\n```\n:::\n```\n:::", "> **Note**\n>\n> ```\n> :::\n> ```"),
        ("```\n:::note\nx\n:::\n```", "```\n:::note\nx\n:::\n```"),
        (":::note\nnot closed", ":::note\nnot closed"),
        (":::unknown\nx\n:::", ":::unknown\nx\n:::"),
        ("x\n:::\ny", "x\n:::\ny"),
    ],
)
def test_admonitions_become_quotations(source, expected):
    assert translate_admonitions(source) == expected


@pytest.mark.parametrize(
    "source",
    ["<a " * 50_000, "<A b={" * 30_000, "<A b='" * 30_000, "`" * 9 + "``` `` ` " * 30_000, "{/*" * 50_000,
     "{/*" * 20_000 + "*/x", "{'" * 50_000, "import {\n" * 30_000, ":::note\n" * 30_000,
     ":::note\n" * 1000 + ":::\n" * 1000, "::" * 50_000],
    ids=range(11),
)  # fmt: skip
def test_hostile_mdx_takes_linear_time(source):
    assert takes_less(lambda: translate_admonitions(translate_mdx(source, Counter())), seconds=3)
