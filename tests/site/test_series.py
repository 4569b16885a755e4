"""Series: the number of a post among the parts, and the other parts on its page."""

import json
import re

import pytest

from sitegen.errors import SiteError
from tests.support.sites import CONFIG, build, write

SERIES = CONFIG + "[taxonomies.series]\n"


def part(day, number="", name="The Keeper, of bees", more=""):
    head = f"part: {number}\n" if number != "" else ""
    date = f"2024-{1 + day // 28:02}-{1 + day % 28:02}"
    return f"---\ntitle: Chapter {day}\ndate: {date}\nseries: {name}\n{head}{more}---\nText.\n"


def make(root, numbers, config=SERIES):
    write(root, {"sitegen.toml": config})
    write(root, {f"content/posts/p{day}.md": part(day, number) for day, number in enumerate(numbers, 1)})
    return build(root)


def read(root, slug):
    return (root / "output/posts" / slug / "index.html").read_text("utf-8")


def shown(root, slug):
    """Return what a post's page says about its series: which part of how many, and the parts that it lists."""
    box = re.search(r'<nav class="series".*?</nav>', read(root, slug), re.DOTALL)[0]
    number = re.search(r"Part ([\d,]+) of ([\d,]+)", box)
    return (*number.groups(), re.findall(r'<li value="(\d+)"[^>]*><(?:a|span)[^>]*>Chapter (\d+)<', box))


def test_a_post_says_which_part_it_is_and_links_to_the_others(tmp_path):
    make(tmp_path, ["", "", ""])
    assert shown(tmp_path, "p2") == ("2", "3", [("1", "1"), ("2", "2"), ("3", "3")])
    page = read(tmp_path, "p2")
    assert '<a href="/series/the-keeper-of-bees/">The Keeper, of bees</a>' in page
    assert '<span aria-current="page">Chapter 2</span>' in page
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page)[1])["@graph"][0]
    assert data["isPartOf"] == {
        "@type": "CreativeWorkSeries",
        "name": "The Keeper, of bees",
        "url": "https://letter.example.org/series/the-keeper-of-bees/",
    }


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ([3, 2, 1], [("1", "3"), ("2", "2"), ("3", "1")]),
        ([1, 2, 4], [("1", "1"), ("2", "2"), ("4", "3")]),
        (["", 1, 2], [("1", "2"), ("2", "3"), ("3", "1")]),
        ([1.5, 1, 2], [("1", "2"), ("2", "1"), ("2", "3")]),
        ([-1, 0, 5000000], [("1", "1"), ("2", "2"), ("3", "3")]),
    ],
)
def test_parts_are_in_the_order_of_their_numbers(tmp_path, numbers, expected):
    make(tmp_path, numbers)
    assert shown(tmp_path, "p1")[2] == expected


def test_the_number_of_parts_is_at_least_the_largest_number(tmp_path):
    make(tmp_path, [1, 2, 4])
    assert shown(tmp_path, "p3")[:2] == ("4", "4")


def test_a_number_that_two_parts_have_is_a_warning(tmp_path):
    report = make(tmp_path, [1, 2, 2])
    assert [(item.path, item.message) for item in report.warnings] == [
        ("content/posts/p3.md", '`part: 2` is also that of content/posts/p2.md in "The Keeper, of bees"')
    ]


def test_a_long_series_lists_the_nearest_parts(tmp_path):
    make(tmp_path, [""] * 50)
    assert [value for value, _ in shown(tmp_path, "p1")[2]] == [str(number) for number in range(1, 22)]
    assert [value for value, _ in shown(tmp_path, "p25")[2]] == [str(number) for number in range(15, 36)]
    assert [value for value, _ in shown(tmp_path, "p50")[2]] == [str(number) for number in range(30, 51)]


def test_another_taxonomy_can_have_parts_under_another_key(tmp_path):
    config = CONFIG + '[taxonomies.books]\nkey = "series"\nparts = true\npart = "chapter"\ntitle = "Books"\n'
    make(tmp_path, [""], config)
    write(tmp_path, {"content/posts/x.md": part(9, more="chapter: 1\n")})
    build(tmp_path)
    assert [value for value, _ in shown(tmp_path, "p1")[2]] == ["1", "2"]
    assert '"chapter"' not in read(tmp_path, "x")


def test_a_post_can_be_in_two_series(tmp_path):
    make(tmp_path, [1])
    write(tmp_path, {"content/posts/x.md": part(9, 2, '["The Keeper, of bees", Other]')})
    build(tmp_path)
    assert len(re.findall('<nav class="series"', read(tmp_path, "x"))) == 2


def test_a_number_that_is_not_one_is_reported_at_its_line(tmp_path):
    with pytest.raises(SiteError) as caught:
        make(tmp_path, ["two"])
    assert [(item.path, item.line, item.message) for item in caught.value.problems] == [
        ("content/posts/p1.md", 5, '"two" is not a number')
    ]
