"""The pass: files to posts to site to pages to bytes, always the same way."""

import gc
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from sitegen import digest
from sitegen.config import Config
from sitegen.content import Content, Look, remove_orphans
from sitegen.errors import Problem, SiteError
from sitegen.hooks import FILE as HOOKS_FILE
from sitegen.hooks import Hooks, load_hooks
from sitegen.lock import hold
from sitegen.manifest import manifest_of
from sitegen.model import Post, Report
from sitegen.output import Output
from sitegen.parse import Parser
from sitegen.store import Store, StoreError, discard
from sitegen.theme import find_theme
from sitegen.trace import Trace, load_trace, save_trace

LEDGER_FILE = "published.json"
WORK = ".sitegen"
"""The folder beside the config where everything lies that may be thrown away."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a build shall do beside what the config says.

    `output` is the output folder, relative to the site's root unless absolute; `fresh` passes over
    what earlier builds found out; `explain` asks for the reason of each drawn page; `strict` makes
    problems of warnings.
    """

    output: str = ""
    drafts: bool = False
    future: bool = False
    fresh: bool = False
    explain: bool = False
    strict: bool = False
    jobs: int = 1


@dataclass(frozen=True, slots=True)
class Basis:
    """What one pass stands on: its request and time (ns), and the fingerprints of all that is not a post.

    `made_of` is that of code and hooks, `context` of all that parsing depends on, `definition` of the
    whole request; `hooks` are the files of the hooks with theirs.
    """

    config: Config
    request: Request
    now: int
    hooks: tuple[tuple[str, str], ...]
    made_of: str
    context: str
    definition: str


