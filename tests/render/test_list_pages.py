"""Pages around the lists: home pages of small sites, missing URLs, the most read posts."""

import re

import pytest

from tests.support.sites import CONFIG, build, make_site, post, write

ONE = {"sitegen.toml": CONFIG, "content/posts/a.md": post("A", "2024-01-01", "Short.")}


def read(root, path="index.html"):
    return (root / "output" / path).read_text("utf-8")


@pytest.mark.parametrize(("text", "short"), [("Short.", True), ("A long summary. " * 10, False)])
def test_a_short_summary_is_below_the_title_of_the_newest_post(text, short, tmp_path):
    build(write(tmp_path, ONE | {"content/posts/a.md": post("A", "2024-01-01", text)}))
    assert ('class="lead lead-short"' in read(tmp_path)) == short


def test_a_site_of_one_post_has_no_lists_of_tags_and_years(tmp_path):
    build(write(tmp_path, ONE))
    assert "columns-side" not in read(tmp_path)
    assert "columns-two" not in read(tmp_path)


def test_a_site_of_three_posts_has_its_lists(tmp_path):
    build(make_site(tmp_path))
    assert 'class="columns columns-two"' in read(tmp_path)
    assert 'id="theme:tags"' in read(tmp_path)


def test_the_page_for_missing_urls_has_the_search_and_the_newest_posts(tmp_path):
    build(make_site(tmp_path))
    page = read(tmp_path, "404.html")
    assert 'role="search"' in page
    assert re.findall(r'class="line-title"><a href="([^"]*)"', page) == [
        f"/posts/{name}/" for name in ("third", "second", "first")
    ]


def test_an_old_post_does_not_render_the_page_for_missing_urls_again(tmp_path):
    many = {f"content/posts/2024-02-{day:02}.md": post(f"P{day}", f"2024-02-{day:02}") for day in range(1, 8)}
    build(make_site(tmp_path, many))
    write(tmp_path, {"content/posts/2024-01-01-first.md": post("Changed", "2024-01-01")})
    assert "404.html" not in build(tmp_path).rendered
    write(tmp_path, {"content/posts/2024-02-07.md": post("Changed", "2024-02-07")})
    assert "404.html" in build(tmp_path).rendered


def test_platforms_that_counted_views_are_named_once(tmp_path):
    counts = (
        "{count: 5, on: Wix, at: 2023-01-02}",
        "{count: 7, on: Wix, at: 2024-01-02}",
        "9",
        "{count: 3, on: Medium}",
    )
    files = {
        f"content/posts/{number}.md": post(f"P{number}", f"2024-03-0{number}").replace(
            "tags:", f"views: {count}\ntags:"
        )
        for number, count in enumerate(counts, 1)
    }
    build(make_site(tmp_path, files))
    page = read(tmp_path, "most-read/index.html")
    assert page.count("Wix") == 1
    assert "Counted by Wix (January 2, 2024), Medium." in page
    assert "<span>7 views</span>" in page


def test_all_platforms_whose_views_were_added_up_are_named(tmp_path):
    rows = ("Matomo,2024-02-01,2024-06-30,2024-06-30,5", "Plausible,2024-02-01,2024-05-31,2024-06-01,9")
    files = {
        "content/posts/1.md": post("P", "2024-01-01").replace("tags:", "slug: one\ntags:"),
        "views.csv": "post,platform,from,to,exported,count\n" + "".join(f"/posts/one/,{row}\n" for row in rows),
    }
    build(make_site(tmp_path, files))
    page = read(tmp_path, "most-read/index.html")
    assert "<span>14 views</span>" in page
    assert "Counted by Plausible (May 31, 2024), Matomo (June 30, 2024)." in page


def test_views_without_platforms_need_no_note(tmp_path):
    files = {"content/posts/1.md": post("P", "2024-03-01").replace("tags:", "views: 5\ntags:")}
    build(make_site(tmp_path, files))
    assert "Counted by" not in read(tmp_path, "most-read/index.html")
