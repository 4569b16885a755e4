"""The default engine: Python-Markdown, and the CommonMark parser for documents that mean the same to both."""

from collections.abc import Callable, Sequence

from sitegen.markdown.engines import fast
from sitegen.markdown.engines.common_subset import PARSER, make_renderer

MIN_DOCUMENTS_BEFORE_QUOTES = 30
"""The number of documents that Python-Markdown renders while the expression for straight quotes compiles."""


def make_converter(extensions: Sequence[object], *, smart: bool, linkify: bool = False) -> Callable[[str], str]:
    """Return a function from Markdown to Python-Markdown's HTML.

    Python-Markdown is loaded for the first document that needs it. With extensions of the site, and in versions that
    were not compared with the CommonMark parser, it renders all documents. Raises what `make_full_converter` does.
    """

    def make_full() -> Callable[[str], str]:
        from sitegen.markdown.engines.python_markdown import make_full_converter  # noqa: PLC0415 - loads markdown

        return make_full_converter(fast.choose_class(), extensions, smart=smart, linkify=linkify)

    if extensions or not (fast.LIBRARY.is_tested() and PARSER.is_tested()):
        return make_full()
    render_common = make_renderer(smart=smart)
    full: Callable[[str], str] | None = None
    rendered = 0

    def convert(text: str) -> str:
        nonlocal full, rendered
        # The expression compiles in half of the time that loading Python-Markdown takes.
        html = render_common(text, skips_quotes=0 < rendered < MIN_DOCUMENTS_BEFORE_QUOTES)
        if html is not None:
            return html
        full = full or make_full()
        rendered += 1
        return full(text)

    return convert
