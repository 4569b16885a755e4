"""CommonMark as an engine: pyromark, with GitHub's tables, footnotes and task lists."""

import re
from collections.abc import Callable, Iterator

from pyromark import Markdown, Options

from sitegen.markdown.code_titles import restore_titles
from sitegen.markdown.engines.commonmark_containers import expand_containers
from sitegen.markdown.engines.commonmark_urls import render_with_links
from sitegen.markdown.engines.fence_lines import name_titles
from sitegen.markdown.fence_languages import name_languages

_REFERENCE = re.compile(r'<sup class="footnote-reference"><a href="#([^"]*)">(\d+)</a></sup>')
_FOOTNOTE = re.compile(
    r'<div class="footnote-definition" id="([^"]*)"><sup class="footnote-definition-label">\d+</sup>\n?'
)
_DIVISION = re.compile(r"<(/?)div\b")
_IMAGE_CLASS = re.compile(r"<img ([^<>]*+)>\{:? ?\.(wide|full) ?\}")
_CHECKBOX = re.compile(r'<li>(\s*(?:<p>)?)<input disabled="" type="checkbox"( checked="")?/>\n?')


def make_converter(*, smart: bool, linkify: bool = False) -> Callable[[str], str]:
    """Return a function from CommonMark to HTML that links bare URLs if `linkify` is true."""
    options = (
        Options.ENABLE_TABLES
        | Options.ENABLE_FOOTNOTES
        | Options.ENABLE_STRIKETHROUGH
        | Options.ENABLE_TASKLISTS
        | Options.ENABLE_HEADING_ATTRIBUTES
    )
    if smart:
        options |= Options.ENABLE_SMART_PUNCTUATION
    markdown = Markdown(options=options)

    def convert(text: str) -> str:
        text = expand_containers(name_titles(text))
        html = render_with_links(text, markdown) if linkify else markdown.html(text)
        if " />" in html:  # once for both, as in few posts
            html = html.replace("<br />", "<br>").replace("<hr />", "<hr>")
        html = restore_titles(name_languages(html))
        if 'class="footnote-' in html:
            html = _gather_footnotes(html)
        if "{" in html and ">{" in html:  # one character is found in a tenth of the time
            html = _IMAGE_CLASS.sub(r'<img class="\2" \1>', html)
        if 'type="checkbox"' in html:
            html = _CHECKBOX.sub(_replace_checkbox, html)
        return html

    return convert


def _replace_checkbox(match: re.Match[str]) -> str:
    """Replace a task's checkbox with a character, which feeds and mail keep and screen readers name."""
    return f'<li class="task">{match[1]}{"☑" if match[2] else "☐"} '


def _gather_footnotes(html: str) -> str:
    """Move the footnotes to the end, in order of their numbers and with links back, as in Python-Markdown."""
    notes: dict[str, str] = {}
    body_parts = []
    position = 0
    for match in _FOOTNOTE.finditer(html):
        if match.start() < position:
            continue
        end, depth = match.end(), 1
        for tag in _DIVISION.finditer(html, match.end()):
            depth += -1 if tag[1] else 1
            if depth == 0:
                end = tag.start()
                break
        body_parts.append(html[position : match.start()])
        notes.setdefault(match[1], html[match.end() : end].rstrip())
        position = html.find("\n", end) + 1 or len(html)
    body_parts.append(html[position:])

    links: dict[str, list[str]] = {}
    numbers: dict[str, str] = {}

    def refer(match: re.Match[str]) -> str:
        name, number = match[1], numbers.setdefault(match[1], str(len(numbers) + 1))
        ids = links.setdefault(name, [])
        ids.append(f"fnref{len(ids) + 1 if ids else ''}:{number}")
        return f'<sup id="{ids[-1]}"><a class="footnote-ref" href="#fn:{number}">{number}</a></sup>'

    body = _REFERENCE.sub(refer, "".join(body_parts)).rstrip("\n")
    contents = []
    for name in _iterate_growing(numbers):
        contents.append(_REFERENCE.sub(refer, notes.get(name, "")))
    for name, note in notes.items():
        if name not in numbers:  # without a reference: it comes last
            numbers[name] = str(len(numbers) + 1)
            contents.append(_REFERENCE.sub(refer, note))
    items = [
        f'<li id="fn:{number}">\n{_link_back(content, links.get(name, []), number)}\n</li>\n'
        for (name, number), content in zip(numbers.items(), contents, strict=False)
    ]
    return f'{body}\n<div class="footnote">\n<hr>\n<ol>\n{"".join(items)}</ol>\n</div>\n'


def _iterate_growing(numbers: dict[str, str]) -> Iterator[str]:
    """Yield each name, including those added during the iteration: a footnote may refer to another one."""
    done = 0
    while done < len(numbers):
        yield list(numbers)[done]
        done += 1


def _link_back(content: str, ids: list[str], number: str) -> str:
    links = "".join(
        f'<a class="footnote-backref" href="#{position}" title="↩ {number}">↩\ufe0e</a>' for position in ids
    )
    if not links:
        return content
    if content.endswith("</p>"):
        return f"{content[:-4]}&#160;{links}</p>"
    return f"{content}\n<p>{links}</p>"
