"""Redirects from aliases and former URLs: the files that they become, and those that are skipped."""

import json

import pytest

from sitegen.formats.site_urls import comparable, folder_of, is_page_file, output_path, page_file, site_url
from tests.support.sites import build, make_site, post, tree


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("/", "index.html"),
        ("/old", "old/index.html"),
        ("/old/", "old/index.html"),
        ("/old.html", "old.html"),
        ("/old.HTM", "old.HTM"),
        ("/a/index.php", "a/index.php"),
        ("/view.aspx", "view.aspx"),
        ("/page.shtml", "page.shtml"),
        ("/releases/1.2.0", "releases/1.2.0/index.html"),
        ("/v1.2/", "v1.2/index.html"),
        ("/paper.pdf", "paper.pdf/index.html"),
        ("/feed.xml", "feed.xml/index.html"),
        ("/basic.html/", "basic.html/index.html"),
        ("/.html", ".html/index.html"),
    ],
)
def test_a_page_is_a_file_of_its_own_only_if_its_name_ends_like_one(path, file):
    assert page_file(path) == file
    assert output_path(site_url(path, "/repo"), "/repo") == file
    assert is_page_file(path) == (file == path.lstrip("/"))


def test_paths_that_some_systems_cannot_tell_apart_compare_equal():
    assert comparable("Old/É.html") == comparable("old/e\u0301.html")
    assert comparable("old/a") != comparable("old/b")


@pytest.mark.parametrize(
    ("url", "folder"),
    [("/t/a/", "/t/a/"), ("/t/a", "/t/a/"), ("/t/a.html", "/t/a/"), ("/t/v1.2", "/t/v1.2/"), ("/", "/")],
)
def test_the_folder_of_a_page_is_named_like_it(url, folder):
    assert folder_of(url) == folder


def aliased(title: str, *aliases: str) -> str:
    rows = "".join(f"  - {alias}\n" for alias in aliases)
    return post(title).replace("tags:", f"aliases:\n{rows}tags:")


def warnings_of(root, **wishes):
    return [f"{item.path}:{item.line}: {item.message}" for item in build(root, **wishes).warnings]


A, B = "content/posts/a.md", "content/posts/b.md"
COLLISIONS = {
    "a list": (
        {A: aliased("A", "/tags/")},
        [f'{A}:5: the alias `/tags/` is skipped: the tags page "Tags" is published as `tags/index.html`'],
    ),
    "a post": (
        {A: aliased("A", "/old/", "/posts/b"), B: post("B")},
        [f"{A}:6: the alias `/posts/b` is skipped: {B} is published as `posts/b/index.html`"],
    ),
    "a page": (
        {A: aliased("A", "/about.html/", "/about"), "content/pages/about.md": "---\ntitle: About\n---\n"},
        [f"{A}:6: the alias `/about` is skipped: content/pages/about.md is published as `about/index.html`"],
    ),
    "another redirect": (
        {A: aliased("A", "/old"), B: aliased("B", "/other/", "/old/")},
        [f"{A}:5: the alias `/old` is skipped: `/old/` already redirects to `/posts/b/` ({B}:6)"],
    ),
    "a redirect in capitals": (
        {A: aliased("A", "/Old/", "/old/")},
        [f"{A}:6: the alias `/old/` is skipped: `/Old/` already redirects to `/posts/a/` ({A}:5)"],
    ),
    "a file where it needs a folder": (
        {A: aliased("A", "/paper.pdf"), "content/paper.pdf": "%PDF"},
        [f"{A}:5: the alias `/paper.pdf` is skipped: content/paper.pdf is published as `paper.pdf`"],
    ),
    "a folder where it is a file": (
        {A: aliased("A", "/old.html"), "content/old.html/x.txt": "x"},
        [f"{A}:5: the alias `/old.html` is skipped: content/old.html/x.txt is published as `old.html/x.txt`"],
    ),
    "a feed": (
        {A: aliased("A", "/feed.xml")},
        [f"{A}:5: the alias `/feed.xml` is skipped: feed.xml is published as `feed.xml`"],
    ),
    "the home page": (
        {A: aliased("A", "/index.html")},
        [f'{A}:5: the alias `/index.html` is skipped: the home page "The Test Letter" is published as `index.html`'],
    ),
    "the post itself": ({A: aliased("A", "/posts/a/", "/posts/a", "/posts/a/index.html")}, []),
    "itself": ({A: aliased("A", "/2020/first-light", "/2020/first-light/")}, []),
}


@pytest.mark.parametrize("name", sorted(COLLISIONS))
def test_a_redirect_that_collides_is_skipped_with_a_warning(tmp_path, name):
    files, expected = COLLISIONS[name]
    make_site(tmp_path, files)
    assert warnings_of(tmp_path) == expected


def test_every_alias_that_does_not_collide_is_published(tmp_path):
    make_site(tmp_path, {A: aliased("A", "/tags/", "/releases/1.2.0", "/old.php", "/old/x", "/old/x/")})
    build(tmp_path)
    files = tree(tmp_path / "output")
    for path in ("releases/1.2.0/index.html", "old.php", "old/x/index.html"):
        assert b"/posts/a/" in files[path]
    rules = files["_redirects"].decode().splitlines()
    assert [rule.split()[0] for rule in rules] == ["/releases/1.2.0", "/old.php", "/old/x"]


