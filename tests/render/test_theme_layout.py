"""The settings of the theme that say what is on a page, and where: lists, blocks of the home page, announcement."""

import re

import pytest

from sitegen.config.load import read_config
from sitegen.config.presets import BLOCKS
from sitegen.errors import SiteError
from tests.law.variants import grey_png
from tests.support.sites import CONFIG, build, make_site, post, tree, write

PICTURED = post("Second", "2024-01-02", "The second letter.").replace("tags:", "image: wave.png\ntags:")
FILES = {"content/posts/2024-01-02-second.md": PICTURED, "content/posts/wave.png": grey_png(64, 9)}


def build_with(root, settings, files=None):
    make_site(root, {**FILES, **(files or {})}, config=f"{CONFIG}\n[theme]\n{settings}\n")
    return build(root)


def read(root, path):
    return (root / "output" / path).read_text("utf-8")


def find_order(page, *parts):
    positions = [page.index(part) for part in parts]
    return positions == sorted(positions)


@pytest.mark.parametrize("path", ["index.html", "archive/index.html", "tags/news/index.html"])
@pytest.mark.parametrize(
    ("style", "marks", "images"),
    [("summaries", 'class="entry-summary"', 0), ("images", "entries-images", 1), ("cards", "entries-cards", 1)],
)
def test_lists_show_posts_as_the_setting_says(style, marks, images, path, tmp_path):
    build_with(tmp_path, f'lists = "{style}"')
    main = read(tmp_path, path).partition("<main")[2]
    assert marks in main
    image = r'<img src="([^"]+)" alt="" width="64" height="[0-9]+" loading="lazy"'
    found = re.findall(rf'<a class="entry-image"[^>]*>(?:<picture><source[^>]*>)?{image}', main)
    assert found == ["/posts/wave.png"] * images
    assert ("/assets/theme-options." in read(tmp_path, path)) == bool(images)


def test_a_compact_list_has_titles_and_dates_alone(tmp_path):
    build_with(tmp_path, 'lists = "compact"')
    main = read(tmp_path, "archive/index.html").partition("<main")[2]
    assert main.count('<li class="line">') == 3
    assert "entry-summary" not in main


def test_another_image_of_the_same_size_in_bytes_renders_the_lists_that_show_it(tmp_path):
    build_with(tmp_path, 'lists = "cards"')
    write(tmp_path, {"content/posts/wave.png": grey_png(48, 9)})
    build(tmp_path)
    incremental = tree(tmp_path / "output")
    build(tmp_path, fresh=True)
    assert tree(tmp_path / "output") == incremental
    assert 'width="48"' in read(tmp_path, "archive/index.html")


def test_the_blocks_of_the_home_page_are_in_the_order_of_the_setting(tmp_path):
    build_with(tmp_path, 'home = ["subscribe", "tags", "latest"]')
    page = read(tmp_path, "index.html")
    assert find_order(page, 'class="subscribe"', 'id="theme:latest"', 'id="theme:tags"')
    assert not re.search('class="lead|theme:years|theme:most-read', page)
    assert page.count('<li class="entry">') == 3  # with the newest, which no lead shows


def test_a_home_page_without_the_list_of_posts_shows_the_other_blocks(tmp_path):
    build_with(tmp_path, 'home = ["lead"]')
    page = read(tmp_path, "index.html")
    assert 'class="lead' in page
    assert 'class="columns' not in page


@pytest.mark.parametrize("blocks", [["latest"], ["lead"], list(BLOCKS)])
def test_a_home_page_without_posts_says_so_once(blocks, tmp_path):
    write(tmp_path, {"sitegen.toml": f"{CONFIG}\n[theme]\nhome = {blocks!r}\n", "content/pages/a.md": "# A\n"})
    build(tmp_path)
    assert read(tmp_path, "index.html").count("There are no posts yet.") == 1


def test_all_blocks_in_their_order_are_the_default(tmp_path):
    make_site(tmp_path / "a", FILES)
    build(tmp_path / "a")
    build_with(tmp_path / "b", f"home = {list(BLOCKS)!r}")
    default, explicit = (read(tmp_path / name, "index.html").partition("<body")[2] for name in "ab")
    assert default == explicit


def test_a_site_can_still_replace_one_block(tmp_path):
    own = '{% extends "theme/home.html" %}{% block browse %}[{{ super() }}]{% endblock %}'
    own += "{% block lead %}mine{% endblock %}"
    build_with(tmp_path, "", {"templates/home.html": own})
    page = read(tmp_path, "index.html")
    assert re.search(r"mine.*\[.*theme:tags.*\]", page, re.DOTALL)
    assert 'class="lead' not in page


def test_an_announcement_is_on_every_page(tmp_path):
    build_with(tmp_path, '[theme.announcement]\ntext = "Out <now> & here"\nurl = "/about/"')
    for path in ("index.html", "posts/first/index.html", "404.html"):
        page = read(tmp_path, path)
        assert '<aside class="announcement" aria-label="Announcement">' in page
        assert '<p><a href="/about/">Out &lt;now&gt; &amp; here</a></p>' in page


def test_paths_in_settings_of_the_theme_begin_at_the_base_url(tmp_path):
    config = """title = "T"
base_url = "https://a.example/sub/"
[theme]
links = [{title = "About", url = "/about/?a=1#b"}, {title = "Mastodon", url = "https://m.example/@a"}]
subscribe = {action = "/subscribe"}
announcement = {text = "New", url = "/about/"}
footer = [{title = "Own", url = "/about/"}]
nav = [{title = "Nav", url = "/about/"}]
"""
    build(make_site(tmp_path, config=config))
    page = read(tmp_path, "index.html")
    assert '<a href="/sub/about/?a=1#b">About</a>' in page
    assert '<a href="https://m.example/@a" rel="me">Mastodon</a>' in page
    assert '<form action="/sub/subscribe"' in page
    assert not re.search(r'(?:href|action|src)="/(?!sub/)', page)


def test_an_announcement_needs_no_link(tmp_path):
    build_with(tmp_path, 'announcement = {text = "Out now"}')
    assert "<p>Out now</p>" in read(tmp_path, "index.html")


@pytest.mark.parametrize(
    ("settings", "message", "hint"),
    [
        ('lists = "card"', '"card" is not a known value of `lists`', 'did you mean "cards"?'),
        ('preset = "newspapr"', '"newspapr" is not a known value of `preset`', 'did you mean "newspaper"?'),
        ('home = ["lead", "lates"]', '"lates" is not a known value of `home`', 'did you mean "latest"?'),
        ('home = ["lead", "lead"]', "`home` names a block twice", "remove one of them"),
        ('announcement = {url = "/a/"}', "the announcement has a `url` and no `text`", "set `text` too"),
        ('announcement = {text = "a", url = "javascript:1"}', '"javascript:1" cannot be a link', ""),
        ('announcement = {txt = "a"}', 'unknown setting "theme.announcement.txt"', 'did you mean "text"?'),
    ],
)
def test_a_wrong_setting_is_a_problem(settings, message, hint, tmp_path):
    make_site(tmp_path, config=f"{CONFIG}\n[theme]\n{settings}\n")
    with pytest.raises(SiteError) as caught:
        read_config(tmp_path)
    (problem,) = caught.value.problems
    assert problem.message == message
    assert hint in problem.hint
    assert problem.line == 6
