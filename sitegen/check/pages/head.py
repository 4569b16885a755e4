"""Checks of the frame of a page: doctype, language, title, unique ids, and no inline scripts and styles."""

import re
from collections.abc import Iterator

from sitegen.check.html.tokenizer import Document, HtmlTag
from sitegen.check.links.extract import PREVIEWS, read_refresh
from sitegen.check.problem_types import page_problem
from sitegen.errors import Problem

DATA_BLOCKS = frozenset(("application/ld+json", "application/json", "importmap", "speculationrules"))
DIRECTIONS = frozenset(("ltr", "rtl", "auto"))
LANGUAGES = ("lang", "hreflang")
_LANGUAGE = re.compile(
    r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*|[A-Za-z]{4,8}(?:-[A-Za-z0-9]{2,8})*|x(?:-[A-Za-z0-9]{1,8})+"
)
_ZOOM = re.compile(r"user-scalable\s*=\s*(?:no|0)|maximum-scale\s*=\s*(?:1(?:\.0*)?|0(?:\.\d+)?)\s*(?:,|;|$)")


def read_title(document: Document) -> str | None:
    """Return the page's title, or None if it has none."""
    titles = [tag for tag in document.of("title") if not tag.foreign]
    return document.text_inside(titles[0]) if titles else None


def read_meta(document: Document) -> dict[str, list[str]]:
    """Return the contents of the page's `meta` elements by their names."""
    contents: dict[str, list[str]] = {}
    for tag in document.of("meta"):
        name = tag.attributes.get("name", "").lower()
        contents.setdefault(name, []).append(tag.attributes.get("content", "").strip())
    return contents


def read_ids(document: Document) -> dict[str, HtmlTag]:
    """Return the first element of each id of a page, and of each `name` of a link."""
    ids: dict[str, HtmlTag] = {}
    for tag in document.having(("id",)):
        ids.setdefault(tag.attributes["id"], tag)
    for tag in document.of("a"):
        if "name" in tag.attributes:
            ids.setdefault(tag.attributes["name"], tag)
    return ids


def check_head(document: Document) -> Iterator[Problem]:
    """Yield what is wrong with a page's frame: its head, its ids, its inline scripts and styles."""
    yield from _check_head(document)
    yield from _check_ids(document)
    yield from _check_inline(document)
    yield from _check_previews(document)
    yield from _check_base(document)


def _check_base(document: Document) -> Iterator[Problem]:
    for tag in document.of("base"):
        message = f'the page has <base href="{tag.attributes.get("href", "")}">, which changes where its links lead'
        hint = "remove it: it breaks links to fragments and relative URLs"
        yield page_problem("base-element", document.path, document.line(tag.start), message, hint)


def check_characters(document: Document) -> Iterator[Problem]:
    """Yield the first U+FFFD of a page, which replaces a lost character."""
    location = document.text.find("\ufffd")
    if location >= 0:
        count = document.text.count("\ufffd")
        message = f"the page has U+FFFD ({count} times): characters were lost when the text was converted"
        line = document.line(location)
        # The words before it find it in the post, where it is written just so.
        needle = document.text[max(0, location - 12) : location + 1].rpartition(">")[2].rpartition("\n")[2]
        if len(needle) < 2:
            needle = document.text[location : location + 12].partition("<")[0].partition("\n")[0]
        yield page_problem("replacement-character", document.path, line, message, "put the characters back", needle)


def _check_head(document: Document) -> Iterator[Problem]:
    path = document.path
    if document.doctype.lower() != "<!doctype html>":
        hint = "begin the page's template with <!doctype html>, else browsers show it as in 1998"
        yield page_problem("missing-doctype", path, 1, "the page does not begin with <!doctype html>", hint)
    root = next(document.of("html"), None)
    language = root.attributes.get("lang", "") if root else ""
    if not language.strip():
        hint = 'write <html lang="en">, with the language of the page'
        yield page_problem("missing-language", path, 1, "the page does not say its language", hint)
    for tag in document.having(LANGUAGES):
        for name in LANGUAGES:
            value = tag.attributes.get(name, "")
            if value and value.lower() != "x-default" and not _LANGUAGE.fullmatch(value):
                message = f'"{value}" is not a language tag'
                hint = "write it as en, pt-BR or zh-Hans (BCP 47)"
                yield page_problem("bad-language", path, document.line(tag.start), message, hint, value)
    for tag in document.having(("dir",)):
        value = tag.attributes["dir"]
        if value.lower() not in DIRECTIONS and not tag.foreign:
            message = f'"{value}" is not a direction of writing'
            yield page_problem(
                "bad-direction", path, document.line(tag.start), message, "write ltr, rtl or auto", value
            )
    charsets = [tag for tag in document.of("meta") if "charset" in tag.attributes]
    if not charsets or charsets[0].attributes["charset"].lower() not in ("utf-8", "utf8"):
        yield page_problem(
            "missing-charset", path, 1, "the page does not say that it is UTF-8", 'write <meta charset="utf-8">'
        )
    elif len(document.text[: charsets[0].stop].encode("utf-8", "replace")) > 1024:
        message, hint = "the page names its charset too late", "put it into the first 1024 bytes, before the title"
        yield page_problem("missing-charset", path, document.line(charsets[0].start), message, hint)
    yield from _check_title(document)
    viewport = read_meta(document).get("viewport")
    if not viewport and not read_refresh(document):
        hint = 'write <meta name="viewport" content="width=device-width, initial-scale=1">'
        yield page_problem("missing-viewport", path, 1, "the page does not fit itself to small screens", hint)
    elif viewport and _ZOOM.search(viewport[0]):
        hint = "take user-scalable and maximum-scale out of the viewport (WCAG 1.4.4)"
        yield page_problem("zoom-disabled", path, 1, "the page keeps its readers from zooming in", hint)
    canonicals = {
        tag.attributes.get("href", "")
        for tag in document.of("link")
        if "canonical" in tag.attributes.get("rel", "").lower().split()
    }
    if len(canonicals) > 1:
        message = f"the page names {len(canonicals)} canonical URLs"
        yield page_problem("several-canonicals", path, 1, message, "name one: search engines ignore them all otherwise")


