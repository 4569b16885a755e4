"""Folders written for Jekyll become posts."""

import re
import zipfile
from collections import Counter

import pytest

from sitegen.config.schema import Markdown
from sitegen.content.front_matter.split import split
from sitegen.importers.markdown_source.engines import choose_for_kramdown
from sitegen.importers.markdown_source.kramdown import render_kramdown
from sitegen.importers.markdown_source.links import change_links
from sitegen.importers.markdown_source.liquid import render_liquid
from sitegen.markdown.renderer import MarkdownRenderer
from tests.support.importing import PNG, check_sample, import_path


def test_the_sample_becomes_the_expected_posts(tmp_path):
    check_sample("jekyll", tmp_path)


@pytest.mark.parametrize(
    ("pattern", "address"),
    [
        ("", "/craft/2019/05/01/knots.html"),
        ("permalink: pretty", "/craft/2019/05/01/knots/"),
        ("permalink: none", "/craft/knots.html"),
        ("permalink: ordinal", "/craft/2019/121/knots.html"),
        ("permalink: /:year/:i_month/:title", "/2019/5/knots"),
        ("permalink: :title:output_ext", "/knots.html"),
    ],
)
def test_the_alias_follows_the_permalink_pattern(pattern, address, tmp_path):
    (tmp_path / "in/_posts").mkdir(parents=True)
    (tmp_path / "in/_config.yml").write_text(f"title: x\n{pattern}\n")
    (tmp_path / "in/_posts/2019-05-01-knots.md").write_text("---\ntitle: Knots\ncategories: Craft\n---\n")
    import_path(tmp_path / "in", tmp_path / "site", "jekyll")
    assert f"aliases:\n  - {address}\n" in (tmp_path / "site/content/posts/2019-05-01-knots.md").read_text()


@pytest.mark.parametrize(
    ("file", "include", "expected"),
    [
        ("_includes/references.md", "{% include references.md %}", "[knot]: https://k.example/"),
        ("_includes/a/b.markdown", '{%- include a/b.markdown style="x" -%}', "[knot]: https://k.example/"),
        ("_includes/references.md", "{% include_cached references.md %}", "[knot]: https://k.example/"),
        ("_posts/beside.md.inc", "{% include_relative beside.md.inc %}", "[knot]: https://k.example/"),
        ("_includes/other.md", "{% include references.md %}", "{% include references.md %}"),
        ("secret.md", "{% include ../secret.md %}", "{% include ../secret.md %}"),
    ],
)
def test_includes_of_plain_text_are_inserted(file, include, expected, tmp_path):
    for name, text in {
        "_config.yml": "title: x\n",
        "_posts/2019-05-01-a.md": f"---\ntitle: A\n---\n[Reef][knot].\n\n{include}\n",
        file: "{% comment %} links {{ x }} {% endcomment %}\n[knot]: https://k.example/\n",
    }.items():
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_text(text)
    report = import_path(tmp_path / "in", tmp_path / "site", "jekyll")
    assert (tmp_path / "site/content/posts/2019-05-01-a.md").read_text().endswith(f"[Reef][knot].\n\n{expected}\n")
    assert any("left as text" in note.message for note in report.notes) == (expected == include)


@pytest.mark.parametrize(
    "text", ["{{ site.title }}", "{% if a %}b{% endif %}", "<script>x</script>", "<form></form>", "\0"]
)
def test_other_includes_stay_as_tags(text, tmp_path):
    (tmp_path / "in/_posts").mkdir(parents=True)
    (tmp_path / "in/_includes").mkdir()
    (tmp_path / "in/_includes/x.md").write_text(text * (1 if text != "\0" else 2_000_000))
    (tmp_path / "in/_posts/2019-05-01-a.md").write_text("---\ntitle: A\n---\n{% include x.md %}\n")
    import_path(tmp_path / "in", tmp_path / "site", "jekyll")
    assert "{% include x.md %}" in (tmp_path / "site/content/posts/2019-05-01-a.md").read_text()


