"""The import of an export: recognition, its items to files, the import record and the report."""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sitegen.config.schema import Config
from sitegen.errors import Problem, SiteError
from sitegen.formats.urls import hide_credentials
from sitegen.importers.archive.archive import Archive, Limits
from sitegen.importers.base import ImportedPost, Options, Skipped
from sitegen.importers.item_importer import ItemImporter
from sitegen.importers.output.destination import checked, folder_of_posts
from sitegen.importers.output.import_state import WORK_FOLDER, read_ledger, record_name, write_if_changed
from sitegen.importers.output.pending_posts import PendingPosts
from sitegen.importers.output.report import ImportReport
from sitegen.importers.output.report_text import format_report
from sitegen.importers.output.storage import Storage
from sitegen.importers.output.undated import date_filler
from sitegen.importers.registry import guess_format, load_importer, load_recognisers, recognise_format
from sitegen.system.file_lock import hold

if TYPE_CHECKING:
    from sitegen.system.safe_http import HttpLimits

Progress = Callable[[int, str], None]


def run_import(
    inputs: Sequence[Path],
    root: Path,
    into: str,
    options: Options,
    *,
    format: str = "",  # noqa: A002 - the word that the command line has for it
    dry_run: bool = False,
    progress: Progress | None = None,
    limits: Limits | None = None,
    fetch_limits: "HttpLimits | None" = None,
    waiting: Callable[[], None] = lambda: None,
    config: Config | None = None,
) -> ImportReport:
    """Import an export into the folder `into`, below `root`, and return what was done.

    Writes posts, pages to the site's folder of pages, images beside them, the import records and the report, nothing
    else and nowhere else; with `dry_run` nothing at all. `progress` gets the number of items read and the last one's
    title; `waiting` is called where another import is at work, which ends first. `config` is the site's: it says where
    posts and other pages are, which old URLs must not collide with.
    Raises SiteError where nothing can be imported: an unknown format, a folder outside of the site.
    """
    if not inputs:
        raise SiteError([Problem("", 0, "there is nothing to import", "give the path of an export")])
    root = root.absolute()
    folder = folder_of_posts(root, into)
    name = format or recognise_format(inputs, limits)
    importer = load_importer(name)
    within = folder.relative_to(root).as_posix()
    alone = nullcontext() if dry_run else hold(checked(root, root / WORK_FOLDER / "lock"), waiting)
    site = config or Config(content=within.split("/", 1)[0])
    page_folder = root / site.content / "pages"
    with (
        alone,
        Archive(inputs, load_recognisers()[name].private, limits) as archive,
        PendingPosts() as pending,
        PendingPosts() as pending_pages,
    ):
        ledger = read_ledger(root, record_name(name, within), folder)
        storage = Storage(root, folder, ledger, dry_run=dry_run, samples=options.samples)
        page_storage = storage
        if page_folder != folder:
            page_ledger = read_ledger(root, record_name(name, f"{site.content}/pages"), page_folder)
            page_storage = Storage(root, page_folder, page_ledger, dry_run=dry_run, samples=options.samples)
        options = replace(options, fill_date=date_filler(archive, options, partial(importer.read, archive)))
        work = ItemImporter(archive, storage, options, fetch_limits, pending, root, site)
        pages = work
        if page_storage is not storage:
            pages = ItemImporter(archive, page_storage, options, fetch_limits, pending_pages, root, site)
            work.join(pages)
        try:
            for item in importer.read(archive, options):
                (pages if isinstance(item, ImportedPost) and item.page else work).take(item)
                if progress is not None and isinstance(item, ImportedPost | Skipped):
                    number = work.read if pages is work else work.read + pages.read
                    progress(number, item.title if isinstance(item, ImportedPost) else item.reason)
            work.finish()
            if pages is not work:
                pages.finish()
        finally:
            storage.save()
            if page_storage is not storage:
                page_storage.save()
        report = work.report(name)
        if pages is not work and pages.read:
            report = report.with_pages(pages.report(name))
    if work.is_meagre(report):
        report = replace(report, looks_like=guess_format(inputs, name, work.imported, limits))
    assert report.adds_up, f"the sums of the import do not agree: {report}"
    if not dry_run:
        text = hide_credentials(format_report(report, full=True)).encode("utf-8", "replace")
        write_if_changed(checked(root, root / WORK_FOLDER / f"{ledger.path.stem}.txt"), text)
    return report
