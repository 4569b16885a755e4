"""Build a site repeatedly: take the lock, load the last snapshot, build, and store the new snapshot."""

import errno
import os
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from sitegen.build.build_site import Report, build, plan
from sitegen.build.output_folder import WORK, check_output
from sitegen.build.output_record import OutputRecord
from sitegen.build.request import Request
from sitegen.build.snapshot import Snapshot, load_generation, load_snapshot, store_snapshot
from sitegen.build.tools import Placing, Tools
from sitegen.cache.store import Store, StoreError
from sitegen.config.schema import Config
from sitegen.content.ledger import LEDGER_FILE
from sitegen.content.loader import Loader
from sitegen.content.site_hooks import SiteHooks
from sitegen.errors import Problem, SiteError
from sitegen.model import Entry, Post
from sitegen.system.file_lock import Lock
from sitegen.system.fingerprints import of_bytes, of_value
from sitegen.system.gc import collector_paused
from sitegen.system.progress import Progress, no_progress

if TYPE_CHECKING:
    from sitegen.build.planned_site import PlannedSite
    from sitegen.content.ledger.record import LedgerUpdate

__all__ = ["WORK", "Builder", "Request"]

UNWRITABLE = frozenset(
    getattr(errno, name)
    for name in ("EACCES", "EDQUOT", "EFBIG", "EIO", "ENOSPC", "EPERM", "EROFS")
    if hasattr(errno, name)
)
"""Errors of a folder that cannot be written to, and of a full disk."""


