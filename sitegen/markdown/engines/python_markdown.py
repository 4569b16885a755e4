"""Python-Markdown as an engine: its "extra" extensions, smart punctuation, and the site's own."""

from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension, extra
from markdown.extensions.sane_lists import SaneListExtension
from markdown.extensions.smarty import SmartyExtension

from sitegen.errors import Problem, SiteError
from sitegen.formats import lazy_regex
from sitegen.formats.anchors import make_anchor
from sitegen.markdown.engines.fences import FencePreprocessor
from sitegen.markdown.engines.interruptions import IndentedBlockProcessor, QuoteBlockProcessor, use_ascii_digits
from sitegen.markdown.engines.nested_html import NestedHtmlProcessor
from sitegen.markdown.engines.python_markdown_containers import MARK
from sitegen.markdown.engines.python_markdown_containers import register as register_containers
from sitegen.markdown.engines.python_markdown_urls import BareUrlProcessor
from sitegen.markdown.engines.smart_quotes import QuoteProcessor
from sitegen.markdown.engines.unclosed_html import note_unclosed
from sitegen.markdown.errors import UnclosedError

DASHES = {"mdash": "—", "ndash": "–", "ellipsis": "…"}

_STASH = lazy_regex.compile("\x02[^\x02\x03]*\x03?|\x03")
_NOTE = lazy_regex.compile(r"""(?:(?<= id=")|(?<= href="#))fn(?:ref\d*)?:[^"]*""")  # the label may have spaces
_REFERENCE_ID = lazy_regex.compile(r' id="(fnref\d*:[^"]*)"')
_BACK_LINK = lazy_regex.compile(r'(?:&#160;|\s)*<a class="footnote-backref" href="#([^"]*)"[^<>]*>[^<]*</a>')
_SETTINGS: dict[str, dict[str, Any]] = {
    "toc": {"slugify": lambda text, _: make_anchor(text)},
    "markdown.extensions.toc": {"slugify": lambda text, _: make_anchor(text)},
}


def make_full_converter(
    markdown_class: type[Markdown], extensions: Sequence[object], *, smart: bool, linkify: bool = False
) -> Callable[[str], str]:
    """Return a function from Markdown to HTML that holds one Python-Markdown of a class.

    Raises SiteError for extensions that cannot be loaded. The function raises UnclosedError; after an
    exception it must not be called again, since its parser may then be in any state.
    """
    markdown = build(markdown_class, extensions, smart=smart, linkify=linkify)
    stages = note_unclosed(markdown)

    def convert(text: str) -> str:
        html = markdown.reset().convert(text)
        if any(stage.unclosed for stage in stages):
            raise UnclosedError
        if "[^" in text:
            html = _NOTE.sub(lambda match: match[0].replace(" ", "-"), html)
            html = _drop_dead_back_links(html)
        if MARK in html:
            html = html.replace(MARK, "")  # of a line that another block took for its own
        if "\x02" in html or "\x03" in html:
            html = _STASH.sub("", html)  # on odd input, Python-Markdown leaves its own placeholders
        return html

    return convert


def _drop_dead_back_links(html: str) -> str:
    """Remove the back link of each footnote without a reference, which Python-Markdown renders anyway."""
    if "footnote-backref" not in html:
        return html
    ids = set(_REFERENCE_ID.findall(html))
    return _BACK_LINK.sub(lambda match: match[0] if match[1] in ids else "", html)


class CommonMarkExtension(Extension):
    """Reads fences, quotes, bare URLs and the ends of blocks as CommonMark does, as far as Python-Markdown allows."""

    def __init__(self, *, smart: bool, linkify: bool) -> None:
        super().__init__()
        self._smart = smart
        self._linkify = linkify

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the stock method's name
        """Replace stock processors."""
        md.preprocessors.register(FencePreprocessor(md, {"lang_prefix": "language-"}), "fenced_code_block", 25)
        md.parser.blockprocessors.register(IndentedBlockProcessor(md.parser), "indent", 90)
        md.parser.blockprocessors.register(QuoteBlockProcessor(md.parser), "quote", 20)
        for name in ("olist", "ulist"):
            use_ascii_digits(md.parser.blockprocessors[name])
        register_containers(md)
        md.treeprocessors.register(NestedHtmlProcessor(md), "nested_html", -5)
        if self._linkify:
            md.inlinePatterns.register(BareUrlProcessor(md), "bare_url", 85)
        if self._smart:
            md.treeprocessors.register(QuoteProcessor(md), "quotes", 6.5)


def build(
    markdown_class: type[Markdown], extensions: Sequence[object], *, smart: bool, linkify: bool = False
) -> Markdown:
    """Return a Python-Markdown of a class with the extensions of a site."""
    own: list[Extension] = [
        *_make_extra(footnotes={"BACKLINK_TEXT": "↩\ufe0e", "BACKLINK_TITLE": "↩ {}"}),
        SaneListExtension(),
        CommonMarkExtension(smart=smart, linkify=linkify),
    ]
    if smart:
        own.append(SmartyExtension(substitutions=DASHES, smart_quotes=False))
    problems: list[Problem] = []
    loader: Markdown | None = None
    for extension in extensions:
        if isinstance(extension, Extension):
            own.append(extension)
        else:
            loader = loader or markdown_class()
            try:
                own.append(loader.build_extension(str(extension), _SETTINGS.get(str(extension), {})))
            except (ImportError, AttributeError, TypeError, ValueError, KeyError) as error:
                message = f'the Markdown extension "{extension}" cannot be loaded: {error}'
                hint = "install its package, or remove it from `extensions` in [markdown]"
                problems.append(Problem("", 0, message, hint))
    if problems:
        raise SiteError(problems)
    return markdown_class(extensions=own, output_format="html")


def _make_extra(**settings: dict[str, Any]) -> Iterator[Extension]:
    """Yield the extensions of Python-Markdown's "extra", with settings by the name of the extension.

    Extra itself finds them by their names, for which Python-Markdown reads the metadata of all installed packages.
    """
    for name in extra.extensions:
        module: Any = import_module(f"markdown.extensions.{name}")
        yield module.makeExtension(**settings.get(name, {}))
