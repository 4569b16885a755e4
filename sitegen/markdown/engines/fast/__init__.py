"""The fast Python-Markdown, for the versions of the library that it was tested with."""

from typing import TYPE_CHECKING

from sitegen.system.libraries import TestedLibrary

if TYPE_CHECKING:
    from markdown import Markdown

LIBRARY = TestedLibrary("Python-Markdown", "markdown", (3, 11, 3), (3, 12, 0), "Markdown takes several times as long")
"""Its stages are replaced by subclasses that depend on private names of the stock stages."""


def choose_class() -> type["Markdown"]:
    """Return the fast class, or the stock class for an untested version of the library."""
    if LIBRARY.is_tested():
        from sitegen.markdown.engines.fast.markdown import FastMarkdown  # noqa: PLC0415 - uses private names

        return FastMarkdown
    from markdown import Markdown  # noqa: PLC0415 - importing LIBRARY does not load it

    return Markdown