class Builder:
    """Builds one site, with its last snapshot in memory.

    `clock` returns the time in nanoseconds. `waiting` is called when another build holds the lock. `placing` is
    entered while files are put in place. `work` is the folder of the build cache, if not WORK. `cache` is the user's
    folder for compiled templates; one inside the site is not used, because it could come with the site.
    """

    def __init__(
        self,
        root: Path,
        clock: Callable[[], int],
        waiting: Callable[[], None] = lambda: None,
        work: Path | None = None,
        placing: Placing = lambda _paths, _posts, _pending: nullcontext(),
        cache: Path | None = None,
    ) -> None:
        work = work or root / WORK
        cache = None if cache is None or cache.resolve().is_relative_to(root.resolve()) else cache
        store = Store(work / "store.db")
        self.tools = Tools(root, work, clock, placing, cache, store, SiteHooks(root, store), Loader(store))
        self.lock = Lock(work / "lock", waiting)
        self.snapshot = Snapshot()

    def build(self, config: Config, request: Request, progress: Progress = no_progress) -> Report:
        """Bring the output folder to what a clean build would write. Raises SiteError and leaves it unchanged."""
        store = self.tools.store
        if not store.in_memory:
            try:
                with self.lock.hold(), collector_paused():
                    return self._build(config, request, progress)
            except OSError as error:
                if error.errno not in UNWRITABLE or not self._is_in_work(error, request.output or config.output):
                    raise
                message = f"the build cache cannot be written: {error.strerror}"
                hint = "the output is right; until you make the folder writable, each build renders everything"
                path = f"{WORK}/{Path(str(error.filename)).name}"
                store.move_to_memory(Problem(path, 0, message, hint))
                self._forget()
        with self.lock.hold(), collector_paused():
            report = self._build(config, replace(request, jobs=1), progress)
        return replace(report, warnings=(*store.warnings, *report.warnings))

    def plan(self, config: Config, request: Request) -> "PlannedSite":
        """Return the site that a build would write; nothing of the output is read or changed."""
        with self.lock.hold(), collector_paused():
            last = self._load(check_output(self.tools.root, config, request.output or config.output))
            return plan(config, request, last.files, self.tools, no_progress)

    def save(self) -> tuple[Problem, ...]:
        """Store the last snapshot; return problems if that fails, although the output is right.

        A server calls it once it has answered. A snapshot of a later build by another process is not overwritten.
        """
        snapshot, tools = self.snapshot, self.tools
        if snapshot.is_stored or not snapshot.output or tools.store.in_memory:
            return ()
        try:
            with self.lock.hold():
                if tools.store.is_current() and load_generation(tools.store, snapshot.output) == snapshot.generation:
                    store_snapshot(tools.store, snapshot)
                    stored = snapshot.files.states, snapshot.outputs
                    self.snapshot = replace(snapshot, is_stored=True, stored=stored)
                    record = OutputRecord(tools.cache, tools.root / snapshot.output)
                    record.write(snapshot.outputs, snapshot.stored[1])
                    tools.loader.remove_orphans(snapshot.files)
                    if snapshot.site is not None:
                        from sitegen.build.stored_site import store_site  # noqa: PLC0415 - Jinja is loaded by then

                        store_site(tools.store, snapshot.output, snapshot.site, snapshot.planned)
                        snapshot.site.remove_unused_images()
        except StoreError:
            return ()  # the next build finds the damage, repairs and reports it
        except OSError as error:
            message = f"the build cache cannot be written: {error.strerror}"
            hint = "the output is right; the next build will take longer"
            return (Problem(f"{WORK}/{Path(error.filename or 'store.db').name}", 0, message, hint),)
        return ()

    @property
    def has_deferred_images(self) -> bool:
        """Whether the last build has left images to a later one."""
        site = self.snapshot.site
        return site is not None and bool(site.images.deferred)

    def encode_images(self, seconds: float) -> bool:
        """Encode images that the last build has left to a later one, for some seconds; return whether all are encoded.

        Nothing of the output changes: the next build finds them in the folder of encoded images.
        """
        site = self.snapshot.site
        return site is None or site.encode_deferred_images(seconds)

    def close(self) -> tuple[Problem, ...]:
        """Store the last snapshot and close the build cache; return problems if it could not be stored."""
        try:
            return self.save()
        finally:
            self.tools.store.close()

    @property
    def outputs(self) -> Collection[str]:
        """The paths of all files of the output folder, after a build."""
        return self.snapshot.outputs.keys()

    @property
    def fingerprints(self) -> Mapping[str, str]:
        """The fingerprint of the bytes of each file of the output folder by path, "" if unknown, after a build."""
        return {path: state[1] for path, state in self.snapshot.outputs.items()}

    @property
    def sources(self) -> Mapping[str, str]:
        """The fingerprint of each file of the site that the last build depended on, by path."""
        return self.snapshot.files.fingerprints

    @property
    def inputs(self) -> str:
        """The fingerprint of everything that the last build depended on, except for the ledger.

        What the ledger changes is in the output: redirects and the guids of feeds.
        """
        return of_value((self.snapshot.inputs, self.sources))

    @property
    def planned(self) -> Collection[str]:
        """The paths of all files of the output folder, with those that the last build has deferred."""
        site = self.snapshot.site
        return self.outputs if site is None else site.pages.keys()

    @property
    def hook_files(self) -> tuple[str, ...]:
        """The files and folders of the site that its hooks read or tried to read, after a build."""
        return tuple(self.tools.hooks.files)

    def entries(self) -> Iterator[Entry]:
        """Yield the entry of every post and page of the last build, published or not."""
        site = self.snapshot.site
        return self.tools.loader.stored_entries(self.snapshot.files) if site is None else iter(site.entries.values())

    def posts(self) -> Iterator[Post]:
        """Yield every post and page of the last build, published or not."""
        return (entry.post for entry in self.entries())

    def published_posts(self) -> list[Post]:
        """Return every published post and page of the last build."""
        skipped = {item.path for item in self.snapshot.skipped}
        return [post for post in self.posts() if post.path not in skipped]

    def reconcile(self, config: Config, posts: Collection[Post]) -> "LedgerUpdate":
        """Reconcile `posts`, the published posts and pages of the last build, with the ledger, and return its update.

        If the site would be planned in the same way with the ledger that results, the next build does not plan it again
        because the ledger was written. Raises SiteError if the ledger is damaged.
        """
        from sitegen.content.ledger.file import read_ledger_file, write_ledger  # noqa: PLC0415 - only a publish needs it
        from sitegen.content.ledger.record import (  # noqa: PLC0415 - as above
            LedgerUpdate,
            is_stable,
            reconcile_with,
        )

        snapshot = self.snapshot
        ledger, fingerprint = read_ledger_file(self.tools.root / LEDGER_FILE)
        found = reconcile_with(ledger, config, posts)
        data = write_ledger(found.ledger)
        written = of_bytes(data)
        if fingerprint in snapshot.ledgers and written not in snapshot.ledgers and is_stable(found, config, posts):
            self.snapshot = replace(snapshot, ledgers=(*snapshot.ledgers, written), is_stored=False)
        return LedgerUpdate(data, found.problems)

    def _build(self, config: Config, request: Request, progress: Progress) -> Report:
        if request.fresh:
            self._forget()
        try:
            return self._advance(config, request, progress)
        except StoreError as error:
            self._forget()
            message = f"the build cache {error}: a new one was created, and nothing is lost"
        try:
            report = self._advance(config, request, progress)
        except StoreError as error:
            again = f"the new build cache {error}"
            raise SiteError([Problem(f"{WORK}/store.db", 0, again, "check the disk for errors")]) from error
        return replace(report, warnings=(Problem(f"{WORK}/store.db", 0, message), *report.warnings))

    def _advance(self, config: Config, request: Request, progress: Progress) -> Report:
        last = self._load(check_output(self.tools.root, config, request.output or config.output))
        self.snapshot, report = build(last, config, request, self.tools, progress)
        return report

    def _load(self, output: str) -> Snapshot:
        """Return the last snapshot of an output folder, from the build cache if another process has built since."""
        tools, known = self.tools, self.snapshot
        is_current = tools.store.is_current()
        if not is_current:
            tools.store.close()
            tools.loader.forget()
        if is_current and known.output == output and known.generation == load_generation(tools.store, output):
            return known
        if known.output != output:
            self.save()  # or nothing but the manifest would list the files of the other folder
        return load_snapshot(tools.store, output)

    def _forget(self) -> None:
        """Clear the build cache and everything that this process has in memory of the site."""
        self.tools.store.discard()
        self.tools.hooks.forget()
        self.tools.loader.forget()
        self.snapshot = Snapshot()

    def _is_in_work(self, error: OSError, output: str) -> bool:
        """Return whether an error is about a file in the work folder, and not about the output."""
        path = Path(os.path.realpath(error.filename)) if isinstance(error.filename, str) else Path()
        work, folder = os.path.realpath(self.tools.work), os.path.realpath(self.tools.root / output)
        return path.is_relative_to(work) and not path.is_relative_to(folder)
