"""`sitegen images`."""

import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sitegen.build.builder import Builder, Request
from sitegen.cli.output import Terminal, count_of, output_options, show_status
from sitegen.cli.user_cache import find_user_cache
from sitegen.config.load import read_config
from sitegen.config.schema import Config
from sitegen.errors import Problem, SiteError
from sitegen.formats.urls import normalize_base_url
from sitegen.system.files import Stamp, scan
from sitegen.system.processes import available_jobs

if TYPE_CHECKING:
    from sitegen.build.planned_site import PlannedSite
    from sitegen.importers.images.fetch import FetchReport
    from sitegen.importers.images.usage import SiteFiles

MAX_LISTED_IMAGES = 10
"""Number of missing images that are listed for each reason, unless verbose."""


@click.group()
def command() -> None:
    """Fetch images of other hosts, and find unused, missing and large ones.

    \b
    Example:
        sitegen images fetch --dry-run
        sitegen images fetch
        sitegen images unused
    """  # noqa: D301 - \b is click's mark, not a backslash


@command.command()
@click.argument("posts", nargs=-1, metavar="[POST]...", type=click.Path(path_type=Path))
@click.option("--files", is_flag=True, help="Also fetch PDF, audio, video and other files that posts link to.")
@click.option("--host", "hosts", multiple=True, metavar="HOST", help="Fetch from this host only; can be repeated.")
@click.option("--old-url", metavar="URL", help="URL of your old site, for images whose URL begins with a slash.")
@click.option("--retry", is_flag=True, help="Ask again for images that an earlier run found to be gone.")
@click.option("--archive", is_flag=True, help="Look up a copy of each missing image in the Internet Archive.")
@click.option("-n", "--dry-run", is_flag=True, help="List the images and fetch nothing.")
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
    """Copy images of other hosts into the site, and show the copies.

    Each copy is put beside the post that shows the image. Nothing else in a post is changed. You can stop at any time:
    the next run continues where this one stopped. Without POST, all posts and pages are searched, drafts too.

    \b
    Example:
        sitegen images fetch
        sitegen images fetch content/posts/2024-05-01-frost.md --files
    """  # noqa: D301 - \b is click's mark, not a backslash
    from sitegen.importers.images.download import find_copies
    from sitegen.importers.images.fetch import FetchOptions, fetch_images, list_documents

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


@command.command()
@output_options
def unused(terminal: Terminal) -> None:
    """List images and other media files that nothing refers to.

    The largest are first. Posts, drafts, pages, templates, data, settings and hooks are searched. Nothing is deleted.
    """
    from sitegen.importers.images.usage import find_unused

    with terminal.reporting_problems():
        config, site, files = _read_site(terminal)
        found = find_unused(files, site.entries.values(), config)
    for file in found:
        terminal.say(f"{file.path}: {_size(file.bytes)}")
    total = sum(file.bytes for file in found)
    terminal.say(f"Unused: {count_of(len(found), 'file')} ({_size(total)})")
    if found:
        terminal.say("Nothing was deleted. A name that a template puts together is not found: check before you delete.")
    terminal.print_json({"ok": True, "files": [asdict(file) for file in found], "bytes": total})


@command.command()
@output_options
def missing(terminal: Terminal) -> None:
    """List references to images and other media files that are missing.

    Each has the file and the line that contain it. Exits with 1 if there are any.
    """
    from sitegen.importers.images.usage import find_missing

    with terminal.reporting_problems():
        config, site, files = _read_site(terminal)
        found = find_missing(files, site.entries.values(), config)
    for reference in found:
        terminal.say(f"{reference.path}:{reference.line}: {reference.target}")
    terminal.say(f"Missing: {count_of(len({reference.target for reference in found}), 'file')}")
    terminal.print_json({"ok": not found, "missing": [asdict(reference) for reference in found]})
    raise SystemExit(1 if found else 0)


@command.command()
@click.option(
    "--kilobytes", default=1024, type=click.IntRange(1), metavar="N", help="Limit of the size. [default: 1024]"
)
@click.option(
    "--pixels", default=3200, type=click.IntRange(16), metavar="N", help="Limit of the longer side. [default: 3200]"
)
@output_options
def large(terminal: Terminal, kilobytes: int, pixels: int) -> None:
    """List large images, and the bytes that smaller ones would save.

    What would be saved is measured: each image is encoded in its own format, within the limit of pixels. Nothing is
    written.
    """
    from sitegen.importers.images.large import SizeLimits, find_large
    from sitegen.media.encoded_images import can_encode
    from sitegen.system.installation import install_hint

    with terminal.reporting_problems():
        config = read_config(terminal.root).config
        sizes = _find_sizes(terminal.root, config, (config.content,))
        with show_status(terminal, "encoding") as show:

            def report(done: int, wanted: int) -> None:
                if show:
                    show(f"encoding {done:,} of {wanted:,}")

            found = find_large(terminal.root, sizes, SizeLimits(kilobytes * 1024, pixels), available_jobs(), report)
    for image in found:
        shown = f"{image.path}: {_size(image.bytes)}, {image.width:,} × {image.height:,} pixels"
        terminal.say(f"{shown}, {_size(image.saved)} to save" if image.saved else shown)
    total = sum(image.bytes for image in found)
    saved = sum(image.saved or 0 for image in found)
    terminal.say(f"Large: {count_of(len(found), 'image')} ({_size(total)}), {_size(saved)} to save")
    if any(image.saved is None for image in found) and not can_encode():
        terminal.say(f"To measure what smaller images would save, {install_hint('images')}")
    values = {"files": [asdict(image) for image in found], "bytes": total, "saved": saved}
    terminal.print_json({"ok": True, **values})


def _read_site(terminal: Terminal) -> "tuple[Config, PlannedSite, SiteFiles]":
    """Return the config, the site that a build would write, and its files; raise SiteError with what is wrong."""
    from sitegen.importers.images.usage import SETTINGS_FILES, SiteFiles

    root = terminal.root
    config = read_config(root).config
    with closing(Builder(root, time.time_ns, terminal.say_waiting, cache=find_user_cache())) as builder:
        site = builder.plan(config, Request(images="skip", jobs=available_jobs()))
    sizes = _find_sizes(root, config, (config.content, config.templates))
    sizes |= {name: (root / name).stat().st_size for name in SETTINGS_FILES if (root / name).is_file()}
    files = SiteFiles(sizes, site.pages.keys(), lambda name: (root / name).read_bytes())
    return config, site, files


def _find_sizes(root: Path, config: Config, folders: Sequence[str]) -> dict[str, int]:
    """Return the size in bytes of each file in some folders by its path from the root, in order."""
    problems: list[Problem] = []
    found: dict[str, Stamp] = {}
    for folder in folders:
        found |= scan(root, folder, problems, written=(config.output,))
    if problems:
        raise SiteError(problems)
    return {path: (root / path).stat().st_size for path in sorted(found)}


def _size(number: int) -> str:
    return f"{number / 1e6:,.1f} MB" if number >= 100_000 else f"{number / 1e3:,.1f} KB"


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
        listed, rest = terminal.shorten(rows, MAX_LISTED_IMAGES)
        for image in listed:
            terminal.say(f"    {image.path}:{image.line}: {image.url}")
            if image.url in copies:
                terminal.say(f"      copy in the Internet Archive: {copies[image.url]}")
        if rest:
            terminal.say(f"    {rest}")
    if missing:
        terminal.say("  Images that are gone are not requested again, unless you add --retry.")
