"""A post's HTML as feeds carry it: every URL absolute, nothing in it that runs or that only a page can show."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from html import unescape

from msgspec import Struct

from sitegen.feeds.address import to_uri
from sitegen.feeds.text import ATTRIBUTE, legal, one_line
from sitegen.formats import lazy_regex
from sitegen.formats.html_elements import ATTRIBUTES as HTML_ATTRIBUTES
from sitegen.formats.html_elements import CONTENT, OBSOLETE, SECTIONS, names
from sitegen.formats.urls import origin_of

MATHML = names(
    "math mrow mi mn mo ms mtext mspace mfrac msqrt mroot msub msup msubsup munder mover munderover "
    "mtable mtr mtd mstyle mpadded mphantom mmultiscripts mprescripts semantics annotation"
)
TAGS = MATHML | (CONTENT - {"source"}) | SECTIONS | OBSOLETE | names("data map")
EMBEDS = frozenset({"audio", "iframe", "input", "source", "video"})
"""Elements that are allowed at first, because readable HTML replaces them later."""

DROPPED = frozenset(
    {"script", "style", "template", "form", "select", "textarea", "button", "svg", "object", "canvas", "title"}
)
"""Elements that go with all that is in them; of others that are not known only the tags go."""

EVERYWHERE = frozenset({"id", "class", "lang", "dir", "title", "align", "width", "height"})
ATTRIBUTES = {
    **HTML_ATTRIBUTES,
    "a": HTML_ATTRIBUTES["a"] | names("rel type"),
    "source": HTML_ATTRIBUTES["source"] | names("src"),
    "iframe": names("src title"),
    "video": names("src poster"),
    "audio": names("src"),
    "input": names("type checked"),
    "data": names("value"),
    "math": names("display alttext"),
    "*": EVERYWHERE,
}
SCHEMES = frozenset({"http", "https", "mailto", "tel", "ftp", "xmpp", "irc", "ircs", "geo", "magnet", "matrix", "news"})

# The output of Markdown engines is nearly always plain enough for a regular expression: each tag is one of
# these, closed as often as it is opened, with nothing but these attributes. That is ten times as fast as a tree.
PLAIN = names(
    "abbr a blockquote br b cite code dd del details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr img ins i kbd "
    "li mark ol pre p q section small span strong sub summary sup s table tbody td tfoot thead th tr ul u"
)
EMPTY = frozenset({"br", "hr", "img"})
BARE = {f"<{name}>": (name, 1) for name in PLAIN} | {f"</{name}>": (name, -1) for name in PLAIN if name not in EMPTY}
"""Tags without attributes, with what each adds to the number of open elements of its name."""

ROOTED = r"(?:/(?![/.])(?:[\w!$()*+,;=:@?%~.#-]|&amp;)*)+"
IGNORED = r'(?:style|loading|decoding|fetchpriority|role|tabindex|(?:data|aria)-[a-z-]+)="[^"<>]*"'
PLAIN_TAGS = lazy_regex.compile(
    rf"(?:<(?:{'|'.join(sorted(PLAIN))})"
    r'(?: (?:(?:id|class|lang|dir|title|align|alt|width|height|rel|start|colspan|rowspan)="[^"<>]*"'
    rf'|(?:href|src|cite)="(?:https?://[^"<>\s]+|mailto:[^"<>\s]+|#[\w:.-]+|{ROOTED})"|{IGNORED}))* ?/?>)*',
    re.ASCII,
)
TAG = re.compile("<[^>]*>")
NAME = re.compile("<([a-z0-9]+)")
LINK_TAG = re.compile("(</?a)[ >]")
LOCAL = lazy_regex.compile(r'( (?:href|src|cite)=")([/#])')
IGNORED_ATTRIBUTE = lazy_regex.compile(f" {IGNORED}")
CHANGES = lazy_regex.compile(f"{LOCAL.pattern}|{IGNORED_ATTRIBUTE.pattern}")
COMMENT = lazy_regex.compile("<!--(?!>)(?:[^-]|-(?!-))*-->")
NOSCRIPT = lazy_regex.compile("</?noscript[^>]*>", re.IGNORECASE)
IMAGE = lazy_regex.compile(r'<img(?: [^\s="]+(?:="[^"]*")?)* ?/?>')
UNREADABLE = lazy_regex.compile(r'<(?:audio|iframe|input|source|video)\b|<img(?![^>]* src=")| srcset="')
EXCERPT_CHARACTERS = 300
"""Number of characters of a post that are its summary if it has none."""


class ShownImage(Struct, frozen=True):
    """An image of a post: its absolute URL and its alternative text."""

    url: str
    alt: str


class FeedHtml(Struct, frozen=True):
    """A post's HTML, fit for feeds, and the images in it."""

    html: str
    shown_images: tuple[ShownImage, ...] = ()


