"""Admonitions and tabs for Python-Markdown: `!!! note` and `=== "Tab"`, with their content indented below."""

import re
from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.extensions.admonition import AdmonitionProcessor as StockAdmonitionProcessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from sitegen.formats import lazy_regex
from sitegen.markdown.engines.container_markers import ADMONITION, TAB, find_markers, may_have_markers

MARK = "\ufdd8"
"""What is put before the markers that begin an admonition or a tab; it is in no text (see characters.py)."""

_TAB_CLASS = "content-tab"


class ContainerPreprocessor(Preprocessor):
    """Mark the lines that begin an admonition or a tab; it runs after fenced code is put away."""

    def run(self, lines: list[str]) -> list[str]:
        """Return the lines with MARK before each marker."""
        if not may_have_markers("\n".join(lines)):
            return lines
        marked = list(lines)
        for number in find_markers(lines):
            bare = lines[number].lstrip(" ")
            marked[number] = f"{lines[number][: -len(bare)]}{MARK}{bare}"
        return marked


class AdmonitionProcessor(StockAdmonitionProcessor):
    """Make admonitions of marked lines, without a title where the text gives none."""

    RE = lazy_regex.compile(rf"(?:^|\n){MARK}{ADMONITION.pattern}(?:\n|$)")

    def get_class_and_title(self, match: re.Match[str]) -> tuple[str, str | None]:
        """Return the classes, and the title: "" for that of the type, None for none."""
        title = match["title"]
        types = " ".join(match["type"].lower().split())
        return types, None if title == "" else title

    def run(self, parent: Element, blocks: list[str]) -> None:
        """Read an admonition, or more of its content."""
        match = self.RE.search(blocks[0])
        super().run(parent, blocks)
        if match is None or match["title"] == "":
            return
        added = [item for item in parent if item.get("class", "").startswith(f"{self.CLASSNAME} ")]
        title = added[-1][0] if added and len(added[-1]) else None
        if match["title"] is None:
            title = Element("p", {"class": self.CLASSNAME_TITLE})
            added[-1].insert(0, title)
        elif title is not None:
            title.text = AtomicString(match["title"])


class TabProcessor(StockAdmonitionProcessor):
    """Make a division of each tab; `TabTreeprocessor` puts those that follow each other together."""

    CLASSNAME = _TAB_CLASS
    RE = lazy_regex.compile(rf"(?:^|\n){MARK}{TAB.pattern}(?:\n|$)")

    def __init__(self, parser: BlockParser) -> None:
        super().__init__(parser)
        self.titles: dict[int, tuple[str, str]] = {}

    def get_class_and_title(self, match: re.Match[str]) -> tuple[str, str | None]:
        """Return the class of a tab, with the number of its flags and title."""
        number = len(self.titles)
        self.titles[number] = match["flags"], match["title"]
        return str(number), None


class TabTreeprocessor(Treeprocessor):
    """Put tabs that follow each other into one group of `details`, of which the first is open."""

    def __init__(self, md: Markdown, tabs: TabProcessor) -> None:
        super().__init__(md)
        self._tabs = tabs

    def run(self, root: Element) -> None:
        """Group the tabs of a document."""
        if not self._tabs.titles:
            return
        titles = dict(self._tabs.titles)
        self._tabs.titles.clear()
        groups = 0
        for parent in list(root.iter()):
            children = list(parent)
            if not any(map(_is_tab, children)):
                continue
            group: Element | None = None
            for child in children:
                if not _is_tab(child):
                    group = None
                    continue
                flags, title = titles[int(child.get("class", "").rpartition(" ")[2])]
                if group is None or "!" in flags:
                    groups += 1
                    group = Element("div", {"class": "tabs"})
                    parent.insert(list(parent).index(child), group)
                parent.remove(child)
                _add_tab(group, child, title, f"tabs-{groups}", is_open="+" in flags)
        for group in root.iter("div"):
            if group.get("class") == "tabs" and not any(tab.get("open") for tab in group):
                group[0].set("open", "open")


def _is_tab(element: Element) -> bool:
    return element.tag == "div" and element.get("class", "").startswith(f"{_TAB_CLASS} ")


def _add_tab(group: Element, content: Element, title: str, name: str, *, is_open: bool) -> None:
    if is_open:
        for other in group:
            other.attrib.pop("open", None)
    tab = SubElement(group, "details", {"name": name} | ({"open": "open"} if is_open else {}))
    SubElement(tab, "summary").text = AtomicString(title)
    tab.extend(_children(content))


def _children(element: Element) -> Iterable[Element]:
    if element.text and element.text.strip():
        paragraph = Element("p")
        paragraph.text = element.text
        return [paragraph, *element]
    return list(element)


def register(md: Markdown) -> None:
    """Add admonitions and tabs to a Python-Markdown."""
    tabs = TabProcessor(md.parser)
    md.preprocessors.register(ContainerPreprocessor(md), "containers", 24)
    md.parser.blockprocessors.register(AdmonitionProcessor(md.parser), "admonition_block", 105)
    md.parser.blockprocessors.register(tabs, "tab_block", 106)
    md.treeprocessors.register(TabTreeprocessor(md, tabs), "tabs", 25)
