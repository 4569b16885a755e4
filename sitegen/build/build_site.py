"""Run one build: from the last snapshot of a site to the next."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from msgspec import Raw, Struct
from msgspec.structs import replace

from sitegen.build.manifest import manifest_of
from sitegen.build.output import Output
from sitegen.build.output_record import OutputRecord
from sitegen.build.request import BuildInputs, Request, read_inputs
from sitegen.build.snapshot import UNKNOWN, OutputState, Snapshot, load_generation, store_generation
from sitegen.build.tools import Tools
from sitegen.cache.store import Store
from sitegen.comments.discussion import CommentSettings
from sitegen.config.post_types import post_folders
from sitegen.config.schema import Config
from sitegen.content.file_index import FileIndex, Folders
from sitegen.content.loader import ReadSettings, Scan
from sitegen.content.parser import Parser
from sitegen.errors import Problem, SiteError
from sitegen.formats.frozen_dict import FrozenDict
from sitegen.model import SkippedPost
from sitegen.render.theme import find_theme
from sitegen.system.progress import Progress

if TYPE_CHECKING:
    from sitegen.build.planned_site import PlannedSite
    from sitegen.site.pages.page_type import Page


class _Changes(Struct, frozen=True):
    """What a build has found: the last snapshot, the files, the outputs that are intact, and the last generation.

    `is_same` says that all inputs beside the files are those of the last snapshot, `is_complete` that no later build
    was interrupted.
    """

    last: Snapshot
    scan: Scan
    outputs: Mapping[str, OutputState]
    generation: int
    is_same: bool
    is_complete: bool


DEFERRED = "-images-deferred"
"""The end of the fingerprint of inputs in the snapshot of a build that has left images to a later one."""


class Report(Struct, frozen=True):
    """What a build did.

    `rendered` are the paths of the files that it rendered, `removed` those of the files that it removed; `unchanged`
    counts the other files. `reasons` says for each rendered file what had changed, if that was asked for; `skipped`
    are the posts that are not published, `ignored` the hidden and temporary files of the content folder.
    """

    rendered: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0
    reasons: Mapping[str, str] = FrozenDict()
    skipped: tuple[SkippedPost, ...] = ()
    warnings: tuple[Problem, ...] = ()
    ignored: tuple[str, ...] = ()


def build(
    last: Snapshot, config: Config, request: Request, tools: Tools, progress: Progress
) -> tuple[Snapshot, Report]:
    """Bring the output folder to what a clean build would write, and return the snapshot and what was done.

    `last` is the snapshot of the last build into this folder, which is not changed; without one, it has only the key of
    the folder, which `check_output` returns. Raises SiteError with all problems, and leaves the output unchanged.
    """
    output = open_output(last.output, config, request, tools)
    generation = load_generation(tools.store, output.key)
    inputs = read_inputs(tools.root, config, request, tools.hooks, tools.clock())
    settings = read_settings(inputs, tools, progress)
    is_trusted = last.is_checked and bool(request.changed_paths)
    scan = tools.loader.scan(last.files, settings, request.changed_paths if is_trusted else ())
    is_complete = last.generation == generation
    is_same = inputs.fingerprint == last.inputs and inputs.ledger in last.ledgers and not last.is_due(inputs.now)
    outputs = last.outputs if is_trusted else output.check(last.outputs)
    if not is_trusted:
        output.remove_leftovers()
    is_intact = len(outputs) == len(last.outputs)
    snapshot = replace(last, files=scan.files, outputs=outputs, is_checked=True)
    if is_same and is_complete and is_intact and not scan.changed and not last.pending:
        if request.strict and last.warnings:
            raise SiteError(last.warnings)
        if request.warm_up and last.site is None:
            snapshot = replace(snapshot, site=_plan(scan.files, inputs, settings, tools))
        report = Report(
            unchanged=len(outputs), skipped=last.skipped, warnings=last.warnings, ignored=scan.files.ignored
        )
        return replace(snapshot, is_stored=_is_stored(last, snapshot)), report
    from sitegen.site.partial_site import NotStoredError  # noqa: PLC0415 - loads Jinja

    changes = _Changes(last, scan, outputs, generation, is_same, is_complete)
    if is_same and is_complete and is_intact and not (last.pending or request.pages_first or request.warm_up):
        with suppress(NotStoredError):
            restored = _restore_site(changes, inputs, settings, tools)
            if restored is not None:
                return _render_changes(changes, *restored, output, inputs, settings, tools)
    site, affected = _update_site(last, is_same, scan, inputs, settings, tools)
    return _render_changes(changes, site, affected, output, inputs, settings, tools)


def _render_changes(
    changes: _Changes,
    site: "PlannedSite",
    affected: "Collection[Page]",
    output: Output,
    inputs: BuildInputs,
    settings: ReadSettings,
    tools: Tools,
) -> tuple[Snapshot, Report]:
    """Render the pages that are not up to date, put them in place, and return the new snapshot and what was done."""
    from sitegen.build.render_pages import render_pages  # noqa: PLC0415 - as in `build`

    last, scan, outputs, generation = changes.last, changes.scan, changes.outputs, changes.generation
    is_complete, request = changes.is_complete, inputs.request
    pages = site.pages if site.is_whole else outputs
    owned, planned = output.find_owned(last.outputs, complete=is_complete), pages.keys()
    stale, pending = _find_stale(changes, site, affected, owned, pages_first=request.pages_first)
    slower = _check_libraries(request) if stale else ()
    renderer = site.renderer
    explained = stale if request.explain else ()
    reasons = {page.path: renderer.keys.explain(page, *outputs.get(page.path, UNKNOWN)[2:]) for page in explained}
    # Comparing the paths of all pages would take a tenth of the time from a save to its page.
    is_replanned = not is_complete or (site.is_whole and (last.site is None or site.index is not last.site.index))
    removed = owned - planned if is_replanned else frozenset[str]()
    with output.staging(outputs) as stage:
        rendering = stale, renderer, stage, settings.folders.path, request.jobs, settings.progress
        store_rows = partial(_store_rows, tools.store, output.key)
        staged = render_pages(*rendering, store_rows)
        tools.hooks.store_reads(known for item in staged for known in item.hook_reads)
        output.refuse_conflicts(staged, owned, removed)
        # If this process ends before the snapshot is stored, the next one detects that its snapshot is incomplete.
        store_generation(tools.store, output.key, generation + 1)
        with tools.placing(planned, site.posts, pending):
            outputs, deleted = output.replace(stage, staged, owned, removed, planned, tools.clock)
    rendered = tuple(item.path for item in staged)
    unchanged = len(pages) - len(staged)
    report = Report(rendered, deleted, unchanged, reasons, site.skipped, (*slower, *site.warnings), scan.files.ignored)
    snapshot = Snapshot(
        output=output.key,
        # With images that were left to a later build, the inputs count as others, so that it plans the site again.
        inputs=f"{inputs.fingerprint}{DEFERRED if site.images.deferred else ''}",
        since=site.choice.since,
        until=site.choice.until,
        files=scan.files,
        outputs=outputs,
        skipped=site.skipped,
        warnings=site.warnings,
        generation=generation + 1,
        pending=pending,
        planned=generation + 1 if is_replanned else last.planned,
        ledgers=(inputs.ledger,) if is_replanned else last.ledgers,
        site=site if site.is_whole else None,
        is_checked=True,
        stored=last.stored,
    )
    return snapshot, report


def _find_stale(
    changes: _Changes,
    site: "PlannedSite",
    affected: "Collection[Page]",
    owned: Collection[str],
    *,
    pages_first: bool,
) -> "tuple[list[Page], frozenset[str]]":
    """Return the pages to render, and the paths of those that are left to a later build.

    `owned` are the files that sitegen wrote.
    """
    from sitegen.build.planned_site import find_deferrable  # noqa: PLC0415 - as in `build`

    last, outputs = changes.last, changes.outputs
    candidates = {page.path: page for page in affected}
    candidates |= {path: site.pages[path] for path in last.pending if path in site.pages}
    if len(outputs) < len(site.pages):
        candidates |= {path: page for path, page in site.pages.items() if path not in outputs}
    deferrable = find_deferrable(candidates.values()) if pages_first else ()
    # The next build finds sitegen's files in the snapshot: one that only the manifest lists is not deferred.
    pending = frozenset(path for path in deferrable if path in last.outputs or path not in owned)
    stale = [page for path, page in candidates.items() if path not in pending and not _is_current(page, site, outputs)]
    return stale, pending


def _check_libraries(request: Request) -> tuple[Problem, ...]:
    """Return a warning for each library whose version makes rendering slower. Raises SiteError in a strict build."""
    from sitegen.markdown.engines import fast as fast_markdown  # noqa: PLC0415 - not for an unchanged build
    from sitegen.render.jinja import fast as fast_jinja  # noqa: PLC0415 - as above

    slower = (*fast_markdown.LIBRARY.check(), *fast_jinja.LIBRARY.check())
    if request.strict and slower:
        raise SiteError(slower)
    return slower


def plan(config: Config, request: Request, last: FileIndex, tools: Tools, progress: Progress) -> "PlannedSite":
    """Return the site that a build would write; nothing of the output is read or changed."""
    inputs = read_inputs(tools.root, config, request, tools.hooks, tools.clock())
    settings = read_settings(inputs, tools, progress)
    return _plan(tools.loader.scan(last, settings).files, inputs, settings, tools)


def open_output(key: str, config: Config, request: Request, tools: Tools) -> Output:
    """Return the output folder of a request, whose key in the build cache is `key`."""
    folder = request.output or config.output
    record = OutputRecord(tools.cache, tools.root / folder)
    in_memory = tools.store.in_memory
    return Output(tools.root / folder, folder, key, manifest_of(tools.work, key), record, needs_manifest=not in_memory)


def read_settings(inputs: BuildInputs, tools: Tools, progress: Progress) -> ReadSettings:
    """Return the settings for reading the files of a site."""
    config, request = inputs.config, inputs.request
    written = (config.output, request.output or config.output)
    folders = Folders(tools.root, find_theme(), config.content, config.templates, written, post_folders(config))
    make = partial(Parser, tools.root, config, tools.hooks, inputs.code, tools.store, inputs.shortcodes)
    parser = tools.loader.parser(inputs.parse_key, make)
    comments = CommentSettings(inputs.code, config.timezone, config.search.comments)
    return ReadSettings(folders, inputs.now, request.jobs, inputs.parse_key, parser, comments, progress)


def _restore_site(
    changes: _Changes, inputs: BuildInputs, settings: ReadSettings, tools: Tools
) -> "tuple[PlannedSite, Collection[Page]] | None":
    """Return the last build's site with other bodies, as far as pages depend on them, and these pages.

    Returns None, or raises NotStoredError, if the site must be planned.
    """
    scan, last = changes.scan, changes.last
    if last.site is not None or tools.store.in_memory or not scan.changed or scan.before.keys() != scan.changed:
        return None
    if last.warnings and inputs.request.strict:
        return None  # the plan raises them
    if not scan.files.states.keys() >= scan.changed:
        return None
    from sitegen.build.planned_site import differ_in_bodies  # noqa: PLC0415 - loads Jinja
    from sitegen.build.stored_site import restore_site  # noqa: PLC0415 - as above

    fresh = tools.loader.entries(scan.files, settings, scan.changed)
    if not differ_in_bodies(scan.before, {entry.post.path: entry for entry in fresh}, last.warnings):
        return None
    site = restore_site(last, scan.before, inputs, settings, tools)
    tools.hooks.store_own_reads()
    site = site.with_bodies(fresh) if site is not None else None
    return None if site is None else (site, site.find_affected(scan.changed))


def _store_rows(store: Store, output: str, rows: Mapping[str, bytes]) -> None:
    """Store the encoded rows of pages, for builds after edits of bodies."""
    from sitegen.site.page_codec import TABLE  # noqa: PLC0415 - loaded with Jinja

    store.put(TABLE, [(f"{output}:{path}", Raw(row)) for path, row in rows.items()])


def _update_site(
    last: Snapshot, is_same: bool, scan: Scan, inputs: BuildInputs, settings: ReadSettings, tools: Tools
) -> "tuple[PlannedSite, Collection[Page]]":
    """Return the site of the current files, and the pages whose keys may differ from those in the last snapshot."""
    changed = scan.changed
    known = last.site if is_same else None
    if known is not None and all(name in known.entries and name in scan.files.states for name in changed):
        site = known.with_bodies(tools.loader.entries(scan.files, settings, changed)) if changed else known
        if site is not None:
            return site, site.find_affected(changed)
    site = _plan(scan.files, inputs, settings, tools)
    affected = site.find_affected_since(scan.before) if is_same and scan.before.keys() == changed else None
    return site, site.pages.values() if affected is None else affected


def _plan(files: FileIndex, inputs: BuildInputs, settings: ReadSettings, tools: Tools) -> "PlannedSite":
    from sitegen.build.planned_site import plan_site  # noqa: PLC0415 - loads Jinja

    site = plan_site(inputs, files, tools.loader.entries(files, settings), settings, tools)
    tools.hooks.store_own_reads()
    return site


def _is_current(page: "Page", site: "PlannedSite", outputs: Mapping[str, OutputState]) -> bool:
    state = outputs.get(page.path)
    return state is not None and state[2:] == site.renderer.keys.key(page, state[3][0])


def _is_stored(last: Snapshot, snapshot: Snapshot) -> bool:
    """Return whether the build cache has a snapshot already, because its stored parts are those of the last one."""
    same = last.files.states is snapshot.files.states and last.outputs is snapshot.outputs
    return last.is_stored and same
