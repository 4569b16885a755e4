"""Parse the bytes of a document to its entry and its body."""

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import fields, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sitegen.cache.codec import find_misfit, read_body
from sitegen.cache.store import Store
from sitegen.config.editions import find_editions
from sitegen.config.load import describe_setting
from sitegen.config.schema import Config
from sitegen.config.shortcodes import FOLDER
from sitegen.content.document_language import read_document_language
from sitegen.content.file_index import DocumentType
from sitegen.content.hooks import Hooks
from sitegen.content.read_file import Parsed
from sitegen.content.shortcode_files import list_macro_files
from sitegen.content.site_hooks import SiteHooks
from sitegen.errors import Problem, SiteError
from sitegen.formats.frozen_dict import freeze
from sitegen.model import Body, Entry, Post, Reference, Source
from sitegen.search.entry import TermsByLevel
from sitegen.system import fingerprints
from sitegen.system.hook_recorder import Known

if TYPE_CHECKING:
    from sitegen.markdown.renderer import MarkdownRenderer
    from sitegen.markdown.shortcodes import Macros


class Parser:
    """Parses the documents of a site with its Markdown engine, sources and hooks.

    The fingerprint of a body depends on its Markdown and on everything that renders it; a body that is in the
    build cache is not rendered again. `code` is the fingerprint of sitegen's code and the hooks, `shortcodes` that of
    the site's shortcodes, "" if it has none.
    """

    def __init__(
        self, root: Path, config: Config, hooks: SiteHooks, code: str, store: Store, shortcodes: str = ""
    ) -> None:
        self.root, self.config, self.store = root, config, store
        self.editions = find_editions(config)
        self._site_hooks = hooks
        self._has_bodies = True
        self._records = False
        self._rendering = fingerprints.of_value((config.markdown, config.language, code))
        self._shortcodes = shortcodes
        self._macros: Macros | None = None

    @cached_property
    def hooks(self) -> Hooks:
        """The site's own functions."""
        return self._site_hooks.get()

    @cached_property
    def sources(self) -> Mapping[str, Mapping[str, Source]]:
        """The sources that `content/sources.toml` describes, by the name of each edition."""
        from sitegen.content.sources import read_sources  # noqa: PLC0415 - only if a post changed

        name = f"{self.config.content}/sources.toml"
        return {item.name: read_sources(self.root / name, name, item.config) for item in self.editions}

    @cached_property
    def renderer(self) -> "MarkdownRenderer":
        """The Markdown engines, with the extensions that a hook gives."""
        from sitegen.markdown.renderer import MarkdownRenderer  # noqa: PLC0415 - only if a post changed

        extensions = self.hooks.extensions()
        self._records = bool(extensions or self.config.markdown.extensions)
        try:
            with self.recording():
                macros = self._load_macros if self._shortcodes else None
                renderer = MarkdownRenderer(self.config.markdown, self.config.language, extensions, macros)
                renderer.render("", path="")
        except SiteError as error:
            keys = ("markdown", "extensions")
            raise SiteError(
                describe_setting(self.root, keys, problem.message, problem.hint) for problem in error.problems
            ) from None
        return renderer

    def _load_macros(self) -> "Macros":
        """Return the site's shortcodes, which are loaded for the first post that has one."""
        macros = self._macros
        if macros is None:
            from sitegen.markdown.shortcode_macros import load_macros  # noqa: PLC0415 - loads Jinja

            files = list_macro_files(self.root, self.config.templates)
            folder = f"{self.config.templates}/{FOLDER}"
            macros = self._macros = load_macros(files, folder, self.config.shortcodes)
        return macros

    def is_current(self) -> bool:
        """Return whether the hooks that the parser uses, if any, are still those of the site."""
        return "hooks" not in self.__dict__ or self.hooks is self._site_hooks.get()

    def recording(self) -> AbstractContextManager[object]:
        """Record what Markdown extensions read, if there are any."""
        return self.hooks.recorder if self._records else nullcontext()

    def take_reads(self) -> tuple[tuple[str, Known], ...]:
        """Return what hooks and extensions have read in this process since the last time."""
        return self.hooks.recorder.take()

    def store_reads(self, reads: Iterable[tuple[str, Known]]) -> None:
        """Store the files that were read in any process, before results that depend on them are stored."""
        self._site_hooks.store_reads(reads)

    def prepare(self) -> None:
        """Load what parsing needs, so that forked workers inherit it."""
        import sitegen.content.front_matter.post  # noqa: F401, PLC0415 - only if a post changed

        _ = self.sources
        _ = self.renderer
        # In a first build, a query for each post would find nothing.
        self._has_bodies = not self.store.is_empty("body")

    def render_text(self, text: str, path: str, line: int) -> Body:
        """Render Markdown that begins at a line of a file and is not a document. Raises SiteError."""
        renderer = self.renderer
        with self.recording():
            body = renderer.render(text, path=path, line=line)
        self.store_reads(self.take_reads())
        return body

    def __call__(self, path: str, data: bytes, document_type: DocumentType) -> Parsed:
        """Return the parsed document. Raises SiteError with all its problems."""
        from sitegen.content.front_matter.post import find_aliases, find_key_lines, read_post  # noqa: PLC0415 - as below
        from sitegen.content.front_matter.split import split  # noqa: PLC0415 - only if a post changed
        from sitegen.markdown.shortcodes import OPEN  # noqa: PLC0415 - as above

        front = split(data, path)
        named = read_document_language(path, self.config.content, self.editions)
        engine, language = _text(front.values.get("markdown")), _text(front.values.get("language")) or named.language
        edition = self.editions.find(language.replace("_", "-"))
        shortcodes = self._shortcodes if self._shortcodes and OPEN in front.text else ""
        inputs = f"{self._rendering}{shortcodes}{engine!r}{language!r}\n{front.text}"
        fingerprint = fingerprints.of_bytes(inputs.encode("utf-8", "surrogatepass"))
        body = None
        problems: list[Problem] = []
        known = self.store.get("body", fingerprint, read_body) if self._has_bodies else None
        if known is not None:
            rendered = known
        else:
            try:
                renderer = self.renderer
                with self.recording():
                    rendered = body = renderer.render(
                        front.text, path=path, line=1, engine=engine or None, language=language
                    )
            except SiteError as error:
                problems += (_shift(item, front.line) if item.path == path else item for item in error.problems)
                rendered = Body("")
        try:
            post, warnings = read_post(
                front,
                path,
                edition.config,
                self.sources[edition.name],
                rendered.summary,
                document_type,
                named,
                edition.home,
            )
        except SiteError as error:
            raise SiteError([*problems, *error.problems]) from None
        if problems:
            raise SiteError(problems)
        if self.hooks.has("post"):
            post = self._hooked(post)
        references = tuple(Reference(item.target, item.line + front.line - 1) for item in rendered.references)
        parent_line = front.line_of("parent") if post.parent else 0
        translation_line = 0
        if post.translation_of or post.translation_key:
            translation_line = front.line_of("translation_of" if post.translation_of else "translation_key")
        aliases, images = find_aliases(front), rendered.images
        entry = Entry(
            post,
            fingerprint,
            references,
            warnings,
            rendered.words,
            aliases,
            parent_line,
            images,
            translation_line,
            find_key_lines(front, self.config, post),
        )
        return Parsed(entry, body, self._search_terms(post, rendered))

    def _search_terms(self, post: Post, body: Body) -> TermsByLevel | None:
        if not self.config.urls.search:
            return None
        from sitegen.search.ranking import document_of, terms_by_level  # noqa: PLC0415 - only if a post changed

        return terms_by_level(document_of(post, body.html))

    def _hooked(self, post: Post) -> Post:
        changed = _freeze_fields(self.hooks.post(post))
        misfit = find_misfit(changed)
        if misfit:
            hint = "return a Post whose fields have the types of `sitegen.pages.Post`, and plain values in `params`"
            raise SiteError([Problem("hooks.py", 0, f"post() returned a Post with {misfit}", hint)])
        return digest_post(changed)


def _freeze_fields(post: Post) -> Post:
    """Return a post of a hook with tuples for its lists and frozen dicts for its dicts, as other posts have them."""
    found = ((item.name, getattr(post, item.name)) for item in fields(post))
    changes = {name: freeze(value) for name, value in found if type(value) in (list, dict) or name == "params"}
    return replace(post, **changes)


def digest_post(post: Post) -> Post:
    """Return a post with its fingerprint updated."""
    values = tuple(getattr(post, item.name) for item in fields(post) if item.name != "digest")
    return replace(post, digest=fingerprints.of_value(values))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _shift(problem: Problem, line: int) -> Problem:
    return Problem(problem.path, problem.line + line - 1, problem.message, problem.hint, problem.excerpt)
