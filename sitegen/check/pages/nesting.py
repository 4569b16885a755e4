"""Elements that are not closed, or closed out of turn: parse errors by the HTML standard, section 13.2.6."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sitegen.check.findings import Fault
from sitegen.check.html.tag_cache import FOREIGN, Form, next_depth
from sitegen.check.html.tokenizer import Document
from sitegen.feeds.text import words

VOID = words("area base br col embed hr img input link meta param source track wbr")
OPTIONAL = words("body caption colgroup dd dt head html li optgroup option p rb rp rt rtc tbody td tfoot th thead tr")
CLOSES_PARAGRAPH = words(
    "address article aside blockquote center details dialog dir div dl fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hgroup hr li dd dt main menu nav ol p pre search section summary table ul"
)
DEEPEST = 512
SCOPES = words("applet button caption html marquee object select svg math table td template th")
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
# What a start tag ends, and the element that keeps it from looking further up.
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
"""What an element may stand right within (HTML standard, content models)."""
_RULED = CLOSES_PARAGRAPH | frozenset(ENDS) | frozenset(PARENTS) | VOID | FOREIGN | {"a"}


@dataclass(frozen=True, slots=True)
class _Open:
    """The open elements, outermost first: their names, their places among the tags, and which are foreign."""

    names: list[str] = field(default_factory=list)
    orders: list[int] = field(default_factory=list)
    foreign: set[int] = field(default_factory=set)

    def drop(self, place: int) -> None:
        """Close the element at a place, and all within it."""
        del self.names[place:], self.orders[place:]


def judge_nesting(document: Document) -> Iterator[Fault]:
    """Yield a fault for each element left open, each end tag without a start, and links within links."""
    opened = _Open()
    names, orders = opened.names, opened.orders
    foreign = 0
    many = len(document.forms) > DEEPEST
    for order, form in enumerate(document.forms):
        name = form.name
        if many and len(names) > DEEPEST:
            message = f"the elements stand more than {DEEPEST} deep in each other, which browsers do not follow"
            hint = "end the elements that are still open"
            yield Fault("unclosed-element", document.path, document.line(document.starts[order]), message, hint)
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
            message = f"<{name}> stands in <{names[-1]}>, and not right in {wanted}"
            hint = f"put it into {wanted}"
            yield Fault("misplaced-element", document.path, document.line(document.starts[order]), message, hint)
        if name not in VOID:
            names.append(name)
            orders.append(order)
    yield from _unclosed(document, opened, 0, "the end of the page")


def _open_foreign(opened: _Open, form: Form, order: int, depth: int) -> int:
    """Open an element of a drawing or formula, or one of these, and return how deep in them what follows is."""
    if form.name in FOREIGN:
        depth = next_depth(depth, form)
    if not form.closed:
        opened.names.append(form.name)
        opened.orders.append(order)
        if depth:
            opened.foreign.add(order)
    return depth


def _needs_room(name: str, names: Sequence[str]) -> bool:
    """Tell whether a start tag may end one of the open elements."""
    if name in CLOSES_PARAGRAPH and "p" in names:
        return True
    if name in ENDS:
        return not names or names[-1] not in ENDS[name][1]
    return name == "a" and "a" in names


def _make_room(document: Document, opened: _Open, order: int) -> Iterator[Fault]:
    name = document.forms[order].name
    if name in CLOSES_PARAGRAPH:
        place = _find(opened.names, frozenset({"p"}), SCOPES)
        if place is not None:
            yield from _unclosed(document, opened, place + 1, f"<{name}>, which ends the paragraph")
            opened.drop(place)
    if name in ENDS:
        ended, fence = ENDS[name]
        while (place := _find(opened.names, ended, fence | {"template"})) is not None:
            yield from _unclosed(document, opened, place + 1, f"<{name}>")
            opened.drop(place)
    if name == "a":
        outer = _find(opened.names, frozenset({"a"}), SCOPES)
        if outer is not None:
            line = document.line(document.starts[order])
            first = document.line(document.starts[opened.orders[outer]])
            message = f"a link stands within the link of line {first}"
            yield Fault("nested-link", document.path, line, message, "end the outer link first with </a>")
            del opened.names[outer], opened.orders[outer]


def _end(document: Document, opened: _Open, order: int, foreign: bool) -> Iterator[Fault]:
    name = document.forms[order].name
    wanted = HEADINGS if name in HEADINGS else frozenset({name})
    # An end tag does not reach out of a table cell or a template.
    fence = frozenset() if name in ("html", "body", "table", "template") else frozenset(("td", "th", "template"))
    if name in ("tr", "tbody", "thead", "tfoot"):
        fence = frozenset({"table"})
    place = _find(opened.names, wanted, fence - wanted)
    if place is None or (name in VOID and not foreign):
        message = f"the end tag </{name}> ends nothing"
        hint = "take it away, or put the start tag before it; a paragraph ends by itself where a block begins"
        yield Fault("stray-end-tag", document.path, document.line(document.starts[order]), message, hint)
        return
    found = opened.names[place]
    if found != name:
        message = f"<{found}> is ended by </{name}>"
        hint = f"end it with </{found}>"
        yield Fault("unclosed-element", document.path, document.line(document.starts[order]), message, hint)
    yield from _unclosed(document, opened, place + 1, f"</{name}>")
    opened.drop(place)


def _find(names: Sequence[str], wanted: frozenset[str], fence: frozenset[str]) -> int | None:
    for place in range(len(names) - 1, -1, -1):
        if names[place] in wanted:
            return place
        if names[place] in fence:
            return None
    return None


def _unclosed(document: Document, opened: _Open, first: int, where: str) -> Iterator[Fault]:
    for name, order in zip(opened.names[first:], opened.orders[first:], strict=True):
        if name not in OPTIONAL or order in opened.foreign:
            message = f"<{name}> is still open at {where}"
            hint = f"end it with </{name}>"
            start = document.starts[order]
            needle = document.text[start : start + document.forms[order].length]
            yield Fault("unclosed-element", document.path, document.line(start), message, hint, needle)
