"""Python-Markdown as an engine: its "extra" extensions, smart punctuation, and the site's own."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.extra import ExtraExtension
from markdown.extensions.sane_lists import SaneListExtension
from markdown.extensions.smarty import SmartyExtension

from sitegen.errors import Problem, SiteError
from sitegen.markup.anchors import make_anchor
from sitegen.markup.failures import UnclosedError
from sitegen.markup.fast import FastMarkdown
from sitegen.markup.stages import ExtraHtmlStage

SUBSTITUTIONS = {
    "mdash": "—",
    "ndash": "–",
    "ellipsis": "…",
    "left-single-quote": "‘",
    "right-single-quote": "’",
    "left-double-quote": "“",
    "right-double-quote": "”",
    "left-angle-quote": "«",
    "right-angle-quote": "»",
}

_STASH = re.compile("\x02[^\x02\x03]*\x03?|\x03")
_NOTE = re.compile(r"""(?:(?<= id=")|(?<= href="#))fn(?:ref\d*)?:[^"]*""")  # whose label may hold spaces
_SETTINGS: dict[str, dict[str, Any]] = {
    "toc": {"slugify": lambda text, _: make_anchor(text)},
    "markdown.extensions.toc": {"slugify": lambda text, _: make_anchor(text)},
}


def make_converter(extensions: Sequence[object], *, smart: bool) -> Callable[[str], str]:
    """Return a function from Markdown to HTML that holds one Python-Markdown.

    Raises SiteError for extensions that cannot be loaded. The function raises UnclosedError; after an
    exception it must not be called again, since its parser may then be in any state.
    """
    markdown = build(FastMarkdown, extensions, smart=smart)
    stages = [stage for stage in markdown.preprocessors if isinstance(stage, ExtraHtmlStage)]

    def convert(text: str) -> str:
        html = markdown.reset().convert(text)
        if any(stage.unclosed for stage in stages):
            raise UnclosedError
        if "[^" in text:
            html = _NOTE.sub(lambda match: match[0].replace(" ", "-"), html)
        if "\x02" in html or "\x03" in html:
            html = _STASH.sub("", html)  # on odd input it leaves place holders of its own
        return html

    return convert


def build(kind: type[Markdown], extensions: Sequence[object], *, smart: bool) -> Markdown:
    """Return a Python-Markdown of a class with the extensions of a site."""
    own: list[Extension] = [
        ExtraExtension(footnotes={"BACKLINK_TEXT": "↩\ufe0e", "BACKLINK_TITLE": "↩ {}"}),
        SaneListExtension(),
    ]
    if smart:
        own.append(SmartyExtension(substitutions=SUBSTITUTIONS))
    problems: list[Problem] = []
    loader = kind()
    for extension in extensions:
        if isinstance(extension, Extension):
            own.append(extension)
        else:
            try:
                own.append(loader.build_extension(str(extension), _SETTINGS.get(str(extension), {})))
            except (ImportError, AttributeError, TypeError, ValueError, KeyError) as error:
                message = f'the Markdown extension "{extension}" cannot be loaded: {error}'
                hint = "install the package that holds it, or take it out of `extensions` in [markdown]"
                problems.append(Problem("", 0, message, hint))
    if problems:
        raise SiteError(problems)
    return kind(extensions=own, output_format="html")
