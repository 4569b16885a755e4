"""Elements of XML as text: how the items of a feed are written.

An entry of feedgen's costs 50 microseconds, most of them for checks of its arguments; it loses the relation of its
links in Atom, and switches the locale of the whole process to write a date. So feedgen writes the document, with
its head and its namespaces, and the items are put into it as text, at a fourth of the cost.
"""

from collections.abc import Iterable

from sitegen.feeds.item import Image
from sitegen.feeds.text import escape, legal, looks_like_html, quote


def element(name: str, text: str = "", **attributes: str) -> str:
    """Return an element with a string as its text."""
    return enclose(name, escape(legal(text)), **attributes)


def enclose(name: str, inside: str, **attributes: str) -> str:
    """Return an element that holds other elements; names of attributes have a colon for two underscores."""
    head = name
    for key, value in attributes.items():
        head += f' {key.replace("__", ":")}="{quote(legal(value))}"'
    return f"<{head}>{inside}</{name}>" if inside else f"<{head}/>"


def show_images(images: Iterable[Image]) -> str:
    """Return images as elements of Media RSS."""
    shown = ""
    for image in images:
        size = {"width": str(image.width), "height": str(image.height)} if image.width and image.height else {}
        inside = ""
        if image.description:
            kind, text = plain_or_html(image.description, "plain")
            inside = enclose("media:description", text, type=kind)
        facts = {"url": image.url, "type": image.type, "medium": "image", "fileSize": str(image.bytes or "")}
        shown += enclose("media:content", inside, **{name: value for name, value in facts.items() if value}, **size)
    return shown


def plain_or_html(text: str, plain: str = "text") -> tuple[str, str]:
    """Return the type of a string, `plain` or "html", and the string as character data of that type.

    A string that looks like HTML is escaped as HTML, so that feed readers cannot misinterpret it.
    """
    return ("html", escape(escape(text))) if looks_like_html(text) else (plain, escape(text))


def show_text(name: str, text: str) -> str:
    """Return a plain string as a text construct of Atom (RFC 4287, section 3.1)."""
    kind, data = plain_or_html(text)
    return enclose(name, data, type=kind) if kind != "text" else enclose(name, data)
