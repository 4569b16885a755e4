"""CommonMark as an engine: pyromark, with GitHub's tables, footnotes and task lists."""

import re
from collections.abc import Callable, Iterator

from pyromark import Markdown, Options

from sitegen.markdown.engines.commonmark_urls import render_with_links
from sitegen.markdown.fence_languages import name_languages

_REFERENCE = re.compile(r'<sup class="footnote-reference"><a href="#([^"]*)">(\d+)</a></sup>')
_NOTE = re.compile(r'<div class="footnote-definition" id="([^"]*)"><sup class="footnote-definition-label">\d+</sup>\n?')
_DIVISION = re.compile(r"<(/?)div\b")
_BOX = re.compile(r'<li>(\s*(?:<p>)?)<input disabled="" type="checkbox"( checked="")?/>\n?')


def make_converter(*, smart: bool, linkify: bool = False) -> Callable[[str], str]:
    """Return a function from CommonMark to HTML, which makes links of bare URLs if `linkify` says so."""
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
        html = render_with_links(text, markdown) if linkify else markdown.html(text)
        html = html.replace("<br />", "<br>").replace("<hr />", "<hr>")
        html = name_languages(html)
        if 'class="footnote-' in html:
            html = _gather_footnotes(html)
        if 'type="checkbox"' in html:
            html = _BOX.sub(_draw_box, html)
        return html

    return convert


def _draw_box(match: re.Match[str]) -> str:
    """Draw a task's box as a character, which feeds and mail keep and screen readers name."""
    return f'<li class="task">{match[1]}{"☑" if match[2] else "☐"} '


def _gather_footnotes(html: str) -> str:
    """Move the footnotes to the end, in order of their numbers and with links back, as Python-Markdown has them."""
    notes: dict[str, str] = {}
    kept = []
    place = 0
    for match in _NOTE.finditer(html):
        if match.start() < place:
            continue
        end, depth = match.end(), 1
        for tag in _DIVISION.finditer(html, match.end()):
            depth += -1 if tag[1] else 1
            if depth == 0:
                end = tag.start()
                break
        kept.append(html[place : match.start()])
        notes.setdefault(match[1], html[match.end() : end].rstrip())
        place = html.find("\n", end) + 1 or len(html)
    kept.append(html[place:])

    links: dict[str, list[str]] = {}
    numbers: dict[str, str] = {}

    def refer(match: re.Match[str]) -> str:
        name, number = match[1], numbers.setdefault(match[1], str(len(numbers) + 1))
        places = links.setdefault(name, [])
        places.append(f"fnref{len(places) + 1 if places else ''}:{number}")
        return f'<sup id="{places[-1]}"><a class="footnote-ref" href="#fn:{number}">{number}</a></sup>'

    body = _REFERENCE.sub(refer, "".join(kept)).rstrip("\n")
    contents = []
    for name in _each_known(numbers):
        contents.append(_REFERENCE.sub(refer, notes.get(name, "")))
    for name, note in notes.items():
        if name not in numbers:  # nothing leads to it, and it comes last
            numbers[name] = str(len(numbers) + 1)
            contents.append(_REFERENCE.sub(refer, note))
    items = [
        f'<li id="fn:{number}">\n{_link_back(content, links.get(name, []), number)}\n</li>\n'
        for (name, number), content in zip(numbers.items(), contents, strict=False)
    ]
    return f'{body}\n<div class="footnote">\n<hr>\n<ol>\n{"".join(items)}</ol>\n</div>\n'


def _each_known(numbers: dict[str, str]) -> Iterator[str]:
    """Yield each name, also those that are added meanwhile: a footnote may refer to a further one."""
    done = 0
    while done < len(numbers):
        yield list(numbers)[done]
        done += 1


def _link_back(content: str, places: list[str], number: str) -> str:
    links = "".join(f'<a class="footnote-backref" href="#{place}" title="↩ {number}">↩\ufe0e</a>' for place in places)
    if not links:
        return content
    if content.endswith("</p>"):
        return f"{content[:-4]}&#160;{links}</p>"
    return f"{content}\n<p>{links}</p>"
