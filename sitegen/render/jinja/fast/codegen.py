"""A code generator for Jinja that does less work for each printed value and evaluates nothing at compile time."""

import ast
from collections.abc import Callable
from functools import lru_cache
from types import CodeType, MethodType
from typing import Any

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Context
from markupsafe import Markup, escape

from sitegen.render.jinja.fast.macros import PlainMacro
from sitegen.render.jinja.pure_environment import CLOCKS, refuse_functions


class PrintingGenerator(CodeGenerator):
    """Generates `show(value)` where Jinja would escape, finalize and wrap each value that a template prints.

    Nothing is worked out while a template is compiled, or the URL that a filter gives for a constant name
    would stay in the stored bytecode and outlive the config and the files that it was made from.
    """

    def write_commons(self) -> None:
        """Generate the start of a function of a template, for Jinja."""
        super().write_commons()
        self.writeline("show = environment.show")

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802 - Jinja's name
        """Generate the access to an attribute, for Jinja; the environment handles missing attributes."""
        if node.attr in CLOCKS:
            super().visit_Getattr(node, frame)
            return
        self.write("(found if (found := getattr(holder := ")
        self.visit(node.node, frame)
        self.write(f", {node.attr!r}, missing)) is not missing else environment.getattr(holder, {node.attr!r}))")

    def _output_child_to_const(self, node: nodes.Expr, frame: Frame, finalize: Any) -> str:
        if not isinstance(node, nodes.TemplateData):
            raise nodes.Impossible
        return super()._output_child_to_const(node, frame, finalize)

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("show(")

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super()._output_child_post(node, frame, finalize)
        else:
            self.write(")")


class Parts(list[str]):
    """The output of a template or a block; Jinja closes it, because it expects a generator."""

    def close(self) -> None:
        """Do nothing."""


class Gathering(ast.NodeTransformer):
    """Converts a function that yields its output into one that returns it as a whole.

    What is printed then takes one step to its page, and not one for each block and template around it.
    """

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        """Leave nested functions unchanged: macros, loops and filters collect their own output."""
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.stmt:
        """Append a yielded value to the parts."""
        match node.value:
            case ast.Yield(ast.expr() as value):
                value = ast.Tuple([value], ast.Load())
            case ast.YieldFrom(value):
                pass
            case _:
                return node
        added = ast.AugAssign(ast.Name("parts", ast.Store()), ast.Add(), value)
        return ast.fix_missing_locations(ast.copy_location(added, node))

    def generic_visit(self, node: ast.AST) -> ast.AST:
        """Visit the children of a node, and append consecutive output in one step."""
        super().generic_visit(node)
        for name in ("body", "orelse"):
            statements = getattr(node, name, None)
            if isinstance(statements, list):  # the bodies of expressions are not lists
                setattr(node, name, _join(statements))
        return node


def _join(statements: list[ast.stmt]) -> list[ast.stmt]:
    joined: list[ast.stmt] = []
    for statement in statements:
        match joined[-1:], statement:
            case [ast.AugAssign(value=ast.Tuple(parts))], ast.AugAssign(value=ast.Tuple(more)):
                parts.extend(more)
            case _:
                joined.append(statement)
    return joined


def compile_gathering(source: str, filename: str) -> CodeType:
    """Return the code that Jinja generated for a template, with functions that collect their output."""
    module = ast.parse(source, filename)
    begin, end = ast.parse("parts = environment.parts()").body[0], ast.Return(ast.Name("parts", ast.Load()))
    for function in module.body:
        if isinstance(function, ast.FunctionDef):
            Gathering().generic_visit(function)
            function.body = [begin, *function.body, end]
    return compile(ast.fix_missing_locations(module), filename, "exec")


class CallingContext(Context):
    """Calls plain methods directly, without the checks that Jinja makes for each callable."""

    def call(__self, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805 - Jinja's, so that `self` may be an argument
        """Call something from a template, for Jinja."""
        if type(__obj) is MethodType and not _is_passed_more(__obj.__func__):
            if kwargs:  # arguments that Jinja passes to its own functions
                kwargs.pop("_loop_vars", None)
                kwargs.pop("_block_vars", None)
            return __obj(*args, **kwargs)
        if type(__obj) is PlainMacro:
            kwargs.pop("_loop_vars", None)
            kwargs.pop("_block_vars", None)
            return __obj(__self.eval_ctx, *args, **kwargs)
        return super().call(__obj, *args, **kwargs)


@lru_cache(1024)
def _is_passed_more(function: Callable[..., Any]) -> bool:
    """Return whether Jinja passes its context to a function, cached because failed attribute lookups are slow."""
    return hasattr(function, "jinja_pass_arg")


def show(value: Any) -> str:
    """Return a value as HTML: `markupsafe.escape`, without an object for each result.

    A function is a mistake, and would print its memory address.
    """
    value_type = type(value)
    if value_type is str:
        if "&" in value:
            value = value.replace("&", "&amp;")
        if "<" in value:
            value = value.replace("<", "&lt;")
        if ">" in value:
            value = value.replace(">", "&gt;")
        if '"' in value:
            value = value.replace('"', "&#34;")
        return value.replace("'", "&#39;") if "'" in value else value  # type: ignore[no-any-return]  # a str as above
    if value_type is Markup:
        return value  # type: ignore[no-any-return]  # a Markup is a str
    return escape(refuse_functions(value))
