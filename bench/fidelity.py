#!/usr/bin/env python3
"""Import real archives, and compare the content of their posts with the output of an independent Markdown renderer.

    .venv/bin/python bench/fidelity.py [--examples 5] ../shared/corpora/*/

The renderer is cmark-gfm, GitHub's own (`pip install cmarkgfm`); sitegen uses neither it nor a relative of it. For each
archive the posts' source files go through cmark-gfm, without front matter, template tags and kramdown's attribute
lists, and with footnotes that end where the definition of a link begins, as in the archives' generators. The same
posts go through `sitegen import` and sitegen's engines. Prints for each archive how many of the words, links, images,
headings, list items and code blocks that cmark-gfm shows are in sitegen's HTML too, and how many posts are lost. Exits
with 1 if less than 99.9 % of all words, or 99.5 % of all links or images are preserved, or a post is lost.

Words are runs of letters and digits, in code too, each as often as it occurs. A link is preserved if there is one to
its URL, or, since links to posts of the archive lead to the imported ones, one with its text. An image is known by its
file name, a heading and a code block by their words, a list item by its first six.
"""

import argparse
import json
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC
from itertools import islice
from pathlib import Path
from urllib.parse import unquote, urlsplit

import cmarkgfm
from cmarkgfm.cmark import Options as Cmark
from lxml import html as lxml_html

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sitegen.config.schema import Markdown
from sitegen.content.front_matter.split import split
from sitegen.importers.base import Options
from sitegen.importers.run import run_import
from sitegen.markdown.renderer import MarkdownRenderer

CONTENT_TYPES = ("words", "links", "images", "headings", "items", "code")
LEAST = {"words": 0.999, "links": 0.995, "images": 0.995}

