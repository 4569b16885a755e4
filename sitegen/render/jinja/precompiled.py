"""The templates of the default theme as Python modules, which are generated when the package is built.

Installers compile these modules and Python caches them, as all others, so that a first build compiles no template.
"""

from collections.abc import Mapping
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType
from typing import Any

from jinja2 import Environment
from msgspec import DecodeError, Struct
from msgspec.json import decode

from sitegen.render.jinja.template_cache import describe_call
from sitegen.system import fingerprints
from sitegen.system.libraries import installed_version

PACKAGE = "precompiled_theme"
FOLDER = fingerprints.PACKAGE / PACKAGE
"""In a checkout this folder does not exist: templates are then compiled, and cached in the user's own folder."""

INDEX = "index.json"


class PrecompiledTemplate(Struct, frozen=True):
    """A template as a Python module: the fingerprint of its source, the name of the module, and what is known of it.

    `filters` and `tests` are those that it uses, each with what Jinja passes to it beside its arguments, because the
    module depends on that. `references` are the templates that it refers to, None if it computes a name;
    `plain_macros` and `is_plain` are what `find_plain` returns.
    """

    digest: str
    module: str
    filters: Mapping[str, str]
    tests: Mapping[str, str]
    references: tuple[str, ...] | None
    plain_macros: tuple[str, ...]
    is_plain: bool


class Index(Struct, frozen=True):
    """The precompiled templates by name, and the version of everything that they were generated with."""

    version: str
    templates: Mapping[str, PrecompiledTemplate]


class PrecompiledTemplates:
    """Finds the module of a template in a folder. It has none if the template or what generates modules has changed.

    `digests` are the fingerprints of the site's templates by name.
    """

    def __init__(self, folder: Path, digests: Mapping[str, str]) -> None:
        self._folder = folder
        index = _read_index(folder)
        self._known = {name: item for name, item in index.templates.items() if digests.get(name) == item.digest}

    def find(self, name: str) -> PrecompiledTemplate | None:
        """Return what is known of a template."""
        return self._known.get(name)

    def load(self, name: str, filename: str, environment: Environment) -> CodeType | None:
        """Return the code of a template, whose file is `filename`; None if it must be compiled."""
        known = self._known.get(name)
        if known is None or not (
            _describe_all(environment.filters, known.filters) == known.filters
            and _describe_all(environment.tests, known.tests) == known.tests
        ):
            return None
        module = f"sitegen.{PACKAGE}.{known.module}"
        try:
            code = SourceFileLoader(module, str(self._folder / f"{known.module}.py")).get_code(module)
        except FileNotFoundError:
            return None
        return code.replace(co_filename=filename) if code else None


def find_version() -> str:
    """Return the fingerprint of what modules of templates are generated with: our code for templates, and Jinja.

    The module itself is the same for all versions of Python, each of which compiles it for itself.
    """
    package = __name__.rpartition(".")[0]
    own = {name: source for name, source in fingerprints.code_modules().items() if name.startswith(package)}
    return fingerprints.of_value(
        (tuple(own), fingerprints.of_bytes(b"".join(own.values())), installed_version("jinja2"))
    )


def _describe_all(functions: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, str]:
    return {name: describe_call(functions[name]) for name in names if name in functions}


def _read_index(folder: Path) -> Index:
    try:
        index = decode((folder / INDEX).read_bytes(), type=Index)
    except (FileNotFoundError, DecodeError):
        return Index("", {})
    return index if index.version == find_version() else Index("", {})
