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
class PublishContext:
    """What a publisher needs of the site and of the machine.

    `root` is the site's folder, and `record` has what was last published to the target. `environment` has the variables
    of the process, with credentials. `pause` waits for a number of seconds, and `clock` returns the time in
    nanoseconds. `lock` is the descriptor of a file that stays locked while a process has it open. `keys` is the path of
    names of the target's table in the config, for problems of its settings. `scratch` is a folder for temporary files:
    the next publish removes those that an interrupted one has left.
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
