"""From exports to rows: which post is meant, which days are covered, and what is reported."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.content.ledger.file import LedgerEntry
from sitegen.content.ledger.view_totals import SmallerCount
from sitegen.content.ledger.views_file import ViewRow
from sitegen.importers.views.export import Export, Key, Period
from sitegen.importers.views.match import PostFinder
from sitegen.importers.views.update import update_rows
from sitegen.model import Post

NO_PERIOD = Period()
BASE = "https://a.example/sub/"


def make(name, title="", day=1, **fields):
    moment = datetime(2024, 1, day, 23, 30, tzinfo=UTC)
    return Post(f"{name}.md", title or name, name, f"/sub/posts/{name}/", f"posts/{name}/index.html", moment, **fields)


POSTS = (
    make("frost", "Frost & ice", aliases=("/old/frost.html",)),
    make("rain", "Weather", 1),
    make("snow", "Weather", 20),
    make("fog", "Fog", 3),
    make("fog-2", "Fog", 4),
)
RECORDS = (LedgerEntry("rain.md", "g", (f"{BASE}p/regen", "https://other.example/p/rainy")),)
FINDER = PostFinder(POSTS, RECORDS, BASE, {"/sub/", "/sub/about/", "/sub/tags/rain/"})


@pytest.mark.parametrize(
    ("key", "name"),
    [
        (Key("/sub/posts/frost/"), "/posts/frost/"),
        (Key("/posts/frost"), "/posts/frost/"),
        (Key("/sub/posts/frost/index.html"), "/posts/frost/"),
        (Key("/posts/frost.html"), "/posts/frost/"),
        (Key("/sub/old/frost.html"), "/posts/frost/"),
        (Key("/old/frost/"), "/posts/frost/"),
        (Key("/p/regen"), "/posts/rain/"),
        (Key("/p/rainy"), "/posts/rain/"),
        (Key("/frost"), "/posts/frost/"),
        (Key("/regen"), "/posts/rain/"),
        (Key("", "frost"), "/posts/frost/"),
        (Key("/elsewhere/x", "frost"), "/posts/frost/"),
        (Key("", "", "FROST  & ice"), "/posts/frost/"),
        (Key("/Frost & ice", "", "Frost & ice"), "/posts/frost/"),
        (Key("", "other", "Frost & ice", "2020-01-01"), "/posts/frost/"),
        (Key("", "", "Weather", "2024-01-02"), "/posts/rain/"),
        (Key("", "", "Weather", "2024-01-19"), "/posts/snow/"),
        (Key("", "", "Weather", "2024-01-10"), None),
        (Key("", "", "Weather"), None),
        (Key("", "", "Fog", "2024-01-03"), None),
        (Key("/tags/rain/"), None),
        (Key("/posts/"), None),
        (Key("/sub/"), None),
        (Key("/subposts/frost/"), None),
        (Key(), None),
    ],
)
def test_a_post_is_found_by_its_urls_then_by_slug_then_by_title_and_day(key, name):
    assert FINDER.find(key) == name


@pytest.mark.parametrize(("url", "is_page"), [("/sub/about/", True), ("/about", True), ("/sub/", True), ("/x", False)])
def test_other_pages_of_the_site_are_known(url, is_page):
    assert FINDER.is_other_page(Key(url)) == is_page


def export(views, period=("", ""), **fields):
    numbers = {(Key(url), year): number for (url, year), number in views.items()}
    return Export("Plausible", "p.csv", numbers, Period(*period), **fields)


def update(*exports, old=(), exported="2024-06-01", given=NO_PERIOD, **options):
    return update_rows(old, [(one, exported, given) for one in exports], FINDER, **options)


def row(since, until, count, post="/posts/frost/", exported="2024-06-01", platform="Plausible"):
    return ViewRow(post, platform, since, until, exported, count)


def test_urls_of_one_post_are_added_up_and_years_are_rows_of_their_own():
    views = {("/sub/posts/frost/", "2023"): 2, ("/old/frost.html", "2023"): 1, ("/posts/frost", "2024"): 4}
    done = update(export(views, ("2023-03-01", "2024-05-05")))
    assert done.rows == (row("2023-03-01", "2023-12-31", 3), row("2024-01-01", "2024-05-05", 4))
    (report,) = done.report.exports
    assert (report.posts, report.views, report.first, report.last) == (1, 7, "2023-03-01", "2024-05-05")
    assert (done.report.added, done.report.changed, done.report.removed) == (2, 0, 0)


@pytest.mark.parametrize(
    ("period", "given", "is_total", "expected", "warned"),
    [
        (("2024-01-01", "2024-02-29"), Period(), False, row("2024-01-01", "2024-02-29", 5), False),
        (("2024-01-01", "2024-12-31"), Period(), False, row("2024-01-01", "2024-06-01", 5), False),
        (("2024-01-01", "2024-02-29"), Period("2020-01-01", "2020-01-02"), False,
            row("2024-01-01", "2024-02-29", 5), False),
        (("", ""), Period("2024-01-01", "2024-03-01"), False, row("2024-01-01", "2024-03-01", 5), False),
        (("", ""), Period("2024-01-01"), False, row("2024-01-01", "2024-06-01", 5), False),
        (("", ""), Period(), False, row("", "2024-06-01", 5), True),
        (("", ""), Period(), True, row("", "2024-06-01", 5), False),
        (("2024-07-01", "2024-07-31"), Period(), False,
            row("2024-07-01", "2024-07-01", 5, exported="2024-07-01"), False),
    ],
)  # fmt: skip
def test_numbers_cover_the_days_that_the_file_or_the_user_says(period, given, is_total, expected, warned):
    done = update(export({("/posts/frost/", ""): 5}, period, is_total=is_total), given=given)
    assert done.rows == (expected,)
    assert bool(done.report.exports[0].warnings) == warned


def test_what_matches_no_post_is_reported_with_its_views_the_most_viewed_first():
    views = {("/gone/", ""): 2, ("/p/other", ""): 9, ("/posts/frost/", ""): 1, ("/about/", ""): 4, ("/", ""): 3}
    done = update(export(views, is_total=True))
    (report,) = done.report.exports
    assert list(report.unmatched.items()) == [("/p/other", 9), ("/gone/", 2)]
    assert (report.other_pages, report.views_of_other_pages, report.views) == (2, 7, 1)
    assert done.report.succeeded
    assert not update(export({("/gone/", ""): 2}, is_total=True)).report.succeeded


def test_a_second_run_changes_nothing_and_a_later_export_adds_rows():
    first = export({("/posts/frost/", "2024"): 5}, ("2024-01-01", "2024-06-01"))
    rows = update(first).rows
    again = update(first, old=rows)
    assert again.rows == rows
    assert (again.report.added, again.report.changed, again.report.removed) == (0, 0, 0)
    later = export({("/posts/frost/", "2024"): 8}, ("2024-01-01", "2024-09-01"))
    done = update(later, old=rows, exported="2024-09-01")
    assert done.rows == (*rows, row("2024-01-01", "2024-09-01", 8, exported="2024-09-01"))
    assert (done.report.added, done.report.changed, done.report.removed) == (1, 0, 0)
    more = export({("/posts/frost/", "2024"): 6}, ("2024-01-01", "2024-06-01"))
    assert update(more, old=rows).report.changed == 1


def test_a_smaller_number_is_reported_and_replaces_the_larger_one_only_if_asked():
    old = (row("", "2024-05-01", 9),)
    less = export({("/posts/frost/", ""): 5}, is_total=True)
    done = update(less, old=old)
    assert done.rows == (*old, row("", "2024-06-01", 5))
    assert done.report.smaller == (SmallerCount("/posts/frost/", "Plausible", 9, 5),)
    assert update(less, old=old, replace_smaller=True).rows == (row("", "2024-06-01", 5),)


def test_rows_of_former_urls_get_the_present_one_and_others_stay_and_are_reported():
    old = (row("", "2024-05-01", 9, post="/old/frost"), row("", "2024-05-01", 3, post="/gone/"))
    done = update(export({("/posts/rain/", ""): 5}, is_total=True), old=old)
    assert row("", "2024-05-01", 9) in done.rows
    assert old[1] in done.rows
    assert done.report.unused == ("/gone/",)


def test_the_name_of_a_platform_keeps_its_spelling():
    old = (row("", "2024-05-01", 3, platform="plausible"),)
    assert update(export({("/posts/frost/", ""): 5}, is_total=True), old=old).rows == (
        *old,
        row("", "2024-06-01", 5, platform="plausible"),
    )


@st.composite
def daily_exports(choose):
    """Exports of the same days by one platform: sliding windows and everything until a day, as they are downloaded."""
    hits = choose(st.lists(st.tuples(st.sampled_from(["frost", "rain"]), st.integers(0, 399)), max_size=30))
    exports = []
    for _ in range(choose(st.integers(1, 4))):
        last = choose(st.integers(0, 399))
        first = choose(st.sampled_from([0, max(0, last - 90), max(0, last - 365)]))
        days = [(date(2023, 6, 1) + timedelta(day)).isoformat() for day in (first, last)]
        views = Counter()
        for name, day in hits:
            if first <= day <= last:
                views[f"/posts/{name}/", str((date(2023, 6, 1) + timedelta(day)).year)] += 1
        exports.append((export(views, days), days[1], Period()))
    return exports


@given(daily_exports(), st.randoms())
def test_the_order_of_files_does_not_matter_in_one_run_or_several(exports, random):
    shuffled = random.sample(exports, len(exports))
    at_once = update_rows((), exports, FINDER).rows
    rows = ()
    for one in shuffled:
        done = update_rows(rows, [one], FINDER)
        assert done.report.smaller == ()
        rows = done.rows
    assert rows == at_once
    assert update_rows(rows, shuffled, FINDER).rows == rows
