import re
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from sitegen.config.i18n import make_finder
from sitegen.config.schema import Config
from sitegen.formats.frozen_dict import FrozenDict
from sitegen.model import Count, Post, Source
from sitegen.render.charts import draw_figures
from sitegen.site.assemble import assemble

ENGLISH = make_finder("en", {})("en")


def make(name, day, views=None, source=""):
    where = Source(source, source.lower(), f"/sources/{source.lower()}/") if source else None
    return Post(
        f"{name}.md",
        name,
        name,
        f"/posts/{name}/",
        f"posts/{name}/index.html",
        datetime.fromisoformat(day).replace(tzinfo=UTC),
        source=where,
        views=Count(views) if views is not None else None,
        digest=name,
    )


def draw(*posts, words=ENGLISH, longest=()):
    site = assemble(Config(), posts, (), FrozenDict())
    return {figure.id: figure for figure in draw_figures(site, words, longest)}


POSTS = (
    make("first", "2022-03-01", 10, "Wire"),
    make("second", "2022-03-20", 30),
    make("third", "2024-12-30", 60, "Wire"),
)


def test_an_archive_without_posts_has_no_figures():
    assert draw() == {}


def test_figures_of_views_are_skipped_if_no_views_are_known():
    assert set(draw(make("a", "2024-01-01"))) == {"months", "weeks"}


def test_the_table_of_months_counts_the_posts_of_each():
    rows = {row.title: row.cells for row in draw(*POSTS)["months"].rows}
    assert list(rows) == ["2024", "2022"]
    assert rows["2022"] == ("0", "0", "2", *["0"] * 9, "2")


def test_the_chart_of_months_has_a_column_for_each_month_with_posts():
    svg = draw(*POSTS)["months"].svg
    assert re.findall(r"<title>(.*?)</title>", svg) == ["March 2022: 2", "December 2024: 1"]
    heights = [int(tall) for tall in re.findall(r'class="bar".*?height="(\d+)"', svg)]
    assert heights == [120, 60]


@pytest.mark.parametrize(("day", "week"), [("2024-12-30", 53), ("2021-01-01", 1), ("2024-12-29", 52)])
def test_a_week_belongs_to_the_year_of_its_post(day, week):
    (row,) = draw(make("a", day))["weeks"].rows
    assert row.title == day[:4]
    assert [number for number, count in enumerate(row.cells, 1) if count == "1"] == [week]


def _posts_of_months(counts):
    days = [f"{2020 + month // 12}-{month % 12 + 1:02}-10" for month, count in enumerate(counts) for _ in range(count)]
    return [make(f"p{number}", day) for number, day in enumerate(days)]


def test_one_exceptional_month_does_not_flatten_the_others():
    svg = draw(*_posts_of_months([4] * 23 + [90]))["months"].svg
    heights = [int(tall) for tall in re.findall(r'class="bar".*?height="(\d+)"', svg)]
    assert heights == [120] * 24
    assert re.findall(r'class="value"[^>]*>([^<]+)<', svg) == ["90", "4 posts"]


def test_a_few_months_are_to_scale():
    svg = draw(*_posts_of_months([1, 5]))["months"].svg
    assert [int(tall) for tall in re.findall(r'class="bar".*?height="(\d+)"', svg)] == [24, 120]


def test_one_exceptional_week_does_not_fade_the_others():
    posts = [make(f"p{week}", f"2021-{1 + week // 4:02}-{1 + week % 4 * 7:02}") for week in range(24)]
    svg = draw(*posts, *(make(f"x{number}", "2021-12-20") for number in range(30)))["weeks"].svg
    assert set(re.findall(r"level-\d", svg)) == {"level-4"}


def test_views_by_source_name_what_was_first_published_here():
    rows = [(row.title, row.url, row.cells) for row in draw(*POSTS)["views-by-source"].rows]
    assert rows == [("Wire", "/sources/wire/", ("70", "2")), ("First published here", "", ("30", "1"))]


def test_views_by_platform_are_shown_if_several_platforms_counted():
    parts = (Count(7, "Plausible"), Count(5, "Wix"))
    counted = replace(POSTS[0], views=Count(12, "", None, parts))
    others = [replace(POSTS[1], views=Count(3)), replace(POSTS[2], views=Count(6, "Wix"))]
    rows = [(row.title, row.url, row.cells) for row in draw(counted, *others)["views-by-platform"].rows]
    assert rows == [("Wix", "", ("11", "2")), ("Plausible", "", ("7", "1")), ("Platform unknown", "", ("3", "1"))]
    assert "views-by-platform" not in draw(*others), "a site without views.csv has no such figure"
    assert "views-by-platform" not in draw(replace(POSTS[0], views=Count(7, "Plausible", None, parts[:1])))


