"""The interface of a publish target: plan the changes of a publish, and make them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sitegen.config.load import describe_setting
from sitegen.errors import Problem
from sitegen.publish.files import Shipment
from sitegen.publish.plan import PublishPlan
from sitegen.publish.state import PublishRecord

Progress = Callable[[int, int], None]
"""Called with the number of processed files and of all files."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where a publish is made from.

    `root` is the site's folder, `record` what was last published there,
    `environment` holds the variables of the process, among them the usual ones with credentials.
    `pause` waits for a number of seconds, and `clock` returns the time in nanoseconds.
    `lock` is the file that stays locked while it is open anywhere.
    `keys` is the path of names of the target's table in the config, for problems of its settings.
    `scratch` is a folder for what is needed on the way: the next publish clears away what is left in it.
    """

    root: Path
    record: PublishRecord
    environment: Mapping[str, str]
    pause: Callable[[float], None]
    clock: Callable[[], int]
    lock: int
    scratch: Path
    keys: tuple[str | int, ...] = ("publish",)

    def describe_setting(self, name: str, message: str, hint: str) -> Problem:
        """Return a problem of a setting of the target, at its line."""
        return describe_setting(self.root, (*self.keys, name), message, hint)


class Publisher(Protocol):
    """Brings files to one target, whose lock is held."""

    def plan(self, shipment: Shipment, *, force: bool = False) -> PublishPlan:
        """Return what a publish would do; raise SiteError if others have changed the target.

        With `force` what others have put or changed there is replaced.
        """

    def publish(self, shipment: Shipment, plan: PublishPlan, progress: Progress) -> None:
        """Do what was planned. If this is interrupted at any moment, the next publish completes it."""
