"""Bare URLs as links in Python-Markdown."""

import re
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.util import ETX, INLINE_PLACEHOLDER_PREFIX, STX, AtomicString

from sitegen.markdown.bare_urls import compile_bare_url, count_open, target_of, trim

_HELD = re.compile(rf"{INLINE_PLACEHOLDER_PREFIX}(\d+){ETX}")
_BARE_URL = compile_bare_url(rf"{INLINE_PLACEHOLDER_PREFIX}\d+{ETX}")
_ESCAPED = re.compile(rf"{STX}\d+{ETX}")
_RAW = re.compile(rf"{STX}wzxhzdk:(\d+){ETX}")


class BareUrlProcessor(InlineProcessor):
    """Make links of bare URLs, but not in links, and not in raw HTML elements for links and code."""

    ANCESTOR_EXCLUDES = ("a",)

    def __init__(self, md: Markdown) -> None:
        super().__init__(_BARE_URL.pattern, md)
        self._nodes: dict[str, object] = {}
        self._before = ""
        self._depth = 0

    def handleMatch(  # type: ignore[override]  # noqa: N802 - the stock method's name
        self, m: re.Match[str], data: str
    ) -> tuple[Element | None, int | None, int | None]:
        """Return the link with its start and its end, None where the match is not a URL or must stay text."""
        nodes = self.md.treeprocessors["inline"].stashed_nodes  # type: ignore[attr-defined]
        if nodes is not self._nodes:  # another document
            self._nodes, self._before, self._depth = nodes, "", 0
        end = trim(m, self._end_of(m, data))
        if end is None or self._count_open(data, m.start()):
            return None, None, None
        url = _HELD.sub(lambda holder: str(self._held(holder)), data[m.start() : end])
        link = Element("a", {"href": target_of(url)})
        link.text = AtomicString(url)
        return link, m.start(), end

    def _end_of(self, m: re.Match[str], data: str) -> int:
        """Return where a match ends, at the latest before an element."""
        for holder in _HELD.finditer(data, m.start(), m.end()):
            node = self._held(holder)
            if not isinstance(node, str) or not _ESCAPED.fullmatch(node):
                return holder.start()
        return m.end()

    def _held(self, holder: re.Match[str]) -> object:
        """Return the element or the text that a place holder stands for."""
        return self._nodes.get(holder[1])

    def _count_open(self, data: str, end: int) -> int:
        """Return how many elements of raw HTML for links and code are open at an offset of a text.

        What was counted up to the last match holds where the text up to there is the same.
        """
        if not data.startswith(self._before):
            self._before, self._depth = "", 0
        for holder in _HELD.finditer(data, len(self._before), end):
            node = self._held(holder)
            raw = _RAW.fullmatch(node) if isinstance(node, str) else None
            if raw and int(raw[1]) < self.md.htmlStash.html_counter:
                self._depth = count_open(str(self.md.htmlStash.rawHtmlBlocks[int(raw[1])]), self._depth)
        self._before = data[:end]
        return self._depth