_FRONT = re.compile(
    r"\A\ufeff?\s*(?:---[ \t]*\n.*?^(?:---|\.\.\.)[ \t]*$|\+\+\+[ \t]*\n.*?^\+\+\+[ \t]*$)\n?", re.DOTALL | re.MULTILINE
)
_HEADER = re.compile(r"\A(?:[A-Za-z_]+:[^\n]*\n(?:[ \t]+\S[^\n]*\n)*)+")
_TEMPLATE_TAG = re.compile(
    r"\{%-?\s*comment\s*-?%\}.*?\{%-?\s*endcomment\s*-?%\}|\{::comment\}.*?\{:/(?:comment)?\}|<!--.*?-->"
    r"|\{%.*?%\}|\{\{.*?\}\}|^[ >]*\{:[^}\n]*\}[ ]*$|(?<=[\])*_`])\{:[^}\n]*\}"
    r"|<script\b.*?</script>|<style\b.*?</style>",
    re.DOTALL | re.MULTILINE,
)
_FOOTNOTE_ABOVE_LINK = re.compile(r"(^\[\^[^\]\n]+\]:[^\n]*\n)(?=\[[^\]^\n][^\]\n]*\]: *\S)", re.MULTILINE)
_BLOCKS = frozenset("br p div li td th h1 h2 h3 h4 h5 h6 ul ol blockquote pre hr table tr dt dd figure".split())  # noqa: SIM905
_WORD = re.compile(r"[^\W_]+")
_POST = {
    "jekyll": re.compile(r"(?:.*/)?_posts/(?:.*/)?\d{4}-\d\d?-\d\d?-[^/]+\.(?:md|markdown)"),
    "hugo": re.compile(r"(?:.*/)?content/(?!(?:.*/)?_index\.)[^\n]+\.md"),
    "zola": re.compile(r"(?:.*/)?content/(?!(?:.*/)?_index\.)[^\n]+\.md"),
    "pelican": re.compile(r"(?:.*/)?content/[^\n]+\.md"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """The content of some HTML, each item with its number; links are pairs of URL and text."""

    words: Counter[str]
    links: list[tuple[str, str]]
    images: Counter[str]
    headings: Counter[str]
    items: Counter[str]
    code: Counter[str]


@dataclass(slots=True)
class Tally:
    """The sums of an archive: what cmark-gfm shows, and what of it is missing, with examples."""

    wanted: Counter[str] = field(default_factory=Counter)
    missing: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=lambda: {content_type: [] for content_type in CONTENT_TYPES})
    posts: int = 0
    lost: list[str] = field(default_factory=list)

    def add(self, name: str, wanted: Shown, found: Shown) -> None:
        """Add the content of one post to the sums."""
        for content_type in CONTENT_TYPES:
            expected, present = getattr(wanted, content_type), getattr(found, content_type)
            missing = missing_links(expected, present) if content_type == "links" else expected - present
            self.wanted[content_type] += len(expected) if content_type == "links" else expected.total()
            self.missing[content_type] += missing.total()
            self.examples[content_type] += (f"{name}: {item[:100]!r} ({number})" for item, number in missing.items())

    def preserved(self, content_type: str) -> float:
        """Return the share that is preserved, from 0 to 1."""
        return 1 - self.missing[content_type] / self.wanted[content_type] if self.wanted[content_type] else 1.0

    @property
    def is_faithful(self) -> bool:
        """Whether no post is lost and enough of each type of content is preserved."""
        return not self.lost and all(self.preserved(content_type) >= least for content_type, least in LEAST.items())


def render_source(text: str) -> str:
    """Return the HTML of cmark-gfm for the body of a source file."""
    return str(
        cmarkgfm.markdown_to_html_with_extensions(
            _FOOTNOTE_ABOVE_LINK.sub(r"\1\n", _TEMPLATE_TAG.sub("", text)),
            options=Cmark.CMARK_OPT_UNSAFE | Cmark.CMARK_OPT_FOOTNOTES,
            extensions=["table", "autolink", "strikethrough", "tasklist"],
        )
    )


def body_of(source: str) -> str:
    """Return a source file without its front matter."""
    source = source.replace("\r\n", "\n")
    front = _FRONT.match(source) or _HEADER.match(source)
    return source[front.end() :] if front else source


def read_shown(html: str) -> Shown:
    """Return what HTML shows."""
    html = re.sub("[\x00-\x08\x0b-\x1f]", "", html)
    tree = lxml_html.fragment_fromstring(html, create_parent="div")
    for footnote in tree.xpath("//a[contains(@class, 'footnote')] | //*[contains(@class, 'footnote-ref')]"):
        footnote.drop_tree()
    for hidden in tree.xpath("//script | //style | //comment()"):
        hidden.drop_tree()
    for block in tree.iter():
        if block.tag in _BLOCKS:
            block.tail = f"\n{block.tail or ''}"
    return Shown(
        words=Counter(_words(tree.text_content())),
        links=[_link(node.get("href"), node.text_content()) for node in tree.iter("a") if node.get("href")],
        images=Counter(_file_name(node.get("src") or "") for node in tree.iter("img")),
        headings=Counter(" ".join(_words(node.text_content())) for node in tree.xpath("//h1|//h2|//h3|//h4|//h5|//h6")),
        items=Counter(" ".join(islice(_words(node.text_content()), 6)) for node in tree.iter("li")),
        code=Counter(" ".join(_words(_TEMPLATE_TAG.sub("", node.text_content()))) for node in tree.iter("pre")),
    )


def _words(text: str) -> Iterator[str]:
    return (found[0] for found in _WORD.finditer(text))


def _link(href: str, text: str) -> tuple[str, str]:
    """Return the URL and the text that a link is known by, the URL "" where it is relative."""
    absolute = re.match(r"(?:[a-z]+:)?//|mailto:", href.strip(), re.IGNORECASE)
    bare = href.startswith("mailto:") and text.strip() == href.removeprefix("mailto:")
    text = text.strip() if bare else " ".join(_words(text))
    return unquote(href.strip()).rstrip("/") if absolute else "", text


def missing_links(wanted: list[tuple[str, str]], found: list[tuple[str, str]]) -> Counter[str]:
    """Return the links that are not preserved, neither by URL nor, for a link within the archive, by text."""
    rest, left = wanted, found
    for known_by in (lambda link: link, lambda link: link[0], lambda link: link[1]):
        rest, left = _without_pairs(rest, left, known_by)
    return Counter(url or f"text: {text}" for url, text in rest if url != f"mailto:{text}")


def _without_pairs(
    wanted: list[tuple[str, str]], found: list[tuple[str, str]], known_by: Callable[[tuple[str, str]], object]
) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return two lists of links without those that are in both by the same value, which is not empty."""
    common = Counter(map(known_by, wanted)) & Counter(map(known_by, found))
    del common[""]
    rests = []
    for links in (wanted, found):
        number = common.copy()
        rest = []
        for link in links:
            if number[known_by(link)] > 0:
                number[known_by(link)] -= 1
            else:
                rest.append(link)
        rests.append(rest)
    return rests[0], rests[1]


def _file_name(src: str) -> str:
    return unquote(urlsplit(src).path.rsplit("/", 1)[-1])


def compare(archive: Path) -> tuple[str, Tally]:
    """Import an archive into an empty site, and return its format and the sums of its posts."""
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        report = run_import([archive], root, "content/posts", Options(UTC))
        written = {
            key: root / "content" / folder / post["file"]
            for folder in ("posts", "pages")
            for record in (root / "imports").glob(f"*-content-{folder}.json")
            for key, post in json.loads(record.read_text("utf-8"))["posts"].items()
        }
        renderer = MarkdownRenderer(Markdown(highlight=False, smart_quotes=False))
        sources = {path.relative_to(archive).as_posix(): path for path in archive.rglob("*") if path.is_file()}
        found: set[str] = set()
        for key, path in sorted(written.items()):
            name = min((name for name in sources if f"/{name}".endswith(f"/{key}")), key=len)
            found.add(name)
            if not name.endswith((".md", ".markdown", ".mdx")):
                continue
            front = split(path.read_bytes(), name)
            body = renderer.render(front.text, path=name, engine=str(front.values.get("markdown") or "") or None)
            title = f"<h1>{front.values['title']}</h1>"
            source = sources[name].read_text("utf-8", errors="replace")
            tally.add(name, read_shown(render_source(body_of(source))), read_shown(body.html + title))
            tally.posts += 1
        pattern = _POST.get(report.format)
        tally.lost += sorted(name for name in sources if pattern and pattern.fullmatch(name) and name not in found)
    return report.format, tally


def main() -> None:
    """Compare all archives that are named, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archives", nargs="+", type=Path, metavar="ARCHIVE", help="folders of archives")
    parser.add_argument("--examples", type=int, default=0, help="print up to this many examples of each loss")
    options = parser.parse_args()
    total = Tally()
    print(
        f"{'archive':24}{'format':9}{'posts':>6}{'lost':>6}"
        + "".join(f"{content_type:>10}" for content_type in CONTENT_TYPES)
    )
    for archive in options.archives:
        name, tally = compare(archive)
        _print_row(archive.name, name, tally)
        for content_type, examples in {**tally.examples, "lost": tally.lost}.items():
            for example in examples[: options.examples]:
                print(f"    {content_type}: {example}")
        total.posts += tally.posts
        total.lost += tally.lost
        total.wanted += tally.wanted
        total.missing += tally.missing
    _print_row("all", "", total)
    sys.exit(not total.is_faithful)


def _print_row(name: str, content_type: str, tally: Tally) -> None:
    shares = "".join(f"{100 * tally.preserved(content_type):>9.2f}%" for content_type in CONTENT_TYPES)
    print(f"{name:24}{content_type:9}{tally.posts:>6}{len(tally.lost):>6}{shares}", flush=True)


if __name__ == "__main__":
    main()
