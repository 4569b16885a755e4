"""Errors of templates as problems, with the line and the page that was rendered."""

import sys
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from traceback import extract_tb

from jinja2 import TemplateNotFound, TemplateRuntimeError, TemplateSyntaxError, UndefinedError

from sitegen.errors import Problem, did_you_mean
from sitegen.formats import lazy_regex

MANUAL = "see `sitegen help templates`"

_BLOCKS = ("autoescape", "block", "call", "filter", "for", "if", "macro", "set", "with")
TAGS = (*_BLOCKS, *(f"end{name}" for name in _BLOCKS), "elif", "else", "extends", "from", "import", "include", "raw")
"""The tags of Jinja."""

_UNKNOWN_NAME = lazy_regex.compile(r"No (filter|test) named '([^']+)'|Encountered unknown (tag) '([^']+)'")
_UNDEFINED_NAME = lazy_regex.compile(r"'([^']+)' is undefined")
_OWN_MODULE = lazy_regex.compile(r"'sitegen\.[\w.]+\.(?=\w+ object')")
_UNDEFINED_ATTRIBUTE = lazy_regex.compile(r"'([\w.]+) object' has no attribute '([^']+)'")


def explain(
    error: Exception, names: Mapping[Path, str], page: str, known: Mapping[str, Collection[str]]
) -> Problem | None:
    """Return an error as a problem of the template that raised it; None if it does not come from a template.

    `names` are the templates' names in messages by their files, `page` is the output file, `known` the
    names that templates have: of each `filter`, `test` and `variable`, and attributes by their class's name.
    """
    if isinstance(error, TemplateSyntaxError):
        path = names.get(Path(error.filename or ""), error.name or "")
        rows = (error.source or "").splitlines()
        excerpt = rows[error.lineno - 1] if 0 < error.lineno <= len(rows) else ""
        message = f"not a valid template: {error.message}"
        return Problem(path, error.lineno, message, _suggest(message, known), excerpt)
    frame = next((row for row in reversed(extract_tb(error.__traceback__)) if Path(row.filename) in names), None)
    if isinstance(error, TemplateNotFound):
        message = f'there is no template "{error.name}"'
        hint = error.message if error.message != error.name else ""
        path = names[Path(frame.filename)] if frame else f"templates/{error.name}"
        return Problem(path, frame.lineno or 0 if frame else 0, message, hint or "", frame.line or "" if frame else "")
    if frame is None:
        return None
    message, hint = _message(error), _hint(error, known)
    where = f"while rendering {page}"
    return Problem(names[Path(frame.filename)], frame.lineno or 0, f"{message} ({where})", hint, frame.line or "")


def _message(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "templates or macros call each other without end"
    if isinstance(error, UndefinedError):
        return _OWN_MODULE.sub("'", str(error))
    is_complete = isinstance(error, TemplateRuntimeError | LookupError)  # these messages need no name of the class
    return str(error) if is_complete else f"{type(error).__name__}: {error}"


def _hint(error: Exception, known: Mapping[str, Collection[str]]) -> str:
    if isinstance(error, RecursionError):
        return 'a template cannot extend itself: name that of the theme, as in {% extends "theme/post.html" %}'
    hint = _suggest(str(error), known)
    if isinstance(error, UndefinedError) and hint == MANUAL:
        return f"{MANUAL} for the names that there are; `is defined` asks whether there is one"
    return hint


def _suggest(message: str, known: Mapping[str, Collection[str]]) -> str:
    """Return a hint with the name that was probably meant, if a message of Jinja says that a name is unknown."""
    word: str = ""
    candidates: Iterable[str] = ()
    if found := _UNKNOWN_NAME.search(message):
        word = found[2] or found[4] or ""
        candidates = TAGS if found[3] else known[found[1] or ""]
    elif found := _UNDEFINED_ATTRIBUTE.search(message):
        module, _, name = found[1].rpartition(".")
        word = found[2]
        candidates = known.get(name) or _attributes_of(getattr(sys.modules.get(module), name, None))
    elif found := _UNDEFINED_NAME.search(message):
        word, candidates = found[1], known["variable"]
    question = did_you_mean(word, candidates)
    return f"{question} {MANUAL}" if question else MANUAL


def _attributes_of(value: object) -> Iterable[str]:
    return [name for name in dir(value) if not name.startswith("_")] if isinstance(value, type) else ()
