"""The old URLs of pages of tags, categories and authors lead to the pages of these terms in the new site."""

import tomllib

import pytest

from sitegen.config.load import read_config
from tests.support.importing import import_path
from tests.support.sites import build, write

CONFIG = 'title = "Moor"\nbase_url = "https://moor.example/"\n'
POST = "---\ntitle: A\ndate: 2020-01-02\nauthor: Mara Quill\ntags: [Bog, C++]\ncategories: [Field Notes]\n---\nText.\n"
JEKYLL_ARCHIVES = "title: Moor\njekyll-archives:\n  enabled: {}\n  permalinks: {}\n"
ZOLA_TERMS = "[taxonomies]\ntags = ['Bog', 'C++']\ncategories = ['Field Notes']\n"
ZOLA_POST = f"+++\ntitle = 'A'\ndate = 2020-01-02\n{ZOLA_TERMS}+++\nText.\n"
ZOLA = 'base_url = "https://moor.example"\ntaxonomies = [{name = "tags"}, {name = "categories"}]\n'

PELICAN_POST = "Title: A\nDate: 2020-01-02\nAuthor: Mara Quill\nTags: Bog\nCategory: Field Notes\n\nText.\n"
PERMALINKS = '[permalinks.term]\ncategories = "/topics/:slug/"\n[permalinks.page]\ntags = "/x/"'
PREFIXED = 'defaultContentLanguage = "de"\ndefaultContentLanguageInSubdir = true'
TAGS_ONLY = "TAG_URL = 'topics/{slug}/'\nCATEGORY_SAVE_AS = ''\nAUTHOR_SAVE_AS = ''\n"
HUGO_TAGS = {"C++": ["/tags/c++/"], "Field Notes": ["/categories/field-notes/"]}

SITES = {
    "hugo": ("hugo", "hugo.toml", 'title = "Moor"', "content/posts/a.md", POST, HUGO_TAGS, {}),
    "hugo with patterns": (
        "hugo", "hugo.toml", PERMALINKS,
        "content/posts/a.md", POST, {**HUGO_TAGS, "Field Notes": ["/topics/field-notes/"]}, {},
    ),
    "hugo with a language in all paths": (
        "hugo", "hugo.toml", PREFIXED, "content/posts/a.md", POST,
        {"Bog": ["/de/tags/bog/"], "C++": ["/de/tags/c++/"], "Field Notes": ["/de/categories/field-notes/"]}, {},
    ),
    "hugo with other taxonomies": (
        "hugo", "hugo.toml", '[taxonomies]\ncategory = "categories"', "content/posts/a.md", POST,
        {"Field Notes": ["/categories/field-notes/"]}, {},
    ),
    "hugo without pages of terms": ("hugo", "hugo.toml", 'disableKinds = ["term"]', "content/posts/a.md", POST, {}, {}),
    "jekyll": ("jekyll", "_config.yml", "title: Moor\n", "_posts/2020-01-02-a.md", POST, {}, {}),
    "jekyll-archives": (
        "jekyll", "_config.yml", JEKYLL_ARCHIVES.format("[categories, tags]", "{tag: /topic/:name/}"),
        "_posts/2020-01-02-a.md", POST,
        {"Bog": ["/topic/bog/"], "C++": ["/topic/c/"], "Field Notes": ["/category/field-notes/"]}, {},
    ),
    "jekyll-archives of categories": (
        "jekyll", "_config.yml", JEKYLL_ARCHIVES.format("[categories]", "{}"), "_posts/2020-01-02-a.md",
        POST, {"Field Notes": ["/category/field-notes/"]}, {},
    ),
    "zola": (
        "zola", "config.toml", ZOLA, "content/a.md", ZOLA_POST,
        {"C++": ["/tags/c/"], "Field Notes": ["/categories/field-notes/"]}, {},
    ),
    "zola with other slugs": (
        "zola", "config.toml", f'taxonomy_root = "by"\n{ZOLA}[slugify]\ntaxonomies = "safe"\n',
        "content/a.md", ZOLA_POST,
        {"Bog": ["/by/tags/Bog/"], "C++": ["/by/tags/C++/"], "Field Notes": ["/by/categories/Field Notes/"]}, {},
    ),
    "zola without pages of terms": (
        "zola", "config.toml", ZOLA.replace('"tags"', '"tags", render = false').replace(', {name = "categories"}', ""),
        "content/a.md", ZOLA_POST, {}, {},
    ),
    "pelican": (
        "pelican", "pelicanconf.py", "SITENAME = 'Moor'\n", "content/a.md",
        PELICAN_POST,
        {"Bog": ["/tag/bog.html"], "Field Notes": ["/category/field-notes.html"]},
        {"Mara Quill": ["/author/mara-quill.html"]},
    ),
    "pelican with patterns": (
        "pelican", "pelicanconf.py", TAGS_ONLY, "content/a.md", PELICAN_POST,
        {"Bog": ["/topics/bog/"]}, {},
    ),
}  # fmt: skip
"""The format, the name and the text of the settings, the name and the text of a post, and the aliases that are written
for tags and authors."""


