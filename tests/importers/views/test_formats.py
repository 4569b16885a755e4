"""Each platform's export, in each variant: how it is recognized, and what is counted."""

import gzip
import json
import re
import zipfile
from pathlib import Path

import pytest

from sitegen.errors import SiteError
from sitegen.importers.views.export import Columns, Key, Period
from sitegen.importers.views.read import PLATFORMS, read_export

REPOSITORY = Path(__file__).parents[3]
FROST, RAIN = "/posts/frost/", "/posts/rain/"

PLAUSIBLE = """\
date,hostname,page,visits,visitors,pageviews,total_scroll_depth
2023-12-31,a.example,/posts/frost/,1,1,2,0
2024-01-01,a.example,/posts/frost/?ref=x,1,1,3,0
2024-02-01,www.a.example,/posts/rain/,1,1,4,0
"""
DASHBOARD = """\
name,visitors,pageviews,bounce_rate,time_on_page,scroll_depth
/posts/frost/,3,5,50,30,80
/posts/rain/,4,4,,,
"""
GOATCOUNTER = """\
2Path,Title,Event,UserAgent,Browser,System,Session,Bot,Referrer,Referrer scheme,Screen size,Location,FirstVisit,Date
/posts/frost/,Frost,false,,,,a,0,,,,,true,2023-12-31T23:59:59Z
/posts/frost/,Frost,false,,,,a,0,,,,,false,2024-01-01T00:00:00Z
/posts/rain/,Rain,false,,,,b,0,,,,,true,2024-02-01T10:00:00Z
/posts/rain/,Rain,false,,,,b,3,,,,,true,2024-02-01T10:00:00Z
signup,Sign up,true,,,,b,0,,,,,true,2024-02-02T10:00:00Z
"""
UMAMI_EVENTS = """\
website_id,session_id,event_id,hostname,url_path,url_query,page_title,event_type,event_name,created_at
w,s,1,a.example,/posts/frost/,a=b,Frost,1,,2023-12-31 10:00:00
w,s,2,a.example,/posts/frost/,,Frost,1,,2024-01-01 10:00:00
w,s,3,a.example,/posts/rain/,,Rain,1,,2024-02-01 10:00:00
w,s,4,a.example,/posts/rain/,,Rain,2,click,2024-02-01 10:00:00
"""
MATOMO = """\
label,nb_visits,nb_hits,sum_time_spent,bounce_rate,url
/posts/frost/index,3,5,10,0%,https://a.example/posts/frost/
/posts/rain/,4,4,10,0%,https://a.example/posts/rain/
"""
MATOMO_ENGLISH = "Label,Unique Pageviews,Pageviews,Bounce Rate\n/posts/frost/,3,5,1%\n/posts/rain/,4,4,1%\n"
GA4 = """\
# ----------------------------------------
# Pages and screens: Page path and screen class
# Account: Letters
# Property: Letters
# ----------------------------------------
#
# All Users
# Start date: 20240101
# End date: 20240229

Page path and screen class,Views,Active users,Views per active user
,9,5,1.8
/posts/frost/,5,3,1.6
/posts/rain/,4,2,2
"""
GA4_SECTIONS = GA4.replace(
    "\nPage path", "\nNth day,Views\n0000,9\n\n# ----\n# Start date: 20240101\n# End date: 20240229\n\nPage path"
)
GA4_DAYS = """\
Date,Page location,Views
20231231,https://a.example/posts/frost/?x,2
20240101,a.example/posts/frost/,3
20240201,https://a.example/posts/rain/,4
Grand total,,9
"""
UNIVERSAL = "# 20240101-20240229\n\nPage,Pageviews,Unique Pageviews\n/posts/frost/,5,3\n/posts/rain/,4,2\n,9,5\n"
SIMPLE = """\
added_iso,hostname,path,is_unique,is_robot,datapoint
2023-12-31T08:00:00.000Z,a.example,/posts/frost,true,false,
2024-01-01T08:00:00.000Z,a.example,/posts/frost,true,false,
2024-02-01T08:00:00.000Z,a.example,/posts/rain,true,false,
2024-02-01T08:00:00.000Z,a.example,/posts/rain,true,true,
2024-02-01T08:00:00.000Z,a.example,/posts/rain,true,false,click
"""
CLOUDFLARE = {
    "data": {
        "viewer": {
            "accounts": [
                {
                    "topPaths": [
                        {"count": 5, "dimensions": {"metric": FROST}},
                        {"count": 4, "dimensions": {"requestPath": RAIN}},
                        {"count": 9, "dimensions": {"metric": "Firefox"}},
                    ]
                }
            ]
        }
    }
}
MATOMO_NESTED = [
    {
        "label": "posts",
        "nb_hits": 9,
        "subtable": [
            {"label": "/frost/", "nb_hits": 5, "url": f"https://a.example{FROST}"},
            {"label": "rain/", "nb_hits": 4},
        ],
    }
]
MATOMO_MONTHS = {
    "2023-12": [{"label": FROST, "nb_hits": 2}],
    "2024-01": [{"label": FROST, "nb_hits": 3}],
    "2024-02": [{"label": RAIN, "nb_hits": 4}],
    "2024-03": [],
}
UMAMI_METRICS = [{"x": FROST, "y": 5}, {"x": RAIN, "y": 4}]
SIMPLE_STATS = {
    "start": "2024-01-01T00:00:00.000Z",
    "end": "2024-02-29T23:59:59.999Z",
    "pages": [{"value": "/posts/frost", "pageviews": 5}, {"value": "/posts/rain", "pageviews": 4}],
}
PLAUSIBLE_STATS = {"results": [{"page": FROST, "visitors": 3, "pageviews": 5}, {"page": RAIN, "pageviews": 4}]}

