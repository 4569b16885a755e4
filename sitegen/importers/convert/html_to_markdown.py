"""Turns the untrusted HTML of an export into Markdown, and says what it left out."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from sitegen.importers.account import count_attributes
from sitegen.importers.base import HtmlBody
from sitegen.importers.convert.blocks import write_markdown
from sitegen.importers.convert.clean_html import clean_tree
from sitegen.importers.convert.footnotes import mark_footnotes
from sitegen.importers.convert.html_tree import parse
from sitegen.importers.convert.normalize import drop_repeated_title


@dataclass(frozen=True, slots=True)
class Converted:
    """The Markdown of a body, and how many things of which type were dropped or changed."""

    text: str
    dropped: Counter[str]


def convert_html(body: HtmlBody, title: str = "", place: Callable[[str], str] = str) -> Converted:
    """Convert a body: sanitise (nh3), clean by the platform's rules, then by everybody's, then write.

    A first heading that repeats `title` goes. `place` is asked for each image's URL once and gives
    the one to write. Raises UnreadableError for markup that cannot be a person's.
    """
    dropped: Counter[str] = Counter()
    tree = parse(body.text, dropped)
    body.clean(tree, dropped)
    count_attributes(tree, dropped)
    mark_footnotes(tree)
    clean_tree(tree, body.base, dropped)
    if drop_repeated_title(tree, title):
        dropped["heading that repeats the title"] += 1
    return Converted(write_markdown(tree, place), dropped)
