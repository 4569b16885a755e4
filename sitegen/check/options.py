"""Options of a check: its parts, its limits, and how it requests outgoing links."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sitegen.check.planned import Plan
from sitegen.check.problem_types import GROUPS
from sitegen.system.request_policy import RequestPolicy

CACHE_FILE = "checked-files"
"""The name of the file with the results of earlier checks, in the folder of work files."""

REPORTS_SUFFIX = ".reports"
"""What the name of the file with the problems of the last checks has after CACHE_FILE."""


@dataclass(frozen=True, slots=True)
class CheckLimits:
    """Limits: bytes of a page and of an image, characters of a description and of a title."""

    page_bytes: int = 512 * 1024
    image_bytes: int = 1024 * 1024
    description: int = 320
    title: int = 150


@dataclass(frozen=True, slots=True)
class OutgoingCheck:
    """How outgoing links are checked: the file that caches the responses, the time now (aware), and the policy."""

    cache: Path
    now: datetime
    policy: RequestPolicy = field(default_factory=RequestPolicy)


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """Which parts of the check to run, with which limits, in how many processes; and how to check outgoing links.

    `plan` is what the site should consist of, None if only its files are known. `cache` is the file with the results
    of earlier checks, None for a check that uses none. `fingerprints` are those of the files that a build has just
    compared, by path: the cache need not read these. `sources` are those of the site's own files, and `inputs` is
    the fingerprint of all that this build depended on, "" without a build.
    """

    groups: frozenset[str] = frozenset(GROUPS)
    limits: CheckLimits = field(default_factory=CheckLimits)
    jobs: int = 1
    outgoing: OutgoingCheck | None = None
    plan: Plan | None = None
    cache: Path | None = None
    fingerprints: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    inputs: str = ""
