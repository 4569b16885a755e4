"""Accessibility checks (WCAG 2.2): alternative texts, heading levels, names of links and fields."""

import re
from collections.abc import Collection, Iterator

from sitegen.check.html.tokenizer import Document, HtmlTag
from sitegen.check.problem_types import page_problem
from sitegen.errors import Problem
from sitegen.formats.html_elements import names

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_FILE_NAME = re.compile(
    r"[^\s]+\.(?:jpe?g|png|gif|webp|avif|svg|heic|bmp)|(?:IMG|DSC|DSCN|image|img)[_-]?\d+", re.IGNORECASE
)
_MEANINGLESS = names(
    "alt bild cover figure foto graphic icon image imagen img photo photograph pic image placeholder screenshot "
    "spacer thumbnail untitled"
)
"""Alternative texts that only say that there is an image, as screen readers do anyway, and not what it shows."""

_UNLABELLED = frozenset(("hidden", "submit", "reset", "button", "image"))


def check_accessibility(document: Document, missing: Collection[str]) -> Iterator[Problem]:
    """Yield what prevents readers with a screen reader or a keyboard from using a page.

    `missing` are the URLs of images that lead to no file: they are reported as such, and have no size to state.
    """
    yield from _check_images(document, missing)
    yield from _check_linked_images(document)
    yield from _check_headings(document)
    yield from _check_labels(document)
    yield from _check_fields(document)
    mains = [tag for tag in document.of("main") if "hidden" not in tag.attributes]
    if not mains and not any(tag.attributes["role"] == "main" for tag in document.having(("role",))):
        hint = "put what is particular to the page into <main>"
        yield page_problem("missing-main", document.path, 1, "the page has no main part", hint)
    if len(mains) > 1:
        line = document.line(mains[1].start)
        yield page_problem(
            "several-mains", document.path, line, f"the page has {len(mains)} main parts", "keep one <main>"
        )
    for tag in document.of("table"):
        end = document.end_of(tag)
        last = len(document.forms) if end is None else end
        if not any(tag.order < header.order < last for header in document.of("th")) and tag.attributes.get(
            "role"
        ) not in ("presentation", "none"):
            hint = "make the cells of the first row or column <th>"
            line = document.line(tag.start)
            yield page_problem("table-without-headers", document.path, line, "a table has no headers", hint, "|")


def _check_images(document: Document, missing: Collection[str]) -> Iterator[Problem]:
    for tag in document.of("img"):
        source = tag.attributes.get("src", "")
        name = source.rpartition("/")[2]
        alternative = tag.attributes.get("alt")
        if alternative is None and not _is_hidden(tag):
            hint = 'say in a few words what it shows; for mere decoration write alt=""'
            message = f'the image "{source}" has no alternative text'
            yield page_problem("image-without-alt", document.path, document.line(tag.start), message, hint, source)
        elif alternative and _FILE_NAME.fullmatch(alternative.strip()):
            message = f'the alternative text "{alternative}" of an image is a file name'
            line = document.line(tag.start)
            yield page_problem("alt-is-file-name", document.path, line, message, "say what it shows", alternative)
        elif alternative and alternative.strip(" .:!").lower() in _MEANINGLESS:
            message = f"`{alternative}` does not say what the image shows"
            line = document.line(tag.start)
            hint = 'describe it in a few words; for mere decoration write alt=""'
            yield page_problem("meaningless-alt", document.path, line, message, hint, source)
        if source not in missing and not {"width", "height"} <= tag.attributes.keys():
            message = f'the image "{name}" does not say its width and height, so the text jumps when it arrives'
            line = document.line(tag.start)
            yield page_problem("image-without-size", document.path, line, message, "give it width and height", source)


def _check_linked_images(document: Document) -> Iterator[Problem]:
    """Yield the areas of image maps and the image buttons without alternative text."""
    for tag in document.of("area", "input"):
        values = tag.attributes
        wanted = "href" in values if tag.name == "area" else values.get("type", "").lower() == "image"
        if wanted and not values.get("alt", "").strip() and not _has_name(tag):
            target = values.get("href") or values.get("src", "")
            message = f'the <{tag.name}> of "{target}" has no alternative text'
            hint = "say in its alt where it leads, or what it does"
            yield page_problem("image-without-alt", document.path, document.line(tag.start), message, hint, target)


