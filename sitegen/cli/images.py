"""`sitegen images`."""

from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sitegen.cli.output import Terminal, count_of, output_options, show_status
from sitegen.config.load import read_config
from sitegen.errors import Problem, SiteError
from sitegen.formats.urls import normalize_base_url

if TYPE_CHECKING:
    from sitegen.images.fetch import FetchReport

MAX_LISTED_IMAGES = 10
"""Number of missing images that are listed for each reason, unless verbose."""


@click.group()
def command() -> None:
    """Copy images from other hosts into the site.

    \b
    Example:
        sitegen images fetch --dry-run
        sitegen images fetch
    """  # noqa: D301 - \b is click's mark, not a backslash


@command.command()
@click.argument("posts", nargs=-1, metavar="[POST]...", type=click.Path(path_type=Path))
@click.option("--files", is_flag=True, help="Also fetch PDF, audio, video and other files that posts link to.")
@click.option("--host", "hosts", multiple=True, metavar="HOST", help="Fetch from this host only; can be repeated.")
@click.option("--old-url", metavar="URL", help="URL of your old site, for images whose URL begins with a slash.")
@click.option("--retry", is_flag=True, help="Ask again for images that an earlier run found to be gone.")
@click.option("--archive", is_flag=True, help="Look up a copy of each missing image in the Internet Archive.")
@click.option("--dry-run", is_flag=True, help="List the images and fetch nothing.")
@output_options
def fetch(
    terminal: Terminal,
    posts: Sequence[Path],
    files: bool,
    hosts: Sequence[str],
    old_url: str | None,
    retry: bool,
    archive: bool,
    dry_run: bool,
) -> None:
    """Fetch the images that posts show from other hosts, put them beside the posts, and let the posts show the copies.

    Nothing else in a post is changed. You can stop at any time: the next run goes on where this one stopped.
    Without POST, all posts and pages are searched, drafts too.

    \b
    Example:
        sitegen images fetch
        sitegen images fetch content/posts/2024-05-01-frost.md --files
    """  # noqa: D301 - \b is click's mark, not a backslash
    from sitegen.images.download import find_copies  # noqa: PLC0415 - only this command needs HTTP
    from sitegen.images.fetch import FetchOptions, fetch_images, list_documents  # noqa: PLC0415

    with terminal.reporting_problems():
        config = read_config(terminal.root).config
        try:
            old_site = normalize_base_url(old_url) if old_url else ""
        except ValueError as error:
            raise click.BadParameter(str(error), param_hint="--old-url") from None
        documents = _find_posts(terminal.root, posts) if posts else list_documents(terminal.root, config)
        options = FetchOptions(old_site, frozenset(host.lower() for host in hosts), files, retry, dry_run)
        with show_status(terminal, "fetching") as show:
            report = fetch_images(
                terminal.root,
                config,
                documents,
                options,
                progress=lambda done, wanted, url: show(f"{done:,} of {wanted:,}: {url[:60]}") if show else None,
            )
        copies = find_copies([image.url for image in report.missing]) if archive else {}
    _say(terminal, report, copies, dry_run=dry_run)
    terminal.warn(report.problems)
    terminal.print_json({"ok": not report.problems, **asdict(report), "copies": copies})
    raise SystemExit(1 if report.problems else 0)


def _find_posts(root: Path, posts: Sequence[Path]) -> list[str]:
    """Return the paths of files from the site's root; raise SiteError for those that are missing or outside."""
    found: list[str] = []
    problems: list[Problem] = []
    for post in posts:
        path = next((path for path in (Path.cwd() / post, root / post) if path.is_file()), None)
        if path is None or not path.resolve().is_relative_to(root.resolve()):
            problems.append(Problem(str(post), 0, "there is no such post in the site", "give the path of its file"))
        else:
            found.append(path.resolve().relative_to(root.resolve()).as_posix())
    if problems:
        raise SiteError(problems)
    return found


def _say(terminal: Terminal, report: "FetchReport", copies: dict[str, str], *, dry_run: bool) -> None:
    if dry_run:
        for url in report.wanted:
            terminal.say(url)
        terminal.say(f"{count_of(len(report.wanted), 'image')} of other hosts")
        return
    for url, file in (report.written or {}).items():
        terminal.say(f"{file} from {url}", detail=True)
    fetched = f"Fetched {count_of(len(report.written or ()), 'image')} ({report.size / 1e6:,.1f} MB)"
    terminal.say(f"{fetched}, changed {count_of(len(report.changed), 'post')}")
    missing = sorted(report.missing, key=lambda image: image.reason)
    if missing:
        terminal.say(f"\nMissing: {count_of(len(missing), 'image')}")
    for reason, images in groupby(missing, key=lambda image: image.reason):
        rows = list(images)
        terminal.say(f"  {reason}: {len(rows):,}")
        for image in rows if terminal.verbose else rows[:MAX_LISTED_IMAGES]:
            terminal.say(f"    {image.path}:{image.line}: {image.url}")
            if image.url in copies:
                terminal.say(f"      copy in the Internet Archive: {copies[image.url]}")
        if len(rows) > MAX_LISTED_IMAGES and not terminal.verbose:
            terminal.say(f"    and {len(rows) - MAX_LISTED_IMAGES:,} more (use -v to list them)")
    if missing:
        terminal.say("  Images that are gone are not asked for again; --retry does so.")
