"""Admonitions and tabs for CommonMark: their lines become HTML around their content, which CommonMark then reads."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from html import escape

from sitegen.markdown.admonitions import start_admonition
from sitegen.markdown.engines.container_markers import (
    ADMONITION,
    CONTENT_INDENT,
    TAB,
    find_markers,
    may_have_markers,
)
from sitegen.markdown.engines.fence_lines import Code, match_fence


def expand_containers(text: str) -> str:
    """Return CommonMark in which admonitions and tabs are HTML blocks around their content."""
    if not may_have_markers(text):
        return text
    lines = text.split("\n")
    markers = frozenset(find_markers(lines))
    return "\n".join(_Expansion(markers).expand(lines)) if markers else text


@dataclass(slots=True)
class _TabGroup:
    """Tabs that follow each other.

    `tabs` has the number of the output line that begins each tab, and whether the text says that it is open.
    """

    name: str
    indent: int
    prefix: str
    tabs: list[tuple[int, bool]] = field(default_factory=list)


@dataclass(slots=True)
class _Container:
    """An admonition or a tab whose content is being read: the indent of its marker, and the line that ends it."""

    indent: int
    end: str
    group: _TabGroup | None = None


class _Expansion:
    """Holds the containers that are open at a line; `markers` are the numbers of the lines that begin one."""

    def __init__(self, markers: Collection[int]) -> None:
        self._markers = markers
        self._open: list[_Container] = []
        self._group: _TabGroup | None = None
        """The group of the tab that ended last, until it is known whether another one follows."""
        self._groups = 0
        self._code, self._fence = Code(), ""
        """The code that a line is in, and the line that ends it."""
        self._done: list[str] = []

    def expand(self, lines: Iterable[str]) -> list[str]:
        """Return the lines with HTML in the place of markers, and with their content at the margin."""
        for number, line in enumerate(lines):
            bare = line.lstrip(" ")
            if self._code.contains(line):
                is_end = bool(self._fence) and not self._code.fence
                self._done.append(self._fence if is_end else line[CONTENT_INDENT * len(self._open) :])
                self._fence = "" if is_end else self._fence
                continue
            if bare:
                self._end_above(len(line) - len(bare))
            self._fence = ""
            if number in self._markers:
                self._begin(len(line) - len(bare), bare)
                continue
            if bare:
                self._end_group()
            opened = match_fence(line)
            if opened and self._open:
                self._code.begin(opened)
                prefix = opened[1][CONTENT_INDENT * len(self._open) :]
                self._fence = "" if ">" in opened[1] else f"{prefix}{opened[2]}"
            self._done.append(line[CONTENT_INDENT * len(self._open) :] if bare else "")
        self._end_above(0)
        self._end_group()
        return self._done

    def _begin(self, indent: int, marker: str) -> None:
        prefix = " " * (indent - CONTENT_INDENT * len(self._open))
        tab = TAB.fullmatch(marker)
        if tab is None:
            self._end_group()
            found = ADMONITION.fullmatch(marker)
            types = " ".join(found["type"].lower().split()) if found else ""
            title = None if found is None or found["title"] is None else escape(found["title"], quote=False)
            rows = start_admonition(types, title).split("\n")
            self._done += ["", *(prefix + row for row in rows), ""]
            self._open.append(_Container(indent, f"{prefix}</div>"))
            return
        group = self._group
        if group is None or group.indent != indent or "!" in tab["flags"]:
            self._end_group()
            self._groups += 1
            group = _TabGroup(f"tabs-{self._groups}", indent, prefix)
            self._done += ["", f'{prefix}<div class="tabs">']
        self._group = None
        group.tabs.append((len(self._done), "+" in tab["flags"]))
        self._done += [
            f'{prefix}<details name="{group.name}">',
            f"{prefix}<summary>{escape(tab['title'], quote=False)}</summary>",
            "",
        ]
        self._open.append(_Container(indent, f"{prefix}</details>", group))

    def _end_above(self, indent: int) -> None:
        """End the containers to whose content a line with an indent does not belong."""
        while self._open and indent < self._open[-1].indent + CONTENT_INDENT:
            self._end_group()
            ended = self._open.pop()
            if self._fence:
                self._done.append(self._fence)  # code that is not closed ends with what it is in
                self._fence = ""
            self._done += ["", ended.end]
            self._group = ended.group
            if ended.group is None:
                self._done.append("")

    def _end_group(self) -> None:
        """End the tabs that no other tab follows; the last one that is marked as open is open, otherwise the first."""
        group, self._group = self._group, None
        if group is not None:
            opened = [number for number, is_open in group.tabs if is_open] or [group.tabs[0][0]]
            self._done[opened[-1]] = f"{self._done[opened[-1]][:-1]} open>"
            self._done += [f"{group.prefix}</div>", ""]
