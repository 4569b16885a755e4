"""The Jinja environment: templates, their dependencies, and filters."""

import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from jinja2 import (
    BaseLoader,
    Environment,
    StrictUndefined,
    Template,
    TemplateNotFound,
    TemplateSyntaxError,
    pass_environment,
)
from msgspec.msgpack import Decoder

from sitegen.cache.store import Store
from sitegen.errors import did_you_mean, naming
from sitegen.render.jinja import precompiled
from sitegen.render.jinja.fast import choose_class
from sitegen.render.jinja.macro_cache import find_plain
from sitegen.render.jinja.precompiled import PrecompiledTemplates
from sitegen.render.jinja.pure_environment import PureEnvironment, finalize
from sitegen.render.jinja.template_cache import TemplateCache
from sitegen.system import fingerprints

UNSAFE_FILTERS = ("random",)
UNSAFE_GLOBALS = ("lipsum",)

PARSED_TEMPLATES = 256
"""The number of template sources whose macros a process caches: parsing one takes up to 20 ms."""

_REFERENCE = re.compile(
    r"""\{%[-+]?\s*+(?:extends|include|import|from)\b
    (?:\s*+(?:"([^"\\]*+)"|'([^'\\]*+)')\s*+(?=[-+]?%\}|(?:import|as|ignore|with|without)\b))?""",
    re.VERBOSE,
)
"""A statement that refers to a template, with its name if that is a plain string and not part of an expression."""

_read_plain = Decoder(tuple[tuple[str, ...], bool]).decode


class TemplateLoader(BaseLoader):
    """Loads templates from the scanned files, those of the site before those of the theme."""

    def __init__(self, paths: Mapping[str, Path], precompiled: PrecompiledTemplates) -> None:
        self.paths, self.precompiled = paths, precompiled

    def load(self, environment: Environment, name: str, globals: Any = None) -> Template:  # noqa: A002 - Jinja's name
        """Return a template for Jinja: from its precompiled module, from the cache, or compiled from its source."""
        code = self.precompiled.load(name, str(self.paths[name]), environment) if name in self.paths else None
        if code is None:
            return super().load(environment, name, globals)
        return environment.template_class.from_code(environment, code, globals or {}, lambda: True)

    def get_source(self, _: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """Return a template's text and file, for Jinja."""
        if template not in self.paths:
            raise TemplateNotFound(template, did_you_mean(template, self.paths))
        path = self.paths[template]
        try:
            with naming(path):
                text = path.read_text("utf-8-sig")
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            raise TemplateSyntaxError("the file is not UTF-8", line, template, str(path)) from None
        return text, str(path), lambda: True

    def list_templates(self) -> list[str]:
        """Return the names of all templates, for Jinja."""
        return sorted(self.paths)


def attribute_of(environment: Environment, value: Any, name: str) -> Any:
    """Return an attribute by a computed name, under the rules of the dot."""
    return environment.getattr(value, name)


class TemplateSet:
    """Holds the Jinja environment of one site, and the fingerprints of its templates.

    `digests` are the fingerprints of the template files by name. `cache` is the user's folder for compiled
    templates; without one they are compiled in each process.
    """

    def __init__(self, paths: Mapping[str, Path], digests: Mapping[str, str], store: Store, cache: Path | None) -> None:
        self.paths, self.digests = paths, digests
        self.store = store
        self._precompiled = PrecompiledTemplates(precompiled.FOLDER, digests)
        self.environment = make_environment(
            loader=TemplateLoader(paths, self._precompiled),
            bytecode_cache=TemplateCache(cache, fingerprints.of_code()) if cache else None,
        )
        self.environment.reads = set()
        self.environment.plain_macros = self._plain_macros_of
        self.environment.filters["attr"] = pass_environment(attribute_of)
        self._closures: dict[str, bytes] = {}
        self._references: dict[str, tuple[str, ...] | None] = {}
        self._plain: dict[str, tuple[tuple[str, ...], bool]] = {}

    def closure(self, name: str) -> bytes:
        """Return the fingerprint of a template with all that it extends, includes and imports.

        A name that is computed during rendering may be that of any template, so it counts as all of them.
        """
        if name not in self._closures:
            reached = self._reach(name)
            names = sorted(self.digests) if reached is None else sorted(reached)
            self._closures[name] = fingerprints.short(repr([(item, self.digests.get(item)) for item in names]))
        return self._closures[name]

    def _reach(self, name: str) -> set[str] | None:
        reached: set[str] = set()
        pending = [name]
        while pending:
            current = pending.pop()
            if current in reached:
                continue
            reached.add(current)
            if current in self.digests:
                references = self._references_of(current)
                if references is None:
                    return None
                pending += references
        return reached

    def _references_of(self, name: str) -> tuple[str, ...] | None:
        """Return the templates that a template refers to, None if it computes a name."""
        if known := self._precompiled.find(name):
            return known.references
        if name not in self._references:
            try:
                self._references[name] = find_references(self._read(name))
            except TemplateSyntaxError:
                self._references[name] = ()  # rendering with the template reports the error
        return self._references[name]

    def _plain_macros_of(self, name: str) -> tuple[tuple[str, ...], bool]:
        """Return the names of a template's plain macros, and whether it contains nothing else."""
        if known := self._precompiled.find(name):
            return known.plain_macros, known.is_plain
        if name not in self._plain:
            fact = f"plain {fingerprints.of_code()[:8]} {self.digests.get(name)}"
            cached = self.store.get("fact", fact, _read_plain)
            if cached is None:
                cached = _find_plain(self._read(name), frozenset(self.environment.filters))
                self.store.put("fact", [(fact, cached)])
            self._plain[name] = cached
        return self._plain[name]

    def _read(self, name: str) -> str:
        """Return a template's source."""
        assert self.environment.loader is not None
        return self.environment.loader.get_source(self.environment, name)[0]


def make_environment(**options: Any) -> PureEnvironment:
    """Return an environment with the settings that all templates are compiled with."""
    environment = choose_class()(
        autoescape=_escapes,
        undefined=StrictUndefined,
        auto_reload=False,
        cache_size=-1,
        optimized=False,
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"],
        **options,
    )
    for name in UNSAFE_FILTERS:
        del environment.filters[name]
    for name in UNSAFE_GLOBALS:
        del environment.globals[name]
    return environment


def find_references(source: str) -> tuple[str, ...] | None:
    """Return the sorted names of the templates that a source refers to; None if one of them is not a plain string.

    Those in comments and in raw text count too. Jinja would parse the whole template to find the others.
    """
    found = {double or single for double, single in _REFERENCE.findall(source)}
    return None if "" in found else tuple(sorted(found))


@lru_cache(PARSED_TEMPLATES)
def _find_plain(source: str, filters: frozenset[str]) -> tuple[tuple[str, ...], bool]:
    """Return the names of the plain macros of a source that may use these filters, and if it holds nothing else."""
    environment = make_environment()
    environment.filters.update(dict.fromkeys(filters, str))  # Jinja only checks which ones exist
    return find_plain(environment.parse(source), environment)


@cache
def _escapes(name: str | None) -> bool:
    return name is None or not re.search(r"\.(txt|md|css|js)$", name)
