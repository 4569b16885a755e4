"""Imported Markdown is rendered by the engine that comes nearest to its old generator."""

import pytest

from sitegen.config.schema import Markdown
from sitegen.content.front_matter.split import split
from sitegen.importers.markdown_source import engines
from sitegen.importers.markdown_source.engines import choose_for_commonmark, choose_for_kramdown
from sitegen.markdown.renderer import MarkdownRenderer
from tests.support.importing import import_path
from tests.support.processor_time import takes_less

LETTER = """Intro:
- one
  - two, see [`Cell`]

[`Cell`]: https://a.example/cell
"""
FRONT = "---\ntitle: A\ndate: 2020-01-02\n---\n"


def import_folder(root, files, format_name=""):
    for name, text in files.items():
        path = root / "old" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    report = import_path(root / "old", root / "site", format_name)
    assert report.written == 1
    (post,) = (root / "site/content/posts").glob("*.md")
    return split(post.read_bytes(), "a.md")


def render(front):
    engine = front.values.get("markdown")
    return MarkdownRenderer(Markdown()).render(front.text, path="a.md", engine=engine).html.replace("\n", "")


@pytest.mark.parametrize(
    "files",
    [
        {"hugo.toml": 'baseURL = "https://a.example/"', "content/posts/a.md": FRONT + LETTER},
        {"config.toml": 'base_url = "https://a.example/"', "content/a.md": f'+++\ntitle = "A"\n+++\n{LETTER}'},
        {"astro.config.mjs": "", "src/content/blog/a.md": FRONT + LETTER},
        {".eleventy.js": "", "posts/a.md": FRONT + LETTER},
        {"_config.yml": "title: A", "_posts/2020-01-02-a.md": FRONT + LETTER},
        {"2020-01-02-a.md": LETTER},
    ],
    ids=["hugo", "zola", "astro", "eleventy", "jekyll", "plain"],
)
def test_lists_and_references_of_commonmark_generators_are_rendered(files, tmp_path):
    front = import_folder(tmp_path, files)
    assert front.values["markdown"] == "commonmark"
    html = render(front)
    assert (
        '<ul><li>one<ul><li>two, see <a href="https://a.example/cell"><code>Cell</code></a></li></ul></li></ul>' in html
    )


@pytest.mark.parametrize(
    "files",
    [
        {"pelicanconf.py": "", "content/a.md": f"Title: A\nDate: 2020-01-02\n\n{LETTER}"},
        {"mkdocs.yml": "site_name: A", "docs/2020-01-02-a.md": LETTER},
    ],
    ids=["pelican", "mkdocs"],
)
def test_posts_of_generators_with_python_markdown_use_it(files, tmp_path):
    assert "markdown" not in import_folder(tmp_path, files).values


@pytest.mark.parametrize("more", ["", "\nA paragraph.\n{: .x}\n"])
def test_a_number_with_a_hash_is_not_a_heading_of_kramdown(more, tmp_path):
    text = f"{FRONT}First\n\n#125029 and more\n{more}"
    html = render(import_folder(tmp_path, {"_config.yml": "title: A", "_posts/2020-01-02-a.md": text}))
    assert "<p>#125029 and more</p>" in html


def test_a_post_for_sitegen_has_its_own_engine(tmp_path):
    front = import_folder(
        tmp_path, {"a.md": f"---\ntitle: A\nmarkdown: python-markdown\nmood: low\n---\n{LETTER}"}, "plain"
    )
    assert front.values["markdown"] == "python-markdown"
    assert front.values["params"] == {"mood": "low"}


@pytest.mark.parametrize(
    ("text", "engine"),
    [
        ("Words.\n\n- a\n- b\n\n1. c\n", ""),
        ("# H\n- a\n", ""),
        ("- a\n- b\n\n    more of b\n", ""),
        ("a\n2020. was a year\n", ""),
        ("```\nIntro:\n- a\n: b\n{: .x}\n```\n", ""),
        ("Intro:\n- a\n", "commonmark"),
        ("- a\n  - b\n", "commonmark"),
        ("> Intro:\n> - a\n", "commonmark"),
        ("> Intro.\n\n- a\n> - b\n", ""),
        ("- a\n\n  more of a\n", "commonmark"),
        ("- ```js\n  x\n  ```\n", "commonmark"),
        ("~~gone~~", "commonmark"),
        ("- [x] done\n", "commonmark"),
        ("Term\n: Meaning\n", "python-markdown"),
        ("Words.\n{: .note}\n", "python-markdown"),
        ("The W3C.\n\n*[W3C]: World Wide\n", "python-markdown"),
        ('<div markdown="1">\n*x*\n</div>\n', "python-markdown"),
        ("<div>\n\n    <p>x</p>\n</div>\n", "python-markdown"),
        ("Words.\n{: .x}\n\nIntro:\n- a\n- b\n", "commonmark"),
        ("Intro:\n- a\n\nTerm\n: b\n\nTerm\n: c\n{: .x}\n", "python-markdown"),
        ("~~~\nx\n~~~\n", ""),
        ("~~~~ html\n<p>\n~~~~\n", ""),
        ("~~~yaml\na: 1\n~~~\n\nWords.\n{: .note}\n", "python-markdown"),
        ("{: .note}\nWords.\n", ""),
        ("Words.\n\n {: .center}\n![a](b.png)\n", ""),
        ("# A {: #b}\n", "python-markdown"),
        ("*Words*{: .note}\n", "python-markdown"),
        ("{: .wide}\n| a | b |\n|---|---|\n| c | d |\n", "commonmark"),
        ("Words.\n\n{: .plain}\n- a\n", "commonmark"),
        ('Intro:\n- a\n\n<figure markdown="1">\n![a](b.png)\n[c](d.html)\n</figure>\n', "python-markdown"),
    ],
)
def test_the_engine_for_kramdown_leaves_the_least_markup(text, engine):
    assert choose_for_kramdown(text) == engine
    assert choose_for_commonmark(text) == (engine or "commonmark")


@pytest.mark.parametrize(
    ("text", "engine"),
    [
        ("~~~ html\n<p>\n~~~\n\n{: .center}\n![a](b.png)\n", ""),
        ("~~gone~~\n\n{: .center}\n![a](b.png)\n", "commonmark"),
        ('~~~\nx\n~~~\n\n<figure markdown="1">\n![a](b.png)\n</figure>\n', "python-markdown"),
    ],
)
def test_posts_that_need_one_engine_are_not_rendered(text, engine, monkeypatch):
    def fail(name):
        raise AssertionError(name)

    monkeypatch.setattr(engines, "_converter", fail)
    assert choose_for_kramdown(text) == engine


@pytest.mark.parametrize("end", ["", " ", "\n"])
@pytest.mark.parametrize(
    "mark", ["- a", "  - a", "> a", ">", "```", "{: x", "<div markdown", "*[", ": ", "~~", "[`", "    <", "{: x}\n"]
)
def test_choosing_an_engine_takes_linear_time(mark, end):
    text = f"{mark}{end}" * 10_000 + "markdown="
    assert takes_less(lambda: choose_for_kramdown(text), seconds=2)
