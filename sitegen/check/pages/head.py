"""What any page must have: a doctype, a language, a title, ids that are its own, and no inline script or style."""

import re
from collections.abc import Iterator

from sitegen.check.findings import Fault
from sitegen.check.html.tokenizer import Document, Tag
from sitegen.check.links.extract import PREVIEWS, read_refresh

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


def read_ids(document: Document) -> dict[str, Tag]:
    """Return the first element of each id of a page, and of each `name` of a link."""
    ids: dict[str, Tag] = {}
    for tag in document.having(("id",)):
        ids.setdefault(tag.attributes["id"], tag)
    for tag in document.of("a"):
        if "name" in tag.attributes:
            ids.setdefault(tag.attributes["name"], tag)
    return ids


def judge_page(document: Document) -> Iterator[Fault]:
    """Yield what is wrong with a page's frame: its head, its ids, its inline scripts and styles."""
    yield from _judge_head(document)
    yield from _judge_ids(document)
    yield from _judge_inline(document)
    yield from _judge_previews(document)
    yield from _judge_base(document)


def _judge_base(document: Document) -> Iterator[Fault]:
    for tag in document.of("base"):
        message = f'the page has <base href="{tag.attributes.get("href", "")}">, which changes where its links lead'
        hint = "take it away: links to places in the page and relative URLs break by it"
        yield Fault("base-element", document.path, document.line(tag.start), message, hint)


def judge_characters(document: Document) -> Iterator[Fault]:
    """Yield the first U+FFFD of a page, which stands where a character was lost."""
    place = document.text.find("\ufffd")
    if place >= 0:
        count = document.text.count("\ufffd")
        message = f"the page has U+FFFD ({count} times): characters were lost when the text was converted"
        line = document.line(place)
        # The words before it find it in the post, where it is written just so.
        needle = document.text[max(0, place - 12) : place + 1].rpartition(">")[2].rpartition("\n")[2]
        if len(needle) < 2:
            needle = document.text[place : place + 12].partition("<")[0].partition("\n")[0]
        yield Fault("replacement-character", document.path, line, message, "put the characters back", needle)


def _judge_head(document: Document) -> Iterator[Fault]:
    path = document.path
    if document.doctype.lower() != "<!doctype html>":
        hint = "begin the page's template with <!doctype html>, else browsers show it as in 1998"
        yield Fault("missing-doctype", path, 1, "the page does not begin with <!doctype html>", hint)
    root = next(document.of("html"), None)
    language = root.attributes.get("lang", "") if root else ""
    if not language.strip():
        hint = 'write <html lang="en">, with the language of the page'
        yield Fault("missing-language", path, 1, "the page does not say its language", hint)
    for tag in document.having(LANGUAGES):
        for name in LANGUAGES:
            value = tag.attributes.get(name, "")
            if value and value.lower() != "x-default" and not _LANGUAGE.fullmatch(value):
                message = f'"{value}" is not a language tag'
                hint = "write it as en, pt-BR or zh-Hans (BCP 47)"
                yield Fault("bad-language", path, document.line(tag.start), message, hint, value)
    for tag in document.having(("dir",)):
        value = tag.attributes["dir"]
        if value.lower() not in DIRECTIONS and not tag.foreign:
            message = f'"{value}" is not a direction of writing'
            yield Fault("bad-direction", path, document.line(tag.start), message, "write ltr, rtl or auto", value)
    charsets = [tag for tag in document.of("meta") if "charset" in tag.attributes]
    if not charsets or charsets[0].attributes["charset"].lower() not in ("utf-8", "utf8"):
        yield Fault(
            "missing-charset", path, 1, "the page does not say that it is UTF-8", 'write <meta charset="utf-8">'
        )
    elif len(document.text[: charsets[0].stop].encode("utf-8", "replace")) > 1024:
        message, hint = "the page names its charset too late", "put it into the first 1024 bytes, before the title"
        yield Fault("missing-charset", path, document.line(charsets[0].start), message, hint)
    yield from _judge_title(document)
    viewport = read_meta(document).get("viewport")
    if not viewport and not read_refresh(document):
        hint = 'write <meta name="viewport" content="width=device-width, initial-scale=1">'
        yield Fault("missing-viewport", path, 1, "the page does not fit itself to small screens", hint)
    elif viewport and _ZOOM.search(viewport[0]):
        hint = "take user-scalable and maximum-scale out of the viewport (WCAG 1.4.4)"
        yield Fault("zoom-disabled", path, 1, "the page keeps its readers from zooming in", hint)
    canonicals = {
        tag.attributes.get("href", "")
        for tag in document.of("link")
        if "canonical" in tag.attributes.get("rel", "").lower().split()
    }
    if len(canonicals) > 1:
        message = f"the page names {len(canonicals)} canonical addresses"
        yield Fault("several-canonicals", path, 1, message, "name one: search engines ignore them all otherwise")


