"""What Jinja makes of a template: with nothing worked out before there is a page, and with less work for each value."""

from types import MethodType
from typing import Any

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import TemplateRuntimeError
from jinja2.runtime import Context, Undefined
from markupsafe import Markup, escape

from sitegen.macros import PlainMacro


class PrintingGenerator(CodeGenerator):
    """Writes `show(value)` where Jinja would escape, finalize and wrap each value that a template prints.

    Nothing is worked out while a template is compiled, or the URL that a filter gives for a constant name
    would stay in the stored bytecode and outlive the config and the files that it was made from.
    """

    def _output_child_to_const(self, node: nodes.Expr, frame: Frame, finalize: Any) -> str:
        if not isinstance(node, nodes.TemplateData):
            raise nodes.Impossible
        return super()._output_child_to_const(node, frame, finalize)

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


class CallingContext(Context):
    """Calls a plain method straight away, without asking what Jinja asks of each callable."""

    def call(__self, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805 - Jinja's, so that `self` may be an argument
        """Call something from a template, for Jinja."""
        if type(__obj) is MethodType and not hasattr(__obj, "jinja_pass_arg"):
            if kwargs:  # what Jinja passes for those of its own that ask for it
                kwargs.pop("_loop_vars", None)
                kwargs.pop("_block_vars", None)
            return __obj(*args, **kwargs)
        if type(__obj) is PlainMacro:
            kwargs.pop("_loop_vars", None)
            kwargs.pop("_block_vars", None)
            return __obj(__self.eval_ctx, *args, **kwargs)
        return super().call(__obj, *args, **kwargs)


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
        name = getattr(value, "__name__", type(value).__name__)
        raise TemplateRuntimeError(f"the function {name}() is printed: call it, or name a value")
    return value