SUM = {(FROST, ""): 5, (RAIN, ""): 4}
BY_YEAR = {(FROST, "2023"): 2, (FROST, "2024"): 3, (RAIN, "2024"): 4}
HITS = {(FROST, "2023"): 1, (FROST, "2024"): 1, (RAIN, "2024"): 1}
DAYS, MONTHS = Period("2023-12-31", "2024-02-01"), Period("2024-01-01", "2024-02-29")
UNKNOWN = Period()

CASES = {
    "Plausible, all data": ("imported_pages_20231231_20240201.csv", PLAUSIBLE, "Plausible", BY_YEAR, DAYS),
    "Plausible, all data, longer than its rows": (
        "imported_pages_20230101_20240601.csv", PLAUSIBLE, "Plausible", BY_YEAR, Period("2023-01-01", "2024-06-01"),
    ),
    "Plausible, older export": ("pages.csv", PLAUSIBLE.replace(",hostname", "").replace(",a.example", "").replace(
        ",www.a.example", ""), "Plausible", BY_YEAR, DAYS),
    "Plausible, dashboard": ("pages.csv", DASHBOARD, "Plausible", SUM, UNKNOWN),
    "Plausible, dashboard with its period": (
        "Plausible export a.example 2024-01-01 to 2024-02-29.csv", DASHBOARD, "Plausible", SUM, MONTHS,
    ),
    "Plausible, API": ("stats.json", PLAUSIBLE_STATS, "Plausible", SUM, UNKNOWN),
    "GoatCounter": ("goatcounter-export.csv", GOATCOUNTER, "GoatCounter", HITS, DAYS),
    "GoatCounter, version 1": ("g.csv", GOATCOUNTER.replace("2Path", "1Path"), "GoatCounter", HITS, DAYS),
    "Umami, events": ("website_event.csv", UMAMI_EVENTS, "Umami", HITS, DAYS),
    "Umami, pages": ("pages.csv", "x,y\n/posts/frost/,5\n/posts/rain/,4\n", "Umami", SUM, UNKNOWN),
    "Umami, API": ("metrics.json", UMAMI_METRICS, "Umami", SUM, UNKNOWN),
    "Matomo": ("matomo.csv", MATOMO, "Matomo", SUM, UNKNOWN),
    "Matomo, in English": ("Export _ Page URLs _ 2024-01-01,2024-02-29.csv", MATOMO_ENGLISH, "Matomo", SUM, MONTHS),
    "Matomo, nested": ("matomo.json", MATOMO_NESTED, "Matomo",
        {(FROST, ""): 5, (RAIN, ""): 4}, UNKNOWN),
    "Matomo, by month": ("matomo.json", MATOMO_MONTHS, "Matomo", BY_YEAR, Period("2023-12-01", "2024-02-29")),
    "Google Analytics 4": ("Pages.csv", GA4, "Google Analytics", SUM, MONTHS),
    "Google Analytics 4, dates in another language": (
        "Seiten.csv", GA4.replace("Start date", "Startdatum").replace("End date", "Enddatum"), "Google Analytics",
        SUM, MONTHS),
    "Google Analytics 4, several tables": ("Pages.csv", GA4_SECTIONS, "Google Analytics", SUM, MONTHS),
    "Google Analytics 4, by day": ("free.csv", GA4_DAYS, "Google Analytics", BY_YEAR, DAYS),
    "Universal Analytics": ("ua.csv", UNIVERSAL, "Google Analytics", SUM, MONTHS),
    "Cloudflare, API": ("cloudflare.json", CLOUDFLARE, "Cloudflare", SUM, UNKNOWN),
    "Cloudflare, CSV": ("c.csv", "requestPath,count\n/posts/frost/,5\n/posts/rain/,4\n", "Cloudflare", SUM, UNKNOWN),
    "Simple Analytics": ("export.csv", SIMPLE, "Simple Analytics",
        {("/posts/frost", "2023"): 1, ("/posts/frost", "2024"): 1, ("/posts/rain", "2024"): 1}, DAYS),
    "Simple Analytics, API": ("a.example.json", SIMPLE_STATS, "Simple Analytics",
        {("/posts/frost", ""): 5, ("/posts/rain", ""): 4}, MONTHS),
}  # fmt: skip


