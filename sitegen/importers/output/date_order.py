"""The order of day, month and year that the dates of one archive have."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from sitegen.formats.dates import ORDERS, AmbiguousDateError, possible_orders, read_date
from sitegen.importers.base import Location, Note

_NAMES = {"mdy": "month-day-year", "dmy": "day-month-year", "ymd": "year-month-day"}

Dates = Callable[[], Iterable[tuple[Location, str, Any]]]
"""Gives the dates of an archive as they are written: where each one is, its key or column, and its value."""


@dataclass(slots=True)
class _Evidence:
    """The orders in which all dates of a key are possible, and the first date that allows only one."""

    orders: frozenset[str] = frozenset(ORDERS)
    where: Location | None = None
    value: str = ""


class DateOrder:
    """Reads the dates of one archive; those that several orders fit are read in the order of all the others.

    `given` is the order that the user asks for, or "". Without one the dates that `gather` gives are compared
    when the first date needs it: if all dates of its key are possible in one order alone, that is the order; if
    they leave it open, the dates of all keys decide. `notes` says once for each key which order was found.
    """

    def __init__(self, given: str, gather: Dates) -> None:
        self._given, self._gather = given, gather
        self._evidence: dict[str, _Evidence] | None = None
        self._orders: dict[str, str] = {}
        self._proof: dict[str, _Evidence] = {}
        self._notes: list[Note] = []

    def read(self, value: Any, zone: tzinfo, key: str = "date") -> datetime:
        """Return the moment that a date of a key names; ValueError as `read_date`."""
        orders = possible_orders(value)
        order = self._given or (self._infer(key) if orders else "")
        try:
            moment = read_date(value, zone, order)
        except AmbiguousDateError as error:
            names = " or ".join(name for name in ORDERS if name in orders)
            raise ValueError(f"{error}; import with --date-order {names}" if names else str(error)) from None
        if len(orders) > 1 and not self._given:
            self._say_once(key)
        return moment

    def take_notes(self) -> list[Note]:
        """Return what there is to say since the last call."""
        notes, self._notes = self._notes, []
        return notes

    def _infer(self, key: str) -> str:
        """Return the order of a key's dates, "" if they leave it open or do not agree."""
        if key not in self._orders:
            found = self._gathered().get(key, _Evidence())
            if len(found.orders) > 1:
                found = self._gathered()[""]
            self._orders[key] = next(iter(found.orders)) if len(found.orders) == 1 else ""
            self._proof[key] = found
        return self._orders[key]

    def _say_once(self, key: str) -> None:
        proof = self._proof.pop(key, None)
        if proof is not None and proof.where is not None and self._orders[key]:
            order = _NAMES[self._orders[key]]
            message = f'ambiguous dates of `{key}` are read as {order}: "{proof.value}" has no other meaning'
            self._notes.append(Note(proof.where, message))

    def _gathered(self) -> dict[str, _Evidence]:
        """Return the evidence by key, and that of all keys under ""."""
        if self._evidence is None:
            self._evidence = {"": _Evidence()}
            for where, key, value in self._gather():
                if orders := possible_orders(value):
                    for evidence in (self._evidence.setdefault(key, _Evidence()), self._evidence[""]):
                        evidence.orders &= orders
                        if len(orders) == 1 and evidence.where is None:
                            evidence.where, evidence.value = where, str(value).strip()[:40]
        return self._evidence
