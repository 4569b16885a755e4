from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.formats.dates import (
    AmbiguousDateError,
    date_in_name,
    days_of_month,
    possible_orders,
    read_date,
    zone_named,
)

ROME = ZoneInfo("Europe/Rome")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2024-05-01", "2024-05-01T00:00:00+02:00"),
        ("2024-5-1", "2024-05-01T00:00:00+02:00"),
        ("2024/05/01", "2024-05-01T00:00:00+02:00"),
        ("20240501", "2024-05-01T00:00:00+02:00"),
        (20240501, "2024-05-01T00:00:00+02:00"),
        ("2024-05-01 10:20", "2024-05-01T10:20:00+02:00"),
        ("2024-01-01T10:20:30", "2024-01-01T10:20:30+01:00"),
        ("2024-01-01T10:20:30Z", "2024-01-01T10:20:30+00:00"),
        ("2024-01-01t10:20:30z", "2024-01-01T10:20:30+00:00"),
        ("2024-01-01T10:20:30.123456789Z", "2024-01-01T10:20:30.123456+00:00"),
        ("2024-03-13 00:16:05.343246+00:00", "2024-03-13T00:16:05.343246+00:00"),
        ("2015-10-09 23:46:57 +0200", "2015-10-09T23:46:57+02:00"),
        ("2015-10-09 23:46:57 -0330", "2015-10-09T23:46:57-03:30"),
        ("2018-07-03 05:00:00 -0000", "2018-07-03T05:00:00+00:00"),
        ("2018-07-03 05:00 UTC", "2018-07-03T05:00:00+00:00"),
        ("2018-07-03 05:00 GMT", "2018-07-03T05:00:00+00:00"),
        ("06-29-2022", "2022-06-29T00:00:00+02:00"),
        ("29-06-2022", "2022-06-29T00:00:00+02:00"),
        ("05/05/2022", "2022-05-05T00:00:00+02:00"),
        ("01.02.2022", "2022-02-01T00:00:00+01:00"),
        ("Jan 2, 2023", "2023-01-02T00:00:00+01:00"),
        ("January 2nd, 2023", "2023-01-02T00:00:00+01:00"),
        ("Sept. 3, 2023 at 10:05 PM", "2023-09-03T22:05:00+02:00"),
        ("2 January 2023", "2023-01-02T00:00:00+01:00"),
        ("Mon, 02 Jan 2023 10:00:00 GMT", "2023-01-02T10:00:00+00:00"),
        ("Mon, 02 Jan 2023 10:00:00 -0500 (EST)", "2023-01-02T10:00:00-05:00"),
        ("2 Jan 2023 12:30 am EST", "2023-01-02T00:30:00-05:00"),
        (date(2024, 5, 1), "2024-05-01T00:00:00+02:00"),
        (datetime(2024, 5, 1, 10, tzinfo=UTC), "2024-05-01T10:00:00+00:00"),
        (datetime(2024, 5, 1, 10), "2024-05-01T10:00:00+02:00"),
        ("1820-01-01", "1820-01-01T00:00:00+00:50"),
    ],
)
def test_a_date_is_read_in_every_form_that_archives_hold(written, meant):
    assert read_date(written, ROME).isoformat() == meant


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("yesterday", '"yesterday" is not a date'),
        ("2024-02-30", "there is no 30 February 2024"),
        ("2022-02-29", "there is no 29 February 2022"),
        ("2022-13-01", 'there is no month 13, as in the date "2022-13-01"'),
        ("14:4g5:00", '"14:4g5:00" is not a date'),
        ("2021-(TODO: MM-DD)", '"2021-(TODO: MM-DD)" is not a date'),
        ("01-02-2022", 'the date "01-02-2022" can mean 2 January or 1 February 2022'),
        ("2024-05-01 25:00", 'there is no time 25:00:00, as in the date "2024-05-01 25:00"'),
        ("2024-05-01 13:00 pm", 'there is no hour 13 pm, as in the date "2024-05-01 13:00 pm"'),
        ("2024-05-01 10:00 +9900", 'there is no time zone +9900, as in the date "2024-05-01 10:00 +9900"'),
        ("2024-05-01 10:00 +1600", 'there is no time zone +1600, as in the date "2024-05-01 10:00 +1600"'),
        ("2024-05-01T10:00:00+16:00", 'there is no time zone +16:00, as in the date "2024-05-01T10:00:00+16:00"'),
        ("2024-05-01T10:00:00-23:00", 'there is no time zone -23:00, as in the date "2024-05-01T10:00:00-23:00"'),
        ("2024-05-01 10:00 +0560", 'there is no time zone +0560, as in the date "2024-05-01 10:00 +0560"'),
        ("2024-05-01 10:00 XYZ", 'the time zone "XYZ" of the date "2024-05-01 10:00 XYZ" is not known'),
        ("Foo 2, 2023", 'there is no month "Foo", as in the date "Foo 2, 2023"'),
        ("0000-00-00", 'there is no month 0, as in the date "0000-00-00"'),
        ("0202-05-01", "the year 202 is not between 1000 and 9998"),
        ("9999-12-31", "the year 9999 is not between 1000 and 9998"),
        ("", '"" is not a date'),
        (True, '"True" is not a date'),
        (["2024-05-01"], "\"['2024-05-01']\" is not a date"),
        (time(10), '"datetime.time(10, 0)" is not a date'),
        ("2024-05-01" + " " * 90 + "x", f'"2024-05-01{" " * 50}…" is not a date'),
    ],
)
def test_an_invalid_date_is_refused_with_its_value(written, message):
    with pytest.raises(ValueError) as error:
        read_date(written, UTC)
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("written", "order", "meant"),
    [
        ("07-06-2022", "mdy", "2022-07-06"),
        ("07-06-2022", "dmy", "2022-06-07"),
        ("7.6.2022", "mdy", "2022-07-06"),
        ("7.6.2022", "", "2022-06-07"),
        ("06.29.2022", "", "2022-06-29"),
        ("29/06/2022", "mdy", "2022-06-29"),
        ("07/06/22", "mdy", "2022-07-06"),
        ("07/06/22 10:00", "dmy", "2022-06-07"),
        ("22-07-06", "ymd", "2022-07-06"),
        ("07-06-68", "dmy", "2068-06-07"),
        ("07-06-69", "dmy", "1969-06-07"),
        ("2022-07-06", "dmy", "2022-07-06"),
        ("Jul 6, 2022", "dmy", "2022-07-06"),
    ],
)
def test_an_order_decides_dates_that_are_possible_in_several(written, order, meant):
    assert read_date(written, UTC, order).date().isoformat() == meant


