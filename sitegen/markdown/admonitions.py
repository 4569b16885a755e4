"""Admonitions in HTML: their titles, and GitHub's alerts, which are quotes that begin with `[!NOTE]` and the like."""

import re
from functools import cache

from sitegen.config.i18n import make_finder
from sitegen.formats import lazy_regex

ALERTS = ("note", "tip", "important", "warning", "caution")
"""The types of admonitions whose titles the theme translates: those of GitHub's alerts."""

_DIVISION = lazy_regex.compile(r"<(/?)(?:div|blockquote)\b[^>]*>")
_ALERT = lazy_regex.compile(
    rf"<blockquote>\s*<p>\[!({'|'.join(ALERTS)})\]\s*(?:<br ?/?>\s*)?(?:(</p>)\s*|\n)", re.IGNORECASE
)
_UNTITLED = lazy_regex.compile(r'(<div class="admonition ([\w-]+)[^"]*">\s*<p class="admonition-title">)(?=</p>)')
_ADMONITION_START = re.compile(r'<div class="admonition ')


def convert_alerts(html: str) -> str:
    """Return HTML in which quotes that begin with `[!NOTE]` and the like are admonitions."""
    if "[" not in html or "[!" not in html:  # one character is found in a tenth of the time
        return html
    parts: list[str] = []
    at = 0
    while alert := _ALERT.search(html, at):
        end = find_end(html, alert.end())
        if end is None or not html.startswith("</blockquote", end[0]):
            break  # the HTML of the text is not closed as it is opened
        start, after = end
        opened = "" if alert[2] else "<p>"
        inside = convert_alerts(f"{opened}{html[alert.end() : start].lstrip()}")
        parts += (html[at : alert.start()], f"{start_admonition(alert[1].lower())}\n{inside}</div>")
        at = after
    return "".join([*parts, html[at:]])


def find_end(html: str, start: int) -> tuple[int, int] | None:
    """Return start and end of the tag that ends the division or quote around a position; None if it is not closed."""
    depth = 1
    for tag in _DIVISION.finditer(html, start):
        depth += -1 if tag[1] else 1
        if not depth:
            return tag.span()
    return None


def start_admonition(types: str, title: str | None = None) -> str:
    """Return the HTML before the content of an admonition; without a title, `fill_titles` adds one, "" is none."""
    shown = f'\n<p class="admonition-title">{title or ""}</p>' if title != "" else ""
    return f'<div class="admonition {types}">{shown}'


def fill_titles(html: str, language: str) -> str:
    """Return HTML in which admonitions that have no title of their own are titled by their type, in a language."""
    if '<p class="admonition-title"></p>' not in html:
        return html
    titles = _titles_in(language)
    return _UNTITLED.sub(lambda found: found[1] + titles.get(found[2], found[2].capitalize()), html)


def drop_admonitions(html: str) -> str:
    """Return HTML without admonitions, so that the summary is that of a paragraph."""
    parts: list[str] = []
    at = 0
    while found := _ADMONITION_START.search(html, at):
        end = find_end(html, found.end())
        parts.append(html[at : found.start()])
        if end is None:
            return "".join(parts)
        at = end[1]
    return "".join([*parts, html[at:]])


@cache
def _titles_in(language: str) -> dict[str, str]:
    words = make_finder(language or "en", {})(language)
    return {name: getattr(words, f"admonition_{name}") for name in ALERTS}
