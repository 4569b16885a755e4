"""Checks of elements that are not closed, or closed in the wrong order (HTML standard, section 13.2.6)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from sitegen.check.html.tag_cache import FOREIGN, TagForm, next_depth
from sitegen.check.html.tokenizer import Document
from sitegen.check.problem_types import page_problem
from sitegen.errors import Problem
from sitegen.formats.html_elements import VOID, names

OPTIONAL = names("body caption colgroup dd dt head html li optgroup option p rb rp rt rtc tbody td tfoot th thead tr")
CLOSES_PARAGRAPH = names(
    "address article aside blockquote center details dialog dir div dl fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hgroup hr li dd dt main menu nav ol p pre search section summary table ul"
)
MAX_DEPTH = 512
SCOPES = names("applet button caption html marquee object select svg math table td template th")
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
# The elements that a start tag ends, and the element that limits its effect.
_CELLS = frozenset(("td", "th"))
_ROWS = _CELLS | {"tr"}
_PARTS = frozenset(("tbody", "thead", "tfoot", "colgroup", "caption"))
ENDS = {
    "li": (frozenset({"li"}), frozenset(("ul", "ol", "menu"))),
    "dt": (frozenset(("dt", "dd")), frozenset({"dl"})),
    "dd": (frozenset(("dt", "dd")), frozenset({"dl"})),
    "option": (frozenset({"option"}), frozenset(("select", "datalist", "optgroup"))),
    "optgroup": (frozenset(("option", "optgroup")), frozenset({"select"})),
    "rt": (frozenset(("rb", "rt", "rp")), frozenset({"ruby"})),
    "rp": (frozenset(("rb", "rt", "rp")), frozenset({"ruby"})),
    "td": (_CELLS, frozenset({"table"})),
    "th": (_CELLS, frozenset({"table"})),
    "tr": (_ROWS | {"caption", "colgroup"}, frozenset({"table"})),
    "tbody": (_ROWS | _PARTS, frozenset({"table"})),
    "thead": (_ROWS | _PARTS, frozenset({"table"})),
    "tfoot": (_ROWS | _PARTS, frozenset({"table"})),
    "body": (frozenset({"head"}), frozenset({"html"})),
}
PARENTS = {
    "li": frozenset(("ul", "ol", "menu")),
    "dt": frozenset(("dl", "div")),
    "dd": frozenset(("dl", "div")),
    "figcaption": frozenset({"figure"}),
    "summary": frozenset({"details"}),
    "legend": frozenset({"fieldset"}),
    "caption": frozenset({"table"}),
    "tr": frozenset(("table", "tbody", "thead", "tfoot")),
    "td": frozenset({"tr"}),
    "th": frozenset({"tr"}),
}
"""The parents that an element may have (HTML standard, content models)."""
_RULED = CLOSES_PARAGRAPH | frozenset(ENDS) | frozenset(PARENTS) | VOID | FOREIGN | {"a"}


@dataclass(frozen=True, slots=True)
class _OpenElement:
    """The open elements, outermost first: their names, the indexes of their tags, and which are foreign.

    `ends` says how many more tables end than begin from each tag on, the last tag first; it is empty until needed.
    """

    names: list[str] = field(default_factory=list)
    orders: list[int] = field(default_factory=list)
    foreign: set[int] = field(default_factory=set)
    ends: list[int] = field(default_factory=list)

    def drop(self, location: int) -> None:
        """Close the element at an index, and all within it."""
        del self.names[location:], self.orders[location:]


def check_nesting(document: Document) -> Iterator[Problem]:
    """Yield a problem for each element left open, each end tag without a start, and links within links."""
    opened = _OpenElement()
    names, orders = opened.names, opened.orders
    foreign = 0
    many = len(document.forms) > MAX_DEPTH
    for order, form in enumerate(document.forms):
        name = form.name
        if many and len(names) > MAX_DEPTH:
            message = f"the elements are nested more than {MAX_DEPTH} deep, which browsers do not support"
            hint = "end the elements that are still open"
            yield page_problem("unclosed-element", document.path, document.line(document.starts[order]), message, hint)
            return
        if form.end:
            if foreign and name in FOREIGN:
                foreign = next_depth(foreign, form)
            if names and names[-1] == name:
                names.pop()
                orders.pop()
            else:
                yield from _end(document, opened, order, foreign > 0)
            continue
        if not foreign and name not in _RULED:
            names.append(name)
            orders.append(order)
            continue
        if foreign or name in FOREIGN:
            foreign = _open_foreign(opened, form, order, foreign)
            continue
        if _needs_room(name, names):
            yield from _make_room(document, opened, order)
        parents = PARENTS.get(name)
        if parents and names and names[-1] not in parents and names[-1] != "template":
            wanted = " or ".join(f"<{parent}>" for parent in sorted(parents))
            message = f"<{name}> is in <{names[-1]}>, but must be directly in {wanted}"
            hint = f"put it into {wanted}"
            yield page_problem("misplaced-element", document.path, document.line(document.starts[order]), message, hint)
        if name not in VOID:
            names.append(name)
            orders.append(order)
    yield from _unclosed(document, opened, 0, "the end of the page")


def _open_foreign(opened: _OpenElement, form: TagForm, order: int, depth: int) -> int:
    """Open an SVG or MathML element, or one within, and return the depth after it."""
    if form.name in FOREIGN:
        depth = next_depth(depth, form)
    if not form.closed:
        opened.names.append(form.name)
        opened.orders.append(order)
        if depth:
            opened.foreign.add(order)
    return depth


def _needs_room(name: str, names: Sequence[str]) -> bool:
    """Return whether a start tag may end one of the open elements."""
    if name in CLOSES_PARAGRAPH and "p" in names:
        return True
    if name in ENDS:
        return not names or names[-1] not in ENDS[name][1]
    return name == "a" and "a" in names


def _make_room(document: Document, opened: _OpenElement, order: int) -> Iterator[Problem]:
    name = document.forms[order].name
    if name in CLOSES_PARAGRAPH:
        location = _find(opened.names, frozenset({"p"}), SCOPES)
        if location is not None:
            yield from _unclosed(document, opened, location + 1, f"<{name}>, which ends the paragraph")
            opened.drop(location)
    if name in ENDS:
        ended, fence = ENDS[name]
        while (location := _find(opened.names, ended, fence | {"template"})) is not None:
            yield from _unclosed(document, opened, location + 1, f"<{name}>")
            opened.drop(location)
    if name == "a":
        outer = _find(opened.names, frozenset({"a"}), SCOPES)
        if outer is not None:
            line = document.line(document.starts[order])
            first = document.line(document.starts[opened.orders[outer]])
            message = f"the link is inside of the link of line {first}"
            yield page_problem("nested-link", document.path, line, message, "end the outer link first with </a>")
            del opened.names[outer], opened.orders[outer]


def _end(document: Document, opened: _OpenElement, order: int, foreign: bool) -> Iterator[Problem]:
    name = document.forms[order].name
    wanted = HEADINGS if name in HEADINGS else frozenset({name})
    # An end tag does not reach out of a table cell or a template.
    fence = frozenset() if name in ("html", "body", "table", "template") else frozenset(("td", "th", "template"))
    if name in ("tr", "tbody", "thead", "tfoot"):
        fence = frozenset({"table"})
    location = _find(opened.names, wanted, fence - wanted)
    if location is None and fence:
        location = _find_beyond_table(document, opened, order, wanted)
    if location is None or (name in VOID and not foreign):
        message = f"the end tag </{name}> ends nothing"
        hint = "remove it, or put the start tag before it; a paragraph ends by itself where a block begins"
        yield page_problem("stray-end-tag", document.path, document.line(document.starts[order]), message, hint)
        return
    found = opened.names[location]
    if found != name:
        message = f"<{found}> is ended by </{name}>"
        hint = f"end it with </{found}>"
        yield page_problem("unclosed-element", document.path, document.line(document.starts[order]), message, hint)
    yield from _unclosed(document, opened, location + 1, f"</{name}>")
    opened.drop(location)


def _find_beyond_table(document: Document, opened: _OpenElement, order: int, wanted: frozenset[str]) -> int | None:
    """Return the open element that an end tag in a table cell ends, if the table is never ended: else None.

    The standard ignores the end tag then, and so the end tags of everything around the table: the table is the cause.
    """
    location = _find(opened.names, wanted, frozenset({"template"}))
    if location is None:
        return None
    if not opened.ends:
        changes = (0 if form.name != "table" else 1 if form.end else -1 for form in reversed(document.forms))
        opened.ends.extend(accumulate(changes))
    return location if opened.ends[-order - 1] < opened.names[location:].count("table") else None


def _find(names: Sequence[str], wanted: frozenset[str], fence: frozenset[str]) -> int | None:
    for location in range(len(names) - 1, -1, -1):
        if names[location] in wanted:
            return location
        if names[location] in fence:
            return None
    return None


def _unclosed(document: Document, opened: _OpenElement, first: int, where: str) -> Iterator[Problem]:
    for name, order in zip(opened.names[first:], opened.orders[first:], strict=True):
        if name not in OPTIONAL or order in opened.foreign:
            message = f"<{name}> is still open at {where}"
            hint = f"end it with </{name}>"
            start = document.starts[order]
            needle = document.text[start : start + document.forms[order].length]
            yield page_problem("unclosed-element", document.path, document.line(start), message, hint, needle)