def clean(html: str, permalink: str) -> FeedHtml:
    """Return the HTML of the post at `permalink` (an absolute URL) as feeds carry it.

    Every URL in it becomes absolute, as a browser would resolve it (WHATWG URL). Scripts, styles, event
    handlers, forms, SVG and plugins are removed; frames, videos and sounds become links, with their image
    where one is known; check boxes become characters.
    """
    html = legal(html)
    if "<!--" in html:
        html = COMMENT.sub("", html)
    tags = find_plain(html)
    if tags is not None:
        return clean_plain(html, tags, permalink)
    ready = legal(clean_tree(html, permalink))
    return FeedHtml(ready, find_shown_images(IMAGE.findall(ready)))


def find_plain(html: str) -> list[str] | None:
    """Return the distinct tags with attributes of HTML that is plain enough for `clean_plain`."""
    counts = Counter(TAG.findall(html))
    attributed = [tag for tag in counts if tag not in BARE]
    written = "".join(attributed)
    if counts.total() != html.count("<") or not PLAIN_TAGS.fullmatch(written):
        return None
    if "<a<a" in "".join(LINK_TAG.findall(html)):  # a link within a link
        return None
    still_open: dict[str, int] = {}
    for tag, name in zip(attributed, NAME.findall(written), strict=True):
        still_open[name] = still_open.get(name, 0) + counts.pop(tag)
        if name == "img" and ' src="' not in tag:
            return None
    for tag, count in counts.items():
        name, step = BARE[tag]
        still_open[name] = still_open.get(name, 0) + step * count
    for name in EMPTY:
        still_open.pop(name, None)
    return None if any(still_open.values()) else attributed


def clean_plain(html: str, tags: Sequence[str], permalink: str) -> FeedHtml:
    """Do for plain HTML, with these tags that have attributes, what `clean_tree` does for all."""
    written = "".join(tags)
    if "<img" not in written and not CHANGES.search(written):
        return FeedHtml(html)
    bases = {"/": origin_of(permalink), "#": permalink}
    images = []
    for tag in tags:
        ready = tag
        if CHANGES.search(tag):
            ready = LOCAL.sub(lambda found: f"{found[1]}{bases[found[2]]}{found[2]}", tag)
            ready = IGNORED_ATTRIBUTE.sub("", ready)
            # Each "<" of plain HTML begins a tag, so nothing else can look like one.
            html = html.replace(tag, ready)
        if ready.startswith("<img"):
            images.append(ready)
    return FeedHtml(html, find_shown_images(images))


def clean_tree(html: str, permalink: str) -> str:
    """Clean any HTML by an HTML5 parser; only what is known to be harmless remains."""
    import nh3  # noqa: PLC0415 - plain posts do without

    ready = nh3.clean(
        # Its content would be parsed as text, which it is only where scripts run.
        NOSCRIPT.sub("", html),
        tags=set(TAGS | EMBEDS),
        clean_content_tags=set(DROPPED),
        attributes=ATTRIBUTES,
        url_schemes=set(SCHEMES),
        url_relative=("rewrite_with_base", permalink),
        link_rel=None,
    )
    if not UNREADABLE.search(ready):
        return ready
    from sitegen.feeds.embeds import make_readable  # noqa: PLC0415 - rare

    return make_readable(ready, permalink)


def find_shown_images(images: Iterable[str]) -> tuple[ShownImage, ...]:
    """Return what the tags of images show, in their order, each URL once."""
    shown_images: dict[str, ShownImage] = {}
    for image in images:
        attributes = dict(ATTRIBUTE.findall(image))
        url = unescape(attributes.get("src", ""))
        if url:
            shown_images.setdefault(url, ShownImage(to_uri(url), one_line(unescape(attributes.get("alt", "")))))
    return tuple(shown_images.values())


def excerpt(html: str) -> str:
    """Return the beginning of some HTML as plain text, cut between words."""
    text = one_line(unescape(re.sub("<[^>]*>", " ", html[: EXCERPT_CHARACTERS * 10])))
    return text if len(text) <= EXCERPT_CHARACTERS else text[:EXCERPT_CHARACTERS].rpartition(" ")[0] + "…"