def write(path, content):
    text = json.dumps(content) if not isinstance(content, str | bytes) else content
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def read(path, columns=None, platform=""):
    (export,) = read_export(path, columns or Columns(), platform)
    return export


def simplify(export):
    return {(key.url, year): number for (key, year), number in export.views.items()}


@pytest.mark.parametrize("case", CASES)
def test_an_export_is_recognized_and_read(case, tmp_path):
    name, content, platform, views, period = CASES[case]
    export = read(write(tmp_path / name, content))
    assert (export.platform, simplify(export), export.period) == (platform, views, period)
    assert (export.is_total, export.warnings) == (False, ())


TABLES = {case: values for case, values in CASES.items() if isinstance(values[1], str)}
ENCODINGS = {
    "BOM": lambda text: text.encode("utf-8-sig"),
    "UTF-16": lambda text: text.encode("utf-16"),
    "UTF-16 without BOM": lambda text: text.encode("utf-16-le"),
    "CRLF": lambda text: text.replace("\n", "\r\n").encode(),
    "semicolons": lambda text: text.replace(",", ";").encode(),
    "tabs": lambda text: text.replace(",", "\t").encode(),
    "sep=": lambda text: ("sep=;\n" + text.replace(",", ";")).encode(),
}


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("case", ["Plausible, all data", "GoatCounter", "Google Analytics 4", "Matomo"])
def test_an_export_that_a_spreadsheet_has_saved_is_read_too(case, encoding, tmp_path):
    name, content, platform, views, period = TABLES[case]
    export = read(write(tmp_path / name, ENCODINGS[encoding](content)))
    assert (export.platform, simplify(export), export.period) == (platform, views, period)


