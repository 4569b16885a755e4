"""Find HTML elements that are never closed: Python-Markdown loses the text after them."""

from markdown import Markdown
from markdown.extensions.md_in_html import HtmlBlockPreprocessor, HTMLExtractorExtra


class HtmlBlockStage(HtmlBlockPreprocessor):
    """The stock stage, called only if there is HTML, which records whether an element was left open."""

    unclosed = False

    def run(self, lines: list[str]) -> list[str]:
        """Replace blocks of HTML with placeholders."""
        self.unclosed = False
        if not has_html(lines):
            return lines
        parser = HTMLExtractorExtra(self.md)
        parser.feed("\n".join(lines))
        parser.close()
        self.unclosed = bool(getattr(parser, "mdstack", ()))
        return "".join(parser.cleandoc).split("\n")


def note_unclosed(markdown: Markdown) -> list[HtmlBlockStage]:
    """Replace the stock stages for blocks of HTML, and return the new ones."""
    stages = [stage for stage in markdown.preprocessors if type(stage) is HtmlBlockPreprocessor]
    for stage in stages:
        stage.__class__ = HtmlBlockStage
    return [stage for stage in stages if isinstance(stage, HtmlBlockStage)]


def has_html(lines: list[str]) -> bool:
    """Return whether lines have a character that HTML uses."""
    return any("<" in line or "&" in line for line in lines)
