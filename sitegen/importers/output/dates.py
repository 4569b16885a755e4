"""The one rule for the day on which an imported post is shown and filed."""

from datetime import datetime, timedelta, tzinfo


def local_moment(moment: datetime, zone: tzinfo) -> datetime:
    """Return a moment with the offset that its readers saw, in whole seconds.

    An export that gives an offset states the day that its readers saw, so the offset is kept. A moment in UTC is
    usually how a database stores it: it is shown in the site's zone.
    """
    moment = moment.replace(microsecond=0)
    return moment if moment.utcoffset() else moment.astimezone(zone)


def write_moment(moment: datetime, zone: tzinfo) -> str:
    """Return a moment as front matter: only the day where it is midnight in the site's zone."""
    local = local_moment(moment, zone)
    if local.utcoffset() == local.astimezone(zone).utcoffset() and not (local.hour or local.minute or local.second):
        return local.date().isoformat()
    return local.strftime("%Y-%m-%dT%H:%M:%SZ") if local.utcoffset() == timedelta(0) else local.isoformat()
