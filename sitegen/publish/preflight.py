"""Preflight checks: a published site has no errors in its pages, loses no URL and uses no guid twice."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from sitegen.check.options import CheckOptions
from sitegen.check.run import check_site
from sitegen.check.source_locations import lines_of_posts
from sitegen.config.schema import Config
from sitegen.content.ledger.file import Ledger
from sitegen.content.ledger.record import reconcile_posts
from sitegen.errors import ERROR, Problem
from sitegen.model import Post


@dataclass(frozen=True, slots=True)
class PreflightResult:
    """The problems that stop a publish: errors in the built site, and URLs that would break or guids that would change.

    `ledger` is the publication ledger after the publish.
    """

    errors: tuple[Problem, ...]
    url_problems: tuple[Problem, ...]
    ledger: Ledger


def run_preflight(
    root: Path,
    config: Config,
    output: Path,
    outputs: Collection[str],
    published: Iterable[Post],
    options: CheckOptions,
) -> PreflightResult:
    """Check a built site before it is published: its files are `outputs`, its posts and pages `published`."""
    posts = tuple(published)
    by_file = {post.output: post for post in posts}
    problems = check_site(output, sorted(outputs), config.base_url, by_file, lines_of_posts(root), options)
    errors = tuple(problem for problem in problems if problem.severity == ERROR)
    reconciliation = reconcile_posts(root, config, posts)
    return PreflightResult(errors, reconciliation.problems, reconciliation.ledger)
