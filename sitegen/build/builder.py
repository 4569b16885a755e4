"""The pass: files to posts to site to pages to bytes, always the same way."""

import errno
import os
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.msgpack import Decoder

from sitegen.build.manifest import manifest_of
from sitegen.build.output import NOTHING, Output
from sitegen.build.output_folder import WORK, check_output, resolve_output
from sitegen.build.request import LEDGER_FILE, Basis, Request
from sitegen.build.trace import Trace, load_trace, save_trace
from sitegen.cache.store import Store, StoreError, discard
from sitegen.config.schema import Config
from sitegen.content.loader import Content, Look, remove_orphans
from sitegen.content.parser import Parser
from sitegen.content.site_hooks import SiteHooks
from sitegen.errors import Problem, SiteError
from sitegen.model import Entry, LeftOut, Post, Report
from sitegen.render.theme import find_theme
from sitegen.system import fingerprints
from sitegen.system.file_lock import hold
from sitegen.system.gc import collector_paused
from sitegen.system.progress import Progress, no_progress

if TYPE_CHECKING:
    from sitegen.build.snapshot import Standing
    from sitegen.site.pages.page_type import Page

__all__ = ["WORK", "Builder", "Request"]

GENERATION = "generation"
"""The fact that counts the builds that began to change an output folder, so that each process notices the others."""


_read_number = Decoder(int).decode

UNWRITABLE = frozenset(
    getattr(errno, name)
    for name in ("EACCES", "EDQUOT", "EFBIG", "EIO", "ENOSPC", "EPERM", "EROFS")
    if hasattr(errno, name)
)
"""Errors of a folder that cannot be written to, and of a full disk."""


