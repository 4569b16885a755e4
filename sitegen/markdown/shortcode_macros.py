"""The shortcodes of a site: Jinja macros in `templates/shortcodes/`, each in a file of its name."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import DictLoader, Environment, StrictUndefined, TemplateError, TemplateSyntaxError, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from sitegen.config.shortcodes import ENDING
from sitegen.errors import Problem, SiteError, naming
from sitegen.markdown.shortcodes import ShortcodeCall

_GLOBALS = ("range", "dict", "namespace")
"""The functions of Jinja that a macro can use: the others are random, or show where they are in memory."""


def load_macros(files: Mapping[str, Path], folder: str, mapping: Mapping[str, str]) -> "SiteMacros":
    """Return the macros of some files; raise SiteError with all files that are not valid.

    `folder` is the name of their folder, for problems. `mapping` names the macro for other names of shortcodes, and ""
    for those that show nothing.
    """
    sources, problems = {}, []
    for name, path in files.items():
        with naming(path):
            data = path.read_bytes()
        try:
            sources[name + ENDING] = data.decode()
        except UnicodeDecodeError:
            problems.append(Problem(f"{folder}/{path.name}", 0, "the file is not UTF-8", "save it in UTF-8"))
    environment = Environment(
        loader=DictLoader(sources), autoescape=True, undefined=StrictUndefined, finalize=_refuse_functions,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.globals = {name: environment.globals[name] for name in _GLOBALS}
    del environment.filters["random"]
    macros: dict[str, Any] = {}
    for name in files.keys() if not problems else ():
        file, wanted = f"{folder}/{name}{ENDING}", name.replace("-", "_")
        try:
            macros[name] = getattr(environment.get_template(name + ENDING).module, wanted)
        except TemplateSyntaxError as error:
            line = error.lineno if error.name == name + ENDING else 0
            hint = "see the documentation of Jinja's macros"
            problems.append(Problem(file, line, f"the shortcode has an error: {error.message}", hint))
        except (TemplateError, TypeError) as error:
            problems.append(
                Problem(file, 0, f"the shortcode has an error: {error}", "define a macro, and nothing else")
            )
        except AttributeError:
            hint = f"begin it with {{% macro {wanted}(…) %}}"
            problems.append(Problem(file, 0, f"the file defines no macro `{wanted}`", hint))
    if problems:
        raise SiteError(problems)
    return SiteMacros(macros | {name: macros.get(target) for name, target in mapping.items()})


class SiteMacros:
    """The macros of a site by the names of their shortcodes; None for those that show nothing."""

    def __init__(self, macros: Mapping[str, Any]) -> None:
        self._macros = macros
        self.names = tuple(macros)

    def render(self, call: ShortcodeCall, content: str | None) -> str:
        """Return the HTML of a call, given that of its body. Raises ValueError with what is wrong with the call."""
        macro = self._macros[call.name]
        if macro is None:
            return content or ""
        body = {} if content is None else {"content": Markup(content)}  # noqa: S704 - the post's own HTML is trusted
        try:
            return str(macro(*call.positional, **call.named, **body)).strip()
        except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as error:
            raise ValueError(str(error)) from error


@pass_context  # or Jinja prints what is constant without asking
def _refuse_functions(_: Context, value: Any) -> Any:
    """Return a value that is printed; raise TypeError for a function, which would show where it is in memory."""
    if callable(value) and not isinstance(value, StrictUndefined | type):
        raise TypeError("a function cannot be printed: call it")
    return value
