"""A Jinja environment with reproducible output that uses only Jinja's documented interface."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from types import CodeType
from typing import Any

import markupsafe
from jinja2 import Environment, Template, TemplateRuntimeError, TemplateSyntaxError, Undefined, nodes, pass_context
from jinja2.runtime import Context
from markupsafe import escape

CLOCKS = frozenset(["now", "today", "utcnow", "astimezone", "fromtimestamp"])
"""Attributes that read the clock or the machine's time zone, on some values."""

escape_text: Callable[[str], str] = getattr(markupsafe, "_escape_inner", None) or (lambda text: str(escape(text)))
"""Escapes a string for HTML. MarkupSafe's function in C, which it has from 3.0 on, makes no object for each result."""


class PureEnvironment(Environment):
    """An environment with reproducible output that uses only Jinja's documented interface.

    `reads` are the names of what the page that is being rendered has read so far, beside itself; `plain_macros`
    returns for the name of a template which of its macros depend on their arguments alone, and whether it contains
    nothing else.
    """

    reads: set[str]
    plain_macros: Callable[[str], tuple[tuple[str, ...], bool]]

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._programs: dict[str, CodeType] = {}

    def get_template(self, name: Any, parent: str | None = None, globals: Any = None) -> Template:  # noqa: A002 - Jinja's name
        """Return a new template: Jinja stores the state of an imported one in it, and each page needs its own."""
        if isinstance(name, Template):
            return name
        if parent is not None:
            name = self.join_path(name, parent)
        if name not in self._programs:
            if self.loader is None:
                raise TypeError("no loader for this environment specified")
            source, filename, _ = self.loader.get_source(self, name)
            self._programs[name] = self.compile(source, name, filename)
        return self.template_class.from_code(self, self._programs[name], self.make_globals(globals))

    def parse(self, source: str, name: str | None = None, filename: str | None = None) -> nodes.Template:
        """Return a template's nodes. Raises TemplateSyntaxError if it is too deep for Jinja's recursive parser."""
        with _limit_depth(name, filename):
            return super().parse(source, name, filename)

    def compile(self, source: Any, name: Any = None, filename: Any = None, *more: Any, **named: Any) -> Any:
        """Return a template's code. Raises TemplateSyntaxError as `parse` does."""
        with _limit_depth(name, filename):
            return super().compile(source, name, filename, *more, **named)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return an attribute or item, but none that reads the clock or the machine's time zone.

        Jinja's own method in one step less, since a page asks a hundred times.
        """
        if attribute in CLOCKS and (isinstance(obj, date) or obj in (date, datetime)):
            message = f"{attribute} depends on the moment or the machine: a page must come out the same each time"
            raise TemplateRuntimeError(message)
        try:
            return getattr(obj, attribute)
        except AttributeError:
            try:
                return obj[attribute]
            except (TypeError, LookupError, AttributeError):
                return self.undefined(obj=obj, name=attribute)


@contextmanager
def _limit_depth(name: str | None, filename: str | None) -> Iterator[None]:
    try:
        yield
    except RecursionError:
        raise TemplateSyntaxError("it is nested too deep", 1, name, filename) from None


def refuse_functions(value: Any) -> Any:
    """Return a value to print. Raises TemplateRuntimeError for a function, which would print its memory address."""
    if callable(value) and not isinstance(value, Undefined):
        name = getattr(value, "__name__", type(value).__name__)
        raise TemplateRuntimeError(f"the function {name}() is printed: call it, or name a value")
    return value


@pass_context
def finalize(_: Context, value: Any) -> Any:
    """Return a value to print, for Jinja.

    Jinja calls a function that takes the context only while a page is rendered. It would call any other one while a
    template is compiled, and the URL that a filter returns for a constant would outlive the files it came from.
    """
    return refuse_functions(value)
