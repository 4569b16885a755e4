"""Compare Python-Markdown with the CommonMark parser on all documents that `common_subset` accepts.

    python -m tests.markdown.engines.dialects --documents 100000 [--folders FOLDER ...] [--spec FILE]

`--folders` names those with Markdown, such as Python-Markdown's own tests, and `--spec` the specification of CommonMark
(`spec.txt`). Documents are these files, their blocks, generated ones, and mutations of each. It prints each difference.
"""

# ruff: noqa: T201 - the command prints its results

import argparse
import random
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from markdown import Markdown

from sitegen.markdown.characters import clean
from sitegen.markdown.engines.common_subset import make_renderer
from sitegen.markdown.engines.python_markdown import make_full_converter

# A line for each of hundreds of strings would hide them.
# fmt: off
WORDS = (
    "word", "two words", "a", "I", "x1", "2023", "it's", "Don't", "snake_case", "C#", "naïve", "漢字", "かな", "שלום",
    "عرب", "é", "AB", "e.g.", "1.5", "10%", "$5", "😀",
)
PUNCTUATION = (
    ". ", ", ", "! ", "? ", ": ", "; ", " -- ", " --- ", "... ", " – ", "—", " & ", " | ", " > ", " / ", "-",
)
SPANS = (
    "*0*", "**0**", "_0_", "__0__", "`0`", "``0``", "[0](u.md)", "[0](https://a.bc/d?e=f&g=h#i)", "[0](a_(b).html)",
    "![0](i.png)", '![0](i.png "t")', '[0](/x "t u")', '"0"', "(0)", "[0]", "“0”", "‘0’", "\\*0\\*",
    "[![0](i.png)](u)", "**[0](u)**", "[**0**](u)", '"*0*"', "*0*.", "[https://a.b](https://a.b)", "0", "0", "0",
)
BLOCKS = (
    "- 0\n    - 0", "* 0\n    * 0\n        * 0\n* 0", "1. 0\n    1. 0\n2. 0", "-   0\n    -   0", "0", "0", "0",
    "0 0\n0", "0  \n0", "0\n0", "0\n  0", "0 \n0", "# 0", "## 0", "### 1. 0", "# 0\n0", "> 0", "> 0\n0", "> 0\n> 0",
    "> 0\n>\n> 0", ">0", "> ## 0\n>\n> 0", "> - 0\n> - 0", "- 0\n- 0", "* 0\n  0\n* 0", "+ 0", "- 0\n0", "1. 0\n2. 0",
    "3. 0", "1. 0\n1. 0\n   0", "***", "---", "* * *", "```\n0\n```", "```py\n0\n\n  0\n```", "1840. 0",
    "| 0 | 0 |\n| --- | ---: |\n| 0 | 0 |\n| 0 | 0 |", "| 0 |\n|:-----:|\n| 0 |", "|0|0|0|\n|:-|-:|:-:|\n|0||0|",
    '```\n"0" .... ---- www.a.bc\n\n\n\n0\n```',
)
# What is close to the above, and what only one dialect knows. Most of it is refused, which costs little.
NEAR_SPANS = (
    "*[0](u)* `0]: 0`", "`</b>`", "`<b`", "`<div>`", "`</div>0`", "`<!-- 0`", "`<!-- 0 -->`", "`<!0>`", "`<?0`",
    "`<?0?>`", "`<![CDATA[0`", "`&#38;0`", "`<script>0`", "`<style>`", "`<pre>`", '`<a href="0`', "`<br/>`", "`\\0`",
    "`\\*0`", "`\\\\`", "`0\\\\0`", "``<b>`0`</b>``", "`<a b='0`", "`-->`", "`]]>`", "`&x`", "`&0`", "`<0>`",
    "`<p>0`", "`<hr>`", "`{: .c}`", "`0{#i}`", "`[0]`", "`*0`", "`0--0`", '`"0"`', "`0...`", "&amp;0", "&lt;b&gt;",
    "&quot;", "<3", "<0", "< 0", "*(0)*", "*“0”*", "**0😀**", "**😀**", "*@0*", "*$0*", "*。0。*", "*¿0*", '"*0—*".',
    "*0%*", "*0*—", "—*0*", "*0…*", "**–0**", "*́*", "[😀0😀](u)", '"[0/](u)".', '"[0—](u)"', "[0 *0* 😀](u)", "*é*é",
    "[^0](u)", "[ 0](u)", "[0 ](u)", "[!NOTE]", "[!0](u)", "`<b>0</b>`", "`&amp;`", "` 0 `", "`` 0 ``",
    "![0...](i.png)", "![0--0](i)", "![*0*](i.png)", "*(0)*", "* 0*", "*0 *", "** 0**", "**0 **", "a*0*b", "_0_b",
    "a_0_", '"0', '0"', "'0'", "0'", "[0][0]", "*-0*", "[0] [0]", "0]: 0", "*[0](u)* 0]: 0", "`0]: 0`",
    "[`0]: 0`](u)", "<http://a.b/0>", "<b>0</b>", "&copy;", "&#38;", "&0;", "0&0", "http://a.b/0", "www.a.bc/0",
    "{.0}", "0 {: .c}", "[0](u){: .c}", "*0*{: .c}", '\\"0\\"', "\\'0", "\\|", "\\<0", "\\&amp;", "\\ ", "0....",
    "----", "[0](é)", "[0](<a b>)", "[0](u 't')", "[0](u (t))", '[0](u "a \\"b\\"")', "[0]()", "[0]( u )",
    "[0](u( v))", "[0](u'v)", "[0](u*v*)", "~~0~~", "==0==", "***0***", "**0*", "*0**", "__0_", "``0`", "0\\",
    "[[0]]", "[a [0](u)](v)", "![0][r]", "0`0", "“0", "--0", "0---0", "**0**0", "0**0**", "*0*0", "*0 **0** 0*",
    "**0 *0* 0**", "_0 *0* 0_", '*"0"*', '"0 "0" 0"', "``0`", "*[0]* 0", '"`0`"', "**`0`**", "(*0*)", "“*0*”",
    "*0*’s", "**0:** 0", '"0",', '("0")', '"0."', '0" "', "'0", "0 'n' 0", '\'"0"\'', "/*0*/", "—*0*—", "_`0`_",
    "[0](u)_0_", "0_", "_0", "__init__", "x_*0*_y", "\\**0*", "\\_0_", "`0\\`", "\\`0`", "![0](i)(u)", "! [0](u)",
)
NEAR_BLOCKS = (
    "- 0\n        - 0", "- 0\n    * 0", "- 0\n    1. 0", "- 0\n    - 0\n  - 0", "1. 0\n    3. 0",
    "- 0\n    - 0\n      0", "- 0\n0\n    - 0", "- 0\n    - 0\n\n    - 0", "- 0\n     - 0", "-  0\n    - 0",
    "- 0\n    - 0\n0", "-   0\n-   0", "-    0\n-    0", "*  0\n* 0", "+     0", "1.  0\n2.  0", "`<div>0</div>`",
    "`<!-- 0\n`", "`<div>`\n0", "-   0\n    0", "-  ***0***", "- 0\n-", "`</div>`", "0\n`<p>0`", "> `<b>`",
    "- `<div>`", "<http://a.b>", "<http://a.b>\n0", "- <https://a.b>", "0\n<https://a.b>", "<https://a.b>\n<div>",
    "<https://a.b/>0</https>", "<p>", "```\n0", "``` py\n0\n```", "~~~\n0\n~~~", "    0", " 0", "   0", "0\n- 0",
    "- 0\n- 0\n\n- 0", "- 0\n\n    0", "- 0\n\n- 0", "1) 0", "0. 0", "01. 0", "1.0", "- - 0", "- # 0", "- > 0",
    "-  0", "-    0", "1.  0", "* 0\n- 0", "# 0 #", "#0", "####### 0", "#", "#  0", "## #", "0\n===", "0\n---", ": 0",
    "0\n: 0", "0\n:   0", "| 0 | 0 |\n|---|---|\n| 0 |", "0 | 0\n--|--\n0 | 0",
    "| 0 | 0 |\n|---|---|", "| 0 | 0 |\n|---|\n| 0 | 0 |", "| 0 | 0 |\n|---|---|\n0",
    "| 0 | 0 |\n|- -|---|\n| 0 | 0 |", "| 0 | 0 |\n| --- | --- |\n| 0 \\| 0 | 0 |",
    "| 0 | 0 |\n| --- | --- |\n| `0 | 0` |", "> | 0 |\n> |---|\n> | 0 |", "- 0\n\n    | 0 |\n    |---|\n    | 0 |",
    "0\n| 0 |\n|---|\n| 0 |", "| 0 |\n|---|\n| 0 |\n- 0", " | 0 |\n|---|\n| 0 |", "| 0 |\n|===|\n| 0 |",
    "| 0 |\n|:::|\n| 0 |", "| # 0 | - 0 |\n|---|---|\n| 1. 0 | > 0 |", "| 0 | 0 |\n|--- |\n| 0 | 0 |",
    "| 0 |\n|---|\n| 0 |\n| 0 | 0 |", "| 0 |\n|---|\n| 0 | ", "|  0 |\n|---|\n|\xa00 |", "||\n|---|\n||",
    "!!! note\n    0",
    '=== "0"\n    0', "> 0\n\n> 0", "> 0\n- 0", "> 0\n# 0", ">  0", ">    0", ">     0", "> > 0", "> ```\n> 0\n> ```",
    "> 0\n>\n0", ">\n> 0", "> 0\n>", "- 0\n    - 0", "- 0\n  - 0", "1. 0\n   1. 0", "-----", "* * * *", "- ", "-",
    "1.", "[0]: /u", "[^0]: 0", "*[0]: 0", "[0] : 0", "<div>0</div>", "```{.py}\n0\n```", '```py title="0"\n0\n```',
    "``` \n0\n```", "```\n\n0\n```", "```\n0\n\n```", "````\n0\n````", "```0```", "```py\n0\n``", "0\n```\n0\n```",
    "```\n0\n```\n0", "***\n0", "0\n***", "- ***", "0\n# 0", "0\n> 0", "0\n1. 0", "0\n\n\n\n0", "- 0\n\n\n- 0",
    "1. 0\n\n- 0", "- 0\n1. 0", "1. 0\n3. 0", "- [ ] 0", "- [x] 0", "- 0\n\n  0", "0   \n0", "0  \n  0", "0\n    0",
    "- 0\n      0", "# 0 \n0", "#\t0", "0\t0", "0\n\t0", "-\t0", "- 0 \n- 0", "0 \n", " \n0", "0\\\n0", "[TOC]",
    "> [!NOTE]\n> 0", "[!NOTE]\n0", "0\n[0]: 0",
)
# What the mutations insert: marks of both dialects and of all extensions, and characters that some functions treat as
# white space, line ends, letters or digits.
INSERTED = (
    "*", "_", "`", "\\", "[", "]", "(", ")", "<", ">", "&", '"', "'", "{", "}", ":", ";", "#", "+", "-", "=", "~",
    "!", "|", ".", ",", "/", "?", "@", "^", "%", "$", "0", "1", "a", " ", "\n", "\t", "**", "__", "***", "``", "```",
    "~~~", "![", "](", "](u)", "[^1]", "]: ", "[a]: b", "*[a]: b", "\n[a]: b\n", "[x]", "\n\n", "  \n", " \n", "\n ",
    "\n  ", "\n    ", "\n\n\n", "\n\n    ", "\n \n", "   \n", "    ", "  ", "\\\n", "\n# ", "\n> ", "\n- ", "\n* ",
    "\n+ ", "\n1. ", "\n1) ", "\n2. ", "\n    - ", "\n  - ", "\n---\n", "\n===\n", "\n***\n", "\n: ", "\n:   ",
    "\n~~~\n", "\n```\n", "\n``` py\n", "\n| a | b |\n|---|---|\n", "\n!!! note\n    ", '\n=== "T"\n    ', "# ", " #",
    "> ", "- ", "* ", "+ ", "1. ", "1) ", "0. ", "01. ", "٣. ", "10. ", "- [ ] ", "- - ", "[!NOTE]", "[TOC]", "<b>",
    "</b>", "<br>", "<div>", "<!-- c -->", "<http://a.b>", "<a@b.c>", "http://a.b", "https://", "www.a.bc", "://",
    "ftp://", "&amp;", "&copy;", "&#38;", "&x;", "&lang=", "& ", "&c", "{: .c}", "{.c}", "{#i}", "{:", "//", "--",
    "---", "----", "...", "....", "'s", "'80s", ' "', '" ', '"a"', "'a'", "“", "”", "‘", "’", "–", "—", "…", "«", "»",
    "¿", "\xa0", "\xad", "́", "\u200b", "\u200d", "\u2003", "\u2028", "\u2029", "\u202f", "\u3000", "\x85", "\ufeff",
    "١", "²", "、", "。", "⁄", "€", "ª", "\ufdd0", "\ufdd1", "\ufdd9", "~~", "==", "++", "^a^", "$x$", "word",
    "foo_bar", "*a*", "**b**", "_c_", "`d`", "[e](f)", "![g](h)",
)

