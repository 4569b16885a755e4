"""Sections of pages: their trees, and what the pages of the default theme show of them."""

import json
import re
from datetime import UTC, datetime

import pytest

from sitegen.errors import SiteError
from sitegen.model import Entry, Post
from sitegen.site.sections import MAX_LEVELS, find_sections
from tests.support.sites import build, make_site, write


def page(slug, order=None, parent="", title=""):
    """Return the entry of a page; its `parent`, if any, is on line 3."""
    path = f"content/pages/{slug or 'index'}.md"
    url = f"/{slug}/" if slug else "/"
    post = Post(
        path,
        title or slug,
        slug,
        url,
        f"{slug}/index.html",
        datetime(1970, 1, 1, tzinfo=UTC),
        order=order,
        parent=parent,
    )
    return Entry(post, "body", parent_line=3 if parent else 0)


def trees(entries):
    sections, problems = find_sections(entries)
    assert problems == []
    return sections


def outline(item):
    """Return the URLs of a tree as nested lists."""
    return [item.url, *map(outline, item.pages)] if item.pages else item.url


def problems_of(entries):
    sections, problems = find_sections(entries)
    assert sections.of_page == {}
    return [(problem.path, problem.line, problem.message) for problem in problems]


def test_pages_without_order_and_parent_form_no_section():
    sections = trees([page("guides"), page("guides/wix"), page("about")])
    assert sections.of_page == {}
    assert [link.url for link in sections.menu] == ["/about/", "/guides/", "/guides/wix/"]


@pytest.mark.parametrize("where", ["guides", "guides/wix", "guides/wix/dns"])
def test_one_page_with_an_order_makes_a_section_of_its_tree(where):
    slugs = ["guides", "guides/wix", "guides/wix/dns", "letters", "letters/one"]
    sections = trees([page(slug, 1 if slug == where else None) for slug in slugs])
    assert {path.removeprefix("content/pages/") for path in sections.of_page} == {
        "guides.md",
        "guides/wix.md",
        "guides/wix/dns.md",
    }
    assert [link.url for link in sections.menu] == ["/guides/", "/letters/", "/letters/one/"]


def test_a_folder_without_a_page_leaves_its_pages_to_the_folder_above():
    sections = trees([page("guides", 1), page("guides/hosts/github")])
    assert outline(sections.of_page["content/pages/guides.md"].tree) == ["/guides/", "/guides/hosts/github/"]


def test_a_parent_takes_a_page_out_of_its_folder():
    sections = trees([page("guides", 1), page("guides/wix", parent="moves"), page("moves")])
    assert "content/pages/guides.md" not in sections.of_page
    assert outline(sections.of_page["content/pages/moves.md"].tree) == ["/moves/", "/guides/wix/"]


def test_pages_are_ordered_by_order_and_then_by_title():
    pages = [page("g", 1), page("g/a", title="Zebra"), page("g/b", title="Ant"), page("g/c", 2), page("g/d", -0.5)]
    (tree,) = {section.tree for section in trees(pages).of_page.values()}
    assert outline(tree) == ["/g/", "/g/d/", "/g/c/", "/g/b/", "/g/a/"]


def test_a_tree_is_open_on_the_way_to_its_page_only():
    pages = [page("g", 1), page("g/a"), page("g/a/x"), page("g/a/x/y"), page("g/b"), page("g/b/z")]
    sections = {path[14:-3]: outline(section.tree) for path, section in trees(pages).of_page.items()}
    assert sections["g"] == ["/g/", "/g/a/", "/g/b/"]
    assert sections["g/a"] == ["/g/", ["/g/a/", "/g/a/x/"], "/g/b/"]
    assert sections["g/a/x"] == sections["g/a/x/y"] == ["/g/", ["/g/a/", ["/g/a/x/", "/g/a/x/y/"]], "/g/b/"]
    assert sections["g/b/z"] == ["/g/", "/g/a/", ["/g/b/", "/g/b/z/"]]


def test_the_pages_of_a_section_are_read_from_the_first_to_the_last():
    pages = [page("g", 1), page("g/a", 1), page("g/a/x"), page("g/b", 2)]
    sections = trees(pages).of_page
    way, url = ["/g/"], sections["content/pages/g.md"].next
    by_url = {entry.post.url: sections[entry.post.path] for entry in pages}
    while url is not None:
        way.append(url.url)
        assert by_url[url.url].previous.url == way[-2]
        url = by_url[url.url].next
    assert way == ["/g/", "/g/a/", "/g/a/x/", "/g/b/"]
    assert by_url["/g/"].previous is None


