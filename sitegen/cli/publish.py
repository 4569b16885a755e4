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
from sitegen.check.options import CACHE_FILE, CheckOptions
from sitegen.cli.build import show_progress
from sitegen.cli.font_folders import find_font_folders
from sitegen.cli.output import Terminal, count_of, name_rest, output_options
from sitegen.cli.user_cache import find_user_cache
from sitegen.config.base_url import check_base_url
from sitegen.config.load import read_config
from sitegen.config.schema import Config
from sitegen.content.ledger.record import update_ledger
from sitegen.errors import Problem, SiteError
from sitegen.model import Post
from sitegen.publish.compression import add_compressed, require_brotli
from sitegen.publish.files import Shipment, pack
from sitegen.publish.notify import make_calls, plan_calls
from sitegen.publish.plan import PublishPlan, describe_plan
from sitegen.publish.preflight import run_preflight
from sitegen.publish.registry import choose_target, keys_of, open_target
from sitegen.publish.snapshot import empty_folder, take_snapshot
from sitegen.publish.state import PublishRecord
from sitegen.scaffold.skeleton import find_samples
from sitegen.system.gc import collector_paused
from sitegen.system.processes import available_jobs

MAX_SHOWN_FILES = 40
"""A plan with more files is shortened, unless the user asked for every file."""

MAX_NAMED_POSTS = 3
"""Number of new posts that the last line names."""

INTERRUPTED = "publishing did not finish; run it again to continue"

DESPITE = ("errors", "urls", "remote")


@click.command()
@click.argument("target", required=False)
@click.option("-n", "--dry-run", is_flag=True, help="Show what would change, and publish nothing.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask for confirmation.")
@click.option(
    "--despite",
    type=click.Choice(DESPITE),
    multiple=True,
    help="Publish despite errors of the check, URLs that would break, or changes by others at the target.",
)
@click.option(
    "-j", "--jobs", type=click.IntRange(1), metavar="N", help="Number of processes. [default: number of CPUs]"
)
@output_options
def command(
    terminal: Terminal, target: str | None, dry_run: bool, yes: bool, despite: Sequence[str], jobs: int | None
) -> None:
    """Build, check and publish the site to its host.

    The site is built without drafts and checked. Then sitegen shows what would change and asks for
    confirmation. TARGET is the name of a [[publish]] table of the config; you need it if there are several.

    \b
    Example:
        sitegen publish --dry-run
        sitegen publish web --yes
    """  # noqa: D301 - \b is click's mark, not a backslash
    with collector_paused(until_exit=True), terminal.reporting_problems():
        config = read_config(terminal.root).config
        chosen = choose_target(terminal.root, config, target)
        work = terminal.root / WORK
        opened = open_target(chosen, config, terminal.root, work, os.environ, time.sleep, time.time_ns)
        with opened as (publisher, record), empty_folder(record.path.with_suffix(".built")) as built:
            copy, workers = built / Path(config.output).name, jobs or available_jobs()

            def prepare(published: Mapping[str, str]) -> tuple[_Built, PublishPlan]:
                site = _prepare(terminal, config, copy, published, despite, workers)
                if chosen.compress:
                    require_brotli(terminal.root, (*keys_of(chosen, config), "compress"))
                    compressed = add_compressed(site.shipment, record.path.with_suffix(".compressed"), workers)
                    site = replace(site, shipment=compressed)
                return site, publisher.plan(site.shipment, force="remote" in despite)

            site, plan = prepare(record.state.published)
            if site.unprotected.intersection(plan.uploads):  # the target is not as the last publish left it
                site, plan = prepare({})
            message = "this sample of `sitegen init` is published unedited"
            for path in site.samples:  # one call for each: warnings of one call are grouped
                terminal.warn([Problem(path, 0, message, "edit it, or delete it")])
            if plan.removed:
                from sitegen.publish.removed_feeds import warn_of_feeds  # loads the plan of feeds

                terminal.warn(warn_of_feeds(plan.removed, config))
            _show(terminal, plan)
            if dry_run:
                terminal.print_json({"ok": True, "published": False, **_values(site, plan)})
                return
            if plan and not yes:
                hint = "add --yes to publish without confirmation, or --dry-run to see what would change"
                terminal.confirm(f'Publish to "{chosen.name}"?', hint, "nothing was published")
            with terminal.reporting_problems(INTERRUPTED), _show_bar(terminal) as progress:
                publisher.publish(site.shipment, plan, progress)
            _finish(terminal, config, site, plan, chosen.name, record)


@dataclass(frozen=True, slots=True)
class _Built:
    """A site that passed the preflight checks, as it will be published.

    `unprotected` are its files of which there is no copy that later builds leave as it is, `posts` its posts and pages
    by their files, `ledger` the bytes of the publication ledger after the publish, `samples` the samples of
    `sitegen init` that it publishes.
    """

    shipment: Shipment
    unprotected: frozenset[str]
    posts: Mapping[str, Post]
    ledger: bytes
    samples: tuple[str, ...]


