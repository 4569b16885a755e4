"""What Jinja makes of a template, with less work for each value that is printed or looked up."""

from typing import Any

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import TemplateRuntimeError
from jinja2.runtime import Undefined
from markupsafe import Markup, escape


class PrintingGenerator(CodeGenerator):
    """Writes `show(value)` where Jinja would escape, finalize and wrap each value that a template prints."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.show(")

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super()._output_child_post(node, frame, finalize)
        else:
            self.write(")")


def show(value: Any) -> str:
    """Return a value as HTML: `markupsafe.escape`, without an object for each result.

    A function is a mistake, and would print its place in memory.
    """
    kind = type(value)
    if kind is str:
        if "&" in value:
            value = value.replace("&", "&amp;")
        if "<" in value:
            value = value.replace("<", "&lt;")
        if ">" in value:
            value = value.replace(">", "&gt;")
        if '"' in value:
            value = value.replace('"', "&#34;")
        return value.replace("'", "&#39;") if "'" in value else value  # type: ignore[no-any-return]  # a str as above
    if kind is Markup:
        return value  # type: ignore[no-any-return]  # a Markup is a str
    return escape(refuse_functions(value))


def refuse_functions(value: Any) -> Any:
    """Return a value to print; raise TemplateRuntimeError if it is a function."""
    if callable(value) and not isinstance(value, Undefined):
        raise TemplateRuntimeError(f"a function is printed: call it, or name its value ({value!r:.40})")
    return value