def test_the_home_page_is_above_the_pages_that_name_it():
    sections = trees([page("", title="Home"), page("guides", parent="/"), page("guides/wix"), page("about")])
    assert [item.url for item in sections.of_page["content/pages/guides/wix.md"].breadcrumbs] == ["/", "/guides/"]
    assert "content/pages/about.md" not in sections.of_page
    assert [link.url for link in sections.menu] == ["/about/", "/guides/"]


def test_a_parent_that_is_not_a_page_is_reported_with_the_nearest_one():
    _, (problem,) = find_sections([page("guides"), page("wix", parent="guide"), page("ghost", parent="guides")])
    assert (problem.path, problem.line, problem.message, problem.hint) == (
        "content/pages/wix.md",
        3,
        'the parent "guide" is not a published page',
        'did you mean "guides"?',
    )


def test_a_parent_that_is_the_home_page_needs_one():
    _, (problem,) = find_sections([page("wix", parent="/")])
    assert problem.hint == "add `content/pages/index.md`"


@pytest.mark.parametrize(
    ("pages", "names"),
    [
        ([page("a", parent="a")], "a → a"),
        ([page("b", parent="a"), page("a", parent="c"), page("c", parent="b")], "a → c → b → a"),
        ([page("g", parent="g/x"), page("g/x")], "g → g/x → g"),
        ([page("", parent="g"), page("g", parent="/"), page("x", parent="g")], "g → / → g"),
    ],
)
def test_each_cycle_is_reported_once(pages, names):
    path = f"content/pages/{names.partition(' ')[0]}.md"
    assert problems_of(pages) == [(path, 3, f"the page is below itself: {names}")]


def test_two_cycles_are_two_problems():
    assert len(problems_of([page(name, parent=name) for name in "ab"])) == 2


def test_a_section_has_a_limit_of_levels():
    chain = [page("p0", 1), *(page(f"p{n}", parent=f"p{n - 1}") for n in range(1, MAX_LEVELS + 1))]
    assert len(trees(chain).of_page) == MAX_LEVELS + 1
    assert len(problems_of([*chain, page("deep", parent=f"p{MAX_LEVELS}")])) == 1


def test_a_section_of_many_pages_shares_its_tree():
    pages = [page("g", 1), *(page(f"g/{n}") for n in range(2_000))]
    sections = trees(pages).of_page.values()
    assert len({id(section.tree) for section in sections}) == 1


# The default theme

BOOK = {
    "content/pages/guides/index.md": "---\norder: 1\n---\n# Guides\n\nAll of them.\n",
    "content/pages/guides/bread.md": "---\ntitle: Bread\n---\nBake.\n\n## Flour\n\n## Water\n\n## Salt\n",
    "content/pages/guides/soup.md": "---\ntitle: Soup\norder: 1\n---\nCook.\n",
}


def read(root, path):
    return (root / "output" / path).read_text("utf-8")


def test_a_page_of_a_section_shows_where_it_is(tmp_path):
    build(make_site(tmp_path, BOOK))
    text = read(tmp_path, "guides/bread/index.html")
    sidebar = re.search(r'<nav class="sidebar".*?</nav>', text, re.DOTALL)[0]
    assert re.findall(r'href="([^"]*)"( aria-current="page")?', sidebar) == [
        ("/guides/", ""),
        ("/guides/soup/", ""),
        ("/guides/bread/", ' aria-current="page"'),
    ]
    assert "<details>" in sidebar
    breadcrumbs = re.search(r'<nav class="breadcrumbs".*?</nav>', text, re.DOTALL)[0]
    assert re.findall(r'href="([^"]*)"', breadcrumbs) == ["/", "/guides/"]
    assert re.findall(r'href="([^"]*)" rel="(prev|next)"', text) == [("/guides/soup/", "prev")]
    assert re.findall(r'<a href="#(flour|water|salt)">', text) == ["flour", "water", "salt"]
    trail = json.loads(re.search(r'ld\+json">(.*?)</script>', text)[1])["@graph"][-1]["itemListElement"]
    assert [(step["position"], step["name"]) for step in trail] == [(1, "The Test Letter"), (2, "Guides"), (3, "Bread")]


def test_a_title_that_begins_the_text_of_a_page_is_shown_once(tmp_path):
    build(make_site(tmp_path, BOOK))
    assert re.findall(r"<h1[^>]*>(.*?)</h1>", read(tmp_path, "guides/index.html")) == ["Guides"]