def test_the_total_size_of_includes_is_limited(tmp_path):
    (tmp_path / "in/_posts").mkdir(parents=True)
    (tmp_path / "in/_includes").mkdir()
    (tmp_path / "in/_includes/x.md").write_text("word " * 50_000)
    (tmp_path / "in/_posts/2019-05-01-a.md").write_text("---\ntitle: A\n---\n" + "{% include x.md %}\n\n" * 100)
    import_path(tmp_path / "in", tmp_path / "site", "jekyll")
    assert (tmp_path / "site/content/posts/2019-05-01-a.md").stat().st_size < 1_100_000


def test_a_folder_of_posts_without_settings_is_imported(tmp_path):
    (tmp_path / "_posts").mkdir()
    (tmp_path / "_posts/2019-05-01-knots.md").write_text("---\ntitle: Knots\n---\n{% include x.html %}\n")
    report = import_path(tmp_path / "_posts", tmp_path / "site")
    assert (report.format, report.written) == ("jekyll", 1)


def test_the_time_zone_of_the_settings_applies_to_times_only(tmp_path):
    (tmp_path / "in/_posts").mkdir(parents=True)
    (tmp_path / "in/_config.yml").write_text("timezone: Asia/Tokyo\n")
    (tmp_path / "in/_posts/2019-05-01-day.md").write_text("---\ntitle: Day\n---\n")
    (tmp_path / "in/_posts/2019-05-02-time.md").write_text("---\ntitle: Time\ndate: 2019-05-02 12:00\n---\n")
    import_path(tmp_path / "in", tmp_path / "site", "jekyll")
    assert "date: 2019-05-01\n" in (tmp_path / "site/content/posts/2019-05-01-day.md").read_text()
    assert "date: 2019-05-02T12:00:00+09:00\n" in (tmp_path / "site/content/posts/2019-05-02-time.md").read_text()


def test_the_top_level_folder_of_a_zip_is_not_a_category(tmp_path):
    with zipfile.ZipFile(tmp_path / "old.zip", "w") as file:
        file.writestr("old-site-main/_posts/2019-05-01-knots.md", "---\ntitle: Knots\n---\n")
    import_path(tmp_path / "old.zip", tmp_path / "site")
    assert "  - /2019/05/01/knots.html\n" in (tmp_path / "site/content/posts/2019-05-01-knots.md").read_text()


@pytest.mark.parametrize(
    ("text", "result", "left"),
    [
        ("{% highlight js %}\na\n{% endhighlight %}", "```js\na\n```", {}),
        ("* x\n  {% highlight js %}\n  a\n  {% endhighlight %}", "* x\n  ```js\n  a\n  ```", {}),
        ("{% highlight md %}\n```\n{% endhighlight %}", "````md\n```\n````", {}),
        ("{% raw %}{{ x }}{% endraw %}", "{{ x }}", {}),
        ("{{ site.baseurl }}/a", "/a", {}),
        ('{{ "/a" | relative_url }}', "/a", {}),
        ('{{ "/a" | prepend: site.baseurl }}', "/a", {}),
        ('{{ "a" | absolute_url }}', "https://x.example/a", {}),
        ("{{ site.data.links.map }}", "https://map.example", {}),
        ("{{ page.title | escape }}", "T", {}),
        ("{{ page.date | date: '%Y' }}", "{{ page.date | date: '%Y' }}", {"{{ page.date }}": 1}),
        ("{% gist ann/12ab %}", "[Code on GitHub Gist](https://gist.github.com/ann/12ab)", {}),
        ("{% youtube https://youtu.be/abc %}", "[Video on YouTube](https://youtu.be/abc)", {}),
        ("{% img left /i.png 10 10 'A title' 'Alt' %}", '![Alt](/i.png "A title")', {}),
        ("{% include youtube.html id='abc' %}", "[Video on YouTube](https://www.youtube.com/watch?v=abc)", {}),
        ("{% if x %}a{% endif %}", "{% if x %}a{% endif %}", {"{% if %}": 1}),
        (
            "{% include a.html %}{% include a.html %}",
            "{% include a.html %}{% include a.html %}",
            {"{% include a.html %}": 2},
        ),
        ("{% post_url gone %}", "{% post_url gone %}", {"{% post_url %}": 1}),
        ("an open {{ brace", "an open {{ brace", {}),
        ("{% highlight js %} never closed", "{% highlight js %} never closed", {"{% highlight %}": 1}),
    ],
)
def test_simple_liquid_tags_are_replaced_and_others_counted(text, result, left):
    site = {"url": "https://x.example", "data": {"links": {"map": "https://map.example"}}}
    assert render_liquid(text, site, {"title": "T"}, lambda target: None) == (result, left)