# fmt: on

MAX_PRINTED_DIFFERENCES = 40


def render_block(chance: random.Random) -> str:
    """Return a block that both dialects have, or with something that one of them has or that is close to it."""
    blocks = NEAR_BLOCKS if chance.random() < 0.15 else BLOCKS

    def span(depth: int) -> str:
        if depth == 0 or chance.random() < 0.5:
            return chance.choice(WORDS)
        choices = (NEAR_SPANS if chance.random() < 0.15 else SPANS for _ in range(chance.randint(1, 3)))
        pieces = (chance.choice(spans).replace("0", span(depth - 1)) for spans in choices)
        return (chance.choice(PUNCTUATION) if chance.random() < 0.5 else " ").join(pieces)

    return re.sub("0(?![.)0-9])|(?<=[*_])0", lambda _: span(chance.choice((0, 1, 1, 2))), chance.choice(blocks))


def mutate(text: str, chance: random.Random) -> str:
    """Return a document with one change."""
    start = chance.randint(0, len(text))
    if chance.random() < 0.5:  # where marks are already
        marks = [mark.start() for mark in re.finditer(r"[^\w ]", text)]
        start = chance.choice(marks) + chance.randint(0, 1) if marks else start
    end = min(len(text), start + chance.choice((0, 0, 0, 1, 1, 2, 5)))
    choice = chance.random()
    if choice < 0.12:
        return text[:start] + text[end:]
    if choice < 0.2:
        position = chance.randint(0, len(text))
        return text[:position] + text[start : start + chance.randint(1, 12)] + text[position:]
    return text[:start] + chance.choice(INSERTED) + text[end:]


