"""Blogs of Docusaurus are imported with translations, old URLs and authors."""

import re

import pytest

from sitegen.importers.registry import recognise_format
from tests.support.importing import check_sample, import_path
from tests.support.sites import write

POST = "---\ntitle: A\n---\nText.\n"
CLASSIC = "export default {url: 'https://x.example', baseUrl: '/', presets: [['classic', {blog: %s}]]}"


def importing(tmp_path, files):
    """Return the report, and the posts by their names."""
    report = import_path(write(tmp_path / "in", files), tmp_path / "site", "docusaurus")
    return report, {path.name: path.read_text("utf-8") for path in (tmp_path / "site/content/posts").glob("*.md")}


def test_the_sample_becomes_the_expected_posts(tmp_path):
    check_sample("docusaurus", tmp_path)


@pytest.mark.parametrize(
    "files",
    [
        {"docusaurus.config.ts": "", "blog/a.md": POST},
        {"site/docusaurus.config.mjs": "", "site/blog/a.mdx": POST, "README.md": "# x"},
        {"i18n/fr/docusaurus-plugin-content-blog/2020-01-02-a.md": POST},
        {"blog/authors.yml": "a: {name: A}", "blog/2020-01-02-a.md": POST},
    ],
)
def test_docusaurus_is_recognised(files, tmp_path):
    assert recognise_format([write(tmp_path, files)]) == "docusaurus"


@pytest.mark.parametrize(
    ("options", "file", "slug", "address"),
    [
        ("{}", "blog/2020-01-02-a.md", "", "/blog/2020/01/02/a"),
        ("{routeBasePath: '/'}", "blog/2020-01-02-a.md", "/231", "/231"),
        ("{routeBasePath: 'letters/'}", "blog/2020-01-02-a.md", "b/c", "/letters/b/c"),
        ("{path: 'news', routeBasePath: '/news'}", "news/2020/01/02/a.md", "", "/news/2020/01/02/a"),
        ("{}", "blog/2020-1-2-a/index.mdx", "", "/blog/2020/1/2/a"),
        ("{}", "blog/team/2020-01-02-a.md", "", "/blog/2020/01/02/team/a"),
        ("{}", "blog/2020-01-02/a.md", "", "/blog/2020/01/02/a"),
    ],
)
def test_the_alias_is_the_path_in_docusaurus(options, file, slug, address, tmp_path):
    text = f"---\ntitle: A\n{f'slug: {slug}' if slug else ''}\n---\n"
    _, posts = importing(tmp_path, {"docusaurus.config.js": CLASSIC % options, file: text})
    ((_, post),) = posts.items()
    assert f"aliases:\n  - {address}\n" in post
    assert f"id: https://x.example{address}\n" in post
    assert "date: 2020-01-02\n" in post


def test_a_route_that_is_not_a_literal_gives_no_alias(tmp_path):
    files = {
        "docusaurus.config.js": CLASSIC % "{routeBasePath: process.env.ROUTE}",
        "blog/2020-01-02-a.md": POST,
    }
    report, posts = importing(tmp_path, files)
    assert "aliases" not in posts["2020-01-02-a.md"]
    assert "id:" not in posts["2020-01-02-a.md"]
    assert [note.message for note in report.notes] == [
        "`routeBasePath` is not a literal value: the old URLs of this blog are unknown"
    ]


def test_translations_have_a_language_an_alias_and_a_common_key(tmp_path):
    files = {
        "docusaurus.config.js": "module.exports = {url: 'https://x.example', baseUrl: '/', i18n: {defaultLocale: 'de'},"
        " presets: [['classic', {blog: {}}]], plugins: [['@docusaurus/plugin-content-blog', {id: 'two', path: 'two',"
        " routeBasePath: 'zwei'}]]}",
        "blog/2020-01-02-a.md": POST,
        "i18n/pt-BR/docusaurus-plugin-content-blog/2020-01-02-a.md": POST,
        "i18n/de/docusaurus-plugin-content-blog/2020-01-03-b.md": POST,
        "two/2020-01-04-c.md": POST,
        "i18n/fr/docusaurus-plugin-content-blog-two/2020-01-04-c.md": POST,
    }
    _, posts = importing(tmp_path, files)
    facts = {
        name: tuple(re.findall(r'^(?:language: |  - |translation_key: )"?(.*?)"?$', post, re.MULTILINE))
        for name, post in posts.items()
    }
    assert facts == {
        "2020-01-02-a.md": ("2020-01-02-a", "/blog/2020/01/02/a"),
        "2020-01-02-a-pt-br.md": ("pt-BR", "2020-01-02-a", "/pt-BR/blog/2020/01/02/a"),
        "2020-01-03-b.md": ("/blog/2020/01/03/b",),
        "2020-01-04-c.md": ("2020-01-04-c", "/zwei/2020/01/04/c"),
        "2020-01-04-c-fr.md": ("fr", "2020-01-04-c", "/fr/zwei/2020/01/04/c"),
    }


@pytest.mark.parametrize(
    ("front", "line"),
    [
        ("authors: ann", "author: Ann Keeper"),
        ("authors: [ann, unknown]", "authors: [Ann Keeper, unknown]"),
        ("authors: [{key: ann, title: x}, {name: Bo}]", "authors: [Ann Keeper, Bo]"),
        ("author: Cy", "author: Cy"),
        ("tags: [t, other, {label: Third, permalink: /x}]", "tags: [First tag, other, Third]"),
        ("description: Written.", "summary: Written."),
        ("title: A", "summary: Opening words."),
        ("last_update: {date: 2021-02-03}", "updated: 2021-02-03"),
        ("unlisted: true", "draft: true"),
    ],
)
def test_front_matter_is_translated(front, line, tmp_path):
    files = {
        "docusaurus.config.js": CLASSIC % "{}",
        "blog/authors.yml": "ann: {name: Ann Keeper}\n",
        "blog/tags.yml": "t: {label: First tag}\n",
        "blog/2020-01-02-a.md": f"---\n{front}\n---\n\nOpening **words**.\n\n<!-- truncate -->\n\nMore.\n",
    }
    _, posts = importing(tmp_path, files)
    ((_, post),) = posts.items()
    assert f"\n{line}\n" in post
    assert post.endswith("\n\nOpening **words**.\n\nMore.\n")


def test_other_pages_are_skipped_with_a_reason(tmp_path):
    files = {"docusaurus.config.js": "", "blog/2020-01-02-a.md": POST, "docs/b.md": POST, "blog/_c.md": POST}
    report, posts = importing(tmp_path, files)
    assert list(posts) == ["2020-01-02-a.md"]
    reasons = {item.where.path: item.reason for item in report.skipped}
    assert "documentation" in reasons["docs/b.md"]
    assert "underscore" in reasons["blog/_c.md"]
