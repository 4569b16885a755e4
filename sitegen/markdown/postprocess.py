"""Postprocess an engine's HTML: heading ids, highlighted code, scrollable tables, players, placeholders for URLs."""

import re
from functools import partial
from html import escape, unescape

from msgspec import Struct, field

from sitegen.formats import lazy_regex
from sitegen.formats.anchors import make_anchor, number_anchor
from sitegen.formats.html_elements import ATTRIBUTE_NAME, ATTRIBUTE_VALUE
from sitegen.markdown.characters import clean_references
from sitegen.markdown.code_titles import split_title
from sitegen.markdown.highlight import highlight_code
from sitegen.markdown.link_lines import locate_references
from sitegen.markdown.media import add_players, mark_galleries
from sitegen.markdown.summary import count_words, strip_tags, summarise
from sitegen.markdown.url_placeholders import mark_srcset, mark_url
from sitegen.model import Body, Heading

_ATTRIBUTES = r"""(?:[^"'>]|"[^"]*"|'[^']*'|(?!))*+"""
_TOKEN = re.compile(
    rf"""<(?!p>|/[^t]|li>|em>|strong>|a\ href="(?:https?:|\#)[^"\s]*")(?:  # the most frequent tags, skipped early
    (?P<link>(?:a|img|area|source|video|audio|track|iframe|embed|link|input|image)\s{_ATTRIBUTES}>)
    |h(?P<level>[1-6])(?P<attributes>(?:\s{_ATTRIBUTES})?)>(?P<text>.*?)</h(?P=level)\s*>
    |pre(?P<pre>(?:\s{_ATTRIBUTES})?)>(?:<code(?P<code>(?:\s{_ATTRIBUTES})?)>(?P<source>[^<]*)</code></pre>)?
    |(?P<cell>t[hd]\s{_ATTRIBUTES}>)
    |(?P<table>/table\s*+>|table(?=[\s>]))
    |(?P<script>(?P<name>script|style|textarea|xmp)(?=[\s>]){_ATTRIBUTES}>)(?P<raw>.*?(?:</(?P=name)|\Z))
    |!--.*?(?:-->|\Z)
    )""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_ATTRIBUTE = lazy_regex.compile(rf"(\s({ATTRIBUTE_NAME})\s*=\s*){ATTRIBUTE_VALUE}")
_ID = lazy_regex.compile(rf"\sid\s*=\s*{ATTRIBUTE_VALUE}", re.IGNORECASE)
_LANGUAGE = lazy_regex.compile(r"""\bclass="(?:[^"]*\s)?language-([^\s"]+)""")
_ALIGN = lazy_regex.compile(r"""\sstyle="text-align:\s?(left|right|center);?\"""")
_ENGINES_OWN = lazy_regex.compile(r"""\s(?:hl_lines|linenums|linenostart|linespans|anchorlinenos)="[^"]*\"""")


class _State(Struct, frozen=True):
    """The state of one pass: the ids that are `taken`, and the numbers of repeated ones.

    Nested functions of `finish` that refer to each other would be a reference cycle, which the garbage
    collector does not free while a build runs.
    """

    highlight: bool
    taken: set[str]
    numbers: dict[str, int] = field(default_factory=dict)
    headings: list[Heading] = field(default_factory=list)
    targets: list[str] = field(default_factory=list)
    images: list[str] = field(default_factory=list)


def finish(html: str, text: str, line: int, *, highlight: bool) -> Body:
    """Return the Body of a post for an engine's HTML; `text` is its Markdown, which begins at a line of its file.

    Headings get ids. Code is highlighted if `highlight` is true. Tables and code get `tabindex`, because they
    scroll. Paragraphs of images become galleries, links to sounds and films players. Alignment becomes a class, because
    the site's policy allows no style attributes. URLs that depend on the paths of files become placeholders. Comments,
    scripts and styles are unchanged.
    """
    html = add_players(mark_galleries(clean_references(html)))
    taken = {"".join(groups) for groups in _ID.findall(html)} if "<h" in html and "id=" in html else set()
    state = _State(highlight, taken)
    done = _TOKEN.sub(partial(_replace, state), html)
    return Body(
        html=done,
        headings=tuple(state.headings),
        references=locate_references(state.targets, text, line) if state.targets else (),
        words=count_words(html),
        summary=summarise(html),
        images=tuple(dict.fromkeys(state.images)),
    )


def _replace(state: _State, match: re.Match[str]) -> str:
    match match.lastgroup:
        case "link":
            done = _mark_urls(match[0], state.targets, state.images if match[0][:4].lower() == "<img" else None)
        case "text":
            done = _replace_heading(state, match)
        case "source":
            done = _format_code(match["pre"], match["code"], match["source"], state.highlight)
        case "pre":
            done = f"<pre{_scrollable(match['pre'])}>"
        case "cell":
            done = _align(match[0])
        case "table":
            done = "</table></div>" if match["table"][0] == "/" else '<div class="table" tabindex="0"><table'
        case "raw":
            done = f"<{_mark_urls(match['script'], state.targets)}{match['raw']}"
        case _:
            done = match[0]
    return done


def _replace_heading(state: _State, match: re.Match[str]) -> str:
    content = _TOKEN.sub(partial(_replace, state), match["text"])
    text = strip_tags(content)
    identifier, attributes = _identify(match["attributes"], text, state.taken, state.numbers)
    state.headings.append(Heading(int(match["level"]), identifier, text))
    return f"<h{match['level']}{attributes}>{content}</h{match['level']}>"


def _mark_urls(tag: str, targets: list[str], images: list[str] | None = None) -> str:
    """Return a tag with placeholders for its URLs; that of an image is also added to `images`."""

    def replace(match: re.Match[str]) -> str:
        name = match[2].lower()
        value = match[3] or match[4] or match[5] or ""
        if name in ("href", "src", "poster"):
            before = len(targets)
            marked = mark_url(value, targets)
            if images is not None and name == "src":
                images.extend(targets[before:])
            return f'{match[1]}"{marked}"'
        return f'{match[1]}"{mark_srcset(value, targets)}"' if name == "srcset" else match[0]

    tag = _ATTRIBUTE.sub(replace, tag)
    return f"{tag[:-3]}>" if tag.startswith("<img") and tag.endswith(" />") else tag


def _identify(attributes: str, text: str, taken: set[str], numbers: dict[str, int]) -> tuple[str, str]:
    """Return a heading's id, its own or one derived from its text, and its attributes with that id."""
    own = _ID.search(attributes) if attributes else None
    if own:
        return unescape(own[1] or own[2] or own[3] or ""), attributes
    identifier = number_anchor(make_anchor(text) or "section", taken, numbers)
    return identifier, f'{attributes} id="{escape(identifier)}"'


def _format_code(pre: str, code: str, source: str, highlight: bool) -> str:
    word = _LANGUAGE.search(code) if code else None
    language, title = split_title(unescape(word[1])) if word else ("", "")
    if word and title:
        name = f'class="language-{escape(language)}"' if language else ""
        code = code.replace(word[0] + '"', name) if name else code.replace(f' {word[0]}"', "")
    highlighted = highlight_code(unescape(source), language) if language and highlight else source
    block = f"<pre{_scrollable(pre)}><code{_ENGINES_OWN.sub('', code)}>{highlighted}</code></pre>"
    return f'<figure class="code"><figcaption>{escape(title)}</figcaption>\n{block}</figure>' if title else block


def _align(cell: str) -> str:
    """Replace a table cell's alignment style, as both engines write it, with a class."""
    style = _ALIGN.search(cell)
    if style is None:
        return cell
    cell = cell.replace(style[0], "")
    name = f'class="align-{style[1]}'
    return cell.replace('class="', name + " ", 1) if 'class="' in cell else f'{cell[:-1]} {name}">'


def _scrollable(attributes: str) -> str:
    return attributes if "tabindex" in attributes.lower() else attributes + ' tabindex="0"'
