"""Collects the regular expressions of the package, and makes strings that are hard for each of them."""

import ast
import builtins
import importlib
import math
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from re import _constants as code
from re import _parser as parser
from typing import Any

from sitegen.formats.lazy_regex import LazyPattern
from sitegen.system.limits import TimeUpError, limit
from tests.support.processor_time import measure_seconds

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "sitegen"
ANCHORED = frozenset({"match", "fullmatch"})
SCANNING = frozenset({"search", "sub", "subn", "split", "findall", "finditer", "scanner"})
METHODS = ANCHORED | SCANNING
LENGTHS = (300, 1_200, 4_800, 19_200)
NOTABLE_SECONDS = 0.0004
"""Shorter times at the third length cannot be distinguished from linear ones, and do no harm."""
SLOW_SECONDS = 0.02
ROUNDS, ROUNDS_SECONDS = 20, 2
GROWTH = 8.0
"""A linear expression takes four times as long for four times the length, a quadratic one sixteen times."""

UNBOUNDED = 64
"""A repetition that may occur more often than this counts as one without end."""

FLAGS_POSITION = {"compile": 1, "split": 3, "sub": 4, "subn": 4}
"""Where functions of `re` have the flags, if not behind the pattern and the string."""

CANDIDATES = "a0 -_<>\"'&;/=.,:#!?()[]{}|*+~`^%$@\\\n\t\r\0Aeé一"


@dataclass(frozen=True, slots=True)
class Expression:
    """A regular expression of the package, where it is written, and the methods by which it is used."""

    locations: tuple[str, ...]
    pattern: re.Pattern[Any]
    methods: frozenset[str]


def read_modules() -> Iterator[tuple[str, ast.Module, Mapping[str, Any]]]:
    """Yield the path, the syntax tree and the namespace of each module of the package."""
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__")
        if name.endswith("__main__"):
            continue
        tree = ast.parse(path.read_text("utf-8"))
        yield path.relative_to(ROOT).as_posix(), tree, vars(importlib.import_module(name))


def collect(local: Mapping[str, Sequence[re.Pattern[Any]]]) -> tuple[list[Expression], list[str]]:
    """Return every regular expression of the package, and the locations of those that could not be compiled.

    `local` has examples of those that a function makes from its arguments, by file and function.
    """
    modules = list(read_modules())
    locations: dict[tuple[Any, int], dict[str, None]] = {}
    used: dict[tuple[Any, int], set[str]] = {}
    unknown: list[str] = []
    for path, tree, names in modules:
        for function, node in _walk(tree):
            if isinstance(node, ast.Call) and _is_re(node.func):
                found = _make(node, names)
                if found is None:
                    key = f"{path}:{function}"
                    examples = local.get(key)
                    if examples is None and function:
                        unknown.append(f"{path}:{node.lineno} in {function}")
                    for example in examples or ():
                        locations.setdefault(_key(example), {})[key] = None
                        used.setdefault(_key(example), set()).update(_direct(node))
                    continue
                locations.setdefault(_key(found), {})[f"{path}:{node.lineno}"] = None
                used.setdefault(_key(found), set()).update(_direct(node))
            elif isinstance(node, ast.Attribute) and node.attr in METHODS:
                found = _evaluate(node.value, names)
                if isinstance(found, re.Pattern | LazyPattern):
                    used.setdefault(_key(found), set()).add(node.attr)
        for found in _in_containers(names):
            locations.setdefault(_key(found), {path: None})
            used.setdefault(_key(found), set())
    return [
        Expression(tuple(found), re.compile(*key), frozenset(used[key]) or METHODS) for key, found in locations.items()
    ], unknown


def _in_containers(names: Mapping[str, Any]) -> Iterator[re.Pattern[Any]]:
    """Yield the expressions in the tables of a module, which a comprehension may have made."""
    for value in names.values():
        rows = value.values() if isinstance(value, dict) else value if isinstance(value, tuple | list) else ()
        for row in rows:
            yield from (
                one for one in (row if isinstance(row, tuple) else (row,)) if isinstance(one, re.Pattern | LazyPattern)
            )