@pytest.mark.parametrize(
    "files", [{}, {"content/pages/guides/index.md": "# Guides\n", "content/pages/guides/a.md": "# A\n"}]
)
def test_a_page_without_a_section_shows_none(tmp_path, files):
    build(make_site(tmp_path, files))
    for path in ("about/index.html", *(["guides/a/index.html"] if files else [])):
        text = read(tmp_path, path)
        assert "sidebar" not in text
        assert "breadcrumbs" not in text
    assert read(tmp_path, "posts/first/index.html").count("<nav") == 3


def test_the_pages_below_a_section_are_not_in_the_menu(tmp_path):
    build(make_site(tmp_path, BOOK))
    foot = read(tmp_path, "posts/first/index.html").partition('<footer class="foot">')[2]
    assert re.findall(r'href="(/(?:guides|about)[^"]*)"', foot) == ["/guides/", "/about/"]


def test_a_new_title_renders_the_pages_that_show_it(tmp_path):
    more = {"content/pages/other/index.md": "---\norder: 2\n---\n# Other\n", "content/pages/other/one.md": "# One\n"}
    build(make_site(tmp_path, {**BOOK, **more}))
    write(tmp_path, {"content/pages/guides/soup.md": "---\ntitle: Broth\norder: 1\n---\nCook.\n"})
    pages = {path for path in build(tmp_path).rendered if path.endswith(".html")}
    assert pages == {"guides/index.html", "guides/bread/index.html", "guides/soup/index.html"}


def test_a_new_text_renders_its_page_alone(tmp_path):
    build(make_site(tmp_path, BOOK))
    write(tmp_path, {"content/pages/guides/soup.md": "---\ntitle: Soup\norder: 1\n---\nCook it well.\n"})
    assert [path for path in build(tmp_path).rendered if path.endswith(".html")] == ["guides/soup/index.html"]


@pytest.mark.parametrize("base", ["https://letter.example.org/", "https://letter.example.org/sub/"])
def test_the_file_index_of_the_pages_is_the_home_page(tmp_path, base):
    config = f'title = "The Test Letter"\nbase_url = "{base}"\n'
    home = {"content/pages/index.md": "---\ntitle: Welcome\n---\nSee [about](about.md).\n"}
    build(make_site(tmp_path, home, config))
    text = read(tmp_path, "index.html")
    assert "<h1>Welcome</h1>" in text
    assert f'<link rel="canonical" href="{base}">' in text
    assert not (tmp_path / "output/pages").exists()
    assert "/posts/first/" in read(tmp_path, "archive/index.html")
    (tmp_path / "content/pages/index.md").unlink()
    build(tmp_path)
    assert 'class="page-home"' in read(tmp_path, "index.html")


def test_an_index_with_a_slug_is_a_page_like_others(tmp_path):
    build(make_site(tmp_path, {"content/pages/index.md": "---\ntitle: Welcome\nslug: welcome\n---\nHello.\n"}))
    assert 'class="page-home"' in read(tmp_path, "index.html")
    assert (tmp_path / "output/welcome/index.html").is_file()


@pytest.mark.parametrize("value", ["first", "true", "[1]", ".nan", ".inf", "1e300"])
def test_an_order_that_is_not_a_number_is_a_problem(tmp_path, value):
    make_site(tmp_path, {"content/pages/about.md": f"---\ntitle: About\norder: {value}\n---\n"})
    with pytest.raises(SiteError) as error:
        build(tmp_path)
    (problem,) = error.value.problems
    assert (problem.path, problem.line) == ("content/pages/about.md", 3)
    assert problem.message.endswith("is not a number")


def test_header_lines_order_pages_too(tmp_path):
    files = {
        "content/pages/a.md": "Title: A\nOrder: 2\n\nText.\n",
        "content/pages/b.md": "Title: B\nOrder: 1.5\n\nText.\n",
    }
    build(make_site(tmp_path, files))
    assert re.findall(r'href="/([ab])/"', read(tmp_path, "archive/index.html")) == ["b", "a"]


def test_a_hook_sets_order_and_parent(tmp_path):
    hook = (
        "from dataclasses import replace\n"
        "def post(post):\n"
        "    return replace(post, order=2, parent='about') if post.slug == 'more' else post\n"
    )
    build(make_site(tmp_path, {"hooks.py": hook, "content/pages/more.md": "# More\n"}))
    assert 'rel="next"' in read(tmp_path, "about/index.html")
    write(tmp_path, {"hooks.py": hook.replace("'about'", "'nowhere'")})
    with pytest.raises(SiteError) as error:
        build(tmp_path)
    assert [(problem.path, problem.line) for problem in error.value.problems] == [("content/pages/more.md", 1)]
