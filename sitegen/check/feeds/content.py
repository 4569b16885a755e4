"""Checks of the HTML in a feed's items."""

import re
from collections.abc import Iterator
from functools import lru_cache
from html.parser import HTMLParser

from sitegen.check.feeds.values import FeedLocation
from sitegen.errors import Problem
from sitegen.feeds.content import TAGS
from sitegen.formats.html_elements import names
from sitegen.formats.srcset import read_srcset
from sitegen.formats.urls import SCHEME

FORBIDDEN = names(
    "applet base button canvas embed form frame frameset iframe input link meta noscript object script select "
    "style svg template textarea audio video"
)
KNOWN_TAGS = (
    TAGS
    | FORBIDDEN
    | names(
        "acronym basefont big body command datagrid datalist dialog dir fieldset font head html keygen label legend "
        "listing menu meter noframes optgroup option output param plaintext progress slot title track xmp"
    )
)
"""The elements of HTML and MathML."""

URLS = frozenset({"action", "background", "cite", "data", "formaction", "href", "longdesc", "poster", "src"})
DANGEROUS = re.compile(r"\s*(javascript|vbscript|data)\s*:", re.IGNORECASE)
SOUND = KNOWN_TAGS - FORBIDDEN
MAX_CACHED_TAGS = 16_384
"""Maximum number of cached tags: an item is in a dozen feeds."""
MAX_CACHED_TAG_CHARACTERS = 1000
"""Longer tags are not cached: they contain whole images."""
MAX_CACHED_STRINGS = 256
"""Maximum number of cached strings: those of a group's feeds recur in its next format."""

_PLAIN_TAG = re.compile(r"(/?)([a-zA-Z][a-zA-Z0-9]*+)((?:\s+[a-zA-Z][a-zA-Z0-9-]*+(?:=\"[^\"]*+\")?|(?!))*+)\s*/?>")
_ATTRIBUTE = re.compile(r"([a-zA-Z][a-zA-Z0-9-]*+)(?:=\"([^\"]*+)\")?")
_SOUND_URL = re.compile(r"(?:https?|mailto):")


class _ContentChecker(HTMLParser):
    def __init__(self, location: FeedLocation) -> None:
        super().__init__(convert_charrefs=True)
        self.location = location
        self.problems: list[Problem] = []

    def add(self, message: str, hint: str = "") -> None:
        self.problems.append(self.location.warning(message, hint))

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag not in KNOWN_TAGS:
            self.add(f"HTML has no element <{tag}>", "feed readers remove it")
        elif tag in FORBIDDEN:
            self.add(f"the content holds <{tag}>", "feed readers remove it, or do worse; say it with a link")
        for name, value in attributes:
            self.checker(tag, name, value or "")

    def checker(self, tag: str, name: str, value: str) -> None:
        if name.startswith("on"):
            self.add(f"<{tag}> has the event handler {name}", "nothing runs in a feed reader")
        elif name == "style":
            self.add(f"<{tag}> has a style attribute", "feed readers remove it")
        elif name == "srcset":
            for url, _ in read_srcset(value):
                if not SCHEME.match(url):
                    self.add(f'the srcset of <{tag}> holds the relative URL "{url}"')
        elif name in URLS and DANGEROUS.match(value):
            message = f'{name} of <{tag}> begins with "{value[:20].strip()}"'
            self.problems.append(self.location.problem(message, "such a URL can run a script"))
        elif name in URLS and value.startswith("#"):
            self.add(f'{name} of <{tag}> is the fragment "{value}"', "feed readers cannot resolve it; make it absolute")
        elif name in URLS and not SCHEME.match(value):
            self.add(f'{name} of <{tag}> is the relative URL "{value}"', "make it absolute")


def check_content(location: FeedLocation, html: str) -> Iterator[Problem]:
    """Yield what is wrong with the HTML of an item: relative URLs, what runs, and what readers cannot show."""
    if not html.strip():
        yield location.problem("the content is empty")
    elif "<" not in html and re.search(r"&lt;/?(p|div|a|h[1-6]|ul|ol|li|blockquote|img)\b", html):
        yield location.problem("the content is escaped twice", "readers show its markup as text")
    if _is_plainly_sound(html):
        return
    checker = _ContentChecker(location)
    checker.feed(html)
    checker.close()
    yield from checker.problems


@lru_cache(maxsize=MAX_CACHED_STRINGS)
def _is_plainly_sound(html: str) -> bool:
    """Return whether all tags of some HTML are valid; false if only the parser can decide."""
    tags = [piece[: piece.find(">", 0, MAX_CACHED_TAG_CHARACTERS) + 1] for piece in html.split("<")]
    return all(map(_is_sound, tags[1:]))


@lru_cache(maxsize=MAX_CACHED_TAGS)
def _is_sound(tag: str) -> bool:
    """Return whether a tag, from behind its "<" to its ">", is plain and has no problem.

    The parser has the same result for such HTML, and takes a hundred times as long.
    """
    match = _PLAIN_TAG.fullmatch(tag)
    if not match or match[2].lower() not in SOUND:
        return False
    return all(_is_sound_attribute(name.lower(), value) for name, value in _ATTRIBUTE.findall(match[3]))


def _is_sound_attribute(name: str, value: str) -> bool:
    if name == "srcset":
        return "&" not in value and all(_SOUND_URL.match(url) for url, _ in read_srcset(value))
    return not name.startswith("on") and name != "style" and (name not in URLS or bool(_SOUND_URL.match(value)))
