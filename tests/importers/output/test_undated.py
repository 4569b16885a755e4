"""The order of ambiguous dates is inferred, and posts without a date get one by the options."""

import re
from datetime import UTC, date

import pytest
from click.testing import CliRunner

from sitegen.cli import main
from sitegen.errors import SiteError
from sitegen.importers.base import DateSeries, Options
from sitegen.importers.output.undated import nth_day, read_series
from sitegen.importers.run import run_import
from tests.support.importing import zipped
from tests.support.sites import write
from tests.system.test_git_history import ENVIRONMENT, commit


def importing(folder, root, **options):
    root.mkdir(exist_ok=True)
    return run_import([folder], root, "content/posts", Options(UTC, **options), format="plain")


def dates(root):
    """Return the date of each post by its title, "" for a draft without one."""
    found = {}
    for path in (root / "content/posts").glob("*.md"):
        text = path.read_text("utf-8")
        title = re.search(r"^title: \"?(.*?)\"?$", text, re.MULTILINE)[1]
        day = re.search(r"^date: (.*)$", text, re.MULTILINE)
        found[title] = day[1] if day else ""
    return found


def dated(*values, key="date"):
    return {f"{number}.md": f"---\ntitle: N{number}\n{key}: '{value}'\n---\n" for number, value in enumerate(values)}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (("06-29-2022", "07-13-2022", "07-06-2022"), "2022-07-06"),
        (("29/06/2022", "13/07/2022", "07/06/2022"), "2022-06-07"),
        (("06.29.2022", "07.06.2022"), "2022-07-06"),
        (("29.06.2022", "07.06.2022"), "2022-06-07"),
        (("07.06.2022",), "2022-06-07"),
        (("06-29-2022", "29-06-2022", "07-06-2022"), ""),
        (("05-05-2022", "07-06-2022"), ""),
        (("2022-06-29", "June 29, 2022", "07-06-2022"), ""),
    ],
)
def test_ambiguous_dates_have_the_order_of_the_other_dates(values, expected, tmp_path):
    importing(write(tmp_path / "in", dated(*values)), tmp_path / "site")
    assert dates(tmp_path / "site")[f"N{len(values) - 1}"] == expected


def test_the_inferred_order_is_reported_once(tmp_path):
    report = importing(
        write(tmp_path / "in", dated("06-29-2022", "07-06-2022", "08-09-2022", "10-11-2022")), tmp_path / "site"
    )
    (note,) = report.notes
    assert (str(note.where), "month-day-year" in note.message) == ("0.md:3", True)
    report = importing(write(tmp_path / "open", dated("07-06-2022", "08-09-2022")), tmp_path / "site2")
    assert all("--date-order mdy or dmy" in note.message for note in report.notes)
    assert len(report.notes) == 2


def test_the_order_is_inferred_for_each_key(tmp_path):
    files = {
        "a.md": "---\ntitle: A\ndate: 06-29-2022\nupdated: 30-06-2022\n---\n",
        "b.md": "---\ntitle: B\ndate: 07-06-2022\nupdated: 08-07-2022\n---\n",
    }
    importing(write(tmp_path / "in", files), tmp_path / "site")
    text = (tmp_path / "site/content/posts/2022-07-06-b.md").read_text()
    assert "updated: 2022-07-08\n" in text


@pytest.mark.parametrize(
    ("value", "order", "expected"),
    [
        ("07-06-2022", "dmy", "2022-06-07"),
        ("07-06-2022", "mdy", "2022-07-06"),
        ("22-07-06", "ymd", "2022-07-06"),
        ("06-29-2022", "dmy", "2022-06-29"),
    ],
)
def test_the_option_sets_the_order(value, order, expected, tmp_path):
    importing(write(tmp_path / "in", dated(value)), tmp_path / "site", date_order=order)
    assert dates(tmp_path / "site") == {"N0": expected}


UNDATED = {
    "10.md": "# Ten\n\nSee [nine](issue%209.md).\n",
    "issue 9.md": "# Nine\n",
    "2-b.md": "# Two\n",
    "a.md": "# A\n",
    "draft.md": "---\ntitle: Draft\ndraft: true\n---\n",
    "dated.md": "---\ntitle: Dated\ndate: 2001-02-03\n---\n",
}


def test_a_series_is_sorted_by_numbers_in_names_and_skips_drafts(tmp_path):
    series = read_series("2018-04-20+7d")
    importing(write(tmp_path / "in", UNDATED), tmp_path / "site", dates=series)
    assert dates(tmp_path / "site") == {
        "Two": "2018-04-20",
        "Nine": "2018-04-27",
        "Ten": "2018-05-04",
        "A": "2018-05-11",
        "Draft": "",
        "Dated": "2001-02-03",
    }
    ten = next((tmp_path / "site/content/posts").glob("*10*.md")).read_text()
    assert "[nine](2018-04-27-issue-9.md)" in ten, "links between posts that the series dates lead to their files"
    assert importing(tmp_path / "in", tmp_path / "site", dates=series).written == 0