def _check_title(document: Document) -> Iterator[Problem]:
    titles = [tag for tag in document.of("title") if not tag.foreign]
    if not titles:
        yield page_problem("missing-title", document.path, 1, "the page has no title", "give it a <title> of its own")
        return
    if not document.has_text(titles[0]):
        line = document.line(titles[0].start)
        yield page_problem("empty-title", document.path, line, "the page's title is empty", "give the post a title")
    if len(titles) > 1:
        line = document.line(titles[1].start)
        yield page_problem("several-titles", document.path, line, f"the page has {len(titles)} titles", "keep one")


def _check_ids(document: Document) -> Iterator[Problem]:
    first: dict[str, HtmlTag] = {}
    for tag in document.having(("id",)):
        name = tag.attributes["id"]
        if not name or any(letter.isspace() for letter in name):
            message = f'the id "{name}" holds white space' if name else "an id is empty"
            yield page_problem("bad-id", document.path, document.line(tag.start), message, "write it in one word", name)
        elif name in first:
            message = f'the id "{name}" is already in line {document.line(first[name].start)}'
            hint = "give each element an id of its own: links to it reach only the first"
            yield page_problem("duplicate-id", document.path, document.line(tag.start), message, hint, name)
        first.setdefault(name, tag)
    for tag, name in document.repeated:
        message = f"<{tag.name}> has the attribute {name} twice, and browsers drop the second"
        line, needle = document.line(tag.start), document.text[tag.start : tag.stop]
        yield page_problem("duplicate-attribute", document.path, line, message, "keep one of the two", needle)


def _check_inline(document: Document) -> Iterator[Problem]:
    for tag in document.of("script"):
        script_type = tag.attributes.get("type", "").lower()
        if "src" not in tag.attributes and script_type not in DATA_BLOCKS and document.raw_inside(tag).strip():
            hint = "put it into a file of its own: the content security policy blocks it"
            yield page_problem(
                "inline-script", document.path, document.line(tag.start), "the page contains a script", hint
            )
    for tag in document.of("style"):
        hint = "put it into the style sheet: the content security policy blocks it"
        yield page_problem(
            "inline-style", document.path, document.line(tag.start), "the page contains a style sheet", hint
        )
    events = [name for name in document.marked if name.startswith("on")]
    for tag in document.having(("style", *events)):
        for name in tag.attributes:
            if name == "style":
                message = f"<{tag.name}> has a style attribute, which the content security policy blocks"
                yield page_problem(
                    "inline-style",
                    document.path,
                    document.line(tag.start),
                    message,
                    "give it a class, and style that",
                    tag.attributes[name],
                )
            elif name[:2] == "on" and len(name) > 4 and name.isalpha():
                message = f"<{tag.name}> has the attribute {name}, a script that the content security policy blocks"
                hint = "remove it, or add the listener in a script file"
                yield page_problem("event-handler", document.path, document.line(tag.start), message, hint, name)


def _check_previews(document: Document) -> Iterator[Problem]:
    for tag in document.of("meta"):
        name = tag.attributes.get("property") or tag.attributes.get("name") or ""
        url = tag.attributes.get("content", "").strip()
        if not url and name.lower().startswith(("og:", "twitter:")) and "content" in tag.attributes:
            message = f"{name} is empty, and previews elsewhere show nothing"
            yield page_problem(
                "empty-preview", document.path, document.line(tag.start), message, "fill it in, or remove it"
            )
        if name.lower() in PREVIEWS and url and not url.lower().startswith(("http://", "https://")):
            message = f'the {name} "{url}" does not say its host, and previews elsewhere show nothing'
            yield page_problem(
                "relative-preview", document.path, document.line(tag.start), message, "write it in full", url
            )
