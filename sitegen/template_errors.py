"""What went wrong in a template, said with its line and the page that was being drawn."""

from collections.abc import Mapping
from pathlib import Path
from traceback import extract_tb

from jinja2 import TemplateNotFound, TemplateRuntimeError, TemplateSyntaxError, UndefinedError

from sitegen.errors import Problem


def explain(error: Exception, names: Mapping[Path, str], page: str) -> Problem | None:
    """Return an error as a problem of the template that raised it; None if it was raised by no template.

    `names` are the templates' names for messages by their files, `page` the file that was being drawn.
    """
    if isinstance(error, TemplateSyntaxError):
        path = names.get(Path(error.filename or ""), error.name or "")
        rows = (error.source or "").splitlines()
        excerpt = rows[error.lineno - 1] if 0 < error.lineno <= len(rows) else ""
        return Problem(path, error.lineno, f"not a valid template: {error.message}", "see docs/templates.md", excerpt)
    place = next((row for row in reversed(extract_tb(error.__traceback__)) if Path(row.filename) in names), None)
    if isinstance(error, TemplateNotFound):
        message = f'there is no template "{error.name}"'
        hint = error.message if error.message != error.name else ""
        path = names[Path(place.filename)] if place else f"templates/{error.name}"
        return Problem(path, place.lineno or 0 if place else 0, message, hint or "", place.line or "" if place else "")
    if place is None:
        return None
    told = isinstance(error, TemplateRuntimeError | LookupError)  # errors whose text says it all
    message = str(error) if told else f"{type(error).__name__}: {error}"
    where = f"while drawing {page}"
    return Problem(
        names[Path(place.filename)], place.lineno or 0, f"{message} ({where})", _hint(error), place.line or ""
    )


def _hint(error: Exception) -> str:
    if isinstance(error, UndefinedError):
        return "see docs/templates.md for what a template knows; `is defined` asks whether a name is there"
    return "see docs/templates.md"
