"""Infers the order of day, month and year in the dates of an archive."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from sitegen.formats.dates import ORDERS, AmbiguousDateError, possible_orders, read_date
from sitegen.importers.base import Location, Note

_ORDER_NAMES = {"mdy": "month-day-year", "dmy": "day-month-year", "ymd": "year-month-day"}

DateValues = Callable[[], Iterable[tuple[Location, str, Any]]]
"""Returns the dates of an archive: the location, the key or column, and the value of each."""


@dataclass(slots=True)
class _Evidence:
    """The orders that fit all dates of a key, and the first date that only one order fits."""

    orders: frozenset[str] = frozenset(ORDERS)
    where: Location | None = None
    value: str = ""


class DateOrder:
    """Parses the dates of an archive; the order of ambiguous dates is inferred from the other dates.

    `given` is the order that the user has chosen, or "". Without it, the dates from `read_values` are compared when
    the first ambiguous date is parsed: if only one order fits all dates of its key, it is used; otherwise the dates
    of all keys decide. `take_notes` returns a note about the inferred order for each key.
    """

    def __init__(self, given: str, read_values: DateValues) -> None:
        self._given, self._read_values = given, read_values
        self._evidence: dict[str, _Evidence] | None = None
        self._orders: dict[str, str] = {}
        self._deciding: dict[str, _Evidence] = {}
        self._notes: list[Note] = []

    def read(self, value: Any, zone: tzinfo, key: str = "date") -> datetime:
        """Parse a date of a key; raise ValueError as `read_date` does."""
        orders = possible_orders(value)
        order = self._given or (self._infer(key) if orders else "")
        try:
            parsed = read_date(value, zone, order)
        except AmbiguousDateError as error:
            names = " or ".join(name for name in ORDERS if name in orders)
            raise ValueError(f"{error}; import with --date-order {names}" if names else str(error)) from None
        if len(orders) > 1 and not self._given:
            self._add_note_once(key)
        return parsed

    def take_notes(self) -> list[Note]:
        """Return the notes since the last call."""
        notes, self._notes = self._notes, []
        return notes

    def _infer(self, key: str) -> str:
        """Return the order of the dates of a key, or "" if it is ambiguous or inconsistent."""
        if key not in self._orders:
            found = self._collect_evidence().get(key, _Evidence())
            if len(found.orders) > 1:
                found = self._collect_evidence()[""]
            self._orders[key] = next(iter(found.orders)) if len(found.orders) == 1 else ""
            self._deciding[key] = found
        return self._orders[key]

    def _add_note_once(self, key: str) -> None:
        deciding = self._deciding.pop(key, None)
        if deciding is not None and deciding.where is not None and self._orders[key]:
            order = _ORDER_NAMES[self._orders[key]]
            message = f'ambiguous dates of `{key}` are read as {order}: "{deciding.value}" has no other meaning'
            self._notes.append(Note(deciding.where, message))

    def _collect_evidence(self) -> dict[str, _Evidence]:
        """Return the evidence by key, and that of all keys under ""."""
        if self._evidence is None:
            self._evidence = {"": _Evidence()}
            for where, key, value in self._read_values():
                if orders := possible_orders(value):
                    for evidence in (self._evidence.setdefault(key, _Evidence()), self._evidence[""]):
                        evidence.orders &= orders
                        if len(orders) == 1 and evidence.where is None:
                            evidence.where, evidence.value = where, str(value).strip()[:40]
        return self._evidence