@pytest.mark.parametrize("mark", ["{%", "{{", "{% highlight x %}", "{% endraw %}", "{% raw %}", "{:", "[a]("])
def test_repeated_delimiters_take_linear_time(mark):
    text, _ = render_liquid(mark * 20_000, {}, {}, lambda target: None)
    assert len(text) == len(mark) * 20_000
    assert change_links(text, lambda target: None) == text


def test_kramdown_comments_and_markers_for_contents_are_removed():
    dropped = Counter()
    text = "* toc\n{:toc}\n\n# A\n{::comment}secret{:/comment}\n"
    assert render_kramdown(text, dropped) == "\n# A\n\n"
    assert dropped == {"marker for a table of contents": 1, "kramdown comment": 1}


@pytest.mark.parametrize(
    ("text", "html", "dropped"),
    [
        ("# A\n{: .x #y}\n\nB\n", '<h1 class="x" id="y">A</h1><p>B</p>', 0),
        ("A\n===\n{: .x}\n\nB\n", '<h1 class="x" id="a">A</h1><p>B</p>', 0),
        ("{: .x}\n# A\n\nB\n", '<h1 class="x" id="a">A</h1><p>B</p>', 0),
        ("B\n\n{:.x}\n![C](c.png)\n\nD\n", '<p>B</p><p class="x"><img alt="C" src="c.png"></p><p>D</p>', 0),
        ("B\n{: .x}\n{: #y}\n", '<p class="x" id="y">B</p>', 0),
        ("B [a](/b/){:.x}\n", '<p>B <a class="x" href="/b/">a</a></p>', 0),
        ("B\n\n{: .x}\n\nC\n", "<p>B</p><p>C</p>", 1),
        ("B\n\n{:red: .x}\n\nC\n{:red}\n", "<p>B</p><p>C</p>", 2),
        ("- B\n{: .x}\n", "<ul><li>B</li></ul>", 1),
        ("> B\n{: .x}\n", "<blockquote><p>B</p></blockquote>", 1),
        ("B\n\n~~~\nC\n~~~\n{: .x}\n", '<p>B</p><pre tabindex="0"><code>C</code></pre>', 1),
        ("~~~\n{: .x}\n~~~\n", '<pre tabindex="0"><code>{: .x}</code></pre>', 0),
        ("~~B~~{:.x} `{:.y}`\n\n- [ ] C\n", "<p><del>B</del> <code>{:.y}</code></p>", 1),
    ],
)
def test_attributes_of_kramdown_are_applied_or_dropped_and_never_shown(text, html, dropped):
    counts = Counter()
    text = render_kramdown(text, counts)
    shown = MarkdownRenderer(Markdown()).render(text, path="a.md", engine=choose_for_kramdown(text) or None).html
    assert re.sub("[\x02\x03\n]", "", shown).startswith(html)
    assert counts.total() == dropped


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("[^a]: Words.\n[b]: /c/\n[d]: /e/\n", "[^a]: Words.\n\n[b]: /c/\n[d]: /e/\n"),
        ("[^a]: Words\n    and more.\n [b c]: /c/\n", "[^a]: Words\n    and more.\n\n [b c]: /c/\n"),
        ("[^a]: Words.\n[^b]: More.\n\n[c]: /d/\n", "[^a]: Words.\n[^b]: More.\n\n[c]: /d/\n"),
        ("[^a]: Words,\n[b] and more.\n", "[^a]: Words,\n[b] and more.\n"),
        ("~~~\n[^a]: Words.\n[b]: /c/\n~~~\n", "~~~\n[^a]: Words.\n[b]: /c/\n~~~\n"),
        ("[b]: /c/\n[^a]: Words.\n", "[b]: /c/\n[^a]: Words.\n"),
    ],
)
def test_a_link_definition_ends_a_footnote(text, result):
    assert render_kramdown(text, Counter()) == result


