"""Parses untrusted HTML into a sanitised tree, and has the functions that change such a tree."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

import nh3
from lxml import etree

from sitegen.formats import lazy_regex
from sitegen.formats.characters import CONTROLS, restore_windows_1252, without_controls
from sitegen.formats.html_elements import CONTENT, OBSOLETE, SECTIONS, names
from sitegen.importers.archive.archive import UnreadableError
from sitegen.importers.convert.hidden_attributes import count_hidden_attributes

Element = etree._Element
Cleaner = Callable[[Element, Counter[str]], None]


TAGS = (
    CONTENT
    | SECTIONS
    | OBSOLETE
    | names("audio button embed fieldset font form iframe input label noscript object option select textarea video")
)
ATTRIBUTES = {
    "*": {"class", "id", "style", "lang", "dir", "title", "role", "hidden", "width", "height", "align", "name", "type"},
    "a": {"href"},
    "audio": {"src"},
    "embed": {"src"},
    "iframe": {"src"},
    "img": {"src", "srcset", "alt"},
    "li": {"value"},
    "object": {"data"},
    "ol": {"start", "reversed"},
    "source": {"src", "srcset"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
    "video": {"src", "poster"},
}
DROPPED_TAGS = names("script style svg math template")
"""Elements that are dropped with their content."""

PAGE_TAGS = names("html head body meta link base title param track frame frameset noframes")
"""Elements of a page without text of their own; the sanitiser unwraps them."""

CODE = ("pre", "code")
START_TAG = re.compile(r"<([A-Za-z][\w:-]*)")
TAG_OR_COMMENT = re.compile(r"<(/?)([A-Za-z][\w:-]*)|<!--|-->")
GIST_SCRIPT = lazy_regex.compile(
    r"""<script\b[^<>]{0,200}?\ssrc\s{0,9}=\s{0,9}["']?(?:https?:)?//gist\.github\.com/([\w-]{1,100}/\w{1,100})(?:\.js)?"""
    r"""[^<>]{0,300}>(?:\s{0,99}</script\s{0,9}>)?""",
    re.IGNORECASE,
)

MAX_DEPTH = 150
MAX_HTML_CHARACTERS = 8_000_000
MAX_AMPERSAND_COST = 10_000_000_000
"""Product of characters and ampersands between two tags: the sanitiser copies them at each ampersand, for 0.2 s."""

MAX_OPEN_BLOCKS = 1_000
"""Markup with more open blocks than this also exceeds `MAX_DEPTH`."""

_NESTING_TAG = lazy_regex.compile(
    r"<(/?)(address|article|aside|blockquote|center|details|div|dl|fieldset|figure|footer|header|main|nav|ol|pre|section"
    r"|ul)(?=[\s/>])",
    re.IGNORECASE,
)
_LONG_TEXT_RUN = re.compile("[^<]{20000,}")

_cleaner = nh3.Cleaner(
    tags=set(TAGS),
    attributes=ATTRIBUTES,
    clean_content_tags={"script", "style", "title", "svg", "math", "template"},
    generic_attribute_prefixes={"data-"},
    url_schemes={"http", "https", "mailto", "tel", "cid", "data"},
    link_rel=None,
    strip_comments=True,
)