def _walk(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    """Yield each node with the name of the function or class around it, "" at the top of the module."""
    stack: list[tuple[str, ast.AST]] = [("", tree)]
    while stack:
        name, node = stack.pop()
        yield name, node
        inner = name
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            inner = f"{name}.{node.name}" if name else node.name
        stack += [(inner, child) for child in ast.iter_child_nodes(node)]


def _is_re(function: ast.expr) -> bool:
    return (
        isinstance(function, ast.Attribute)
        and isinstance(function.value, ast.Name)
        and function.value.id in ("re", "lazy_regex")
        and function.attr in METHODS | {"compile"}
    )


def _direct(node: ast.Call) -> set[str]:
    assert isinstance(node.func, ast.Attribute)
    return {node.func.attr} & METHODS


def _make(node: ast.Call, names: Mapping[str, Any]) -> re.Pattern[Any] | None:
    assert isinstance(node.func, ast.Attribute)
    first = _evaluate(node.args[0], names)
    flags: list[ast.expr] = [item.value for item in node.keywords if item.arg == "flags"]
    position = FLAGS_POSITION.get(node.func.attr, 2)
    flags += node.args[position : position + 1]
    value = _evaluate(flags[0], names) if flags else 0
    if isinstance(first, re.Pattern | LazyPattern):
        return re.compile(first.pattern, first.flags)
    return re.compile(first, value) if isinstance(first, str | bytes) and value is not None else None


def _evaluate(node: ast.expr, names: Mapping[str, Any]) -> Any:
    """Return the value of an expression of a module, None if it depends on what a function was given."""
    if isinstance(node, ast.Call) and not _is_re(node.func) and not _is_pure(node.func):
        return None
    try:
        return eval(compile(ast.Expression(node), "", "eval"), dict(names))
    except Exception:  # noqa: BLE001 - unknown names of arguments, and their consequences
        return None


def _is_pure(function: ast.expr) -> bool:
    """Return whether a call only makes a value: `join`, `escape`, or one of Python's own functions."""
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name in {"join", "escape", "format", "sorted", "encode"} or hasattr(builtins, name)


def _key(pattern: re.Pattern[Any]) -> tuple[Any, int]:
    flags = pattern.flags & ~re.UNICODE if isinstance(pattern.pattern, str) else pattern.flags
    return pattern.pattern, flags


def attacks(pattern: re.Pattern[Any], length: int) -> list[Any]:
    """Return strings of about this length that make an expression go back as often as it can."""
    text = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    flags = pattern.flags & (re.IGNORECASE | re.MULTILINE | re.DOTALL | re.VERBOSE | re.ASCII)
    tree = list(parser.parse(text, flags))
    made: list[str] = []
    pairs = dict.fromkeys(_pumps(tree, ""))
    letters = dict.fromkeys(character for _, pump in pairs for character in pump)
    units = [("", unit) for unit in dict.fromkeys([*_starts(tree), *letters])]
    for prefix, pump in dict.fromkeys([*pairs, *units]):
        if pump:
            body = prefix + pump * ((length - len(prefix)) // len(pump) or 1)
            for tail in ("", "\0", "\n\0"):
                made.append(body + tail)
    if isinstance(pattern.pattern, bytes):
        return [one.encode("latin-1", "replace") for one in made]
    return made


def _pumps(nodes: Sequence[Any], before: str) -> Iterator[tuple[str, str]]:
    """Yield what must come before each repetition without end, and strings that it can repeat."""
    for operator, value in nodes:
        if operator in (code.MAX_REPEAT, code.MIN_REPEAT, code.POSSESSIVE_REPEAT):
            _, most, inner = value
            if most > UNBOUNDED:
                for unit in _variants(inner):
                    yield before, unit
                    yield "", before + unit
            yield from _pumps(inner, before)
        elif operator is code.SUBPATTERN:
            yield from _pumps(value[3], before)
        elif operator is code.ATOMIC_GROUP:
            yield from _pumps(value, before)
        elif operator is code.BRANCH:
            for branch in value[1]:
                yield from _pumps(branch, before)
        elif operator in (code.ASSERT, code.ASSERT_NOT):
            yield from _pumps(value[1], before)
        before += _shortest([(operator, value)])


def _starts(nodes: Sequence[Any]) -> Iterator[str]:
    """Yield the shortest strings that the first parts of an expression match."""
    for count in range(1, len(nodes) + 1):
        yield _shortest(nodes[:count])


def _variants(nodes: Sequence[Any]) -> list[str]:
    """Return some short strings that a part matches: one for each type of character and branch that it begins with."""
    if len(nodes) == 1 and nodes[0][0] is code.IN:
        return _members(nodes[0][1])[:6]
    if len(nodes) == 1 and nodes[0][0] is code.BRANCH:
        return [unit for branch in nodes[0][1][1] for unit in _variants(branch)[:2]][:12]
    if len(nodes) == 1 and nodes[0][0] is code.SUBPATTERN:
        return _variants(nodes[0][1][3])
    if len(nodes) == 1 and nodes[0][0] in (code.ANY, code.NOT_LITERAL):
        return ["a", " ", "<", "\n", "0"]
    return [_shortest(nodes), _shortest(nodes, 1)]


def _shortest(nodes: Sequence[Any], least: int = 0) -> str:
    """Return the shortest string that a part matches, with every repetition at least so often."""
    text = ""
    for operator, value in nodes:
        if operator is code.LITERAL:
            text += chr(value)
        elif operator is code.NOT_LITERAL:
            text += next(sign for sign in CANDIDATES if ord(sign) != value)
        elif operator is code.ANY:
            text += "a"
        elif operator is code.IN:
            text += (_members(value) or ["a"])[0]
        elif operator in (code.MAX_REPEAT, code.MIN_REPEAT, code.POSSESSIVE_REPEAT):
            text += _shortest(value[2], least) * min(max(value[0], least), value[1])
        elif operator is code.SUBPATTERN:
            text += _shortest(value[3], least)
        elif operator is code.ATOMIC_GROUP:
            text += _shortest(value, least)
        elif operator is code.BRANCH:
            text += _shortest(value[1][0], least)
    return text


def _members(items: Sequence[Any]) -> list[str]:
    """Return characters of a class, one of each type."""
    negated = bool(items) and items[0][0] is code.NEGATE
    own = [chr(value if operator is code.LITERAL else value[0]) for operator, value in items if _is_plain(operator)]
    if not negated:
        classes = [CLASSES[value] for operator, value in items if operator is code.CATEGORY]
        return list(dict.fromkeys([*own, *[sign for signs in classes for sign in signs]]))
    return [sign for sign in CANDIDATES if not any(_holds(item, sign) for item in items[1:])]


def _is_plain(operator: Any) -> bool:
    return operator in (code.LITERAL, code.RANGE)


CLASSES = {
    code.CATEGORY_DIGIT: "0",
    code.CATEGORY_NOT_DIGIT: "a<",
    code.CATEGORY_SPACE: " \t\n",
    code.CATEGORY_NOT_SPACE: "a<,",
    code.CATEGORY_WORD: "a0_",
    code.CATEGORY_NOT_WORD: " -<",
}


def _holds(item: Any, sign: str) -> bool:
    operator, value = item
    if operator is code.LITERAL:
        return ord(sign) == value
    if operator is code.RANGE:
        return bool(value[0] <= ord(sign) <= value[1])
    test = {
        code.CATEGORY_DIGIT: sign.isdecimal(),
        code.CATEGORY_SPACE: sign.isspace(),
        code.CATEGORY_WORD: sign.isalnum() or sign == "_",
    }
    if value in test:
        return test[value]
    opposite = {
        code.CATEGORY_NOT_DIGIT: code.CATEGORY_DIGIT,
        code.CATEGORY_NOT_SPACE: code.CATEGORY_SPACE,
        code.CATEGORY_NOT_WORD: code.CATEGORY_WORD,
    }
    return not test[opposite[value]]


def find_growth(expression: Expression) -> tuple[str, float] | None:
    """Return a string, cut short, on which an expression takes more than linear time, and by what power it grows.

    Processor time is measured, at lengths of which each is four times the one before.
    """
    cases = [attacks(expression.pattern, length) for length in LENGTHS]
    run = _runner(expression)
    try:
        with limit(0.5, 1000):
            for case in cases[0]:
                run(case)
    except TimeUpError:
        return repr(expression.pattern.pattern[:40]), math.inf
    for number, case in enumerate(cases[1]):
        times = [_time(run, case)]
        if number >= len(cases[2]):
            continue
        times.append(_time(run, cases[2][number]) if times[0] < SLOW_SECONDS else math.inf)
        if times[1] < NOTABLE_SECONDS or times[1] < GROWTH * times[0]:
            continue
        if times[1] > 50 * SLOW_SECONDS:
            return repr(case[:40]), math.inf
        power = _power(run, [case[number] for case in cases[1:]])
        if power is not None:
            return repr(case[:40]), power
    return None


def _power(run: Callable[[Any], object], cases: Sequence[Any]) -> float | None:
    """Return by what power the time grows over strings of growing length, or None if it is linear.

    A busy machine makes any single time longer, never shorter: so the least of many counts, taken in turn, and
    one round that shows linear time ends the search.
    """
    least = [math.inf] * len(cases)
    began = time.thread_time()
    for turn in range(ROUNDS):
        least = [min(before, _time(run, case)) for before, case in zip(least, cases, strict=True)]
        if any(later <= GROWTH * earlier for earlier, later in pairwise(least)):
            return None
        if turn >= 2 and time.thread_time() - began > ROUNDS_SECONDS:
            break
    return math.log(least[-1] / least[-2], 4)


def measure(expression: Expression, case: Any) -> float:
    """Return how many seconds of processor time an expression takes for a string."""
    return _time(_runner(expression), case)


def _runner(expression: Expression) -> Callable[[Any], object]:
    pattern, methods = expression.pattern, expression.methods
    nothing = "" if isinstance(pattern.pattern, str) else b""
    calls = [partial(pattern.sub, nothing)] if methods & SCANNING else []
    calls += [getattr(pattern, name) for name in sorted(methods & ANCHORED)]
    return lambda case: [call(case) for call in calls]


def _time(run: Callable[[Any], object], case: Any) -> float:
    return measure_seconds(partial(run, case))