@pytest.mark.parametrize(
    ("written", "order"), [("07-06-2022", ""), ("07-06-2022", "ymd"), ("07/06/22", ""), ("29/06/22", "mdy")]
)
def test_a_date_that_an_order_cannot_decide_is_ambiguous(written, order):
    with pytest.raises(AmbiguousDateError):
        read_date(written, UTC, order)


@pytest.mark.parametrize(
    ("written", "orders"),
    [
        ("07-06-2022", {"mdy", "dmy"}),
        ("06-29-2022", {"mdy"}),
        ("29.06.2022 10:00", {"dmy"}),
        ("22-12-31", {"dmy", "ymd"}),
        ("02-30-2022", set()),
        ("2022-07-06", set()),
        ("6 July 2022", set()),
        (20220706, set()),
        (None, set()),
    ],
)
def test_the_possible_orders_of_a_date(written, orders):
    assert possible_orders(written) == orders


@given(
    st.datetimes(datetime(1000, 1, 1), datetime(9998, 12, 30)),
    st.integers(-15 * 60, 15 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)
def test_what_python_writes_is_read_back(moment, zone):
    moment = moment.replace(tzinfo=zone)
    assert read_date(moment.isoformat(), UTC) == moment
    assert read_date(moment.isoformat(" "), UTC).utcoffset() == moment.utcoffset()


@given(st.text(max_size=40) | st.from_regex(r"\d{1,4}[-/. ]\w{1,9}[-/. ,]\d{1,4}([T ]\d\d:\d\d.*)?", fullmatch=True))
def test_any_text_is_a_date_or_a_clear_refusal(text):
    said = ""
    try:
        moment = read_date(text, ROME)
    except ValueError as error:
        moment, said = None, str(error)
    assert moment.tzinfo is not None if moment else said.startswith(("there is no", "the ", '"'))


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("2019-05-01-name", (date(2019, 5, 1), "name")),
        ("2019_05_01 name", (date(2019, 5, 1), "name")),
        ("20190501-name", (date(2019, 5, 1), "name")),
        ("2019-05-01", (date(2019, 5, 1), "")),
        ("2019-02-30-name", (None, "2019-02-30-name")),
        ("201905011-name", (None, "201905011-name")),
        ("2019-05-011", (None, "2019-05-011")),
        ("2019-5-1-name", (date(2019, 5, 1), "name")),
        ("2019-05-1-name", (date(2019, 5, 1), "name")),
        ("2019-12-3", (date(2019, 12, 3), "")),
        ("2019-13-1-name", (None, "2019-13-1-name")),
        ("2019_5-1-name", (None, "2019_5-1-name")),
        ("2019.5.1-name", (None, "2019.5.1-name")),
        ("2019-5-name", (None, "2019-5-name")),
        ("20241119104841-name", (date(2024, 11, 19), "name")),
        ("20241119104841", (date(2024, 11, 19), "")),
        ("20241119250000-name", (None, "20241119250000-name")),
        ("20241319104841-name", (None, "20241319104841-name")),
        ("2019-05-01-2019-05-01-name", (date(2019, 5, 1), "name")),
        ("2019-05-01-2019-5-1", (date(2019, 5, 1), "")),
        ("2019-05-01-2019-05-02-name", (date(2019, 5, 1), "2019-05-02-name")),
        ("name", (None, "name")),
    ],
)
def test_a_file_name_may_begin_with_a_date(name, found):
    assert date_in_name(name) == found


def test_a_zone_is_found_by_its_name():
    assert zone_named("UTC") is UTC
    assert zone_named("Europe/Rome") == ROME


@pytest.mark.parametrize("name", ["../etc/passwd", "", "/etc", "a\x00b", "Mars/Base"])
def test_an_unknown_time_zone_is_refused(name):
    with pytest.raises(ValueError, match="there is no time zone"):
        zone_named(name)


def test_a_misspelt_zone_gets_a_suggestion():
    with pytest.raises(ValueError) as error:
        zone_named("Europe/Berln")
    assert str(error.value) == 'there is no time zone "Europe/Berln"; did you mean "Europe/Berlin"?'


def test_months_have_the_days_of_the_calendar():
    years = (*range(1, 401), 1900, 2000, 2023, 2024, 2100, 9999)
    for year in years:
        for month in range(1, 13):
            assert days_of_month(year, month) == monthrange(year, month)[1]
