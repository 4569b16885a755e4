"""`sitegen check`."""

import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import click

from sitegen.basis import Request
from sitegen.build import WORK, Builder
from sitegen.cli.terminal import Terminal, speaking
from sitegen.cli.user_cache import find_user_cache
from sitegen.parallel import available_jobs
from sitegen.settings import read_config

GROUPS = ("links", "html", "feeds", "posts", "images")


@click.command()
@click.argument("group", type=click.Choice([*GROUPS, "all"]), default="all")
@click.option(
    "--external", is_flag=True, help="Ask the servers of outgoing links too, politely; answers are kept 7 days."
)
@click.option("--strict", is_flag=True, help="Fail on warnings too.")
@speaking
def command(terminal: Terminal, group: str, external: bool, strict: bool) -> None:
    """Judge the built site: links, HTML, feeds, posts, pictures.

    The site is built first, so that what is judged is what its files say. Exits with 1 if there is
    an error.

    \b
    Example:
        sitegen check links --external
    """  # noqa: D301 - \b is click's mark, not a backslash
    from sitegen.check.finding import has_failed  # noqa: PLC0415 - only this command needs it
    from sitegen.check.options import Options, Outside  # noqa: PLC0415
    from sitegen.check.places import lines_of_posts  # noqa: PLC0415
    from sitegen.check.report import findings_to_data, format_findings  # noqa: PLC0415
    from sitegen.check.site import check_site  # noqa: PLC0415

    with terminal.telling_problems():
        config = read_config(terminal.root).config
        with closing(Builder(terminal.root, time.time_ns, cache=find_user_cache())) as builder:
            report = builder.build(config, Request(jobs=available_jobs()))
            left_out = {item.path for item in report.left_out}
            posts = {post.output: post for post in builder.posts() if post.path not in left_out}
            files = sorted(builder.outputs)
        outside = None
        if external:
            outside = Outside(terminal.root / WORK / "links.json", datetime.now(UTC))
        groups = frozenset(GROUPS if group == "all" else [group])
        options = Options(groups, jobs=available_jobs(), outside=outside)
        output = terminal.root / Path(config.output)
        findings = check_site(output, files, config.base_url, posts, lines_of_posts(terminal.root), options)
    terminal.say(format_findings(findings))
    failed = has_failed(findings, strict=strict)
    terminal.give({"ok": not failed, "findings": findings_to_data(findings)})
    raise SystemExit(1 if failed else 0)