def _prepare(
    terminal: Terminal, config: Config, copy: Path, published: Mapping[str, str], despite: Sequence[str], jobs: int
) -> _Built:
    """Build the site, check it, and copy the files to publish into a folder. Raises SiteError with all problems.

    Files that were `published` with the same fingerprint will not be sent, and are not copied: the copies are second
    names, so the next build has to read the files again. No other build runs until all is done.
    """
    builder = Builder(terminal.root, time.time_ns, terminal.say_waiting, cache=find_user_cache())
    folder = terminal.root / config.output
    with builder.lock.hold():
        with closing(builder), show_progress(terminal) as progress:
            report = builder.build(config, Request(font_folders=find_font_folders(), jobs=jobs), progress)
            outputs, fingerprints = frozenset(builder.outputs), builder.fingerprints
            sources, inputs = builder.sources, builder.inputs
            posts = builder.published_posts()
            ledger = builder.reconcile(config, posts)
        by_file = {post.output: post for post in posts}
        listings = frozenset(path for path in outputs if path.endswith(".html") and path not in by_file)
        changed = {path for path in outputs if not fingerprints[path] or fingerprints[path] != published.get(path)}
        if changed:
            take_snapshot(folder, changed, copy)
        shipment = pack(folder, outputs, listings, fingerprints, copy, changed)
        options = CheckOptions(
            jobs=jobs,
            cache=terminal.root / WORK / CACHE_FILE,
            fingerprints=fingerprints,
            sources=sources,
            inputs=inputs,
        )
        errors = run_preflight(terminal.root, config, folder, outputs, posts, options)
    for item in report.skipped:
        terminal.say(f"skipped  {item.path}: {item.reason}", detail=True)
    problems = []
    if "errors" not in despite:
        problems += check_base_url(terminal.root, config.base_url)
        problems += errors
    if "urls" not in despite:
        problems += ledger.problems
    if problems:
        raise SiteError(problems)
    samples = _published_samples(terminal.root, config, outputs, posts)
    return _Built(shipment, outputs - changed, by_file, ledger.data, samples)


def _published_samples(root: Path, config: Config, outputs: frozenset[str], posts: Sequence[Post]) -> tuple[str, ...]:
    """Return the paths of the samples of `sitegen init` that the site publishes as they were written."""
    published = {post.path for post in posts}
    samples = [(path, f"{config.content}/{path}") for path in find_samples(root / config.content)]
    return tuple(name for path, name in samples if path in outputs or name in published)


def _show(terminal: Terminal, plan: PublishPlan) -> None:
    rows = list(describe_plan(plan))
    if len(rows) > MAX_SHOWN_FILES + 1 and not terminal.verbose:
        more = len(rows) - 1 - MAX_SHOWN_FILES
        rows[MAX_SHOWN_FILES:-1] = [name_rest(more, "files")]
    for row in rows:
        terminal.say(row)


def _finish(
    terminal: Terminal, config: Config, built: _Built, plan: PublishPlan, name: str, record: PublishRecord
) -> None:
    updated = update_ledger(terminal.root, built.ledger)
    if updated:
        terminal.say("Updated published.json: commit it with the site")
    terminal.warn(_notify(config, record))
    new = [built.posts[path].title for path in plan.added if path in built.posts]
    changed = sum(1 for path in plan.changed if path in built.posts)
    terminal.say(_summary(name, new, changed, plan))
    values = {"ok": True, "published": True, "target": name, "new": new, "ledger_changed": updated}
    terminal.print_json({**values, **_values(built, plan)})


def _notify(config: Config, record: PublishRecord) -> list[Problem]:
    """Notify hubs and search engines of the files published since the last time; return the calls that failed."""
    problems = make_calls(plan_calls(config, record.state.unnotified), time.sleep)
    if record.state.unnotified and not problems:
        record.write(replace(record.state, unnotified=frozenset()))
    return problems


def _summary(name: str, new: Sequence[str], changed: int, plan: PublishPlan) -> str:
    """Return the last line: the new posts, and how many others changed."""
    if not plan:
        return f'"{name}" is up to date'
    changes = []
    if new:
        names = ", ".join(f'"{title}"' for title in new[:MAX_NAMED_POSTS])
        more = f" and {len(new) - MAX_NAMED_POSTS:,} more" if len(new) > MAX_NAMED_POSTS else ""
        changes.append(f"new: {names}{more}")
    if changed:
        changes.append(f"{count_of(changed, 'post')} changed")
    if plan.removed:
        changes.append(f"{count_of(len(plan.removed), 'file')} removed")
    return f'Published to "{name}": {"; ".join(changes) or "no posts changed"}'


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
    """Yield a function that shows on a terminal how many files have been published."""
    if terminal.quiet or terminal.as_json or not sys.stderr.isatty():
        yield lambda _done, _all: None
        return
    from rich.console import Console  # takes 46 ms, and only a terminal shows a bar
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("publishing", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
