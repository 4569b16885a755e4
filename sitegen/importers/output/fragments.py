"""Finds the ids that a Markdown text has once it is rendered, and which of them a fragment of the old site means."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import unescape

from sitegen.importers.markdown_source.links import scan
from sitegen.markdown.anchors import make_anchor, number_anchor

_ID = re.compile(r"<[A-Za-z][^<>]*?\s(?:id|name)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'<>]+))")
_OWN = re.compile(r"(?:(?<!\s)\s++)?\{:?\s*+#([^\s{}]++)[^{}]*+\}\s*+\Z")
_MAY_HAVE = re.compile(r"^ {0,3}#|^ {0,3}(?:=|-){2,}[ \t]*$|\s(?:id|name)\s*=", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Ids:
    """The ids of a rendered text; `headings` gives those of headings by their letters and digits alone."""

    all: frozenset[str]
    headings: Mapping[str, str]

    def find(self, fragment: str) -> str | None:
        """Return the id that a fragment means, None for one that the text does not have.

        Generators differ in how they write ids: `what-s-new` and `whats-new` both mean the heading "What's new".
        """
        if not fragment or fragment in self.all or fragment.casefold() == "top":
            return fragment
        return self.headings.get(_bare(fragment))


def may_have_ids(text: str) -> bool:
    """Return whether a text can have headings or ids."""
    return _MAY_HAVE.search(text) is not None


def find_ids(text: str, headings: Sequence[str] | None = None) -> Ids:
    """Return the ids that a Markdown text has once it is rendered; `headings` are the text's, if known."""
    if not may_have_ids(text):
        return Ids(frozenset(), {})
    if headings is None:
        headings = scan(text.encode("utf-8", "replace").decode()).headings
    ids = {unescape(next(filter(None, found))) for found in _ID.findall(text) if any(found)}
    taken: set[str] = set()
    numbers: dict[str, int] = {}
    anchors: dict[str, str] = {}
    for heading in headings:
        own = _OWN.search(heading)
        bare = heading[: own.start()] if own else heading
        anchor = own[1] if own else number_anchor(make_anchor(bare) or "section", taken, numbers)
        ids.add(anchor)
        anchors.setdefault(_bare(bare), anchor)
    return Ids(frozenset(ids), anchors)


def _bare(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
