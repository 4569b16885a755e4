"""The processor time of an import is proportional to the length of a post."""

import json
from functools import partial

import pytest

from tests.support.importing import import_path
from tests.support.processor_time import find_growth, measure_seconds

SHORT_CHARACTERS, LONG_CHARACTERS = 10_000, 40_000
MAX_GROWTH = 9.0
"""For four times the length, linear time grows by 4, quadratic time by 16."""

MIN_COMPARED_SECONDS = 0.15
"""Imports of the long post that are faster are not compared."""

MARKS = (
    *("<", "[", "*", "{{", "{%", "<!--", "![](", "`", "_", "> ", "# ", "\\", "~", "|", "&", "(", '"', "$", "http://"),
    *("[a](", "[a", "[^a]", "***a", "- ", "* a\n", ":::note\n", "```\n", "    a\n", "{#a}", "{{<", "a@b.c ", "{: .a}"),
    *(
        "<b>",
        "<div>",
        "<p>",
        "<pre>",
        "<ul><li>",
        "<table><tr><td>",
        '<a href="x">',
        "<blockquote>",
        "<script>",
        "<svg>",
    ),
    *("</b>", "<br>", "<b>a</b>", '<b id="a">', '<a id="a"></a>', '<use href="#a">', "<title>a</title>", "<b", '<a "'),
    *('<img src="a.png">', "[a]: b\n", "a\n", "\n", " ", "word "),
)
SERIES = {
    "links": "[a{0}](http://h.example/{0}) ",
    "paths": "[a](/p{0}/#b) ",
    "headings": "# a{0}\n\n",
    "footnotes": "a[^{0}]\n\n[^{0}]: b\n\n",
    "references": "[a][r{0}]\n\n[r{0}]: http://h.example/{0}\n\n",
    "elements": '<p id="i{0}">a <b>b</b> <a href="/p{0}/">c</a></p>\n',
}


def repeat(unit, length):
    return (unit * (length // len(unit) + 1))[:length]


def number(pattern, length):
    return "".join(pattern.format(count) for count in range(length // len(pattern)))


CONTENTS = {mark: lambda length, mark=mark: repeat(mark, length) for mark in MARKS} | {
    name: lambda length, pattern=pattern: number(pattern, length) for name, pattern in SERIES.items()
}


def write_jekyll(folder, text):
    (folder / "_posts").mkdir(parents=True)
    (folder / "_config.yml").write_text("title: A\n")
    (folder / "_posts/2020-01-02-a.md").write_text(f"---\ntitle: A\n---\n\nBefore.\n\n{text}\n", "utf-8")


def write_docusaurus(folder, text):
    (folder / "blog").mkdir(parents=True)
    (folder / "docusaurus.config.js").write_text("module.exports = {url: 'https://h.example', baseUrl: '/'};\n")
    (folder / "blog/2020-01-02-a.mdx").write_text(f"---\ntitle: A\n---\n\nBefore.\n\n{text}\n", "utf-8")


def write_ghost(folder, text):
    folder.mkdir()
    post = {"id": "1", "title": "A", "slug": "a", "html": text, "status": "published", "published_at": "2020-01-02"}
    meta = {"exported_on": 1, "version": "5.0.0"}
    (folder / "a.json").write_text(json.dumps({"db": [{"meta": meta, "data": {"posts": [post]}}]}))


def write_wordpress(folder, text):
    folder.mkdir()
    (folder / "a.xml").write_text(
        '<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>A</title><wp:wxr_version>1.2</wp:wxr_version>'
        "<item><title>A</title><link>https://h.example/a/</link><pubDate>Thu, 02 Jan 2020 08:00:00 +0000</pubDate>"
        f"<content:encoded><![CDATA[{text}]]></content:encoded><wp:post_type>post</wp:post_type>"
        "<wp:status>publish</wp:status></item></channel></rss>"
    )


FORMATS = {
    "docusaurus": write_docusaurus,
    "ghost": write_ghost,
    "jekyll": write_jekyll,
    "wordpress": write_wordpress,
}


def measure(format_name, text, root):
    """Return the processor time of an import of one post, in seconds."""
    FORMATS[format_name](root / "export", text)
    return measure_seconds(lambda: import_path(root / "export", root / "site", format_name))


def start_up(format_name, make_root):
    measure(format_name, "a", make_root())  # loads the libraries
    return min(measure(format_name, "a", make_root()) for _ in range(3))


QUICK = ("<", "{{", "<div>", '<b id="a">', "<b>a</b>")
"""Units that once took quadratic time, and the most frequent ones."""


def find_slow(format_name, names, make_root):
    """Return the seconds for the short and the long post of each unit whose time grows too fast."""
    least = start_up(format_name, make_root)

    def take(text):
        return measure(format_name, text, make_root()) - least

    slow = {}
    for name in names:
        long = partial(take, CONTENTS[name](LONG_CHARACTERS))
        if long() < MIN_COMPARED_SECONDS:
            continue
        short = partial(take, CONTENTS[name](SHORT_CHARACTERS))
        if found := find_growth(lambda short=short: max(short(), 0.01), long, MAX_GROWTH):
            slow[name] = found
    return slow


@pytest.fixture
def make_root(tmp_path_factory):
    return lambda: tmp_path_factory.mktemp("import")


@pytest.mark.parametrize("format_name", ["jekyll", "wordpress"])
def test_the_time_of_an_import_is_proportional_to_the_length_of_a_post(format_name, make_root):
    assert find_slow(format_name, QUICK, make_root) == {}


@pytest.mark.slow  # imports 70 posts of 40 kB with each of four importers, some of them three times: 60 seconds
@pytest.mark.parametrize("format_name", FORMATS)
def test_the_time_for_repeated_markup_is_proportional_to_its_length(format_name, make_root):
    assert find_slow(format_name, CONTENTS, make_root) == {}
