"""Converts dates of imported posts to the time zone that decides about their day."""

from datetime import datetime, timedelta, tzinfo


def localize(moment: datetime, zone: tzinfo) -> datetime:
    """Return a date with the UTC offset that its readers saw, in whole seconds.

    An offset in the export is that of the old site and is preserved. A date in UTC usually comes from a database and
    is converted to `zone`.
    """
    moment = moment.replace(microsecond=0)
    return moment if moment.utcoffset() else moment.astimezone(zone)


def format_date(moment: datetime, zone: tzinfo) -> str:
    """Return a date for the front matter, without the time if it is midnight in `zone`."""
    local = localize(moment, zone)
    if local.utcoffset() == local.astimezone(zone).utcoffset() and not (local.hour or local.minute or local.second):
        return local.date().isoformat()
    return local.strftime("%Y-%m-%dT%H:%M:%SZ") if local.utcoffset() == timedelta(0) else local.isoformat()
