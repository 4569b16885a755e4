"""`sitegen views`, as a user runs it."""

import json
import os
from datetime import UTC, datetime

import pytest

from tests.cli.test_commands import run
from tests.support.sites import make_site, post, write

HEADER = "date,hostname,page,visits,visitors,pageviews\n"
EXPORT = "plausible.csv"
ROWS = (
    "2024-02-01,letter.example.org,/posts/first/,1,1,1200\n"
    "2024-03-01,letter.example.org,/posts/second/,1,1,30\n"
    "2024-03-01,letter.example.org,/,1,1,90\n"
    "2024-03-01,letter.example.org,/wp-login.php,1,1,7\n"
)
WIX = "---\ntitle: Third\ndate: 2024-01-03\nviews: {count: 5, on: Wix, at: 2024-02-01}\n---\n\nThe third letter.\n"


@pytest.fixture
def site(tmp_path):
    root = make_site(tmp_path, {EXPORT: HEADER + ROWS, "content/posts/2024-01-03-third.md": WIX})
    moment = datetime(2024, 6, 1, 12, tzinfo=UTC).timestamp()
    os.utime(root / EXPORT, (moment, moment))
    return root


def views(site, *arguments):
    return run(
        "views", *(str(site / name) if name.endswith((".csv", ".json")) else name for name in arguments), root=site
    )


def test_views_are_recorded_and_shown_and_a_second_run_changes_nothing(site):
    result = views(site, EXPORT)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        "plausible.csv: Plausible, 2024-02-01 to 2024-03-01: 1,230 views of 2 posts\n"
        "  No post: 1 URL with 7 views\n"
        "    7 /wp-login.php\n"
        "Updated views.csv: 2 added. Commit it with the site\n"
    )
    before = (site / "views.csv").read_bytes()
    assert before.decode() == (
        "post,platform,from,to,exported,count\n"
        "/posts/first/,Plausible,2024-02-01,2024-03-01,2024-06-01,1200\n"
        "/posts/second/,Plausible,2024-02-01,2024-03-01,2024-06-01,30\n"
    )
    assert views(site, EXPORT).stdout.endswith("views.csv is unchanged\n")
    assert (site / "views.csv").read_bytes() == before
    assert run("build", root=site).exit_code == 0
    page = (site / "output/posts/first/index.html").read_text()
    assert "<span>1,200 views on Plausible, as of March 1, 2024</span>" in page
    ranking = (site / "output/most-read/2024/index.html").read_text()
    assert ranking.index("First") < ranking.index("Second") < ranking.index("Third")
    assert "/posts/first/" in (site / "output/most-read/index.html").read_text()
    item = next(
        item for item in json.loads((site / "output/feed.json").read_text())["items"] if item["title"] == "First"
    )
    assert item["_sitegen"]["views"] == {"count": 1200, "on": "Plausible", "at": "2024-03-01"}


@pytest.mark.parametrize(
    ("setting", "shown"),
    [
        ("", ["12 views, as of June 1, 2024"]),
        ('views = "platforms"', ["7 views on Substack, as of June 1, 2024", "5 views on Wix, as of February 1, 2024"]),
    ],
)
def test_platforms_are_added_up_or_shown_side_by_side(site, setting, shown):
    text = (site / "sitegen.toml").read_text()
    write(site, {"sitegen.toml": f"{text}[theme]\n{setting}\n", "s.csv": "title,post_date,views\nThird,2024-01-03,7\n"})
    assert views(site, "s.csv", "--exported", "2024-06-01").exit_code == 0
    run("build", root=site)
    page = (site / "output/posts/third/index.html").read_text()
    assert all(f"<span>{text}</span>" in page for text in shown)
    assert "<span>12 views" in page or len(shown) == 2
    figures = (site / "output/figures/index.html").read_text()
    assert "Views by platform" in figures
    assert "12 views" in (site / "output/most-read/index.html").read_text()


def test_a_dry_run_writes_nothing(site):
    assert views(site, EXPORT, "--dry-run").stdout.endswith("Would update views.csv: 2 added\n")
    assert not (site / "views.csv").exists()


def test_the_report_is_printed_as_json(site):
    data = json.loads(views(site, EXPORT, "--json").stdout)
    (export,) = data.pop("exports")
    assert data == {
        "ok": True,
        "added": 2,
        "changed": 0,
        "removed": 0,
        "smaller": [],
        "unused": [],
        "written": True,
        "unaffected": [],
    }
    assert (export["platform"], export["unmatched"], export["warnings"]) == ("Plausible", {"/wp-login.php": 7}, [])


