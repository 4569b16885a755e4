"""Computes the paths of pages in Hugo.

The rules are derived from the output of Hugo for many titles and names (`tests/permalinks/hugo.json`); for tokens, see
https://gohugo.io/configuration/permalinks/.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from unicodedata import category, normalize
from urllib.parse import unquote_plus

_TOKEN = re.compile(r":(\w++)(?:\[([^\]]{1,100})\])?")
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_ALLOWED_PUNCTUATION = frozenset("./\\_#+~-@")
_LAYOUT = {
    "2006": "%Y", "06": "%y", "01": "%m", "02": "%d", "15": "%H", "03": "%I", "04": "%M", "05": "%S",
    "Jan": "%b", "January": "%B", "Mon": "%a", "Monday": "%A", "002": "%j",
}  # fmt: skip
"""Elements of Go's date layouts that permalinks can use as tokens."""


@dataclass(frozen=True, slots=True)
class PathStyle:
    """The style of paths: `lower` case, `ugly` (`/a.html` instead of `/a/`), with `accents`."""

    lower: bool = True
    ugly: bool = False
    accents: bool = True

    def clean(self, text: str) -> str:
        """Return a string for a path: spaces become one hyphen, most punctuation is removed."""
        letters: list[str] = []
        is_gap = False
        for index, character in enumerate(text):
            is_allowed = (
                character in _ALLOWED_PUNCTUATION or category(character)[0] in "LM" or category(character) == "Nd"
            )
            if is_allowed or _ESCAPE.match(text, index):
                if is_gap and character != "-":
                    letters.append("-")
                is_gap = False
                letters.append(character)
            elif character.isspace() and letters and letters[-1] != "-":
                is_gap = True
        cleaned = "".join(letters)
        if not self.accents:
            plain = (letter for letter in normalize("NFD", cleaned) if category(letter) != "Mn")
            cleaned = normalize("NFC", "".join(plain))
        return cleaned.lower() if self.lower else cleaned

    def clean_name(self, name: str) -> str:
        """Return the name of a file or folder for a path."""
        # Hugo replaces each space separately only when it converts names to lower case.
        return self.clean(name.replace(" ", "-") if self.lower else name)


@dataclass(frozen=True, slots=True)
class HugoPage:
    """The inputs of a page's path: `folders` and `name` of its file, and its front matter.

    `sections` are the folders of its section.
    """

    folders: Sequence[str]
    name: str
    sections: Sequence[str]
    title: str
    slug: str
    date: datetime | None


def find_sections(folders: Sequence[str], known: Collection[str]) -> Sequence[str]:
    """Return the folders of a page's section: down to the deepest folder with an `_index` file, at least the first."""
    depth = next((n for n in range(len(folders), 1, -1) if "/".join(folders[:n]) in known), 1)
    return folders[:depth]


def make_path(page: HugoPage, pattern: str, style: PathStyle) -> str:
    """Return the path of a page by a pattern, or by its folders without one; "" if a token is unknown."""
    name = style.clean(page.slug) if page.slug else style.clean_name(page.name)
    if not name and not pattern:
        return ""
    if pattern:
        filled = _fill(pattern, page, name, style)
        path = style.clean(unquote_plus(f"/{filled.strip('/')}/")) if filled else ""
    else:
        path = "/".join(("", *map(style.clean_name, page.folders), name, ""))
    path = re.sub(r"/{2,}", "/", path)
    return path.rstrip("/") + ".html" if style.ugly and path.strip("/") else path


def _fill(pattern: str, page: HugoPage, name: str, style: PathStyle) -> str:
    title = style.clean(re.sub(r"[/\\]", "-", page.title))
    base = style.clean_name(page.name)
    slug = style.clean(page.slug) if page.slug else title
    values = {
        "section": style.clean_name(page.sections[0]) if page.sections else "",
        "title": title,
        "slug": slug,
        "slugorfilename": name,
        "slugorcontentbasename": name,
        "filename": base,
        "contentbasename": base,
    }
    sections = [style.clean_name(section) for section in page.sections]
    is_known = True

    def replace(match: re.Match[str]) -> str:
        nonlocal is_known
        variable, part = match[1], match[2]
        if variable == "sections":
            return "/".join(_slice(sections, part) if part else sections)
        value = values.get(variable) if part is None else None
        if value is None and part is None and page.date is not None:
            value = _date(variable, page.date)
        is_known = is_known and value is not None
        return value or ""

    filled = _TOKEN.sub(replace, pattern)
    return filled if is_known else ""


def _slice(sections: Sequence[str], written: str) -> Sequence[str]:
    """Return the sections that `[1:]`, `[:last]` or `[last]` selects."""

    def number(text: str, default: int) -> int:
        text = text.strip()
        return len(sections) - 1 if text == "last" else int(text) if text.isdecimal() else default

    first, colon, last = written.partition(":")
    if colon:
        return sections[number(first, 0) : number(last, len(sections))]
    index = number(first, len(sections))
    return sections[index : index + 1]


def _date(token: str, day: datetime) -> str | None:
    """Return the value of a date token, with English names in lower case, or None for other tokens."""
    values = {
        "year": f"{day.year:04}",
        "month": f"{day.month:02}",
        "day": f"{day.day:02}",
        "monthname": f"{day:%B}".lower(),
        "weekday": str(day.isoweekday() % 7),
        "weekdayname": f"{day:%A}".lower(),
        "yearday": str(day.timetuple().tm_yday),
    }
    if token in values:
        return values[token]
    return f"{day:{_LAYOUT[token]}}" if token in _LAYOUT else None
