"""`sitegen publish`."""

import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import click

from sitegen.build.builder import WORK, Builder, Request
from sitegen.cli.build import show_progress
from sitegen.cli.output import Terminal, speaking
from sitegen.cli.user_cache import find_user_cache
from sitegen.config.load import read_config
from sitegen.config.schema import Config
from sitegen.errors import Problem, SiteError
from sitegen.ledger.file import Ledger
from sitegen.ledger.record import keep_ledger
from sitegen.model import Post
from sitegen.publish.compression import add_compressed
from sitegen.publish.files import pack
from sitegen.publish.notify import make_calls, plan_calls
from sitegen.publish.plan import PublishPlan, describe_plan
from sitegen.publish.preflight import judge_address, judge_publish
from sitegen.publish.registry import choose_target, open_target
from sitegen.publish.snapshot import empty_folder, take_snapshot
from sitegen.publish.state import read_record, write_record
from sitegen.scaffold.skeleton import find_samples
from sitegen.system.processes import available_jobs

SHOWN = 40
"""A plan of more lines than this is cut, unless every file was asked for."""

NAMED = 3
"""So many new posts are named in the last line."""

BROKEN = "the publish is not finished: run it again, and it goes on from here"

DESPITE = ("faults", "addresses", "remote")


@click.command()
@click.argument("target", required=False)
@click.option("-n", "--dry-run", is_flag=True, help="Show what would be done, and do nothing.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@click.option(
    "--despite",
    type=click.Choice(DESPITE),
    multiple=True,
    help="Publish in spite of errors of the check, of addresses that are lost, or of what others changed there.",
)
@click.option("-j", "--jobs", type=click.IntRange(1), metavar="N", help="Use N processes; one a processor by default.")
@speaking
def command(
    terminal: Terminal, target: str | None, dry_run: bool, yes: bool, despite: Sequence[str], jobs: int | None
) -> None:
    """Send the built site to where it is served.

    The site is built and checked first, without drafts; then you see what would change and are asked.
    TARGET is the name of a table [[publish]] of the config, and can be left out if there is only one.

    \b
    Example:
        sitegen publish --dry-run
        sitegen publish web --yes
    """  # noqa: D301 - \b is click's mark, not a backslash
    with terminal.telling_problems():
        config = read_config(terminal.root).config
        chosen = choose_target(config, target)
        opened = open_target(chosen, config, terminal.root, terminal.root / WORK, os.environ, time.sleep)
        with opened as (publisher, record), empty_folder(record.with_suffix(".built")) as built:
            folder = built / Path(config.output).name
            site = _prepare(terminal, config, folder, despite, jobs or available_jobs())
            shipment = pack(folder, site.outputs, site.listings)
            if chosen.compress:
                cache = record.with_suffix(".compressed")
                shipment = add_compressed(shipment, cache, jobs or available_jobs())
            plan = publisher.plan(shipment, force="remote" in despite)
            message = "this sample of `sitegen init` is published as it is"
            for path in site.samples:  # each by itself: warnings that are given together are grouped
                terminal.warn([Problem(path, 0, message, "edit it, or delete it")])
            _show(terminal, plan)
            if dry_run:
                terminal.give({"ok": True, "published": False, **_values(site, plan)})
                return
            if plan and not yes:
                _ask(terminal, chosen.name)
            with terminal.telling_problems(BROKEN), _show_bar(terminal) as progress:
                publisher.publish(shipment, plan, progress)
            _finish(terminal, config, site, plan, chosen.name, record)


@dataclass(frozen=True, slots=True)
class _Built:
    """A site that passed the preflight checks, as it will be published.

    `listings` are its files that list others, `posts` its posts and pages by their files, `ledger` the publication
    ledger as it is after the publish, `samples` the samples of `sitegen init` that it publishes.
    """

    outputs: frozenset[str]
    listings: frozenset[str]
    posts: Mapping[str, Post]
    ledger: Ledger
    samples: tuple[str, ...]


