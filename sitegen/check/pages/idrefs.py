"""The ids that elements of a page name without a link: labels, descriptions, lists of choices, symbols."""

from collections.abc import Iterator, Mapping

from sitegen.check.html.tokenizer import Document, HtmlTag
from sitegen.check.problem_types import page_problem
from sitegen.errors import Problem

NAMING = frozenset(("for", "list", "headers", "aria-labelledby", "aria-describedby"))


def check_idrefs(document: Document, ids: Mapping[str, HtmlTag]) -> Iterator[Problem]:
    """Yield each id that an element names and that no element of the page has."""
    maps = {tag.attributes.get("name", "") for tag in document.of("map")}
    for tag in document.having(NAMING):
        for attribute in tag.attributes:
            if attribute not in NAMING:
                continue
            for name in tag.attributes[attribute].split():
                if name not in ids:
                    yield _on_page(document, tag, attribute, name)
    for tag in document.having(("usemap",)):
        mapped = tag.attributes["usemap"]
        if mapped and mapped.removeprefix("#") not in maps:
            yield _on_page(document, tag, "usemap", mapped)
    for tag in document.of("use"):
        symbol = tag.attributes.get("href") or tag.attributes.get("xlink:href") or ""
        if symbol.startswith("#") and symbol[1:] not in ids:
            yield _on_page(document, tag, "href", symbol)


def _on_page(document: Document, tag: HtmlTag, attribute: str, name: str) -> Problem:
    message = f'the {attribute} of <{tag.name}> names "{name}", which is not an id of the page'
    hint = "give the element that is meant this id, or take the attribute away"
    return page_problem("broken-reference", document.path, document.line(tag.start), message, hint, name)
