"""The Jinja environment with the fast code generator, and macros that are rendered once for all pages."""

from types import CodeType
from typing import Any

from jinja2 import Environment, Template

from sitegen.render.jinja.fast.codegen import (
    CallingContext,
    Parts,
    PrintingGenerator,
    gather_output,
    show,
)
from sitegen.render.jinja.fast.macros import Results, remember
from sitegen.render.jinja.pure_environment import PureEnvironment, escape_text, refuse_functions


class FastTemplate(Template):
    """A template whose imports are executed again for each page: Jinja would reuse the state of the first page.

    One that contains only plain macros has no such state, and is run once.
    """

    environment: "FastEnvironment"
    _results: Results

    @classmethod
    def _from_namespace(cls, environment: Environment, namespace: Any, globals: Any) -> Any:  # noqa: A002 - Jinja's name
        template: Any = super()._from_namespace(environment, namespace, globals)
        template.globals = dict(template.globals)  # each page copies it, and a ChainMap is copied key by key
        template._results = Results()
        return template

    def _get_default_module(self, ctx: Any = None) -> Any:  # noqa: ARG002 - Jinja passes it
        if self.name is None:
            return self.make_module()
        module = self._module
        if module is None:
            names, is_whole = self.environment.plain_macros(self.name)
            module = self.make_module()
            remember(module, names, self._results, self.environment.reads)
            if is_whole:
                self._module = module
        return module


class FastEnvironment(PureEnvironment):
    """The fast environment: templates are cached, and their output is collected instead of yielded."""

    template_class = FastTemplate
    code_generator_class = PrintingGenerator
    context_class = CallingContext
    show, escape_text, parts = staticmethod(show), staticmethod(escape_text), Parts

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        if self.finalize is not None:
            self.finalize = refuse_functions  # the code generator leaves constants alone
        self._known: dict[str, Template] = {}

    def get_template(self, name: Any, parent: str | None = None, globals: Any = None) -> Template:  # noqa: A002 - Jinja's name
        """Return a template, for Jinja: pages that extend the same template share it."""
        if name not in self._known:
            # PureEnvironment is for templates that are not cached.
            self._known[name] = Environment.get_template(self, name, parent, globals)
        return self._known[name]

    def _compile(self, source: str, filename: str) -> CodeType:
        """Return a template's code, for Jinja."""
        return compile(gather_output(source), filename, "exec")