@pytest.mark.parametrize("folder", ["", "export/"])
def test_the_pages_of_a_zip_are_read_and_other_tables_are_not(folder, tmp_path):
    path = tmp_path / "letters_example_org_20240601.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{folder}imported_pages_20231231_20240201.csv", PLAUSIBLE)
        archive.writestr(
            f"{folder}imported_visitors_20231231_20240201.csv", "date,visitors,pageviews\n2024-01-01,1,9\n"
        )
        archive.writestr(
            f"{folder}imported_entry_pages_20231231_20240201.csv", "date,entry_page,visitors\n2024-01-01,/,1\n"
        )
        archive.writestr(
            f"{folder}posts/1.opens.csv", "post_id,email,url,views\n1,reader@example.org,/posts/frost/,1\n"
        )
    assert simplify(read(path)) == BY_YEAR


def test_the_name_of_a_zip_says_which_days_its_pages_cover(tmp_path):
    path = tmp_path / "Plausible export a.example 2024-01-01  to 2024-02-29 .zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("pages.csv", DASHBOARD)
    export = read(path)
    assert (simplify(export), export.period) == (SUM, MONTHS)


def test_a_gzip_file_and_a_folder_are_read(tmp_path):
    folder = tmp_path / "exports"
    folder.mkdir()
    write(folder / "goatcounter-export.csv.gz", gzip.compress(GOATCOUNTER.encode()))
    assert simplify(read(folder / "goatcounter-export.csv.gz")) == HITS == simplify(read(folder))


SUBSTACK = """\
title,post_date,audience,views,engagement_rate,signups
Frost &amp; ice,2024-01-02T23:30:00.000Z,everyone,"1,204",2%,3
Draft,,everyone,0,,
"""
EMAIL = {
    "subject": "Frost",
    "slug": "frost",
    "absolute_url": "https://b.example/u/archive/frost/",
    "publish_date": "2024-01-02T10:00:00Z",
    "analytics": {"opens": 9, "page_views__lifetime": 5},
}
BUTTONDOWN = {"results": [EMAIL], "count": 1, "next": None}
CAMPAIGN = {
    "id": 1,
    "subject": "Frost",
    "views": 5,
    "clicks": 1,
    "to_send": 80,
    "archive_slug": "frost",
    "started_at": "2024-01-02T10:00:00Z",
}
LISTMONK = {"data": {"results": [CAMPAIGN], "total": 1, "page": 1}}


NEWSLETTERS = [
    ("posts.csv", SUBSTACK, "Substack", {Key("", "", "Frost & ice", "2024-01-02"): 1204}),
    ("p.csv", "post_id,title,post_date,views\n12.frost,Frost,2024-01-02,5\n", "Substack",
        {Key("", "frost", "Frost", "2024-01-02"): 5}),
    ("emails.json", BUTTONDOWN, "Buttondown", {Key("/u/archive/frost/", "frost", "Frost", "2024-01-02"): 5}),
    ("e.csv", "subject,slug,publish_date,page_views__lifetime\nFrost,frost,2024-01-02,5\n", "Buttondown",
        {Key("", "frost", "Frost", "2024-01-02"): 5}),
    ("campaigns.json", LISTMONK, "listmonk", {Key("", "frost", "Frost", "2024-01-02"): 5}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "platform", "views"), NEWSLETTERS)
def test_platforms_of_newsletters_name_posts_by_slug_and_title_and_count_all_views(
    name, content, platform, views, tmp_path
):
    export = read(write(tmp_path / name, content))
    assert {key: number for (key, _), number in export.views.items()} == views
    assert (export.platform, export.is_total, export.period, export.warnings) == (platform, True, UNKNOWN, ())


def test_a_dashboard_export_of_100_pages_warns_that_pages_may_be_missing(tmp_path):
    rows = "".join(f"/posts/{number}/,1,2,50,1,1\n" for number in range(100))
    header = DASHBOARD.splitlines(keepends=True)[0]
    (warning,) = read(write(tmp_path / "pages.csv", header + rows)).warnings
    assert "only the 100 pages with the most views" in warning.message
    assert not read(write(tmp_path / "pages.csv", header + rows.partition("\n")[2])).warnings