DOCUSAURUS = (
    "module.exports = {{url: 'https://moor.example', baseUrl: '/', i18n: {{defaultLocale: 'en'}},"
    " presets: [['classic', {{blog: {{{blog}}}}}]]}};"
)
TRANSLATED = "i18n/de/docusaurus-plugin-content-blog"


@pytest.mark.parametrize(
    ("blog", "files", "aliases"),
    [
        ("", {}, {"Bog": ["/blog/tags/bog"], "C++": ["/blog/tags/c"], "JavaScript": ["/blog/tags/java-script"]}),
        ("routeBasePath: '/'", {}, {"C++": ["/tags/c"], "JavaScript": ["/tags/java-script"]}),
        ("routeBasePath: route()", {}, {}),
        (
            "tagsBasePath: 'topics'",
            {"blog/tags.yml": "Bog: {label: Wet land}\nC++: {permalink: /Cpp}\n"},
            {"Wet land": ["/blog/topics/bog"], "C++": ["/blog/topics/cpp"], "JavaScript": ["/blog/topics/java-script"]},
        ),
        (
            "",
            {f"{TRANSLATED}/2020-01-02-a.md": "---\ntitle: A\ntags: [Moor]\n---\nText.\n"},
            {
                "Bog": ["/blog/tags/bog"],
                "C++": ["/blog/tags/c"],
                "JavaScript": ["/blog/tags/java-script"],
                "Moor": ["/de/blog/tags/moor"],
            },
        ),
    ],
)
def test_old_pages_of_tags_of_docusaurus_redirect(blog, files, aliases, tmp_path):
    post = POST.replace("[Bog, C++]", "[Bog, C++, JavaScript, Болото]").replace("categories: [Field Notes]\n", "")
    site = {"docusaurus.config.js": DOCUSAURUS.format(blog=blog), "blog/2020-01-02-a.md": post, **files}
    write(tmp_path / "in", site)
    root = write(tmp_path / "site", {"sitegen.toml": CONFIG})
    import_path(tmp_path / "in", root, "docusaurus", config=read_config(root).config)
    assert read_aliases(root, "tags") == aliases
    assert build(root).warnings == ()


@pytest.mark.parametrize(
    ("format_name", "settings", "config", "folder", "post"),
    [
        ("hugo", "[languages.en]\n[languages.de]\n", "hugo.toml", "content/posts", POST),
        ("zola", f"{ZOLA}[languages.de]\n", "config.toml", "content", ZOLA_POST),
    ],
)
@pytest.mark.parametrize("has_pages", [True, False], ids=["with pages in German", "without pages in German"])
def test_old_pages_of_terms_in_another_language_redirect_to_its_pages(
    format_name, settings, config, folder, post, has_pages, tmp_path
):
    write(tmp_path / "in", {config: settings, f"{folder}/a.md": post, f"{folder}/a.de.md": post})
    root = write(tmp_path / "site", {"sitegen.toml": CONFIG + ("[languages.de]\n" if has_pages else "")})
    import_path(tmp_path / "in", root, format_name, config=read_config(root).config)
    old = {"/categories/field-notes/", "/de/categories/field-notes/"}
    assert set(read_aliases(root, "tags")["Field Notes"]) == old
    assert ("/de/tags/bog/" in read_aliases(root, "tags").get("Bog", ())) is not has_pages
    assert build(root).warnings == ()
    target = "/de/tags/field-notes/" if has_pages else "/tags/field-notes/"
    assert f'url={target}"' in (root / "output/de/categories/field-notes/index.html").read_text()
    assert 'url=/tags/field-notes/"' in (root / "output/categories/field-notes/index.html").read_text()


