"""The file name, the page and the archive of an imported post have the same date."""

import json
import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from sitegen.importers.base import Options
from sitegen.importers.output.dates import format_date
from sitegen.importers.run import run_import

ROME, NEW_YORK = ZoneInfo("Europe/Rome"), ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("moment", "zone", "written"),
    [
        ("2022-01-01T03:30:00+00:00", NEW_YORK, "2021-12-31T22:30:00-05:00"),
        ("2022-01-01T03:30:00+00:00", UTC, "2022-01-01T03:30:00Z"),
        ("2022-01-01T03:30:00.123456+00:00", UTC, "2022-01-01T03:30:00Z"),
        ("2024-01-01T23:30:00-05:00", UTC, "2024-01-01T23:30:00-05:00"),
        ("2023-06-30T22:00:00+00:00", ROME, "2023-07-01"),
        ("2023-07-01T00:00:00+02:00", ROME, "2023-07-01"),
        ("2023-07-01T00:00:00+02:00", UTC, "2023-07-01T00:00:00+02:00"),
        ("2023-06-30T19:00:00-05:00", UTC, "2023-06-30T19:00:00-05:00"),
        ("2023-07-01T00:00:00+00:00", UTC, "2023-07-01"),
    ],
)
def test_a_date_has_the_day_that_readers_saw(moment, zone, written):
    assert format_date(datetime.fromisoformat(moment), zone) == written


@pytest.mark.parametrize("zone", [UTC, NEW_YORK, ROME, ZoneInfo("Pacific/Auckland")], ids=str)
@pytest.mark.parametrize("moment", ["2022-01-01T03:30:00Z", "2021-12-31T23:30:00-05:00", "2022-01-01T05:00:00Z"])
def test_the_file_name_has_the_day_of_the_date(tmp_path, zone, moment):
    item = {"id": "https://x.example/1", "title": "One", "content_html": "<p>x</p>", "date_published": moment}
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": [item]}
    (tmp_path / "feed.json").write_text(json.dumps(feed))
    report = run_import([tmp_path / "feed.json"], tmp_path, "content/posts", Options(zone))
    text = (tmp_path / report.created[0]).read_text()
    day = re.search(r"^date: (\d{4}-\d\d-\d\d)", text, re.MULTILINE)[1]
    assert report.created[0] == f"content/posts/{day}-one.md"