def test_definitions_below_footnotes_become_links(tmp_path):
    (tmp_path / "old/_posts").mkdir(parents=True)
    text = "---\ntitle: A\n---\nIntro[^a]:\n- one [b]\n\n[^a]: Words.\n[b]: https://b.example/\n"
    (tmp_path / "old/_posts/2020-01-02-a.md").write_text(text)
    (tmp_path / "old/_config.yml").write_text("title: A\n")
    import_path(tmp_path / "old", tmp_path / "site")
    (post,) = (tmp_path / "site/content/posts").glob("*.md")
    front = split(post.read_bytes(), "a.md")
    assert front.values["markdown"] == "commonmark"
    html = MarkdownRenderer(Markdown()).render(front.text, path="a.md", engine="commonmark").html
    assert '<a href="https://b.example/">b</a>' in html


@pytest.mark.parametrize(
    ("line", "image"),
    [
        ("header: {teaser: /a.png, color: red}", "/a.png"),
        ("header: {overlay_image: /a.png, teaser: /b.png}", "/a.png"),
        ("cover-img: /a.png", "/a.png"),
        ("header: Words", ""),
    ],
)
def test_covers_of_common_themes_become_the_image_of_the_post(tmp_path, line, image):
    (tmp_path / "old/_posts").mkdir(parents=True)
    (tmp_path / "old/_posts/2024-01-02-one.md").write_text(f"---\ntitle: One\n{line}\n---\n\nText\n")
    (tmp_path / "old/a.png").write_bytes(PNG)
    report = import_path(tmp_path / "old", tmp_path / "site")
    assert len(report.saved_files) == bool(image)
    post = (tmp_path / "site/content/posts/2024-01-02-one.md").read_text()
    assert ('image: "2024-01-02-one/a.png"' in post) == bool(image)


def test_other_files_are_skipped_with_a_specific_reason(tmp_path):
    files = {
        "_posts/2024-01-02-one.md": "---\ntitle: One\n---\n\nText\n",
        "_config.yml": "url: https://x.example",
        "_data/people.yml": "a: 1",
        "assets/style.scss": "a{}",
        "_includes/head.html": "<head>",
        "Makefile": "all:",
    }
    for name, text in files.items():
        (tmp_path / "old" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "old" / name).write_text(text)
    report = import_path(tmp_path / "old", tmp_path / "site")
    assert {item.where.path: item.reason for item in report.skipped} == {
        "_config.yml": "settings of the old site",
        "_data/people.yml": "data or settings, not a post",
        "assets/style.scss": "code, a template or a style sheet, not a post",
        "_includes/head.html": "part of the old theme or of a library",
        "Makefile": "not a Markdown or HTML file",
    }


def test_what_kramdown_does_not_show_is_in_the_report(tmp_path):
    (tmp_path / "_posts").mkdir()
    text = "---\ntitle: Knots\n---\nRope.\n\n{::comment}\nnot yet\n{:/comment}\n\n{:toc}\n\n- Knot\n"
    (tmp_path / "_posts/2019-05-01-knots.md").write_text(text)
    report = import_path(tmp_path / "_posts", tmp_path / "site", "jekyll")
    assert report.dropped["kramdown comment"] == 1
    assert "not yet" not in (tmp_path / "site/content/posts/2019-05-01-knots.md").read_text()