def parse(html: str, dropped: Counter[str]) -> Element:
    """Return the sanitised tree of a fragment or a page, inside a `div`.

    Scripts, styles, comments, event attributes and links with unknown schemes are removed; classes, ids and `data-`
    attributes stay for the cleaners and are not written. Raises UnreadableError for markup that is too large, nested
    too deep, or has too many ampersands without a tag between them.
    """
    if len(html) > MAX_HTML_CHARACTERS:
        raise UnreadableError(f"its text is longer than {MAX_HTML_CHARACTERS // 1_000_000} million characters")
    for text in _LONG_TEXT_RUN.findall(html):
        if text.count("&") * len(text) > MAX_AMPERSAND_COST:
            raise UnreadableError(f"its text without any tag has {text.count('&'):,} ampersands")
    _check_nesting(html)
    html = _link_scripts(html, dropped)
    dropped.update(_dropped_elements(html))
    count_hidden_attributes(html, dropped)
    clean = _cleaner.clean(_without_controls(html))
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, no_network=True)
    document = etree.fromstring(f"<html><body><div>{clean}</div></body></html>".encode(), parser)
    body = document.find("body")
    root = etree.Element("div")
    for child in body if body is not None else ():
        root.append(child)
    _check_depth(root)
    for forged in root.iterfind(".//*[@data-note]"):
        del forged.attrib["data-note"]  # only `footnotes` and the cleaners may set it
    return root


def _check_nesting(html: str) -> None:
    """Raise UnreadableError for blocks nested so deep that the sanitiser would take minutes."""
    if html.count("<") <= MAX_OPEN_BLOCKS:
        return
    opened: list[str] = []
    counts: Counter[str] = Counter()
    for closing, written in _NESTING_TAG.findall(html):
        name = written.lower()
        if not closing:
            opened.append(name)
            counts[name] += 1
            if len(opened) > MAX_OPEN_BLOCKS:
                raise UnreadableError(f"its markup is nested more than {MAX_DEPTH} deep")
        elif counts[name]:  # the end of an element also closes the elements in it
            while (last := opened.pop()) != name:
                counts[last] -= 1
            counts[name] -= 1


def _link_scripts(html: str, dropped: Counter[str]) -> str:
    """Replace scripts that embed a gist with links to it, since the sanitiser drops all scripts."""
    if "gist.github.com" not in html:
        return html
    linked, count = GIST_SCRIPT.subn(r'<p><a href="https://gist.github.com/\1">Code on GitHub Gist</a></p>', html)
    if count:
        dropped["script turned into a link"] += count
    return linked


def _dropped_elements(html: str) -> Counter[str]:
    """Count the elements that the sanitiser drops or unwraps, by name."""
    found = Counter(map(str.lower, START_TAG.findall(html)))
    dropped_counts = {name: count for name, count in found.items() if name in DROPPED_TAGS}
    if found.keys() <= TAGS | PAGE_TAGS | DROPPED_TAGS:
        return Counter(dropped_counts)
    # Slow path: tags inside of SVG, scripts or comments are not elements of the text.
    unknown: Counter[str] = Counter()
    inside = ""
    for match in TAG_OR_COMMENT.finditer(html):
        closing, name = match[1] == "/", (match[2] or "").lower()
        if inside:
            if match[0] == "-->" if inside == "<!--" else closing and name == inside:
                inside = ""
        elif match[0] == "<!--":
            inside = "<!--"
        elif name in DROPPED_TAGS and not closing:
            inside = name
        elif name and not closing and name not in TAGS | PAGE_TAGS:
            unknown[f"unknown element <{name[:60]}> (text imported)"] += 1
    return unknown + Counter(dropped_counts)


def words(element: Element) -> str:
    """Return the text of an element on one line, with single spaces."""
    text = "".join(map(str, element.itertext())) if len(element) else element.text or ""
    return " ".join(text.split())


def has_class(element: Element, *names: str) -> bool:
    """Return whether an element has one of the classes."""
    classes = element.get("class")
    return classes is not None and not set(names).isdisjoint(classes.split())


def find_class(tree: Element, *names: str, tag: str = "*") -> list[Element]:
    """Return the elements below a tree that have one of the classes, in document order."""
    wanted = frozenset(names)
    return [
        element
        for element in tree.iterdescendants(tag)
        # Most elements have no class, and cleaners search a tree many times: test for it first.
        if (classes := element.get("class")) and not wanted.isdisjoint(classes.split())
    ]


def remove(element: Element) -> None:
    """Remove an element with its content; the text after it stays."""
    parent = element.getparent()
    if parent is None:
        return
    _insert_text_before(element, element.tail or "")
    parent.remove(element)


