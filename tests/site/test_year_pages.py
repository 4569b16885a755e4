"""The page of a year, and the pages of its months if it has too many posts."""

import re

from tests.support.sites import CONFIG, build, make_site, post, write

POSTS = {
    f"content/posts/2024-{month:02}-{day:02}.md": post(f"Letter {month}-{day}", f"2024-{month:02}-{day:02}")
    for month in (3, 5)
    for day in range(1, 8)
}
MONTHS = ("archive/2024/05/index.html", "archive/2024/03/index.html", "archive/2024/01/index.html")


def make(root, limit, settings=""):
    return make_site(root, POSTS, config=f"{CONFIG}\n[lists]\nyear = {limit}\n{settings}")


def read(root, path):
    return (root / "output" / path).read_text("utf-8")


def test_the_page_of_a_year_has_an_index_of_its_months(tmp_path):
    build(make(tmp_path, 200))
    page = read(tmp_path, "archive/2024/index.html")
    found = re.findall(r'<li><a href="#(m\d\d)">(\w+) <span class="months-count" [^>]*>(\d+)<', page)
    assert found == [("m05", "May", "7"), ("m03", "March", "7"), ("m01", "January", "3")]
    assert [page.count(f'id="{name}"') for name, _, _ in found] == [1, 1, 1]
    assert page.count('<li class="line">') == 17
    assert not any((tmp_path / "output" / path).exists() for path in MONTHS)


def test_a_year_with_posts_in_one_month_has_no_index(tmp_path):
    build(make_site(tmp_path))
    assert 'class="months"' not in read(tmp_path, "archive/2024/index.html")


def test_a_year_with_more_posts_than_the_limit_has_a_page_for_each_month(tmp_path):
    build(make(tmp_path, 16))
    year = read(tmp_path, "archive/2024/index.html")
    assert year.count('<li class="line">') == 5 + 5 + 3
    assert re.findall(r'<p class="onward"><a href="([^"]*)">([^<]*)<', year) == [
        ("/archive/2024/05/", "May 2024, 7 posts"),
        ("/archive/2024/03/", "March 2024, 7 posts"),
    ]
    may, march, january = (read(tmp_path, path) for path in MONTHS)
    assert [page.count('<li class="line">') for page in (may, march, january)] == [7, 7, 3]
    assert '<p class="kicker"><a href="/archive/2024/">2024</a></p>' in march
    assert re.findall(r'class="pager-(\w+)" href="([^"]*)"', march) == [
        ("newer", "/archive/2024/05/"),
        ("older", "/archive/2024/01/"),
    ]
    assert re.findall(r'class="pager-(\w+)"', may + january) == ["older", "newer"]
    assert '"position":2,"name":"Archive"' in march
    assert '"position":3,"name":"2024"' in march
    assert '"position":4,"name":"March 2024"' in march


def test_no_limit_keeps_a_year_on_one_page(tmp_path):
    build(make(tmp_path, 0))
    assert read(tmp_path, "archive/2024/index.html").count('<li class="line">') == 17
    assert not (tmp_path / "output" / MONTHS[0]).exists()


def test_months_are_below_the_url_of_their_year(tmp_path):
    build(make(tmp_path, 16, '[urls]\nyear = "/{year}.html"\n'))
    assert (tmp_path / "output/2024/05/index.html").exists()


def test_a_new_post_renders_the_page_of_its_month_only(tmp_path):
    build(make(tmp_path, 16))
    write(tmp_path, {"content/posts/2024-05-30-new.md": post("New", "2024-05-30")})
    assert {path for path in build(tmp_path).rendered if path in MONTHS} == {MONTHS[0]}


def test_the_first_post_of_a_month_links_the_month_before_to_it(tmp_path):
    build(make(tmp_path, 16))
    write(tmp_path, {"content/posts/2024-06-01-new.md": post("New", "2024-06-01")})
    rendered = {path for path in build(tmp_path).rendered if path in MONTHS}
    assert rendered == {MONTHS[0]}
    assert 'href="/archive/2024/06/"' in read(tmp_path, MONTHS[0])
