"""Runs an import: recognises the format, imports the items, and writes the import record and the report."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack, closing, nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from sitegen.config.change_settings import set_settings
from sitegen.config.post_types import find_types
from sitegen.config.schema import Config
from sitegen.errors import Problem, SiteError
from sitegen.formats.dates import zone_named
from sitegen.formats.urls import hide_credentials
from sitegen.importers.archive.archive import Archive, Limits
from sitegen.importers.base import ImportedPost, Item, Options, Skipped
from sitegen.importers.item_importer import ItemImporter
from sitegen.importers.output.conversion_cache import ConversionCache
from sitegen.importers.output.convert_body import BodyConverter
from sitegen.importers.output.destination import check_destination, find_posts_folder
from sitegen.importers.output.import_state import WORK_FOLDER, ImportRecord, read_import_record, record_name
from sitegen.importers.output.last_import import LastImport
from sitegen.importers.output.new_settings import find_new_settings
from sitegen.importers.output.pending_posts import PendingPosts
from sitegen.importers.output.report import ImportReport
from sitegen.importers.output.report_text import format_report
from sitegen.importers.output.storage import Storage
from sitegen.importers.output.undated import date_filler
from sitegen.importers.registry import (
    FORMATS,
    LABELS,
    Importer,
    guess_format,
    load_importer,
    load_recognisers,
    recognise_format,
)
from sitegen.system.atomic_write import write_if_changed
from sitegen.system.file_lock import hold
from sitegen.system.fingerprints import of_installation

if TYPE_CHECKING:
    from sitegen.system.safe_http import HttpLimits

Progress = Callable[[int, str], None]


def run_import(
    inputs: Sequence[Path],
    root: Path,
    into: str,
    options: Options,
    *,
    format: str = "",  # noqa: A002 - the name of the option
    dry_run: bool = False,
    progress: Progress | None = None,
    limits: Limits | None = None,
    fetch_limits: "HttpLimits | None" = None,
    waiting: Callable[[], None] = lambda: None,
    config: Config | None = None,
    initial: Mapping[str, str] = {},
    jobs: int = 1,
) -> ImportReport:
    """Import an export into the folder `into`, below `root`, and return the report.

    Writes only posts (those of a section to the folder of the type with its name, if the config has such a type),
    pages (to the site's folder of pages), their images and files, the import records and the report; with
    `dry_run`, writes nothing. `initial` are the settings that `sitegen init` wrote: a first import sets those that
    still have these values, as far as the export states them. `progress` is called with the number of items and the
    title of the last one, `waiting` if another import has to finish first. `config` is that of the site, whose
    pages old URLs must not replace. Up to `jobs` processes convert posts; bodies that an earlier import has
    converted are not converted again.
    Raises SiteError if nothing can be imported, as for an unknown format or a folder outside of the site.
    """
    if not inputs:
        raise SiteError([Problem("", 0, "there is nothing to import", "give the path of an export")])
    root = root.absolute()
    folder = find_posts_folder(root, into)
    name = format or recognise_format(inputs, limits)
    importer, options = _load_importer(name, options)
    folder_name = folder.relative_to(root).as_posix()
    cache_name = f"{record_name(name, folder_name)}.conversions"
    lock = nullcontext() if dry_run else hold(check_destination(root, root / WORK_FOLDER / "lock"), waiting)
    site = config or Config(content=folder_name.split("/", 1)[0])
    page_folder = root / site.content / "pages"
    type_folders = {
        item.name: check_destination(root, root / site.content / item.folder) for item in find_types(site.types)
    }
    with (
        lock,
        Archive(inputs, load_recognisers()[name].private, limits) as archive,
        ExitStack() as stack,
        ConversionCache(check_destination(root, root / WORK_FOLDER / cache_name), of_installation()) as cache,
    ):
        records = {
            target: read_import_record(root, record_name(name, target.relative_to(root).as_posix()), target)
            for target in dict.fromkeys((folder, page_folder, *type_folders.values()))
        }
        ledger = records[folder]
        stated = find_new_settings(importer.read(archive, options), root, site, initial)
        new_settings = stated if set_settings(root, stated, dry_run=dry_run) else {}
        site, options = _apply_settings(new_settings, site, options)
        last = None
        if not dry_run and limits is None and fetch_limits is None:
            last = LastImport(root, archive, options, site, records, (name, folder_name))
            if (known := last.read()) is not None:
                _write_report(root, ledger, known)
                return known
        storages = {
            target: Storage(root, target, record, dry_run=dry_run, samples=options.samples)
            for target, record in records.items()
        }
        options = replace(options, fill_date=date_filler(archive, options, partial(importer.read, archive)))
        bodies = BodyConverter(cache)
        folders = {
            target: ItemImporter(
                archive, storage, options, fetch_limits, stack.enter_context(PendingPosts()), root, site, bodies
            )
            for target, storage in storages.items()
        }
        posts = folders[folder]
        others = [other for other in folders.values() if other is not posts]
        for other in others:
            posts.share_with(other)
        choose = partial(
            _choose_folder,
            posts=posts,
            pages=folders[page_folder],
            types={type_name: folders[target] for type_name, target in type_folders.items()},
        )
        try:
            with closing(posts.convert_in_background(importer.read(archive, options), jobs)) as items:
                _import_items(items, choose, list(folders.values()), progress)
        finally:
            for storage in storages.values():
                storage.save()
        report = replace(posts.report(name), new_settings=new_settings)
        for other in others:
            if other.log.read:
                report = report.merged_with(other.report(name))
        if posts.has_few_posts(report):
            report = replace(report, looks_like=guess_format(inputs, name, posts.imported, limits))
        assert report.adds_up, f"the numbers of the import report do not add up: {report}"
        if not dry_run:
            _write_report(root, ledger, report)
            cache.save()
        if last is not None:
            is_certain = not any(one.depends_on_other_folders for one in folders.values())
            last.write(report) if is_certain else last.forget()
    return report


def _apply_settings(settings: Mapping[str, str], site: Config, options: Options) -> tuple[Config, Options]:
    """Return the config and the options of an import with other settings: a date without a zone is in the new zone."""
    date, zone = options.date, zone_named(settings["timezone"]) if "timezone" in settings else options.zone
    date = date.replace(tzinfo=zone) if date and date.tzinfo is options.zone else date
    return replace(site, **settings), replace(options, zone=zone, date=date)


def _choose_folder(
    item: Item, posts: ItemImporter, pages: ItemImporter, types: Mapping[str, ItemImporter]
) -> ItemImporter:
    """Return the importer of the folder for an item: that of a type for posts of its section, that of pages for pages.

    A post that an earlier import wrote to the folder of posts stays there. All other items are for `posts`.
    """
    if not isinstance(item, ImportedPost):
        return posts
    if item.page:
        return pages
    return posts if item.section not in types or posts.has_imported(item) else types[item.section]


def _load_importer(name: str, options: Options) -> tuple[Importer, Options]:
    """Return the importer of a format and its options. Raises SiteError if an option is not one of the format."""
    importer = load_importer(name)
    if options.replies_as_comments and name != "mail":
        message = f"--replies-as-comments is for mail, and this export is {LABELS[name]}"
        raise SiteError([Problem("", 0, message, "omit the option, or choose the format with --from mail")])
    has_own_counts = FORMATS[name].startswith("generators.")
    return importer, replace(options, exported=None) if has_own_counts else options


def _import_items(
    items: Iterable[Item],
    choose: Callable[[Item], ItemImporter],
    importers: Sequence[ItemImporter],
    progress: Progress | None,
) -> None:
    """Import the items of an export, each by the importer of its folder."""
    for item in items:
        choose(item).take(item)
        if progress is not None and isinstance(item, ImportedPost | Skipped):
            number = sum(importer.log.read for importer in importers)
            progress(number, item.title if isinstance(item, ImportedPost) else item.reason)
    for importer in importers:
        importer.assign_aliases()
    importers[0].describe_terms()
    for importer in importers:
        importer.finish()


def _write_report(root: Path, ledger: ImportRecord, report: ImportReport) -> None:
    """Write the complete report next to the other files of the import."""
    text = hide_credentials(format_report(report, full=True)).encode("utf-8", "replace")
    write_if_changed(check_destination(root, root / WORK_FOLDER / f"{ledger.path.stem}.txt"), text)