def _judge_title(document: Document) -> Iterator[Fault]:
    titles = [tag for tag in document.of("title") if not tag.foreign]
    if not titles:
        yield Fault("missing-title", document.path, 1, "the page has no title", "give it a <title> of its own")
        return
    if not document.has_text(titles[0]):
        line = document.line(titles[0].start)
        yield Fault("empty-title", document.path, line, "the page's title is empty", "give the post a title")
    if len(titles) > 1:
        line = document.line(titles[1].start)
        yield Fault("several-titles", document.path, line, f"the page has {len(titles)} titles", "keep one")


def _judge_ids(document: Document) -> Iterator[Fault]:
    first: dict[str, Tag] = {}
    for tag in document.having(("id",)):
        name = tag.attributes["id"]
        if not name or any(letter.isspace() for letter in name):
            message = f'the id "{name}" holds white space' if name else "an id is empty"
            yield Fault("bad-id", document.path, document.line(tag.start), message, "write it in one word", name)
        elif name in first:
            message = f'the id "{name}" stands in line {document.line(first[name].start)} already'
            hint = "give each element an id of its own: links to it reach only the first"
            yield Fault("duplicate-id", document.path, document.line(tag.start), message, hint, name)
        first.setdefault(name, tag)
    for tag, name in document.repeated:
        message = f"<{tag.name}> has the attribute {name} twice, and browsers drop the second"
        line, needle = document.line(tag.start), document.text[tag.start : tag.stop]
        yield Fault("duplicate-attribute", document.path, line, message, "keep one of the two", needle)


def _judge_inline(document: Document) -> Iterator[Fault]:
    for tag in document.of("script"):
        kind = tag.attributes.get("type", "").lower()
        if "src" not in tag.attributes and kind not in DATA_BLOCKS and document.raw_inside(tag).strip():
            hint = "put it into a file of its own: the content security policy blocks it"
            yield Fault("inline-script", document.path, document.line(tag.start), "a script stands in the page", hint)
    for tag in document.of("style"):
        hint = "put it into the style sheet: the content security policy blocks it"
        yield Fault("inline-style", document.path, document.line(tag.start), "a style sheet stands in the page", hint)
    events = [name for name in document.marked if name.startswith("on")]
    for tag in document.having(("style", *events)):
        for name in tag.attributes:
            if name == "style":
                message = f"<{tag.name}> has a style attribute, which the content security policy blocks"
                yield Fault(
                    "inline-style",
                    document.path,
                    document.line(tag.start),
                    message,
                    "give it a class, and style that",
                    tag.attributes[name],
                )
            elif name[:2] == "on" and len(name) > 4 and name.isalpha():
                message = f"<{tag.name}> has the attribute {name}, a script that the content security policy blocks"
                hint = "take it away, or add the listener in a script file"
                yield Fault("event-handler", document.path, document.line(tag.start), message, hint, name)


def _judge_previews(document: Document) -> Iterator[Fault]:
    for tag in document.of("meta"):
        name = tag.attributes.get("property") or tag.attributes.get("name") or ""
        url = tag.attributes.get("content", "").strip()
        if not url and name.lower().startswith(("og:", "twitter:")) and "content" in tag.attributes:
            message = f"{name} is empty, and previews elsewhere show nothing"
            yield Fault(
                "empty-preview", document.path, document.line(tag.start), message, "fill it in, or leave it out"
            )
        if name.lower() in PREVIEWS and url and not url.lower().startswith(("http://", "https://")):
            message = f'the {name} "{url}" does not say its host, and previews elsewhere show nothing'
            yield Fault("relative-preview", document.path, document.line(tag.start), message, "write it in full", url)