def generate(sources: Sequence[str], seed: int) -> Iterator[str]:
    """Yield documents without end: pieces of some sources and generated blocks, most of them with a few changes."""
    chance = random.Random(seed)
    near = (*NEAR_SPANS, *(f"a {span} b" for span in NEAR_SPANS), *NEAR_BLOCKS)
    yield from (piece.replace("0", "word") for piece in near)
    while True:
        blocks = [
            chance.choice(sources) if sources and chance.random() < 0.2 else render_block(chance)
            for _ in range(chance.choice((1, 1, 1, 1, 2, 3)))
        ]
        text = chance.choice(("\n\n", "\n\n", "\n\n\n", "\n")).join(blocks)
        for _ in range(chance.choice((0, 0, 1, 1, 1, 2, 3))):
            text = mutate(text, chance)
        yield text


def split(text: str, longest: int = 1500) -> list[str]:
    """Return a document's blocks, and each with the two after it."""
    blocks = re.split(r"\n(?: *\n)+", clean(text).strip("\n"))
    pieces = [*blocks, *("\n\n".join(blocks[index : index + 3]) for index in range(len(blocks) - 1))]
    return [piece for piece in pieces if 0 < len(piece) < longest]


class Comparison:
    """Holds the converters of one configuration, and counts the documents that were accepted."""

    def __init__(self, *, smart: bool, markdown_class: type[Markdown] = Markdown) -> None:
        self.accepted = 0
        self.render_common = make_renderer(smart=smart)
        self._make_full = lambda: make_full_converter(markdown_class, (), smart=smart, linkify=smart)
        self._full = self._make_full()

    def find_difference(self, text: str) -> tuple[str, str] | None:
        """Return the HTML of both if the document is accepted and they differ."""
        text = clean(text)
        common = self.render_common(text)
        if common is None:
            return None
        self.accepted += 1
        try:
            full = self._full(text)
        except Exception as error:  # noqa: BLE001 - any error is a difference, and leaves the parser unusable
            self._full = self._make_full()
            return repr(error), common
        return None if full == common else (full, common)