def test_a_smaller_number_does_not_count_without_the_option(site):
    views(site, EXPORT)
    write(site, {EXPORT: HEADER + ROWS.replace("1200", "1100")})
    output = views(site, EXPORT, "--exported", "2024-06-01").stdout
    assert "The new number is smaller for 1 post, and does not count; `--replace` takes it\n" in output
    assert "    /posts/first/: 1,200 on Plausible, now 1,100\n" in output
    assert ",1200\n" in (site / "views.csv").read_text()
    assert views(site, EXPORT, "--replace", "--exported", "2024-06-01").exit_code == 0
    assert ",1100\n" in (site / "views.csv").read_text()


def test_posts_whose_front_matter_stays_are_reported(site):
    write(site, {"content/posts/2024-01-01-first.md": "---\ntitle: First\ndate: 2024-01-01\nviews: 5\n---\n\nText.\n"})
    result = views(site, EXPORT, "-v")
    assert "1 post with `views` in the front matter that the new numbers do not change\n" in result.stdout
    assert "    content/posts/2024-01-01-first.md\n" in result.stdout
    assert "  90 views of 1 other page of the site\n" in result.stdout


def test_a_draft_gets_its_views_too(site):
    write(site, {"content/posts/2024-01-01-first.md": post("First").replace("---\n\n", "draft: true\n---\n\n", 1)})
    assert "1,230 views of 2 posts" in views(site, EXPORT).stdout


def test_many_urls_without_a_post_are_counted_and_verbose_lists_them(site):
    more = "".join(f"2024-03-01,letter.example.org,/no/{number}/,1,1,1\n" for number in range(20))
    write(site, {EXPORT: HEADER + ROWS + more})
    assert "    and 11 more (use -v to list them)\n" in views(site, EXPORT, "--dry-run").stdout
    assert views(site, EXPORT, "--dry-run", "-v").stdout.count("    1 /no/") == 20


def test_an_export_without_views_of_posts_ends_with_exit_code_1_and_nothing_is_written(site):
    write(site, {EXPORT: HEADER + "2024-03-01,letter.example.org,/elsewhere/,1,1,7\n"})
    result = views(site, EXPORT)
    assert result.exit_code == 1
    assert "0 views of 0 posts" in result.stdout
    assert not (site / "views.csv").exists()


def test_a_file_without_its_days_is_warned_of_and_can_be_given_them(site):
    write(site, {"own.csv": "url,views\n/posts/first/,5\n"})
    result = views(site, "own.csv", "--platform", "My server", "--exported", "2024-06-01")
    assert "does not say which days it covers: its numbers count as all views until 2024-06-01" in result.stderr
    assert "/posts/first/,My server,,2024-06-01,2024-06-01,5\n" in (site / "views.csv").read_text()
    given = ("--platform", "My server", "--from", "2024-01-01", "--to", "2024-02-01", "--exported", "2024-06-01")
    assert views(site, "own.csv", *given).stderr == ""
    assert "/posts/first/,My server,2024-01-01,2024-02-01,2024-06-01,5\n" in (site / "views.csv").read_text()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--url-column", "x"), "Missing option '--platform'"),
        (("--platform", "=x"), "a character by which spreadsheets recognize formulas"),
        (("--from", "soon"), '"soon" is not a date'),
        (("--from", "2024-02-01", "--to", "2024-01-01"), "2024-02-01 is after 2024-01-01"),
        (("--exported", "2024-02-30"), "February"),
    ],
)
def test_wrong_options_end_with_exit_code_2(site, arguments, message):
    result = views(site, EXPORT, *arguments)
    assert result.exit_code == 2
    assert message in result.stderr


def test_a_damaged_file_of_views_stays_as_it_is_and_is_a_problem(site):
    write(site, {"views.csv": "post,platform\n"})
    result = views(site, EXPORT)
    assert result.exit_code == 1
    assert "views.csv:1: this is not a file that `sitegen views` has written" in result.stderr
    assert (site / "views.csv").read_text() == "post,platform\n"


def test_an_unknown_export_is_a_problem_and_no_other_file_is_recorded(site):
    write(site, {"x.csv": "a,b\n1,2\n"})
    result = views(site, EXPORT, "x.csv")
    assert result.exit_code == 1
    assert "x.csv: the format of the export is not known\n    x.csv: a, b\n" in result.stderr
    assert not (site / "views.csv").exists()