def unwrap(element: Element) -> None:
    """Replace an element with its children and its text."""
    parent = element.getparent()
    if parent is None:
        return
    at = parent.index(element)
    _insert_text_before(element, element.text or "")
    children = list(element)
    tail = element.tail or ""
    parent.remove(element)
    for child in reversed(children):
        parent.insert(at, child)
    if not tail:
        return
    if children:
        children[-1].tail = (children[-1].tail or "") + tail
    elif at:
        parent[at - 1].tail = (parent[at - 1].tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail


def replace(element: Element, *others: Element) -> None:
    """Replace an element with others; the text after it follows them."""
    parent = element.getparent()
    if parent is None:
        return
    at, tail = parent.index(element), element.tail
    element.tail = None
    parent[at : at + 1] = list(others)
    if not others:
        return
    others[-1].tail = (others[-1].tail or "") + (tail or "") or None


def make(tag: str, text: str = "", *children: Element, **attributes: str) -> Element:
    """Return a new element; underscores in the names of attributes become hyphens."""
    element = etree.Element(tag, {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()})
    element.text = without_controls(text) or None
    element.extend(children)
    return element


def drop_all(elements: Iterable[Element], category: str, dropped: Counter[str]) -> None:
    """Remove elements and count them in one category."""
    for element in list(elements):
        if element.getparent() is not None:
            remove(element)
            dropped[category] += 1


def drop_text(tree: Element, pattern: re.Pattern[str], category: str, dropped: Counter[str]) -> None:
    """Remove the matches of a pattern, such as merge tags of an e-mail, from text outside of code, and count them."""
    for element in list(tree.iter()):
        # Few strings have a match: whether they are in code is checked last.
        if element.text and pattern.search(element.text) and not _is_in_code(element) and element.tag not in CODE:
            element.text, count = pattern.subn("", element.text)
            dropped[category] += count
        if element.tail and pattern.search(element.tail) and not _is_in_code(element):
            element.tail, count = pattern.subn("", element.tail)
            dropped[category] += count


def _is_in_code(element: Element) -> bool:
    return next(element.iterancestors(*CODE), None) is not None


def is_empty(element: Element) -> bool:
    """Return whether an element is empty: without words, images, rules and embedded media."""
    shown = ("img", "hr", "iframe", "video", "audio", "embed", "object", "input")
    return not words(element) and next(element.iter(*shown), None) is None


CONTROL_REFERENCES = re.compile(
    r"&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])|x0*(?:[0-8bcBC]|[01][0-9a-fA-F]))(?:;|(?![0-9a-fA-F;]))"
)


def _without_controls(html: str) -> str:
    return CONTROL_REFERENCES.sub(_keep_whitespace, CONTROLS.sub("", restore_windows_1252(html)))


def _keep_whitespace(match: re.Match[str]) -> str:
    digits = match[0].strip("&#;")
    code = int(digits[1:], 16) if digits[0] == "x" else int(digits)
    return match[0] if code in (9, 10, 13) else ""


def _insert_text_before(element: Element, text: str) -> None:
    """Insert text directly before an element."""
    if not text:
        return
    before = element.getprevious()
    parent = element.getparent()
    if before is not None:
        before.tail = (before.tail or "") + text
    elif parent is not None:
        parent.text = (parent.text or "") + text


def _check_depth(root: Element) -> None:
    """Raise UnreadableError for a tree that is too deep for recursive functions."""
    stack: list[tuple[Iterator[Element], int]] = [(iter(root), 1)]
    while stack:
        children, depth = stack[-1]
        child = next(children, None)
        if child is None:
            stack.pop()
        elif depth > MAX_DEPTH:
            raise UnreadableError(f"its markup is nested more than {MAX_DEPTH} deep")
        elif len(child):
            stack.append((iter(child), depth + 1))
