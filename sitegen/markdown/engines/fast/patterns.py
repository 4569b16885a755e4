"""Patterns of Python-Markdown that try the simplest form of their syntax first."""

import re
from xml.etree.ElementTree import Element

from markdown.inlinepatterns import DelimiterProcessor, ImageInlineProcessor, LinkInlineProcessor

_TEXT = re.compile(r"([^][]*)\]")
_TARGET = re.compile(r"""\(([^\s()<>'"\x02]+)\)""")

Found = tuple[Element | None, int | None, int | None]


class EmphasisPattern(DelimiterProcessor):
    """Reads most emphasis by its next delimiter alone: a closing one of the same length."""

    def handleMatch(self, m: re.Match[str], data: str) -> Found:  # type: ignore[override]  # noqa: N802 - the stock method's name
        """Return the element for emphasis, with its start and end."""
        token = m[0]
        own = self.delimiters[token]
        if self.regions or own.double or own.tag_count != 2:
            return super().handleMatch(m, data)
        opened = own.boundary.match(data, m.start())
        if opened is None or opened.lastgroup == "end":
            return super().handleMatch(m, data)
        start, inner = opened.span()
        size = inner - start
        following = self.compiled_re.search(data, inner)
        closed = own.boundary.match(data, following.start()) if size <= 2 and following else None
        if closed is None or closed.lastgroup != "end" or closed.end() - closed.start() != size:
            return super().handleMatch(m, data)
        element = Element(own.tags[0 if size == 2 else 1])
        element.text = data[inner : closed.start()]
        return element, start, closed.end()


class LinkPattern(LinkInlineProcessor):
    """Reads link text without brackets, and a URL without quotes, spaces and brackets, in one step each."""

    def getText(self, data: str, index: int) -> tuple[str, int, bool]:  # noqa: N802 - the stock method's name
        """Return the text up to its closing bracket."""
        found = _TEXT.match(data, index)
        return (found[1], found.end(), True) if found else super().getText(data, index)

    def getLink(self, data: str, index: int) -> tuple[str, str | None, int, bool]:  # noqa: N802 - the same
        """Return the URL and the title that follow in parentheses."""
        found = _TARGET.match(data, index)
        return (found[1], None, found.end(), True) if found else super().getLink(data, index)


class ImagePattern(LinkPattern, ImageInlineProcessor):
    """The same for images."""