class Builder:
    """Holds one site's store and what this process knows of the site, from build to build.

    `clock` gives the time in nanoseconds. `waiting` is called when another build holds the lock,
    `progress` with the pages drawn so far and in all. `placing` is entered, with the paths of all
    files, while these are put in place. `work` is the folder of the store, if not WORK.
    """

    def __init__(
        self,
        root: Path,
        clock: Callable[[], int],
        waiting: Callable[[], None] = lambda: None,
        progress: Callable[[int, int], None] = lambda _done, _all: None,
        work: Path | None = None,
        placing: Callable[[Collection[str]], AbstractContextManager[None]] = lambda _paths: nullcontext(),
    ) -> None:
        self.root, self.clock, self.waiting, self.progress = root, clock, waiting, progress
        self.work, self.placing = work or root / WORK, placing
        self.store = Store(self.work / "store.db")
        self._content: Content | None = None
        self._output: Output | None = None
        self._trace = Trace()
        self._hooks: Hooks | None = None

    def build(self, config: Config, request: Request) -> Report:
        """Bring the output folder to what a clean build would write; raise SiteError and leave it as it is."""
        with hold(self.work / "lock", self.waiting), _collector_paused():
            if request.fresh:
                self._forget()
            try:
                return self._pass(config, request)
            except StoreError as error:
                self._forget()
                message = f"the store was damaged ({error}): it has been made anew, and nothing is lost"
                report = self._pass(config, request)
                return replace(report, warnings=(Problem(f"{WORK}/store.db", 0, message), *report.warnings))

    def close(self) -> None:
        """Close the store."""
        self.store.close()

    @property
    def outputs(self) -> Collection[str]:
        """The paths of all files of the output folder, after a build."""
        return self._trace.outputs.keys()

    @property
    def hook_files(self) -> tuple[str, ...]:
        """The files that the site's hooks were loaded from, after a build."""
        return tuple(name for name, _ in self._trace.hooks)

    @property
    def until(self) -> int | None:
        """The time (ns) at which the next post with a date to come is due, after a build."""
        return self._trace.until

    def posts(self) -> Iterator[Post]:
        """Yield every post and page as it was at the last build, published or not."""
        return iter(()) if self._content is None else self._content.posts()

    def _pass(self, config: Config, request: Request) -> Report:
        content, output = self._open(config, request.output or config.output)
        trace, self._trace = self._trace, Trace()
        basis = self._stand(config, request, trace)
        parser = Parser(self.root, config, self._load_hooks, basis.made_of, self.store)
        look = content.look(basis.now, request.jobs, basis.context, parser)
        due = trace.until is not None and trace.until <= basis.now
        if basis.definition == trace.definition and not look.changed and not due and output.is_intact(trace.outputs):
            if request.strict and trace.warnings:
                raise SiteError(trace.warnings)
            report = Report(kept=len(trace.outputs), left_out=trace.left_out, warnings=trace.warnings)
            after = replace(trace, inputs=dict(content.known), outputs=output.restamped(trace.outputs))
        else:
            report, after = self._draw(basis, content, output, look, parser, trace)
        if after != trace:
            save_trace(self.store, output.name, after)
        self._trace = after
        return report

    def _open(self, config: Config, folder: str) -> tuple[Content, Output]:
        """Return what this process knows of the files and of the output folder, or begin to know them."""
        if self._output is None or self._output.name != folder:
            self._output = Output(self.root / folder, folder, self.store, manifest_of(self.work, folder))
            self._trace = load_trace(self.store, folder)
        content = self._content
        if content is None or (content.content, content.templates) != (config.content, config.templates):
            self._content = content = Content(self.root, find_theme(), config.content, config.templates, self.store)
            content.known = dict(self._trace.inputs)
        return content, self._output

    def _stand(self, config: Config, request: Request, trace: Trace) -> Basis:
        names = tuple(name for name, _ in trace.hooks) or (HOOKS_FILE,)
        hooks = self._fingerprints(names)
        if hooks != trace.hooks:
            self._hooks = load_hooks(self.root)
            hooks = self._fingerprints(self._hooks.files)
        made_of = digest.of_value((hooks, digest.of_code()))
        sources = digest.of_file(self.root / config.content / "sources.toml")
        parsing = (config.content, config.base_url, config.language, config.timezone, config.author)
        context = digest.of_value((parsing, config.urls, config.markdown, sources, made_of))
        ledger = digest.of_file(self.root / LEDGER_FILE)
        definition = digest.of_value((config, request.drafts, request.future, context, ledger))
        return Basis(config, request, self.clock(), hooks, made_of, context, definition)

    def _fingerprints(self, names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
        return tuple((name, digest.of_file(self.root / name)) for name in names if (self.root / name).is_file())

    def _load_hooks(self) -> Hooks:
        if self._hooks is None:
            self._hooks = load_hooks(self.root)
        return self._hooks

    def _draw(
        self, basis: Basis, content: Content, output: Output, look: Look, parser: Parser, trace: Trace
    ) -> tuple[Report, Trace]:
        """Draw what is not as it should be, put it in place, and return what was done and what is now so."""
        # Loaded here, so that a build that finds nothing changed never pays for Jinja.
        from sitegen.compose import choose, compose, sort_files  # noqa: PLC0415
        from sitegen.data import read_data  # noqa: PLC0415
        from sitegen.draw import draw_pages  # noqa: PLC0415
        from sitegen.ledger import read_ledger  # noqa: PLC0415
        from sitegen.render import Renderer  # noqa: PLC0415
        from sitegen.templates import TemplateSet  # noqa: PLC0415

        config, request = basis.config, basis.request
        entries = content.entries(look, basis.now, request.jobs, basis.context, parser)
        moment = datetime.fromtimestamp(basis.now / 1_000_000_000, UTC)
        choice = choose(entries, config.content, moment, drafts=request.drafts, future=request.future)
        files = sort_files(look.digests, config)
        data = read_data({name: content.place(name).read_bytes() for name in files.data})
        ledger = read_ledger(self.root / LEDGER_FILE)
        composition = compose(config, self._load_hooks(), choice, files, data, look.digests, ledger)
        if request.strict and composition.warnings:
            raise SiteError(composition.warnings)
        places = {name: content.place(file) for name, file in files.templates.items()}
        templates = TemplateSet(places, files.template_digests, self.store)
        base = digest.short(digest.of_value((config, basis.made_of)))
        hooks = self._load_hooks()
        renderer = Renderer(config, composition, files, content.place, hooks, self.store, templates, base)
        output.check(trace.outputs)
        pages = composition.pages
        stale = [page for page in pages if not output.has(page.path, renderer.key(page, output.reads(page.path)))]
        reasons = (
            {page.path: renderer.explain(page, output.row(page.path)) for page in stale} if request.explain else {}
        )
        output.open_stage()
        try:
            drawn = draw_pages(stale, renderer, output, content.place, request.jobs, self.progress)
            paths = {page.path for page in pages}
            with self.placing(paths):
                removed = output.put(drawn, paths, self.clock)
        finally:
            output.close_stage()
        remove_orphans(self.store, entries)
        report = Report(
            tuple(item.path for item in drawn),
            removed,
            len(pages) - len(drawn),
            reasons,
            choice.left_out,
            composition.warnings,
        )
        after = Trace(
            basis.definition,
            choice.until,
            basis.hooks,
            dict(content.known),
            output.left(),
            choice.left_out,
            composition.warnings,
        )
        return report, after

    def _forget(self) -> None:
        self.store.close()
        discard(self.store.path)
        self._content = self._output = None
        self._trace = Trace()


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Pause the garbage collector: a pass makes a million values and no cycles, and each sweep visits them all."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