def test_a_former_url_gives_way_to_an_alias_and_to_a_page_by_its_file(tmp_path):
    make_site(tmp_path, {A: post("A"), B: aliased("B", "/posts/was-a")})
    origin = "https://letter.example.org"
    record = {"path": A, "guid": f"{origin}/x/", "urls": [f"{origin}/posts/was-a/", f"{origin}/tags/"]}
    (tmp_path / "published.json").write_text(json.dumps({"version": 1, "posts": [record]}))
    assert warnings_of(tmp_path) == [
        "published.json:0: the redirect from the former URL `/tags/` is skipped: "
        'the tags page "Tags" is published as `tags/index.html`'
    ]
    assert b"/posts/b/" in tree(tmp_path / "output")["posts/was-a/index.html"]


TERMS = {
    "content/tags.toml": '[rain]\naliases = ["/category/rain/", "/rain"]\n',
    "content/authors.toml": '["Ada Grey"]\ndescription = "Writes."\naliases = ["/author/ada/"]\n',
    "content/sources.toml": '[NYPost]\npolicy = "syndicated"\naliases = ["/papers/nypost.html"]\n',
    "content/genres/short-story.md": "---\nname: Short story\naliases: [/category/story/]\n---\n",
}


def build_with_terms(root, config="", **files):
    more = "author: Ada Grey\nsource: NYPost\ngenres: Short story\ntags:"
    make_site(root, {A: post("A", tags="rain").replace("tags:", more), **TERMS, **files})
    path = root / "sitegen.toml"
    path.write_text(f"{path.read_text()}\n[taxonomies.genres]\n{config}")
    return build(root)


def test_aliases_of_terms_of_every_taxonomy_redirect_to_the_pages_of_the_terms(tmp_path):
    report = build_with_terms(tmp_path)
    assert list(report.warnings) == []
    rules = (tmp_path / "output/_redirects").read_text().splitlines()
    assert sorted(rules) == [
        "/author/ada/ /authors/ada-grey/ 301",
        "/category/rain/ /tags/rain/ 301",
        "/category/story/ /genres/short-story/ 301",
        "/papers/nypost.html /sources/nypost/ 301",
        "/rain /tags/rain/ 301",
    ]
    assert b"/tags/rain/" in (tmp_path / "output/category/rain/index.html").read_bytes()


def test_an_alias_alone_does_not_change_the_page_of_a_term(tmp_path):
    build_with_terms(tmp_path)
    page = (tmp_path / "output/tags/rain/index.html").read_bytes()
    (tmp_path / "content/tags.toml").unlink()
    assert build(tmp_path).rendered == ("_redirects",)
    assert (tmp_path / "output/tags/rain/index.html").read_bytes() == page
    assert not (tmp_path / "output/category").joinpath("rain").exists()


def test_aliases_of_terms_and_of_posts_collide_with_the_line_of_each(tmp_path):
    make_site(tmp_path, {A: aliased("A", "/old/")})
    (tmp_path / "content/tags.toml").write_text('[rain]\n\naliases = ["/old", "/tags/"]\n')
    assert warnings_of(tmp_path) == [
        f"content/tags.toml:3: the alias `/old` is skipped: `/old/` already redirects to `/posts/a/` ({A}:5)",
        'content/tags.toml:3: the alias `/tags/` is skipped: the tags page "Tags" is published as `tags/index.html`',
    ]


def test_terms_without_pages_of_their_own_have_no_redirects(tmp_path):
    (warning,) = build_with_terms(tmp_path, 'url = ""\n').warnings
    assert (warning.path, warning.line) == ("content/genres/short-story.md", 3)
    assert warning.message == 'the aliases of the `genres` "Short story" are skipped: it has no page'
    rules = (tmp_path / "output/_redirects").read_text()
    assert "/author/ada/" in rules
    assert "/category/story/" not in rules


def test_the_warning_of_an_alias_follows_its_line(tmp_path):
    make_site(tmp_path, {A: aliased("A", "/tags/")})
    assert [item.line for item in build(tmp_path).warnings] == [5]
    (tmp_path / A).write_text(aliased("A", "/tags/").replace("title:", "# a comment\ntitle:"))
    assert [item.line for item in build(tmp_path).warnings] == [6]


def test_a_file_where_another_needs_a_folder_is_a_problem(tmp_path):
    make_site(tmp_path, {"content/posts/a": "a file", A: post("A")})
    with pytest.raises(Exception, match=r"`posts/a` is a file, and the folder of \"posts/a/index.html\""):
        build(tmp_path)


def test_lists_of_a_tag_can_be_files(tmp_path):
    files = {f"content/posts/n{number}.md": post(f"N{number}", tags="rain") for number in range(5)}
    make_site(tmp_path, files)
    config = (tmp_path / "sitegen.toml").read_text()
    (tmp_path / "sitegen.toml").write_text(f'{config}\n[urls]\ntag = "/tags/{{slug}}.html"\n[lists]\npage = 2\n')
    build(tmp_path)
    files = tree(tmp_path / "output")
    assert "tags/rain.html" in files
    assert "tags/rain/page/1/index.html" in files
    assert "tags/rain/feed.xml" in files