def _prepare(terminal: Terminal, config: Config, folder: Path, despite: Sequence[str], jobs: int) -> _Built:
    """Build the site, put what is to go out into a folder, and judge it; end with all that is wrong."""
    waiting = lambda: terminal.say("a build is at work: waiting for it")  # noqa: E731
    with (
        show_progress(terminal) as progress,
        closing(Builder(terminal.root, time.time_ns, waiting, progress, cache=find_user_cache())) as builder,
    ):
        with builder.alone():
            report = builder.build(config, Request(jobs=jobs))
            outputs = frozenset(builder.outputs)
            take_snapshot(terminal.root / config.output, outputs, folder)
        left_out = {item.path for item in report.left_out}
        posts = [post for post in builder.posts() if post.path not in left_out]
    for item in report.left_out:
        terminal.say(f"left out {item.path}: {item.reason}", detail=True)
    judgement = judge_publish(terminal.root, config, folder, outputs, posts, jobs)
    problems = []
    if "faults" not in despite:
        problems += judge_address(config.base_url)
        problems += [finding.problem for finding in judgement.faults]
    if "addresses" not in despite:
        problems += judgement.addresses
    if problems:
        raise SiteError(problems)
    by_file = {post.output: post for post in posts}
    listings = frozenset(path for path in outputs if path.endswith(".html") and path not in by_file)
    samples = _published_samples(terminal.root, config, outputs, posts)
    return _Built(outputs, listings, by_file, judgement.ledger, samples)


def _published_samples(root: Path, config: Config, outputs: frozenset[str], posts: Sequence[Post]) -> tuple[str, ...]:
    """Return the paths of the samples of `sitegen init` that the site publishes as they were written."""
    published = {post.path for post in posts}
    samples = [(path, f"{config.content}/{path}") for path in find_samples(root / config.content)]
    return tuple(name for path, name in samples if path in outputs or name in published)


def _show(terminal: Terminal, plan: PublishPlan) -> None:
    rows = list(describe_plan(plan))
    if len(rows) > SHOWN + 1 and not terminal.verbose:
        left = len(rows) - 1 - SHOWN
        rows[SHOWN:-1] = [f"and {left:,} more files: --verbose names them all"]
    for row in rows:
        terminal.say(row)


def _ask(terminal: Terminal, name: str) -> None:
    if terminal.as_json or not sys.stdin.isatty():
        hint = "add --yes to publish without being asked, or --dry-run to see what would be done"
        raise SiteError([Problem("", 0, "there is nobody to ask whether to publish", hint)])
    if not click.confirm(f'Publish to "{name}"?', err=True):
        click.echo("nothing was published", err=True)
        raise SystemExit(1)


def _finish(terminal: Terminal, config: Config, built: _Built, plan: PublishPlan, name: str, record: Path) -> None:
    kept = keep_ledger(terminal.root, built.ledger)
    terminal.say("published.json was updated: commit it with the site", detail=not kept)
    terminal.warn(_tell_others(config, record))
    new = [built.posts[path].title for path in plan.added if path in built.posts]
    changed = sum(1 for path in plan.changed if path in built.posts)
    terminal.say(_summary(name, new, changed, plan))
    values = {"ok": True, "published": True, "target": name, "new": new, "ledger_changed": kept}
    terminal.give({**values, **_values(built, plan)})


def _tell_others(config: Config, record: Path) -> list[Problem]:
    """Tell hubs and search engines what went out since they were told last; return what did not succeed."""
    kept = read_record(record)
    problems = make_calls(plan_calls(config, kept.untold), time.sleep)
    if kept.untold and not problems:
        write_record(record, replace(kept, untold=frozenset()))
    return problems


def _summary(name: str, new: Sequence[str], changed: int, plan: PublishPlan) -> str:
    """Return the last line: what is new."""
    if not plan:
        return f'"{name}" is up to date: nothing is new'
    told = ", ".join(f'"{title}"' for title in new[:NAMED]) or "nothing"
    more = f" and {len(new) - NAMED:,} more" if len(new) > NAMED else ""
    changes = f"{changed:,} {'text' if changed == 1 else 'texts'} changed, {len(plan.removed):,} files removed"
    return f'published to "{name}": new is {told}{more}; {changes}'


def _values(built: _Built, plan: PublishPlan) -> dict[str, object]:
    return {
        "samples": built.samples,
        "added": plan.added,
        "changed": plan.changed,
        "removed": plan.removed,
        "bytes": plan.bytes,
    }


@contextmanager
def _show_bar(terminal: Terminal) -> Iterator[Callable[[int, int], None]]:
    """Give a function that shows, on a terminal, how many files have been dealt with."""
    if terminal.quiet or terminal.as_json or not sys.stderr.isatty():
        yield lambda _done, _all: None
        return
    from rich.console import Console  # noqa: PLC0415 - takes 46 ms, and only a terminal shows a bar
    from rich.progress import Progress  # noqa: PLC0415

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("publishing", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