@pytest.mark.parametrize(
    "change", [{"next": "https://b.example/v1/emails?page=2"}, {"data": {**LISTMONK["data"], "total": 30}}]
)
def test_one_page_of_an_answer_warns_that_there_are_more(change, tmp_path):
    content = {**(LISTMONK if "data" in change else BUTTONDOWN), **change}
    (warning,) = read(write(tmp_path / "answer.json", content)).warnings
    assert warning.message == "the file is one page of several"


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        ("url,views", Columns()),
        ("Page;Hits", Columns("Page", "hits")),
        ("permalink\tpageviews", Columns(count="Pageviews")),
    ],
)
def test_another_csv_file_is_read_if_the_platform_is_named(header, columns, tmp_path):
    mark = next(char for char in header if char in ",;\t")
    path = write(tmp_path / "own.csv", f"{header}\n/posts/frost/{mark}5\n/posts/rain/{mark}4\n")
    export = read(path, columns, "My server")
    assert (export.platform, simplify(export), export.period) == ("My server", SUM, UNKNOWN)


@pytest.mark.parametrize(
    ("header", "columns"), [("Title;Views", Columns()), ("Titel;Aufrufe", Columns("Titel", "Aufrufe"))]
)
def test_a_table_of_another_program_can_have_titles_instead_of_urls(header, columns, tmp_path):
    path = write(tmp_path / "own.csv", f'{header}\n"Frost: ""what"" now?";1.234\nTotal;1.234\n')
    assert {key.title: views for (key, _), views in read(path, columns, "Wix").views.items()} == {
        'Frost: "what" now?': 1234
    }


def test_a_column_of_dates_splits_the_numbers_by_year(tmp_path):
    path = write(
        tmp_path / "own.csv",
        "path,count,when\n/posts/frost/,2,31.12.2023\n/posts/frost/,3,2024-01-01\n/posts/rain/,4,1 February 2024\n",
    )
    export = read(path, Columns(day="When"), "P")
    assert (simplify(export), export.period) == (BY_YEAR, DAYS)


@pytest.mark.parametrize(
    ("dates", "period"),
    [
        (("05/06/2024", "13/06/2024"), ("2024-06-05", "2024-06-13")),
        (("05/06/2024", "05/13/2024"), ("2024-05-06", "2024-05-13")),
        (("13/06/99", "05/06/99", "31/12/99"), ("1999-06-05", "1999-12-31")),
        (("13-06-2024", "05-06-2024"), ("2024-06-05", "2024-06-13")),
    ],
)
def test_the_order_of_day_and_month_is_the_one_that_fits_all_dates_of_the_column(dates, period, tmp_path):
    write(tmp_path / "a.csv", "url,views,date\n" + "".join(f"{FROST},1,{day}\n" for day in dates))
    export = read(tmp_path / "a.csv", platform="Mine")
    assert (export.period, export.warnings) == (Period(*period), ())
    assert sum(export.views.values()) == len(dates)


def test_dates_of_two_orders_in_one_column_are_reported(tmp_path):
    days = ("13/06/2024", "05/06/2024", "06/13/2024")
    write(tmp_path / "a.csv", "url,views,date\n" + "".join(f"{FROST},1,{day}\n" for day in days))
    export = read(tmp_path / "a.csv", platform="Mine")
    assert [(problem.line, problem.hint) for problem in export.warnings] == [(3, "the row is skipped")]


def test_the_hint_for_columns_of_other_names_depends_on_the_platform(tmp_path):
    write(tmp_path / "a.csv", "Pfad;Besuche\n/posts/frost/;3\n")
    names = "--url-column NAME and --count-column NAME"
    for platform, hint in (("", f"add --platform NAME, {names}"), ("Mine", f"add {names}")):
        with pytest.raises(SiteError) as caught:
            read(tmp_path / "a.csv", platform=platform)
        assert hint in caught.value.problems[0].hint


