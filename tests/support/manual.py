"""The pages of the manual for tests: their text, their blocks of code and the ids of their headings."""

import re
from dataclasses import dataclass
from pathlib import Path

from sitegen.scaffold.manual import read_contents

REPOSITORY = Path(__file__).parents[2]
DOCS = REPOSITORY / "docs"
PAGES = {page.topic: page.read() for page in read_contents(DOCS)}

_BLOCK = re.compile(
    r"^(?P<indent> *)(?P<fence>```+)(?P<info>[^`\n]*)\n(?P<text>.*?)^(?P=indent)(?P=fence)$", re.MULTILINE | re.DOTALL
)
_FILE = re.compile(r"`(?P<path>[\w./-]+)`:\n\n *$")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of code: its language, the words after it, and the file that the line above names."""

    language: str
    words: tuple[str, ...]
    file: str
    text: str
    line: int


def read_blocks(text):
    """Return the fenced blocks of a page, without the indent of the list items that they are in."""
    found = []
    for match in _BLOCK.finditer(text):
        language, *words = match["info"].split() or [""]
        named = _FILE.search(text[: match.start()])
        body = re.sub(rf"^{match['indent']}", "", match["text"], flags=re.MULTILINE)
        line = text.count("\n", 0, match.start()) + 1
        found.append(Block(language, tuple(words), named["path"] if named else "", body, line))
    return found


def find_block(topic, language, number=0):
    """Return the text of a block of a page."""
    return [block.text for block in read_blocks(PAGES[topic]) if block.language == language][number]


def remove_code(text):
    """Return a page without its blocks of code, and with one word for each span of code."""
    return re.sub(r"`[^`\n]*`", "code", re.sub(r"^    .*$", "", _BLOCK.sub("", text), flags=re.MULTILINE))


def find_heading_ids(text):
    """Return the ids that GitHub and sitegen give to the headings of a page."""
    titles = re.findall(r"^#{1,6} (.+)$", _BLOCK.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}
