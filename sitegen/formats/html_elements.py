"""The elements of HTML in the groups in which several packages handle them (HTML Living Standard, section 4).

Each sanitizer of untrusted HTML allows a list of its own, because it serves a purpose of its own: what
Markdown itself can make, what a feed reader shows, what an importer can convert. The lists are built from these groups,
so that an element or attribute that is added here is added to all.
"""

from collections.abc import Mapping


def names(text: str) -> frozenset[str]:
    """Return the names in a string, separated by blanks, as a set: a form of it that is easy to read."""
    return frozenset(text.split())


ATTRIBUTE_NAME = r"""[^\s"'=<>/]+"""
ATTRIBUTE_VALUE = r"""(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+))"""
"""The name and the value of an attribute as regular expressions; the value is in one of three groups (13.1.2.3)."""

VOID = names("area base br col embed hr img input link meta param source track wbr")
"""Elements without content and without an end tag (section 13.1.2)."""

HEADINGS = names("h1 h2 h3 h4 h5 h6")
TABLE = names("caption col colgroup table tbody td tfoot th thead tr")
LISTS = names("dd dl dt li ol ul")
PHRASES = names(
    "a abbr b bdi bdo br cite code del dfn em i ins kbd mark q rp rt ruby s samp small span strong sub sup time u var"
    " wbr"
)
CONTENT = HEADINGS | TABLE | LISTS | PHRASES
CONTENT |= names("blockquote details div figcaption figure hr img p picture pre section source summary")
"""Elements of the content of a post: what authors write in Markdown and HTML."""

SECTIONS = names("address article aside footer header hgroup main nav")
"""Elements of a page around its content, and sections that have a role in it."""

OBSOLETE = names("center strike tt")
"""Elements that the standard no longer has and that older posts contain (section 16.2)."""

BLOCKS = names(
    "address article aside blockquote caption center col colgroup dd details div dl dt fieldset figcaption figure"
    " footer form h1 h2 h3 h4 h5 h6 header hgroup hr li main nav ol option p pre section summary table tbody td tfoot"
    " th thead tr ul"
)
"""Elements that imports convert to blocks of Markdown, or to lines of their own."""

ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "a": names("href hreflang"),
    "blockquote": names("cite"),
    "col": names("span"),
    "colgroup": names("span"),
    "del": names("cite datetime"),
    "img": names("src srcset sizes alt width height"),
    "ins": names("cite datetime"),
    "li": names("value"),
    "ol": names("start reversed type"),
    "q": names("cite"),
    "source": names("srcset sizes media type width height"),
    "td": names("colspan rowspan headers"),
    "th": names("colspan rowspan headers scope abbr"),
    "time": names("datetime"),
}
"""Attributes of elements of the content, besides those that each element can have."""
