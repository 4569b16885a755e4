"""Finds the ids of rendered Markdown, and matches fragments of the old site with them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import unescape

from sitegen.formats.anchors import make_anchor, number_anchor
from sitegen.importers.markdown_source.links import scan

_ID = re.compile(r"<[A-Za-z][^<>]*?\s(?:id|name)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'<>]+))")
_EXPLICIT_ID = re.compile(r"(?:(?<!\s)\s++)?\{:?\s*+#([^\s{}]++)[^{}]*+\}\s*+\Z")
_MAY_HAVE = re.compile(r"^ {0,3}#|^ {0,3}(?:=|-){2,}[ \t]*$|\s(?:id|name)\s*=", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Ids:
    """The ids of a rendered post; `headings` maps the letters and digits of headings to their ids."""

    all: frozenset[str]
    headings: Mapping[str, str]

    def find(self, fragment: str) -> str | None:
        """Return the id that matches a fragment, or None.

        Generators derive ids in different ways: `what-s-new` and `whats-new` both match the heading "What's new".
        """
        if not fragment or fragment in self.all or fragment.casefold() == "top":
            return fragment
        return self.headings.get(_alphanumeric(fragment))


def may_have_ids(text: str) -> bool:
    """Return whether Markdown may contain headings or ids."""
    return _MAY_HAVE.search(text) is not None


def find_ids(text: str, headings: Sequence[str] | None = None) -> Ids:
    """Return the ids of Markdown once it is rendered; `headings` are its headings, if known."""
    if not may_have_ids(text):
        return Ids(frozenset(), {})
    if headings is None:
        headings = scan(text.encode("utf-8", "replace").decode()).headings
    ids = {unescape(next(filter(None, found))) for found in _ID.findall(text) if any(found)}
    used_anchors: set[str] = set()
    numbers: dict[str, int] = {}
    anchors: dict[str, str] = {}
    for heading in headings:
        explicit = _EXPLICIT_ID.search(heading)
        heading_text = heading[: explicit.start()] if explicit else heading
        anchor = (
            explicit[1] if explicit else number_anchor(make_anchor(heading_text) or "section", used_anchors, numbers)
        )
        ids.add(anchor)
        anchors.setdefault(_alphanumeric(heading_text), anchor)
    return Ids(frozenset(ids), anchors)


def _alphanumeric(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
