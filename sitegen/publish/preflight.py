"""Preflight checks: a published site has no errors in its pages."""

from collections.abc import Collection, Iterable
from pathlib import Path

from sitegen.check.options import CheckOptions
from sitegen.check.run import check_site
from sitegen.check.source_locations import lines_of_posts
from sitegen.config.schema import Config
from sitegen.errors import ERROR, Problem
from sitegen.model import Post


def run_preflight(
    root: Path,
    config: Config,
    output: Path,
    outputs: Collection[str],
    published: Iterable[Post],
    options: CheckOptions,
) -> tuple[Problem, ...]:
    """Return the errors in a built site, whose files are `outputs`, and whose posts and pages are `published`."""
    by_file = {post.output: post for post in published}
    problems = check_site(output, sorted(outputs), config.base_url, by_file, lines_of_posts(root), options)
    return tuple(problem for problem in problems if problem.severity == ERROR)