def _check_headings(document: Document) -> Iterator[Problem]:
    found = sorted((tag for tag in document.of(*HEADINGS)), key=lambda tag: tag.order)
    tops = [tag for tag in found if tag.name == "h1"]
    if not tops:
        yield page_problem(
            "missing-h1", document.path, 1, "the page has no h1", "give it one heading that says what it is"
        )
    if len(tops) > 1:
        text = document.text_inside(tops[1])
        message = f'the page has {len(tops)} h1, the second one is "{text}"'
        hint = 'start the headings of a post at the second level ("##" in Markdown)'
        yield page_problem("several-h1", document.path, document.line(tops[1].start), message, hint, text)
    last = 0
    for tag in found:
        level = int(tag.name[1])
        if not document.has_text(tag):
            hint = "give it words, or remove it"
            yield page_problem(
                "empty-heading", document.path, document.line(tag.start), f"an {tag.name} is empty", hint
            )
        if last and level > last + 1:
            text = document.text_inside(tag)
            message = f'the heading "{text}" is an h{level} after an h{last}'
            hint = f"make it an h{last + 1}"
            yield page_problem("heading-skipped", document.path, document.line(tag.start), message, hint, text)
        last = level


def _check_labels(document: Document) -> Iterator[Problem]:
    for name, problem_type, noun in (("a", "link-without-text", "link"), ("button", "button-without-text", "button")):
        for tag in document.of(name):
            if name == "a" and "href" not in tag.attributes:
                continue
            if document.has_text(tag) or _has_name(tag) or _is_hidden(tag):
                continue
            target = tag.attributes.get("href", "")
            message = f'the {noun} to "{target}" has no text' if target else f"a {noun} has no text"
            hint = "give it words, or an aria-label"
            yield page_problem(problem_type, document.path, document.line(tag.start), message, hint, target)
    for tag in document.of("iframe"):
        if not _has_name(tag) and not _is_hidden(tag):
            source = tag.attributes.get("src", "")
            message = f'the frame of "{source}" has no title'
            hint = "give it a title that says what it shows"
            yield page_problem("frame-without-title", document.path, document.line(tag.start), message, hint, source)


def _check_fields(document: Document) -> Iterator[Problem]:
    labelled = {tag.attributes.get("for", "") for tag in document.of("label")}
    inside = [(tag.order, end) for tag in document.of("label") if (end := document.end_of(tag)) is not None]
    for tag in document.of("input", "select", "textarea"):
        if tag.attributes.get("type", "").lower() in _UNLABELLED or _has_name(tag) or _is_hidden(tag):
            continue
        wrapped = any(first < tag.order < last for first, last in inside)
        if not wrapped and tag.attributes.get("id", "") not in labelled - {""}:
            name = tag.attributes.get("name", "")
            message = f'the field "{name}" has no label' if name else "a field has no label"
            hint = "put it into a <label>, or give it an aria-label"
            # A box of a task list made from Markdown cannot be ticked, so that it needs no name.
            if "disabled" not in tag.attributes:
                yield page_problem("field-without-label", document.path, document.line(tag.start), message, hint, name)
    for tag in document.having(("tabindex",)):
        value = tag.attributes["tabindex"]
        if value.strip().isdigit() and int(value) > 0:
            message = f"<{tag.name}> has the tabindex {value}, which upsets the order for the keyboard"
            yield page_problem("positive-tabindex", document.path, document.line(tag.start), message, "use 0, or none")


def _has_name(tag: HtmlTag) -> bool:
    return any(tag.attributes.get(name, "").strip() for name in ("aria-label", "aria-labelledby", "title"))


def _is_hidden(tag: HtmlTag) -> bool:
    values = tag.attributes
    return "hidden" in values or values.get("aria-hidden") == "true" or values.get("role") in ("presentation", "none")