class Builder:
    """Holds one site's store and what this process knows of the site, from build to build.

    `clock` gives the time in nanoseconds. `waiting` is called when another build holds the lock,
    `progress` while files are read and pages are rendered. `placing` is entered, with the paths of all
    files, while these are put in place. `work` is the folder of the store, if not WORK. `cache` is the
    user's folder for compiled templates; one that is part of the site is not used, for it came with the site.
    """

    def __init__(
        self,
        root: Path,
        clock: Callable[[], int],
        waiting: Callable[[], None] = lambda: None,
        progress: Progress = no_progress,
        work: Path | None = None,
        placing: Callable[[Collection[str]], AbstractContextManager[None]] = lambda _paths: nullcontext(),
        cache: Path | None = None,
    ) -> None:
        self.root, self.clock, self.waiting, self.progress = root, clock, waiting, progress
        self.work, self.placing = work or root / WORK, placing
        self.cache = None if cache is None or cache.resolve().is_relative_to(root.resolve()) else cache
        self.store = Store(self.work / "store.db")
        self._content: Content | None = None
        self._output: Output | None = None
        self._trace = Trace()
        self._hooks = SiteHooks(root, self.store)
        self._standing: Standing | None = None
        self._ended = self._saved = Trace()
        self._generation = 0
        self._alone = False
        self._unwritable: tuple[Problem, ...] = ()

    def build(self, config: Config, request: Request) -> Report:
        """Bring the output folder to what a clean build would write; raise SiteError and leave it as it is."""
        if not self._unwritable:
            try:
                with self._locked(), collector_paused():
                    return self._build(config, request)
            except OSError as error:
                if error.errno not in UNWRITABLE or not self._is_in_work(error, request.output or config.output):
                    raise
                self._make_do_without_store(error)
        with self._locked(), collector_paused():
            report = self._build(config, replace(request, jobs=1))
        return replace(report, warnings=(*self._unwritable, *report.warnings))

    def _build(self, config: Config, request: Request) -> Report:
        if request.fresh:
            self._forget()
        try:
            self._notice_others()
            return self._pass(config, request)
        except StoreError as error:
            self._forget()
            message = f"the store {error}: it has been made anew, and nothing is lost"
            report = self._pass_anew(config, request)
            return replace(report, warnings=(Problem(f"{WORK}/store.db", 0, message), *report.warnings))

    def _is_in_work(self, error: OSError, output: str) -> bool:
        """Say whether an error is of a file in the work folder, and not of the output."""
        place = Path(os.path.realpath(error.filename)) if isinstance(error.filename, str) else Path()
        work, folder = os.path.realpath(self.work), os.path.realpath(self.root / output)
        return place.is_relative_to(work) and not place.is_relative_to(folder)

    def _make_do_without_store(self, error: OSError) -> None:
        """Go on with a store in memory: the output can be right even if nothing can be kept beside it."""
        message = f"the build cache cannot be written: {error.strerror}"
        hint = "the output is right; until you make the folder writable, each build renders everything"
        self._unwritable = (Problem(f"{WORK}/{Path(str(error.filename)).name}", 0, message, hint),)
        self.store.close()
        self.store = Store(self.store.path, in_memory=True)
        self._hooks = SiteHooks(self.root, self.store)
        self._content = self._output = self._standing = None
        self._trace = self._ended = self._saved = Trace()
        self._generation = 0

    def plan(self, config: Config, request: Request) -> tuple[frozenset[str], tuple[LeftOut, ...]]:
        """Return the files that a build would leave in the output folder, and the posts that it would skip.

        Nothing of the output is read or changed; `posts` yields the posts and pages afterwards.
        """
        with self._locked(), collector_paused():
            self._notice_others()
            content, _ = self._open(config, config.output)
            basis = self._stand(config, request)
            parser = Parser(self.root, config, self._hooks, basis.made_of, self.store)
            look = content.look(basis.now, request.jobs, basis.context, parser)
            standing, _ = self._compose(basis, content, look, parser, Trace())
            return frozenset(standing.pages), standing.choice.left_out

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep the builds of others away for a while: what this one writes stays as it is until it has been read."""
        with hold(self.work / "lock", self.waiting):
            self._alone = True
            try:
                yield
            finally:
                self._alone = False

    def _locked(self) -> AbstractContextManager[object]:
        return nullcontext() if self._alone else hold(self.work / "lock", self.waiting)

    def _pass_anew(self, config: Config, request: Request) -> Report:
        try:
            return self._pass(config, request)
        except StoreError as error:
            message = f"the store {error} as soon as it was made"
            raise SiteError([Problem(f"{WORK}/store.db", 0, message, "see that the disk is sound")]) from error

    def close(self) -> tuple[Problem, ...]:
        """Keep what this process knows, and close the store; return why it could not be kept, if so."""
        try:
            if self._output is not None and self._output.stage.is_open:
                with self._locked():
                    self._output.stage.close()
            return self.save()
        finally:
            self.store.close()

    @property
    def outputs(self) -> Collection[str]:
        """The paths of all files of the output folder, after a build."""
        return self._trace.outputs.keys()

    @property
    def hook_files(self) -> tuple[str, ...]:
        """The files and folders of the site that its hooks read, or wanted to, after a build."""
        return tuple(self._hooks.files)

    @property
    def until(self) -> int | None:
        """The time (ns) at which the next post with a date to come is due, after a build."""
        return self._trace.until

    def entries(self) -> Iterator[Entry]:
        """Yield the entry of every post and page as it was at the last build, published or not."""
        return iter(()) if self._content is None else self._content.known_entries()

    def posts(self) -> Iterator[Post]:
        """Yield every post and page as it was at the last build, published or not."""
        return iter(()) if self._content is None else self._content.posts()

    def _stored_generation(self) -> int:
        return self.store.get("fact", GENERATION, _read_number) or 0

    def _notice_others(self) -> None:
        """Forget what this process knows of the output where another one has built, or replaced the store."""
        if not self.store.is_current():
            self._content = None
            self.store.close()
        generation = self._stored_generation()
        if generation != self._generation or self._content is None:
            self._generation = generation
            self._output = self._standing = None
            self._trace = self._ended = Trace()

    def _pass(self, config: Config, request: Request) -> Report:
        content, output = self._open(config, request.output or config.output)
        trace, self._trace = self._trace, Trace()
        basis = self._stand(config, request)
        parser = Parser(self.root, config, self._hooks, basis.made_of, self.store)
        look = content.look(basis.now, request.jobs, basis.context, parser, request.told, self.progress)
        due = trace.is_due(basis.now)
        same = basis.definition == trace.definition and not look.changed and not due
        trusted = bool(request.told) and output.is_checked
        intact = trusted or ((same or output.is_checked) and output.is_intact(trace.outputs or output.left))
        if same and intact:
            if request.strict and trace.warnings:
                raise SiteError(trace.warnings)
            report = Report(kept=len(trace.outputs), left_out=trace.left_out, warnings=trace.warnings)
            outputs = trace.outputs if trusted else {**trace.outputs, **output.left}
            after = replace(trace, inputs=dict(content.known), outputs=outputs)
            if request.ahead and self._standing is None:
                self._standing, _ = self._compose(basis, content, look, parser, trace)
                output.check(outputs, complete=True)
        else:
            if not intact:
                output.forget()
            if not intact or due:
                self._standing = None
            report, after = self._draw(basis, content, output, look, parser, trace)
        self._trace = self._ended = after
        return replace(report, ignored=content.ignored)

    def save(self) -> tuple[Problem, ...]:
        """Keep what the last build that ended well knew; return why that could not be done: the output is right anyway.

        A server does so once it has answered. What another process has built since is left alone.
        """
        trace = self._ended
        if self._output is None or not trace.definition or trace == self._saved or self._unwritable:
            return ()
        try:
            with self._locked():
                if self.store.is_current() and self._stored_generation() == self._generation:
                    save_trace(self.store, self._output.key, trace)
                    self._saved = trace
                    self._output.keep_record()
                    if self._trace is trace:  # else a later build has failed, which goes on from texts of its own
                        remove_orphans(self.store, trace.inputs.keys())
        except StoreError:
            return ()  # the next build meets the damage, mends it and tells of it
        except OSError as error:
            message = f"what this build found out could not be kept: {error.strerror}"
            hint = "the output is right; the next build will take longer"
            return (Problem(f"{WORK}/{Path(error.filename or 'store.db').name}", 0, message, hint),)
        return ()

    def _open(self, config: Config, folder: str) -> tuple[Content, Output]:
        """Return what this process knows of the files and of the output folder, or begin to know them."""
        key = check_output(self.root, config, folder)
        if self._output is None or self._output.key != key:
            self._output = Output(
                self.root / folder,
                folder,
                manifest_of(self.work, key),
                key,
                self.cache,
                volatile=bool(self._unwritable),
            )
            self._trace = self._ended = self._saved = load_trace(self.store, key)
            self._standing = None
            if self._content is not None:
                self._content.known = dict(self._trace.inputs)  # what changed since the last build into this folder
        content = self._content
        if content is None or (content.content, content.templates) != (config.content, config.templates):
            self._content = content = Content(self.root, find_theme(), config.content, config.templates, self.store)
            content.known = dict(self._trace.inputs)
        content.written = (config.output, folder)
        return content, self._output

    def _stand(self, config: Config, request: Request) -> Basis:
        now = self.clock()
        written = {resolve_output(self.root, folder) for folder in (config.output, request.output or config.output)}
        epoch = self._hooks.update(now, (*written, WORK))
        made_of = fingerprints.of_value((epoch, fingerprints.of_code()))
        sources = _digest_below(self.root / config.content, "sources.toml")
        parsing = (config.content, config.base_url, config.language, config.timezone, config.author)
        context = fingerprints.of_value((parsing, config.broken_links, config.urls, config.markdown, sources, made_of))
        ledger = fingerprints.of_file(self.root / LEDGER_FILE)
        definition = fingerprints.of_value((config, request.drafts, request.future, context, ledger))
        return Basis(config, request, now, made_of, context, definition)

    def _compose(
        self, basis: Basis, content: Content, look: Look, parser: Parser, trace: Trace
    ) -> "tuple[Standing, Collection[Page]]":
        """Return the site as it stands now, and the pages that may be others than before."""
        # Loaded here, so that a build that finds nothing changed never pays for Jinja.
        from sitegen.build.snapshot import stand  # noqa: PLC0415

        standing, self._standing = self._standing, None
        if standing is not None and basis.definition == trace.definition and content.only_texts(look):
            changed = content.entries(look, basis.now, basis.request.jobs, basis.context, parser, look.changed)
            concerned = standing.update(changed)
            if concerned is not None:
                return standing, concerned
        cache = None if basis.request.fresh else self.cache
        standing = stand(self.root, basis, content, look, parser, self._hooks.get, self.store, cache)
        self._hooks.keep_own()
        if basis.definition == trace.definition and not trace.is_due(basis.now) and (before := content.before(look)):
            concerned = standing.compare(before)
            if concerned is not None:
                return standing, concerned
        return standing, standing.pages.values()

    def _draw(
        self, basis: Basis, content: Content, output: Output, look: Look, parser: Parser, trace: Trace
    ) -> tuple[Report, Trace]:
        """Draw what is not as it should be, put it in place, and return what was done and what is now so."""
        from sitegen.build.render_pages import draw_pages  # noqa: PLC0415 - loads Jinja
        from sitegen.build.snapshot import find_missing, find_stale  # noqa: PLC0415

        standing, concerned = self._compose(basis, content, look, parser, trace)
        looked = output.is_checked
        # If a build has failed since, there is no trace to go on from, but what lies in the folder is known.
        output.check(self._ended.outputs, complete=self._ended.generation == self._generation)
        renderer, pages, choice = standing.renderer, standing.pages, standing.choice
        stale = find_stale(concerned, renderer, output.left)
        if not looked:  # else all files are there: whatever was in doubt has been forgotten
            stale += find_missing(pages.values(), concerned, output.left)
        reasons = {}
        if basis.request.explain:
            reasons = {
                page.path: renderer.keys.explain(page, *output.left.get(page.path, NOTHING)[2:]) for page in stale
            }
        self._generation += 1
        self.store.put("fact", [(GENERATION, self._generation)])
        output.open_stage()
        try:
            drawn = draw_pages(stale, renderer, output, content.place, basis.request.jobs, self.progress)
            self._hooks.keep(known for item in drawn for known in item.hook_reads)
            with self.placing(pages.keys()):
                removed = output.put(drawn, pages.keys(), self.clock)
        finally:
            output.stage.close()
        self._standing = standing
        names, kept = tuple(item.path for item in drawn), len(pages) - len(drawn)
        report = Report(names, removed, kept, reasons, choice.left_out, standing.warnings)
        after = Trace(
            definition=basis.definition,
            since=choice.since,
            until=choice.until,
            inputs=dict(content.known),
            outputs=dict(output.left),
            left_out=choice.left_out,
            warnings=standing.warnings,
            generation=self._generation,
        )
        return report, after

    def _forget(self) -> None:
        self.store.close()
        if not self._unwritable:
            discard(self.store.path)
        self._hooks.forget()
        self._content = self._output = self._standing = None
        self._trace = self._ended = Trace()


def _digest_below(folder: Path, name: str) -> str:
    return fingerprints.of_file(folder / name) if folder.is_dir() else ""
