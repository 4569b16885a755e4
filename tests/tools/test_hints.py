"""All hints have one form: they begin in lower case, and have no full stop at the end."""

import ast
from collections.abc import Iterator
from pathlib import Path

CODE = Path(__file__).parents[2] / "sitegen"
POSITIONS = {"Problem": 3, "_problem": 2, "problem": 2, "add_problem": 2, "wrong_value": 2, "refuse": 1, "_refuse": 2}
"""Where functions that make a problem have its hint."""


def strings_of(node) -> Iterator[str]:
    """Yield the strings that an expression can be, with `{}` for what is inserted."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=values):
            yield "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in values)
        case ast.BoolOp(values=values):
            for value in values:
                yield from strings_of(value)
        case ast.IfExp(body=body, orelse=other):
            yield from strings_of(body)
            yield from strings_of(other)


def hints_of(tree) -> Iterator[str]:
    """Yield the hints in a module: values of `hint`, arguments, and the third items of problems of settings."""
    for node in ast.walk(tree):
        match node:
            case (
                ast.Assign(targets=[ast.Name(id="hint" | "_HINT")], value=value) | ast.keyword(arg="hint", value=value)
            ):
                yield from strings_of(value)
            case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)):
                for name, value in zip(names, values, strict=False):
                    if isinstance(name, ast.Name) and name.id == "hint":
                        yield from strings_of(value)
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=arguments) if name in POSITIONS:
                for argument in arguments[POSITIONS[name] : POSITIONS[name] + 1]:
                    yield from strings_of(argument)
            case ast.Yield(value=ast.Tuple(elts=[_, _, hint])) | ast.Return(value=ast.Tuple(elts=[_, _, hint])):
                yield from strings_of(hint)


def is_sentence(hint):
    """Return whether a hint is written as a sentence, in contrast to all others."""
    return (hint[:2].istitle() and hint.endswith(".") and not hint.endswith("...")) or hint.startswith("Known are")


def test_no_hint_is_written_as_a_sentence():
    hints = [(path.name, hint) for path in CODE.rglob("*.py") for hint in hints_of(ast.parse(path.read_text("utf-8")))]
    assert len(hints) > 400
    assert [row for row in hints if is_sentence(row[1])] == []


def test_hints_are_found_where_problems_are_made():
    code = """
def check():
    hint = did_you_mean(a) or f"Write {b}."
    message, hint = "m", "Save it."
    yield ("a",), "m", "Remove it."
    refuse("m", "Use another.") if x else Problem("a", 1, "m", "Add a line.")
"""
    assert sorted(hints_of(ast.parse(code))) == ["Add a line.", "Remove it.", "Save it.", "Use another.", "Write {}."]
    assert all(map(is_sentence, hints_of(ast.parse(code))))
    assert not any(
        map(is_sentence, ["write a number", 'did you mean "A"?', "IndexNow takes letters", "", "see https://..."])
    )