def test_a_named_platform_replaces_the_recognized_one(tmp_path):
    assert read(write(tmp_path / "p.csv", PLAUSIBLE), platform="Own Plausible").platform == "Own Plausible"
    assert read(write(tmp_path / "p.json", UMAMI_METRICS), platform="Own Umami").platform == "Own Umami"


def test_rows_that_cannot_be_read_are_reported_with_their_lines_and_the_rest_is_counted(tmp_path):
    bad = "".join(f"2024-01-01,a.example,/posts/x/,1,1,{value},0\n" for value in ("many", "1.5", "-3", "9" * 20, "1,5"))
    export = read(write(tmp_path / "p.csv", PLAUSIBLE + bad + "02/03/2024,a.example,/posts/x/,1,1,1,0\n"))
    assert simplify(export) == {**BY_YEAR, ("/posts/x/", "2024"): 1}
    messages = [(problem.line, problem.message) for problem in export.warnings]
    assert messages == [
        (5, '"many" is not a number of views'),
        (6, '"1.5" is not a whole number of views'),
        (7, '"-3" is not a number of views'),
        (0, "2 more rows cannot be read"),
    ]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("x.csv", "date,visitors\n2024-01-01,5\n", "the format of the export is not known"),
        ("x.csv", "url,views\n/posts/frost/,5\n", "the format of the export is not known"),
        ("x.csv", "", "the file is empty"),
        ("x.json", {"posts": []}, "the export contains no CSV or JSON file with numbers of views"),
        ("x.json", "{", "the file cannot be read: it is not valid JSON"),
        ("x.json", "[" * 100_000, "the file cannot be read: it is not valid JSON"),
        ("x.png", b"\x89PNG", "the export contains no CSV or JSON file with numbers of views"),
        ("x.csv", 'x,y\n"' + "a" * (1 << 21), "the file cannot be read: line 2 is not valid CSV"),
        ("posts.csv", "post_id,post_date,is_published,title\n1.a,2024-01-01,true,A\n",
            "the export of Substack contains the posts, and not how often they were viewed"),
    ],
)  # fmt: skip
def test_a_file_without_numbers_of_views_is_a_problem_with_a_hint(name, content, message, tmp_path):
    with pytest.raises(SiteError) as caught:
        read_export(write(tmp_path / name, content), Columns(), "")
    (problem,) = caught.value.problems
    assert problem.message.startswith(message)
    assert problem.hint


def test_a_missing_column_is_a_problem_that_names_the_columns_of_the_file(tmp_path):
    with pytest.raises(SiteError) as caught:
        read_export(write(tmp_path / "x.csv", "url,views\n/a/,5\n"), Columns(count="Hits"), "P")
    (problem,) = caught.value.problems
    assert problem.message == "the file has no column `hits`; it has url, views"


def test_a_damaged_file_is_a_problem(tmp_path):
    with pytest.raises(SiteError, match="the file cannot be read"):
        read_export(write(tmp_path / "g.csv.gz", gzip.compress(GOATCOUNTER.encode())[:40]), Columns(), "")
    with pytest.raises(SiteError, match="the file cannot be read: line 5 is not valid CSV"):
        read_export(write(tmp_path / "p.csv", PLAUSIBLE + '"' + "a" * (1 << 21)), Columns(), "")


def test_each_platform_has_an_example_and_a_row_in_the_manual():
    examples = {case[2] for case in (*CASES.values(), *NEWSLETTERS)}
    assert examples == set(PLATFORMS)
    rows = re.findall(r"^\| ([^|]+?) \|", (REPOSITORY / "docs/guides/view-counts.md").read_text(), re.MULTILINE)
    assert {row.removesuffix(" 4").removesuffix(" Web Analytics") for row in rows} >= set(PLATFORMS)
