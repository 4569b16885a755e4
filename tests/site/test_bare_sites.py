"""Sites with next to nothing on them: the theme shows no link to a page that does not exist, and `check` agrees."""

import re
import time
from contextlib import closing
from urllib.parse import unquote

import pytest

from sitegen.build.builder import Builder
from sitegen.build.request import Request
from sitegen.check.options import CheckOptions
from sitegen.check.run import check_site
from sitegen.check.source_locations import lines_of_posts
from sitegen.config.load import read_config
from tests.support.bare_sites import FULL, OPTIONAL, SECOND, SITES, config, front, make_bare_site, urls
from tests.support.sites import CACHE, build, tree, write

OF_CONTENT = ("long-post-title", "long-summary")
"""Warnings about the posts of these sites, with any theme."""

EMPTY = re.compile(r"""<[^>]*\s(?:href|src|action|data-index)=(?:""|''|[\s>])[^>]*>""")


def find_empty_links(output):
    """Return the tags with an empty URL on each page of a folder."""
    pages = {path: data.decode() for path, data in tree(output).items() if path.endswith(".html")}
    return {path: found for path, html in pages.items() if (found := EMPTY.findall(html))}


def find_broken_links(output):
    """Return the links on the pages and in the feeds of a folder that lead to none of its files."""
    links = {
        link
        for path, data in tree(output).items()
        if path.endswith((".html", ".xml", ".json"))
        for link in re.findall(r"""(?:href="|https://letter\.example\.org)(/[^"<#?{}\s\\]*)""", data.decode())
    }
    files = {f"/letter/{path}" for path in tree(output)}
    return {link for link in map(unquote, links) if link not in files and f"{link}index.html" not in files}


@pytest.mark.parametrize("name", SITES)
def test_a_bare_site_has_no_empty_link_and_passes_a_strict_check(name, tmp_path):
    make_bare_site(tmp_path, name)
    settings = read_config(tmp_path).config
    with closing(Builder(tmp_path, time.time_ns, cache=CACHE)) as builder:
        report = builder.build(settings, Request())
        posts = {post.output: post for post in builder.posts()}
        files = sorted(builder.outputs)
    assert report.warnings == ()
    assert find_empty_links(tmp_path / "output") == {}
    options = CheckOptions(frozenset(["links", "html", "feeds", "posts", "images"]))
    problems = check_site(tmp_path / "output", files, settings.base_url, posts, lines_of_posts(tmp_path), options)
    found = [item for item in problems if item.severity != "advice" and item.id not in OF_CONTENT]
    # A missing description of the site is reported once, for its home page, and not for each page.
    expected = [("missing-description", "output/index.html")] if name == "no description" else []
    assert [(item.id, item.path) for item in found] == expected


@pytest.mark.parametrize("names", [OPTIONAL[location::7] for location in range(7)], ids="-".join)
def test_page_types_that_are_switched_off_have_no_links_to_them(names, tmp_path):
    third = SECOND.replace("Two", "Drei\nlanguage: de")
    posts = {f"content/posts/{number}.md": front(text) for number, text in enumerate((FULL, SECOND, third))}
    settings = config("/letter/", "[lists]\nhome = 1\npage = 1\n" + urls(*names))
    write(tmp_path, {"sitegen.toml": settings, **posts})
    build(tmp_path, jobs=1)
    output = tmp_path / "output"
    assert find_empty_links(output) == {}
    assert find_broken_links(output) == set()


@pytest.mark.parametrize(
    ("name", "is_long"), [("one post", False), ("long word", True), ("long title", True), ("wide content", True)]
)
def test_long_titles_and_titles_with_long_words_are_smaller(name, is_long, tmp_path):
    build(make_bare_site(tmp_path, name))
    home, post = ((tmp_path / "output" / path).read_text("utf-8") for path in ("index.html", "posts/post-1/index.html"))
    assert ('class="lead-title title-long"' in home) is is_long
    assert ('<h1 class="title-long"' in post) is is_long


def test_the_home_page_lists_years_from_the_second_on_and_the_third_post_on(tmp_path):
    build(make_bare_site(tmp_path, "one post"))
    home = tmp_path / "output/index.html"
    assert "theme:years" not in home.read_text("utf-8")
    write(tmp_path, {"content/posts/earlier.md": front("title: Earlier\ndate: 2023-05-01\n")})
    build(tmp_path)
    assert "theme:years" not in home.read_text("utf-8")  # the page shows both posts
    write(tmp_path, {"content/posts/earliest.md": front("title: Earliest\ndate: 2022-05-01\n")})
    build(tmp_path)
    assert "theme:years" in home.read_text("utf-8")