def test_a_series_is_sorted_by_folder(tmp_path):
    files = {f"{year}/{number}/index.md": f"# {year}-{number}\n" for year in (2019, 2020) for number in (1, 2, 10)}
    importing(write(tmp_path / "in", files), tmp_path / "site", dates=read_series("2019-01-31+1m"))
    assert dates(tmp_path / "site") == {
        "2019-1": "2019-01-31",
        "2019-2": "2019-02-28",
        "2019-10": "2019-03-31",
        "2020-1": "2019-04-30",
        "2020-2": "2019-05-31",
        "2020-10": "2019-06-30",
    }


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2018-04-20+7d", ["2018-04-20", "2018-04-27", "2018-05-04"]),
        ("2018-4-20+2w", ["2018-04-20", "2018-05-04", "2018-05-18"]),
        ("2019-11-30+1m", ["2019-11-30", "2019-12-30", "2020-01-30", "2020-02-29"]),
        ("2018-04-20+12m", ["2018-04-20", "2019-04-20"]),
    ],
)
def test_a_series_has_days_at_its_interval(text, days):
    series = read_series(text)
    assert [nth_day(series, number).isoformat() for number in range(len(days))] == days


@pytest.mark.parametrize(
    "text", ["", "2018-04-20", "2018-02-30+7d", "2018-04-20+0d", "2018-04-20+7y", "+7d", "2018-04-20+-7d"]
)
def test_an_invalid_series_is_refused(text):
    with pytest.raises(ValueError, match=r"is not a start|there is no 30 February"):
        read_series(text)


def test_a_series_after_the_year_9999_is_a_problem(tmp_path):
    with pytest.raises(SiteError, match="after the year 9999"):
        importing(
            write(tmp_path / "in", {"1.md": "# A\n", "2.md": "# B\n"}),
            tmp_path / "site",
            dates=DateSeries(date(9998, 1, 1), 9000, "m"),
        )


def test_posts_get_the_date_of_their_first_commit(tmp_path):
    commit(
        tmp_path / "old",
        "2018-04-20",
        {"posts/1.md": "# One\n", "posts/d.md": "---\ntitle: D\ndate: 2001-02-03\n---\n"},
    )
    commit(tmp_path / "old", "2018-04-27", {"posts/1.md": "# One\n\nEdited.\n", "posts/2.md": "# Two\n"})
    write(tmp_path / "old", {"posts/3.md": "# Three\n"})
    for folder in (tmp_path / "old", tmp_path / "old/posts"):
        root = tmp_path / f"of-{folder.name}"
        report = importing(folder, root, date_from="git", environment=ENVIRONMENT)
        assert dates(root) == {"One": "2018-04-20", "Two": "2018-04-27", "D": "2001-02-03", "Three": ""}
        assert "no commit in git" in report.drafts[0].reason
    root = tmp_path / "both"
    importing(folder, root, date_from="git", environment=ENVIRONMENT, dates=read_series("2020-01-01+1d"))
    assert dates(root) == {"One": "2018-04-20", "Two": "2018-04-27", "D": "2001-02-03", "Three": "2020-01-01"}


def test_a_single_file_gets_the_date_of_its_first_commit(tmp_path):
    commit(tmp_path / "old", "2018-04-20", {"1.md": "# One\n", "2.md": "# Two\n"})
    root = tmp_path / "site"
    root.mkdir()
    paths = [tmp_path / "old/1.md", tmp_path / "old/2.md"]
    run_import(paths, root, "content/posts", Options(UTC, date_from="git", environment=ENVIRONMENT), format="plain")
    assert dates(root) == {"One": "2018-04-20", "Two": "2018-04-20"}


def test_a_zip_has_no_git_history(tmp_path):
    with pytest.raises(SiteError, match="a zip has no git history"):
        importing(zipped("plain", tmp_path / "x.zip"), tmp_path / "site", date_from="git")


def test_drafts_without_a_date_name_the_options_for_dates(tmp_path):
    write(tmp_path, {"sitegen.toml": "title = 'T'\nbase_url = 'https://x.example/'\n", "old/1.md": "# One\n\nText.\n"})
    run = CliRunner()
    result = run.invoke(main, ["-C", str(tmp_path), "import", str(tmp_path / "old"), "--dry-run"])
    assert "--date-from git or --dates 2018-04-20+7d" in result.output
    arguments = [
        "-C",
        str(tmp_path),
        "import",
        str(tmp_path / "old"),
        "--dates",
        "2018-04-20+7d",
        "--date-order",
        "dmy",
    ]
    assert run.invoke(main, arguments).exit_code == 0
    assert dates(tmp_path) == {"One": "2018-04-20"}
    result = run.invoke(main, ["-C", str(tmp_path), "import", str(tmp_path / "old"), "--dates", "weekly"])
    assert (result.exit_code, "is not a start and an interval" in result.output) == (2, True)
