"""A code generator for Jinja that does less work for each printed value and evaluates nothing at compile time."""

import ast
from collections.abc import Callable, Iterator, MutableMapping, Sequence
from functools import lru_cache
from types import MethodType
from typing import Any

from jinja2 import Environment, Undefined, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.idtracking import VAR_LOAD_RESOLVE
from jinja2.runtime import Context
from markupsafe import Markup, escape

from sitegen.render.jinja.fast.macros import PlainMacro
from sitegen.render.jinja.pure_environment import CLOCKS, escape_text, refuse_functions

PRINT = "(text if (text_type := type(text := "
PRINTED = ")) is Markup else escape_text(text) if text_type is str else show(text))"
"""What encloses an expression that is printed: nearly all values are strings, which are escaped without `show`."""


class PrintingGenerator(CodeGenerator):
    """Generates `show(value)` where Jinja would escape, finalize and wrap each value that a template prints.

    Nothing is computed while a template is compiled, or the URL that a filter gives for a constant name
    would stay in the stored bytecode and outlive the config and the files that it was made from.
    """

    def write_commons(self) -> None:
        """Generate the start of a function of a template, for Jinja."""
        super().write_commons()
        self.writeline("resolve, show, escape_text = context.find, environment.show, environment.escape_text")

    def visit_Name(self, node: nodes.Name, frame: Frame) -> None:  # noqa: N802 - Jinja's name
        """Generate the access to a variable, for Jinja; one from the context is never missing, but may be undefined."""
        if node.ctx == "load":
            reference = frame.symbols.ref(node.name)
            load = frame.symbols.find_load(reference)
            if load is not None and load[0] == VAR_LOAD_RESOLVE:
                self.write(reference)
                return
        super().visit_Name(node, frame)

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802 - Jinja's name
        """Generate the access to an attribute, for Jinja; the environment handles missing attributes."""
        if node.attr in CLOCKS:
            super().visit_Getattr(node, frame)
            return
        is_name = isinstance(node.node, nodes.Name)
        self.write("(found if (found := getattr(" if is_name else "(found if (found := getattr(holder := ")
        self.visit(node.node, frame)
        self.write(f", {node.attr!r}, missing)) is not missing else environment.getattr(")
        if is_name:
            self.visit(node.node, frame)
        else:
            self.write("holder")
        self.write(f", {node.attr!r}))")

    def _output_child_to_const(self, node: nodes.Expr, frame: Frame, finalize: Any) -> str:
        if not isinstance(node, nodes.TemplateData):
            raise nodes.Impossible
        return super()._output_child_to_const(node, frame, finalize)

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write(PRINT)

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super()._output_child_post(node, frame, finalize)
        else:
            self.write(PRINTED)


class Parts(list[str]):
    """The output of a template or a block; Jinja closes it, because it expects a generator."""

    __slots__ = ()

    def close(self) -> None:
        """Do nothing."""


def gather_output(source: str) -> str:
    """Return the program that Jinja generated for a template, with functions that collect their output and return it.

    What is printed then takes one step to its page, and not one for each block and template around it. Each line keeps
    its number, because Jinja finds the line of an error in the template by that of the program.
    """
    lines = source.encode().split(b"\n")
    edits: list[tuple[int, int, int, bytes]] = []
    for function in ast.parse(source).body:
        if isinstance(function, ast.FunctionDef):
            first, end = function.body[0], function.end_lineno
            # Jinja begins each function with an assignment, and leaves a blank line after it.
            assert isinstance(first, ast.Assign)
            assert end is not None
            assert not lines[end]
            edits.append((first.lineno, first.col_offset, 0, b"parts = environment.parts(); "))
            lines[end] = b" " * first.col_offset + b"return parts"
            edits += _gather(function.body)
    for line, column, removed, added in sorted(edits, reverse=True):
        text = lines[line - 1]
        lines[line - 1] = text[:column] + added + text[column + removed :]
    return b"\n".join(lines).decode()


def _gather(statements: Sequence[ast.stmt]) -> Iterator[tuple[int, int, int, bytes]]:
    """Yield the changes by which statements append what they would yield to `parts`, consecutive output in one step.

    A change is the line (from 1), the column, the number of bytes to remove there, and those to insert.
    """
    yields = [isinstance(item, ast.Expr) and isinstance(item.value, ast.Yield) for item in statements]
    for number, statement in enumerate(statements):
        start = statement.lineno, statement.col_offset
        if yields[number]:
            assert statement.end_lineno is not None
            assert statement.end_col_offset is not None
            is_first = not number or not yields[number - 1]
            is_last = number + 1 == len(statements) or not yields[number + 1]
            yield (*start, len(b"yield"), b"parts += (" if is_first else b"")
            yield statement.end_lineno, statement.end_col_offset, 0, b",)" if is_last else b","
        elif isinstance(statement, ast.Expr) and isinstance(statement.value, ast.YieldFrom):
            yield (*start, len(b"yield from"), b"parts +=")
        elif not isinstance(statement, ast.FunctionDef):  # macros, loops and filters collect their own output
            for name in ("body", "orelse", "finalbody"):
                yield from _gather(getattr(statement, name, ()))
            for handler in getattr(statement, "handlers", ()):
                yield from _gather(handler.body)


class Names(dict[str, Any]):
    """The variables of a template by name."""

    __slots__ = ("undefined",)
    undefined: Callable[..., Undefined]

    def __missing__(self, name: str) -> Undefined:
        """Return the value of a variable that is not defined."""
        return _make_undefined(self.undefined, name)


@lru_cache(1024)
def _make_undefined(undefined: Callable[..., Undefined], name: str) -> Undefined:
    return undefined(name=name)


class CallingContext(Context):
    """Finds variables in one dict, and calls plain methods without the checks that Jinja makes for each callable.

    Jinja stores variables that a template sets apart from those that it is given, and asks for each name in both.
    """

    def __init__(
        self,
        environment: Environment,
        parent: dict[str, Any],
        name: str | None,
        blocks: dict[str, Callable[[Context], Iterator[str]]],
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 - Jinja's name
    ) -> None:
        super().__init__(environment, parent, name, blocks, globals)
        self.parent = self.vars = names = Names(parent)  # a copy, because included templates share `parent`
        names.undefined = environment.undefined
        self.find = names.__getitem__  # a method in C

    def get_all(self) -> dict[str, Any]:
        """Return all variables, for Jinja."""
        return self.vars

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
            return __obj.recall(__self.eval_ctx, args, kwargs)
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
        return escape_text(value)
    if value_type is Markup:
        return value  # type: ignore[no-any-return]  # a Markup is a str
    return escape(refuse_functions(value))