def read_aliases(root, taxonomy):
    path = root / f"content/{taxonomy}.toml"
    return {name: table["aliases"] for name, table in tomllib.loads(path.read_text()).items()} if path.exists() else {}


@pytest.mark.parametrize("name", SITES)
def test_old_pages_of_terms_redirect_to_the_pages_of_the_terms(tmp_path, name):
    format_name, settings_name, settings, post_name, post, tags, authors = SITES[name]
    write(tmp_path / "in", {settings_name: settings, post_name: post})
    root = write(tmp_path / "site", {"sitegen.toml": CONFIG})
    import_path(tmp_path / "in", root, format_name, config=read_config(root).config)
    assert (read_aliases(root, "tags"), read_aliases(root, "authors")) == (tags, authors)
    assert build(root).warnings == ()
    for aliases in (*tags.values(), *authors.values()):
        for alias in aliases:
            page = root / "output" / alias.strip("/")
            assert 'http-equiv="refresh"' in (page if page.is_file() else page / "index.html").read_text()


def test_a_taxonomy_of_categories_keeps_the_urls_of_hugo(tmp_path):
    write(tmp_path / "in", {"hugo.toml": 'title = "Moor"', "content/posts/a.md": POST})
    root = write(tmp_path / "site", {"sitegen.toml": CONFIG + "[taxonomies.categories]\n"})
    import_path(tmp_path / "in", root, "hugo", config=read_config(root).config)
    assert read_aliases(root, "tags") == {"C++": ["/tags/c++/"]}
    assert read_aliases(root, "categories") == {}
    build(root)
    assert (root / "output/categories/field-notes/index.html").is_file()


def test_terms_of_drafts_are_not_described(tmp_path):
    write(
        tmp_path / "in",
        {"hugo.toml": 'title = "Moor"', "content/posts/a.md": POST.replace("title", "draft: true\ntitle")},
    )
    root = write(tmp_path / "site", {"sitegen.toml": CONFIG})
    import_path(tmp_path / "in", root, "hugo", config=read_config(root).config)
    assert read_aliases(root, "tags") == {}


def test_links_to_old_pages_of_terms_are_not_broken_and_a_second_import_changes_nothing(tmp_path):
    linked = POST.replace("Text.", "[Notes](/categories/field-notes/) and [none](/categories/none/)")
    write(tmp_path / "in", {"hugo.toml": 'title = "Moor"', "content/posts/a.md": linked})
    root = write(tmp_path / "site", {"sitegen.toml": CONFIG})
    config = read_config(root).config
    first = import_path(tmp_path / "in", root, "hugo", config=config)
    written = {path: path.read_bytes() for path in (root / "content").rglob("*") if path.is_file()}
    again = import_path(tmp_path / "in", root, "hugo", config=config)
    assert [broken.url for report in (first, again) for broken in report.broken] == ["/categories/none/"] * 2
    assert (again.written, {path: path.read_bytes() for path in written}) == (0, written)
    (root / "content/tags.toml").write_text("")
    import_path(tmp_path / "in", root, "hugo", config=config)
    assert {path: path.read_bytes() for path in written} == written


def test_links_of_pelican_to_terms_lead_to_their_pages(tmp_path):
    links = "[a]({tag}Wet%20Bog) [b]({category}Field%20Notes#top) [c]({author}Mara%20Quill) [d](|tag|none) [e]({index})"
    post = PELICAN_POST.replace("Bog", "Wet Bog").replace("Text.", links)
    write(tmp_path / "in", {"pelicanconf.py": "SITENAME = 'Moor'\n", "content/a.md": post})
    root = write(tmp_path / "site", {"sitegen.toml": CONFIG})
    report = import_path(tmp_path / "in", root, "pelican", config=read_config(root).config)
    text = (root / "content/posts/2020-01-02-a.md").read_text()
    assert "[a](/tag/wet-bog.html) [b](/category/field-notes.html#top) [c](/author/mara-quill.html)" in text
    assert "[d](/tag/none.html) [e](/)" in text
    assert [broken.url for broken in report.broken] == ["/tag/none.html"]
