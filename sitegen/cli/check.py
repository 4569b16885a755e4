"""`sitegen check`."""

import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import click

from sitegen.build.builder import WORK, Builder
from sitegen.build.request import Request
from sitegen.check.problem_types import GROUPS
from sitegen.cli.font_folders import find_font_folders
from sitegen.cli.output import Terminal, output_options
from sitegen.cli.user_cache import find_user_cache
from sitegen.config.load import read_config
from sitegen.system.files import list_files
from sitegen.system.gc import collector_paused
from sitegen.system.processes import available_jobs


@click.command()
@click.argument("group", type=click.Choice([*GROUPS, "all"]), default="all")
@click.option("--external", is_flag=True, help="Also check links to other sites. Results are cached for 7 days.")
@click.option("--strict", is_flag=True, help="Exit with 1 if there are warnings, too.")
@click.option("--no-build", is_flag=True, help="Check the output as it is, without building first.")
@click.option(
    "--output",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder to check, with --no-build. [default: `output` of the config]",
)
@output_options
def command(terminal: Terminal, group: str, external: bool, strict: bool, no_build: bool, output: Path | None) -> None:
    """Check the built site for broken links, invalid HTML, feed and image problems.

    The site is built first, unless you add --no-build. The exit code is 1 if there are errors.

    \b
    Example:
        sitegen check links --external
        sitegen check --no-build --output dist
    """  # noqa: D301 - \b is click's mark, not a backslash
    from sitegen.check.options import CACHE_FILE, CheckOptions, OutgoingCheck
    from sitegen.check.planned import find_foreign, plan_of
    from sitegen.check.problem_types import has_failed
    from sitegen.check.report import format_problems
    from sitegen.check.run import check_site
    from sitegen.check.source_locations import lines_of_posts
    from sitegen.importers.imported import find_imported

    if output is not None and not no_build:
        raise click.UsageError("--output needs --no-build: a build writes into the output folder of the config")
    with collector_paused(until_exit=True), terminal.reporting_problems():
        config = read_config(terminal.root).config
        folder = terminal.root / config.output if output is None else output.resolve()
        with closing(Builder(terminal.root, time.time_ns, cache=find_user_cache())) as builder:
            request = Request(font_folders=find_font_folders(), jobs=available_jobs())
            if no_build:
                site = builder.plan(config, request)
                planned, skipped, all_posts = frozenset(site.pages), site.skipped, tuple(site.posts)
            else:
                skipped = builder.build(config, request).skipped
                planned, all_posts = frozenset(builder.outputs), tuple(builder.posts())
            known = ({}, {}, "") if no_build else (builder.fingerprints, builder.sources, builder.inputs)
            unpublished = {item.path for item in skipped}
            posts = {post.output: post for post in all_posts if post.path not in unpublished}
        found = list_files(folder)
        foreign = find_foreign(found, planned)
        outgoing = None
        if external:
            outgoing = OutgoingCheck(terminal.root / WORK / "links.json", datetime.now(UTC))
        groups = frozenset(GROUPS if group == "all" else [group])
        plan = plan_of(config, planned, foreign, posts)
        options = CheckOptions(
            groups,
            jobs=available_jobs(),
            outgoing=outgoing,
            plan=plan,
            cache=terminal.root / WORK / CACHE_FILE,
            fingerprints=known[0],
            sources=known[1],
            inputs=known[2],
        )
        # Without a build, all files of the folder are the site; a file in it that no build wrote is reported too.
        files = [path for path in found if path in planned or (no_build and path in foreign)]
        problems = check_site(folder, files, config.base_url, posts, lines_of_posts(terminal.root), options)
    terminal.say(format_problems(problems, find_imported(terminal.root), full=terminal.verbose))
    failed = has_failed(problems, strict=strict)
    terminal.print_json({"ok": not failed, "problems": [problem.to_data() for problem in problems]})
    raise SystemExit(1 if failed else 0)
