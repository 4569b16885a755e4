"""The elements and the tokens of raw HTML in imported Markdown."""

import re

from sitegen.formats.html_elements import BLOCKS, HEADINGS, VOID, names

OPTIONAL = names("p li dt dd tr td th thead tbody tfoot option optgroup colgroup rp rt rb")
"""Elements with optional end tags."""

STRUCTURE = BLOCKS | names("html body head dialog fieldset menu search")
KNOWN = STRUCTURE | VOID | OPTIONAL | names(
    "a abbr acronym applet audio b basefont bdi bdo big blink button canvas cite code data datalist del details dfn dir"
    " em font frame frameset i iframe image ins kbd keygen label legend listing map mark marquee math meter nobr"
    " noframes noscript object output picture plaintext pre progress q rtc ruby s samp script select slot small span"
    " strike strong style sub summary sup svg template textarea time title tt u var video xmp"
)  # fmt: skip
FOREIGN = ("svg", "math")
PARAGRAPH_ENDS = STRUCTURE | HEADINGS | names("p ul ol dl pre table hr blockquote")
RAW = STRUCTURE | names("pre script style textarea svg math")
"""Elements whose content Python-Markdown leaves alone, if they begin a block."""

# A quotation mark is part of the name where what follows is a tag all the same.
TOKEN = re.compile(
    rb"<!--(?:[^-]|-(?!->)|(?!))*+(?:-->|\Z)"
    rb"|<(?P<end>/?)"
    rb"(?P<name>[A-Za-z][^\s/><\"']*+(?:[\"'][^\s/><]*+(?=(?:[^<>\"']|\"[^<\"]*+\"|'[^<']*+'|(?!))*+>)|(?!))?+)"
    rb"(?P<rest>(?:[^<>\"']|\"[^\"]*\"|'[^']*'|(?!))*+)>"
)
BLOCK_MARKS = re.compile(rb"^ {0,3}(?:[#>]|([-=*_])(?:[ ]{0,2}\1)*[ ]*$)", re.MULTILINE)
HANDLER = re.compile(rb"\son[a-z]+\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'<>]+)", re.IGNORECASE)
