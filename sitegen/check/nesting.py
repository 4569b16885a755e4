"""Elements that are not closed, or closed out of turn: parse errors by the HTML standard, section 13.2.6."""

from collections.abc import Iterator

from sitegen.check.finding import Fault
from sitegen.check.tokens import FOREIGN, Document, Tag


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


VOID = _words("area base br col embed hr img input link meta param source track wbr")
OPTIONAL = _words("body caption colgroup dd dt head html li optgroup option p rb rp rt rtc tbody td tfoot th thead tr")
CLOSES_PARAGRAPH = _words(
    "address article aside blockquote center details dialog dir div dl fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hgroup hr li dd dt main menu nav ol p pre search section summary table ul"
)
DEEPEST = 512
SCOPES = _words("applet button caption html marquee object select svg math table td template th")
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
_MAKES_ROOM = CLOSES_PARAGRAPH | frozenset(ENDS) | {"a"}


def judge_nesting(document: Document) -> Iterator[Fault]:
    """Yield a fault for each element left open, each end tag without a start, and links within links."""
    stack: list[Tag] = []
    for tag in document.tags:
        if len(stack) > DEEPEST:
            message = f"the elements stand more than {DEEPEST} deep in each other, which browsers do not follow"
            hint = "end the elements that are still open"
            yield Fault("unclosed-element", document.path, document.line(tag.start), message, hint)
            return
        if tag.end:
            yield from _end(document, stack, tag)
            continue
        name = tag.name
        if name in _MAKES_ROOM and not tag.foreign:
            yield from _make_room(document, stack, tag)
        parents = PARENTS.get(name)
        if parents and not tag.foreign and stack and stack[-1].name not in parents and stack[-1].name != "template":
            wanted = " or ".join(f"<{parent}>" for parent in sorted(parents))
            message = f"<{name}> stands in <{stack[-1].name}>, and not right in {wanted}"
            hint = f"put it into {wanted}"
            yield Fault("misplaced-element", document.path, document.line(tag.start), message, hint)
        if tag.foreign or name in FOREIGN:
            if document.text[tag.stop - 2] != "/":
                stack.append(tag)
        elif name not in VOID:
            stack.append(tag)
    yield from _unclosed(document, stack, "the end of the page")


def _make_room(document: Document, stack: list[Tag], tag: Tag) -> Iterator[Fault]:
    if tag.name in CLOSES_PARAGRAPH:
        place = _find(stack, frozenset({"p"}), SCOPES)
        if place is not None:
            yield from _unclosed(document, stack[place + 1 :], f"<{tag.name}>, which ends the paragraph")
            del stack[place:]
    if tag.name in ENDS:
        ended, fence = ENDS[tag.name]
        while (place := _find(stack, ended, fence | {"template"})) is not None:
            yield from _unclosed(document, stack[place + 1 :], f"<{tag.name}>")
            del stack[place:]
    if tag.name == "a":
        outer = _find(stack, frozenset({"a"}), SCOPES)
        if outer is not None:
            line = document.line(tag.start)
            message = f"a link stands within the link of line {document.line(stack[outer].start)}"
            yield Fault("nested-link", document.path, line, message, "end the outer link first with </a>")
            del stack[outer]


def _end(document: Document, stack: list[Tag], tag: Tag) -> Iterator[Fault]:
    name = tag.name
    if stack and stack[-1].name == name:
        stack.pop()
        return
    wanted = HEADINGS if name in HEADINGS else frozenset({name})
    # An end tag does not reach out of a table cell or a template.
    fence = frozenset() if name in ("html", "body", "table", "template") else frozenset(("td", "th", "template"))
    if name in ("tr", "tbody", "thead", "tfoot"):
        fence = frozenset({"table"})
    place = _find(stack, wanted, fence - wanted)
    if place is None or (name in VOID and not tag.foreign):
        message = f"the end tag </{name}> ends nothing"
        hint = "take it away, or put the start tag before it; a paragraph ends by itself where a block begins"
        yield Fault("stray-end-tag", document.path, document.line(tag.start), message, hint)
        return
    if stack[place].name != name:
        message = f"<{stack[place].name}> is ended by </{name}>"
        hint = f"end it with </{stack[place].name}>"
        yield Fault("unclosed-element", document.path, document.line(tag.start), message, hint)
    yield from _unclosed(document, stack[place + 1 :], f"</{name}>")
    del stack[place:]


def _find(stack: list[Tag], wanted: frozenset[str], fence: frozenset[str]) -> int | None:
    for place in range(len(stack) - 1, -1, -1):
        name = stack[place].name
        if name in wanted:
            return place
        if name in fence:
            return None
    return None


def _unclosed(document: Document, tags: list[Tag], where: str) -> Iterator[Fault]:
    for tag in tags:
        if tag.name not in OPTIONAL or tag.foreign:
            message = f"<{tag.name}> is still open at {where}"
            hint = f"end it with </{tag.name}>"
            needle = document.text[tag.start : tag.stop]
            yield Fault("unclosed-element", document.path, document.line(tag.start), message, hint, needle)