def test_views_by_year_skip_years_without_views():
    rows = [(row.title, row.cells) for row in draw(*POSTS)["views-by-year"].rows]
    assert rows == [("2024", ("60", "1")), ("2022", ("40", "2"))]


def test_the_most_read_and_the_longest_link_to_the_posts():
    figures = draw(*POSTS, longest=[("Long <one>", "/posts/long/", 1234)])
    assert [row.title for row in figures["most-read"].rows] == ["third", "second", "first"]
    [row] = figures["longest"].rows
    assert (row.title, row.url, row.cells) == ("Long <one>", "/posts/long/", ("1,234",))
    assert "Long &lt;one&gt;" in figures["longest"].svg


@pytest.mark.parametrize("name", ["months", "weeks", "views-by-year", "views-by-source", "most-read", "longest"])
def test_every_row_has_as_many_cells_as_the_head_has_columns(name):
    figure = draw(*POSTS, longest=[("Long", "/posts/long/", 1234)])[name]
    assert {len(row.cells) for row in figure.rows} == {len(figure.head) - 1}


@pytest.mark.parametrize("language", ["en", "fa"])
def test_no_part_of_a_chart_is_outside_of_it(language):
    posts = [make(f"p{n}", f"{2000 + n}-{n % 12 + 1:02}-15", n + 1, "Wire") for n in range(24)]
    for figure in draw(*posts, words=make_finder(language, {})(language)).values():
        tall = int(re.search(r'<svg[^>]* height="(\d+)"', figure.svg)[1])
        for x, y, wide, high in re.findall(
            r'<rect [^>]*x="([\d.-]+)%" y="(\d+)" width="([\d.]+)%" height="(\d+)"', figure.svg
        ):
            assert float(x) >= 0
            assert float(x) + float(wide) <= 100.1
            assert int(y) + int(high) <= tall


@pytest.mark.parametrize("years", range(1, 40))
@pytest.mark.parametrize("language", ["en", "fa"])
def test_each_year_below_the_months_has_room_for_its_digits_on_a_phone(years, language):
    posts = [make("first", "2000-01-15"), make("last", f"{1999 + years}-12-15")]
    svg = draw(*posts, words=make_finder(language, {})(language))["months"].svg
    starts = [float(x) for x in re.findall(r'<text x="([\d.]+)%" y="158">', svg)]
    if language == "fa":
        starts = [100 - x for x in starts]
    assert starts[0] == 0
    assert all(end - start >= 11 for start, end in pairwise([*starts, 100]))
    assert len(starts) >= min(years, 4)


@pytest.mark.parametrize("month", [1, 12])
def test_the_number_of_a_column_at_an_end_that_is_cut_off_is_inside_of_the_chart(month):
    posts = [make(f"p{n}", f"2020-{n % 12 + 1:02}-15") for n in range(24)]
    posts += [make(f"q{n}", f"2021-{n % 12 + 1:02}-15") for n in range(24)]
    posts += [make(f"m{n}", f"{2020 + month // 12}-{month:02}-{n % 28 + 1:02}") for n in range(200)]
    svg = draw(*posts)["months"].svg
    x = float(re.search(r'<text class="value" x="([\d.]+)%" y="12" text-anchor="middle">202<', svg)[1])
    assert 4 <= x <= 96


def test_where_text_runs_from_the_right_so_does_time():
    offsets = {}
    for language in ("en", "fa"):
        svg = draw(*POSTS, words=make_finder(language, {})(language))["months"].svg
        offsets[language] = [float(x) for x in re.findall(r'class="bar" x="([\d.]+)%"', svg)]
    assert offsets["en"] == sorted(offsets["en"])
    assert offsets["fa"] == sorted(offsets["fa"], reverse=True)


def test_a_chart_holds_no_style_and_no_script():
    for figure in draw(*POSTS).values():
        assert not re.search(r"style=|<style|<script|\son\w+=", figure.svg)


@pytest.mark.parametrize(
    ("title", "views", "shown"),
    [
        ("x" * 42, 7, "x" * 42),
        ("x" * 43, 7, "x" * 41 + "…"),
        ("x" * 42, 12_345, "x" * 36 + "…"),
        ("灯" * 21, 7, "灯" * 21),
        ("灯" * 22, 7, "灯" * 20 + "…"),
        ("x" * 40 + " yyyy", 7, "x" * 40 + "…"),
    ],
)
def test_a_label_is_cut_where_its_number_starts(title, views, shown):
    svg = draw(make(title, "2024-01-01", views), make("other", "2024-01-02", 1))["most-read"].svg
    assert f">{shown}</text>" in svg
