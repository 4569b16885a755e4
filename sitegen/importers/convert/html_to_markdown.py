"""Converts the untrusted HTML of an export to Markdown, and counts what is dropped."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from lxml.etree import LxmlError

from sitegen.importers.account import count_attributes
from sitegen.importers.archive.archive import UnreadableError
from sitegen.importers.base import HtmlBody
from sitegen.importers.convert.blocks import write_markdown
from sitegen.importers.convert.clean_html import clean_tree
from sitegen.importers.convert.footnotes import mark_footnotes
from sitegen.importers.convert.html_tree import parse
from sitegen.importers.convert.normalize import drop_repeated_title, lower_headings


@dataclass(frozen=True, slots=True)
class Converted:
    """The Markdown of a body, and the number of dropped or changed elements by category."""

    text: str
    dropped: Counter[str]


def convert_html(body: HtmlBody, title: str = "", image_url: Callable[[str], str] = str) -> Converted:
    """Sanitise a body (nh3), clean it by the platform's rules and the common rules, and return it as Markdown.

    A first heading that repeats `title` is dropped; if others are of the first level, all are lowered. `image_url` is
    called once for each image and returns the URL to write. Raises UnreadableError for markup that is too large or
    nested too deep.
    """
    dropped: Counter[str] = Counter()
    try:
        tree = parse(body.text, dropped)
        body.clean(tree, dropped)
        count_attributes(tree, dropped)
        mark_footnotes(tree)
        clean_tree(tree, body.base, dropped)
        if drop_repeated_title(tree, title):
            dropped["heading that repeats the title"] += 1
        if lower_headings(tree):
            dropped["headings of a post lowered by one level"] += 1
        return Converted(write_markdown(tree, image_url), dropped)
    except LxmlError as error:
        raise UnreadableError(str(error)) from error
