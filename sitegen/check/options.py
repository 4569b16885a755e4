"""What a check is to do: which parts, within which limits, and whether to ask other people's servers."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sitegen.check.external.fetch import Manners
from sitegen.check.findings import GROUPS
from sitegen.check.planned import Plan


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is too much: bytes of a page and of a picture, characters of a description and of a title."""

    page_bytes: int = 512 * 1024
    image_bytes: int = 1024 * 1024
    description: int = 320
    title: int = 150


@dataclass(frozen=True, slots=True)
class Outside:
    """How outgoing links are checked: the file that keeps the answers, the time now (aware), and the manners."""

    cache: Path
    now: datetime
    manners: Manners = field(default_factory=Manners)


@dataclass(frozen=True, slots=True)
class Options:
    """Which parts of the check to make, with which limits, in how many processes; and whether to go outside.

    `plan` is what the site should consist of, None where only its files are known.
    """

    groups: frozenset[str] = frozenset(GROUPS)
    limits: Limits = field(default_factory=Limits)
    jobs: int = 1
    outside: Outside | None = None
    plan: Plan | None = None
