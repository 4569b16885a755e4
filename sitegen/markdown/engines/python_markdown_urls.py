"""Link bare URLs in Python-Markdown."""

import re
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.util import ETX, INLINE_PLACEHOLDER_PREFIX, STX, AtomicString

from sitegen.formats import lazy_regex
from sitegen.markdown.bare_urls import compile_bare_url, count_open, target_of, trim

_PLACEHOLDER = re.compile(rf"{INLINE_PLACEHOLDER_PREFIX}(\d+){ETX}")
_BARE_URL = compile_bare_url(rf"{INLINE_PLACEHOLDER_PREFIX}\d+{ETX}")
_ESCAPED = re.compile(rf"{STX}\d+{ETX}")
_RAW = lazy_regex.compile(rf"{STX}wzxhzdk:(\d+){ETX}")


class BareUrlProcessor(InlineProcessor):
    """Links bare URLs, but not in links, and not in raw HTML elements for links and code."""

    ANCESTOR_EXCLUDES = ("a",)

    def __init__(self, md: Markdown) -> None:
        super().__init__("", md)  # would compile the expression a second time
        self.pattern, self.compiled_re = _BARE_URL.pattern, _BARE_URL
        self._nodes: dict[str, object] = {}
        self._before = ""
        self._depth = 0

    def handleMatch(  # type: ignore[override]  # noqa: N802 - the stock method's name
        self, m: re.Match[str], data: str
    ) -> tuple[Element | None, int | None, int | None]:
        """Return the link with its start and end, or None if the match is not a URL or must stay text."""
        nodes = self.md.treeprocessors["inline"].stashed_nodes  # type: ignore[attr-defined]  # only `InlineProcessor` has it
        if nodes is not self._nodes:  # another document
            self._nodes, self._before, self._depth = nodes, "", 0
        end = trim(m, self._end_of(m, data))
        if end is None or self._count_open(data, m.start()):
            return None, None, None
        url = _PLACEHOLDER.sub(lambda placeholder: str(self._resolve(placeholder)), data[m.start() : end])
        link = Element("a", {"href": target_of(url)})
        link.text = AtomicString(url)
        return link, m.start(), end

    def _end_of(self, m: re.Match[str], data: str) -> int:
        """Return the end of a match, at the latest before an element."""
        for placeholder in _PLACEHOLDER.finditer(data, m.start(), m.end()):
            node = self._resolve(placeholder)
            if not isinstance(node, str) or not _ESCAPED.fullmatch(node):
                return placeholder.start()
        return m.end()

    def _resolve(self, placeholder: re.Match[str]) -> object:
        """Return the element or the string of a placeholder."""
        return self._nodes.get(placeholder[1])

    def _count_open(self, data: str, end: int) -> int:
        """Return how many elements of raw HTML for links and code are open at an offset.

        The count at the last match is reused if the text up to there is the same.
        """
        if not data.startswith(self._before):
            self._before, self._depth = "", 0
        for placeholder in _PLACEHOLDER.finditer(data, len(self._before), end):
            node = self._resolve(placeholder)
            raw = _RAW.fullmatch(node) if isinstance(node, str) else None
            if raw and int(raw[1]) < self.md.htmlStash.html_counter:
                self._depth = count_open(str(self.md.htmlStash.rawHtmlBlocks[int(raw[1])]), self._depth)
        self._before = data[:end]
        return self._depth
