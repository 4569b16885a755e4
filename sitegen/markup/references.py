"""The lines of a post's file at which its links to files of the site stand."""

from collections.abc import Sequence
from html import escape
from urllib.parse import unquote

from sitegen.model import Reference


def locate(targets: Sequence[str], text: str, line: int) -> tuple[Reference, ...]:
    """Find in a text, which begins at a line of its file, where each link's target is written.

    Targets come in the order of the page. One that is not found as it is (an extension has made it)
    gets the text's first line.
    """
    found = []
    after: dict[str, int] = {}
    for target in targets:
        place = -1
        for form in dict.fromkeys((target, unquote(target), escape(target))):
            place = text.find(form, after.get(form, 0))
            if place < 0:
                place = text.find(form)
            if place >= 0:
                after[form] = place + len(form)
                break
        found.append(Reference(target, line + text.count("\n", 0, max(place, 0))))
    return tuple(found)
