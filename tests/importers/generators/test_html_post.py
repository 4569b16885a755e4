"""HTML documents with front matter are imported as posts."""

import pytest

from sitegen.importers.generators.html_post import convert_html_text, hide_key
from sitegen.importers.output.post_links import key_link
from tests.support.importing import import_path

HTML = """---
title: One
---
<h1>One</h1>
<p>See <a href="{{ site.url }}/x">x</a> and <b>bold</b>.</p>
"""


def write(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def read_post(root, name):
    return (root / "content/posts" / name).read_text()


@pytest.mark.parametrize("ending", ["html", "htm", "HTML", "md", "MD", "markdown", "mkd", "mkdn", "mkdown", "mdown"])
@pytest.mark.parametrize("folder", ["jekyll", "hugo", "plain"])
def test_documents_with_front_matter_and_any_extension_are_posts(folder, ending, tmp_path):
    text = "---\ntitle: One\n---\n<p>A <b>bold</b> word.</p>\n"
    path = {"jekyll": "_posts/", "hugo": "content/posts/", "plain": ""}[folder]
    config = {"jekyll": "_config.yml", "hugo": "hugo.toml", "plain": "x.css"}[folder]
    write(tmp_path / "in", {config: "", f"{path}2020-01-02-one.{ending}": text})
    report = import_path(tmp_path / "in", tmp_path / "site")
    assert (report.format, report.written) == (folder, 1)
    body = read_post(tmp_path / "site", "2020-01-02-one.md").split("---\n")[-1]
    assert body == ("\nA **bold** word.\n" if ending.lower().startswith("ht") else "\n<p>A <b>bold</b> word.</p>\n")


def test_template_tags_in_html_are_replaced(tmp_path):
    text = (
        "---\ntitle: One\n---\n<h1>One</h1>\n"
        '<p><a href="{% post_url 2020-01-03-two %}#part">two</a>, <a href="{{ site.url }}/x">x</a></p>\n'
        "{% highlight python %}\nif a < b:\n    print('*x*')\n{% endhighlight %}\n"
        "<p>{% youtube abc %}</p>\n{% raw %}<p>{{ a*b*c }}</p>{% endraw %}\n<script>run()</script>\n"
    )
    files = {"_config.yml": "url: https://old.example", "_posts/2020-01-02-one.html": text}
    write(tmp_path / "in", {**files, "_posts/2020-01-03-two.htm": HTML.replace("One", "Two")})
    report = import_path(tmp_path / "in", tmp_path / "site")
    assert read_post(tmp_path / "site", "2020-01-02-one.md").split("---\n")[-1] == (
        "\n[two](2020-01-03-two.md#part), [x](https://old.example/x)\n\n"
        "```python\nif a < b:\n    print('*x*')\n```\n\n"
        "[Video on YouTube](https://www.youtube.com/watch?v=abc)\n\n\\{\\{ a\\*b\\*c \\}\\}\n"
    )
    assert report.dropped["script"] == 1
    assert report.dropped["heading that repeats the title"] == 2


def test_the_title_of_an_html_document_is_its_first_heading(tmp_path):
    write(tmp_path / "in", {"_posts/2020-01-02-x.html": "---\nlayout: post\n---\n<h1>The heading</h1><p>Text.</p>"})
    import_path(tmp_path / "in", tmp_path / "site")
    text = read_post(tmp_path / "site", "2020-01-02-x.md")
    assert "title: The heading\n" in text
    assert text.endswith("---\n\nText.\n")


def test_html_without_front_matter_and_other_formats_are_skipped(tmp_path):
    files = {"_posts/2020-01-02-a.html": "<html></html>", "_posts/2020-01-03-b.textile": "---\n---\nh1. x"}
    write(tmp_path / "in", {**files, "_posts/2020-01-04-c.md": "x"})
    reasons = [item.reason for item in import_path(tmp_path / "in", tmp_path / "site").skipped]
    assert [reason.split(":")[0] for reason in reasons] == ["an HTML page", "Textile"]


def test_an_unreadable_html_document_is_skipped(tmp_path):
    write(tmp_path / "in", {"_posts/2020-01-02-a.html": "---\ntitle: A\n---\n" + "<div>" * 400})
    write(tmp_path / "in", {"_posts/2020-01-03-b.html": HTML})
    report = import_path(tmp_path / "in", tmp_path / "site")
    assert report.adds_up
    assert (report.written, len(report.skipped)) == (1, 1)


@pytest.mark.parametrize("key", ["a.html", "posts/a b.html", "x(1)/ü#1.html", 'q"<>.html'])
def test_internal_links_are_preserved_by_the_conversion(key):
    text, _ = convert_html_text(f'<p><a href="{hide_key(key_link(key))}">x</a> y</p>', "")
    assert text.strip() == f"[x]({key_link(key)}) y"
