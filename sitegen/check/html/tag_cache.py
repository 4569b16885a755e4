"""The name and the attributes of a tag, by the tokenizer of the HTML standard (WHATWG, section 13.2.5)."""

import re
from collections.abc import Mapping
from html import unescape
from typing import NamedTuple

from sitegen.formats.html_elements import names

NO_ATTRIBUTES: Mapping[str, str] = {}
RAW_TEXT = names("script style textarea title xmp iframe noembed noframes")
FOREIGN = frozenset({"svg", "math"})
SOUGHT = names(
    "a area audio base button embed form h1 h2 h3 h4 h5 h6 html iframe image img input label link main map meta object "
    "script select source style table textarea th title track use video"
)
"""The elements that checks find by name; they find others by attributes."""
MARKS = names(
    "aria-describedby aria-labelledby cite data-index dir for headers hreflang id lang list role style tabindex usemap"
)
"""The attributes by which checks find elements, besides those of events, which begin with "on"."""
MAX_CACHED_TAGS = 16_384
"""Maximum number of cached tags: those of a theme recur on every page."""
MAX_CACHED_TAG_CHARACTERS = 1000
"""Longer tags are not cached: they contain whole images."""

# Every branch runs on to its end or to the end of the text, so that no text is read twice.
MARKUP = re.compile(
    r"<(?:!--(?:-?>|.*?(?:--!?>|\Z))"  # a comment
    r"|(/?)([a-zA-Z][^\s/>]*+)"  # a tag
    r"((?:[^>\"'=]++|=\s*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|[^\s>\"'][^\s>]*+)?|[\"']|(?!))*+)(>|\Z)"
    r"|(?:[!?][^>]*+|/[^>a-zA-Z][^>]*+)(?:>|\Z))",  # a doctype, or what becomes a comment
    re.DOTALL,
)
_PLAIN_ATTRIBUTE = re.compile(r"(?<![a-z-])([a-z][a-z-]*+)=\"([^\"]*+)\"")
_PLAIN_TAG = re.compile(r"(/?)([a-z][a-z0-9]*+)((?:\s+[a-z][a-z-]*+=\"[^\"]*+\"|(?!))*+\s*+/?)")
"""The form of most tags, which `MARKUP` would read just so, in twice the time."""
_ATTRIBUTE = re.compile(r"([^\s/=]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"'][^\s>]*))?)?")


class TagForm(NamedTuple):
    """The data of a tag that depend only on its source, parsed once.

    `length` counts its characters, `closed` is true if it ends in "/>"; `repeated` are the attributes
    that it has twice, `marks` those by which checks find it. `common` are the tags that no check needs,
    `special` those that change how the rest is read: tags before raw text, comments, and incomplete tags.
    """

    name: str
    end: bool = False
    attributes: Mapping[str, str] = NO_ATTRIBUTES
    length: int = 0
    closed: bool = False
    repeated: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    common: bool = True
    special: bool = False


COMMENT, BROKEN = TagForm("", special=True), TagForm("", special=True)


def next_depth(depth: int, form: TagForm) -> int:
    """Return the nesting depth of SVG and MathML after a tag of one of these, given the depth before it."""
    return max(0, depth + (-1 if form.end else 0 if form.closed else 1))


def read_form(raw: str) -> TagForm:
    """Return the data of a tag, given the text between its "<" and ">"."""
    plain = _PLAIN_TAG.fullmatch(raw)
    match = plain or MARKUP.fullmatch(f"<{raw}>")
    if match is None or (not plain and not match[4]):
        return COMMENT if match and not match[2] and _is_comment(raw) else BROKEN
    slash, name, inside = match.group(1, 2, 3)
    name = name.lower()
    attributes, repeated = _read_attributes(inside, plain is not None) if inside and not slash else (NO_ATTRIBUTES, ())
    marks = tuple([attribute for attribute in attributes if attribute in MARKS or attribute[:2] == "on"])
    end = slash != ""
    return TagForm(
        name,
        end,
        attributes,
        len(raw) + 2,
        raw.endswith("/"),
        repeated,
        marks,
        not (name in SOUGHT or name in FOREIGN or name == "template" or marks or repeated),
        name in RAW_TEXT and not end,
    )


class _Forms(dict[str, TagForm]):
    """Caches parsed tags by their source: a look-up in `functools.lru_cache` takes three times as long."""

    def __missing__(self, raw: str) -> TagForm:
        form = read_form(raw)
        if len(raw) < MAX_CACHED_TAG_CHARACTERS:
            if len(self) >= MAX_CACHED_TAGS:
                self.clear()
            self[raw] = form
        return form


FORMS = _Forms()


def _is_comment(raw: str) -> bool:
    """Return whether what the standard takes for a comment ends with the first ">"."""
    return not raw.startswith("!--") or raw in ("!--", "!---") or raw[3:].endswith(("--", "--!"))


def _read_attributes(raw: str, plain: bool) -> tuple[Mapping[str, str], tuple[str, ...]]:
    if plain and "&" not in raw:
        pairs = _PLAIN_ATTRIBUTE.findall(raw)
        table = dict(pairs)
        if len(table) == len(pairs):
            return table, ()
    attributes: dict[str, str] = {}
    repeated: tuple[str, ...] = ()
    for name, double, single, bare in _ATTRIBUTE.findall(raw):
        key = name.lower()
        if key in attributes:
            repeated += (key,)
            continue
        value = double or single or bare
        attributes[key] = unescape(value) if "&" in value else value
    return attributes, repeated