def find_differences(
    documents: Iterable[str], comparison: Comparison, enough: int
) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield each document with a difference, until enough documents were accepted."""
    for text in documents:
        difference = comparison.find_difference(text)
        if difference:
            yield text, difference
        if comparison.accepted >= enough:
            return


def read_sources(folders: Iterable[Path], spec: Path | None) -> Iterator[str]:
    """Yield the Markdown files of folders, and the examples of the specification."""
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix in (".md", ".markdown", ".txt") and path.is_file():
                yield clean(path.read_text(encoding="utf-8", errors="replace"))
    if spec:
        for example in re.findall(r"^`{32} example\n(.*?)\n\.\n", spec.read_text(encoding="utf-8"), re.DOTALL | re.M):
            yield example.replace("→", "\t")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=100_000, help="how many accepted documents to generate")
    parser.add_argument("--folders", type=Path, nargs="*", default=[], help="folders with Markdown")
    parser.add_argument("--spec", type=Path, help="the specification of CommonMark")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    files = list(read_sources(options.folders, options.spec))
    pieces = sorted({piece for text in files for piece in split(text)})
    differences = 0
    for smart, share in ((True, 0.8), (False, 0.2)):
        comparison = Comparison(smart=smart)
        for documents in ([*files, *pieces], generate(pieces, options.seed)):
            enough = comparison.accepted + int(options.documents * share)
            if isinstance(documents, list):
                enough = sys.maxsize
            for text, (full, common) in find_differences(documents, comparison, enough):
                differences += 1
                if differences <= MAX_PRINTED_DIFFERENCES:
                    print(f"{text!r}\n    {full!r}\n    {common!r}")
            print(f"smart={smart}: {comparison.accepted} documents accepted")
    print(f"{differences} differences")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
