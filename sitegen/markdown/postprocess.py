"""The last pass over an engine's HTML: heading ids, code, tables, and marks around URLs."""

import re
from dataclasses import dataclass, field
from functools import partial
from html import escape, unescape

from sitegen.markdown.anchors import make_anchor, number_anchor
from sitegen.markdown.characters import clean_references
from sitegen.markdown.highlight import draw_code
from sitegen.markdown.link_lines import locate
from sitegen.markdown.summary import count_words, plain, summarise
from sitegen.markdown.url_placeholders import mark, mark_set
from sitegen.model import Body, Heading

_ATTRIBUTES = r"""(?:[^"'>]|"[^"]*"|'[^']*')*+"""
_TOKEN = re.compile(
    rf"""<(?!p>|/[^t]|li>|em>|strong>|a\ href="(?:https?:|\#)[^"\s]*")(?:  # the commonest, passed over at once
    (?P<link>(?:a|img|area|source|video|audio|track|iframe|embed|link|input|image)\s{_ATTRIBUTES}>)
    |h(?P<level>[1-6])(?P<attributes>(?:\s{_ATTRIBUTES})?)>(?P<text>.*?)</h(?P=level)\s*>
    |pre(?P<pre>(?:\s{_ATTRIBUTES})?)>(?:<code(?P<code>(?:\s{_ATTRIBUTES})?)>(?P<source>[^<]*)</code></pre>)?
    |(?P<cell>t[hd]\s{_ATTRIBUTES}>)
    |(?P<table>/?table)(?=[\s>])
    |(?P<script>(?P<name>script|style|textarea|xmp)(?=[\s>]){_ATTRIBUTES}>)(?P<raw>.*?(?:</(?P=name)|\Z))
    |!--.*?(?:-->|\Z)
    )""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"""(\s([^\s"'=<>/]+)\s*=\s*)(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+))""")
_ID = re.compile(r"""\sid\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+))""", re.IGNORECASE)
_LANGUAGE = re.compile(r"""\bclass="(?:[^"]*\s)?language-([^\s"]+)""")
_ALIGN = re.compile(r"""\sstyle="text-align:\s?(left|right|center);?\"""")
_ENGINES_OWN = re.compile(r"""\s(?:hl_lines|linenums|linenostart|linespans|anchorlinenos)="[^"]*\"""")


@dataclass(frozen=True, slots=True)
class _Found:
    """What is met on the way through a text: the ids that are `taken`, and the numbers of those that recur.

    Functions within `finish` that name each other would be a cycle, which nobody collects while a build goes on.
    """

    highlight: bool
    taken: set[str]
    numbers: dict[str, int] = field(default_factory=dict)
    headings: list[Heading] = field(default_factory=list)
    targets: list[str] = field(default_factory=list)


def finish(html: str, text: str, line: int, *, highlight: bool) -> Body:
    """Make the Body of a post from what an engine made of its text, which begins at a line of its file.

    Headings get ids, code its colours if `highlight` says so, tables and code a place in the tab order
    because they scroll, alignment a class because the site's policy allows no style attributes; URLs
    that depend on where files lie get marks. Comments, scripts and styles stay as they are.
    """
    html = clean_references(html)
    taken = {"".join(groups) for groups in _ID.findall(html)} if "<h" in html and "id=" in html else set()
    found = _Found(highlight, taken)
    done = _TOKEN.sub(partial(_replace, found), html)
    if "</table>" in done:
        done = done.replace("</table>", "</table></div>")
    return Body(
        html=done,
        headings=tuple(found.headings),
        references=locate(found.targets, text, line) if found.targets else (),
        words=count_words(html),
        summary=summarise(html),
    )


def _replace(found: _Found, match: re.Match[str]) -> str:
    match match.lastgroup:
        case "link":
            done = _mark_urls(match[0], found.targets)
        case "text":
            done = _replace_heading(found, match)
        case "source":
            done = _draw_block(match["pre"], match["code"], match["source"], found.highlight)
        case "pre":
            done = f"<pre{_scrollable(match['pre'])}>"
        case "cell":
            done = _align(match[0])
        case "table":
            done = "</table" if match["table"][0] == "/" else '<div class="table" tabindex="0"><table'
        case "raw":
            done = f"<{_mark_urls(match['script'], found.targets)}{match['raw']}"
        case _:
            done = match[0]
    return done


def _replace_heading(found: _Found, match: re.Match[str]) -> str:
    content = _TOKEN.sub(partial(_replace, found), match["text"])
    text = plain(content)
    identifier, attributes = _identify(match["attributes"], text, found.taken, found.numbers)
    found.headings.append(Heading(int(match["level"]), identifier, text))
    return f"<h{match['level']}{attributes}>{content}</h{match['level']}>"


def _mark_urls(tag: str, found: list[str]) -> str:
    def replace(match: re.Match[str]) -> str:
        name = match[2].lower()
        value = match[3] or match[4] or match[5] or ""
        if name in ("href", "src", "poster"):
            return f'{match[1]}"{mark(value, found)}"'
        return f'{match[1]}"{mark_set(value, found)}"' if name == "srcset" else match[0]

    tag = _ATTRIBUTE.sub(replace, tag)
    return f"{tag[:-3]}>" if tag.startswith("<img") and tag.endswith(" />") else tag


def _identify(attributes: str, text: str, taken: set[str], numbers: dict[str, int]) -> tuple[str, str]:
    """Return a heading's id, its own or one made from its text, and its attributes with that id."""
    own = _ID.search(attributes) if attributes else None
    if own:
        return unescape(own[1] or own[2] or own[3] or ""), attributes
    identifier = number_anchor(make_anchor(text) or "section", taken, numbers)
    return identifier, f'{attributes} id="{escape(identifier)}"'


def _draw_block(pre: str, code: str, source: str, highlight: bool) -> str:
    language = _LANGUAGE.search(code) if code else None
    drawn = draw_code(unescape(source), unescape(language[1])) if language and highlight else source
    return f"<pre{_scrollable(pre)}><code{_ENGINES_OWN.sub('', code)}>{drawn}</code></pre>"


def _align(cell: str) -> str:
    """Turn a table cell's alignment from a style, as both engines write it, into a class."""
    style = _ALIGN.search(cell)
    if style is None:
        return cell
    cell = cell.replace(style[0], "")
    name = f'class="align-{style[1]}'
    return cell.replace('class="', name + " ", 1) if 'class="' in cell else f'{cell[:-1]} {name}">'


def _scrollable(attributes: str) -> str:
    return attributes if "tabindex" in attributes.lower() else attributes + ' tabindex="0"'
