"""Split front matter in YAML, TOML, JSON or header lines from a post's body, and parse it to plain values."""

import json
import re
from codecs import BOM_UTF8
from typing import Any

from msgspec import Struct

from sitegen.content.front_matter.boundaries import (
    HEADER,
    JSON_OPEN,
    TOML_CLOSE,
    TOML_OPEN,
    YAML_CLOSE,
    YAML_OPEN,
)
from sitegen.content.front_matter.fields import FIELDS, TEXT_KEYS, fields_by_name
from sitegen.errors import Problem, SiteError
from sitegen.formats import lazy_regex
from sitegen.formats.characters import INVISIBLE
from sitegen.formats.plain_values import MAX_DEPTH, MAX_FRONT_MATTER_BYTES, InvalidValueError
from sitegen.formats.yaml import read_yaml
from sitegen.formats.yaml_fast import read_rows

__all__ = ["FrontMatter", "read_yaml", "split"]

_BLANKS = re.compile("[\x85\u2028\u2029]")
_REST_OF_LINE = lazy_regex.compile(r"[ \t]*(?:\n|\Z)")
_AFTER_BLANK_LINES = lazy_regex.compile(r"\A\s*\n(?:(---|\+\+\+)[ \t]*\n|(\{)\s*[\"}])")
_ROW_KEY = lazy_regex.compile(r"""^[ \t]*["']?([A-Za-z_][\w-]{0,40})["']?[ \t]*[:=]""", re.MULTILINE)
_JSON_KEY = lazy_regex.compile(r""""([A-Za-z_]\w{0,40})"\s{0,10}:""")
_HEADER_OPENERS = frozenset(
    ["title", "date", "slug", "author", "authors", "category", "tags", "status", "modified", "updated", "lang"]
) | {"language", "summary", "template", "url", "save_as"}


class FrontMatter(Struct, frozen=True):
    """A file's front matter and its body `text`, which begins at a `line` of the file.

    `block` is the front matter as written, `first` the line of the file at which it begins.
    """

    path: str
    values: dict[str, Any]
    text: str
    line: int
    block: str = ""
    first: int = 1

    def line_of(self, key: str) -> int:
        """Return the file's line of a top-level key, or line 1 if it is missing."""
        # Most keys begin a line; the expression takes half as long as reading the whole front matter.
        before = f"\n{self.block}".find(f"\n{key}:")
        if before >= 0:
            return self.first + self.block.count("\n", 0, before)
        name = re.escape(key)
        found = re.compile(
            rf"""^([ \t]*)(?:[\[{{]+[ \t]*)?["']?{name}["']?[ \t]*[\]:=.]""", re.MULTILINE | re.IGNORECASE
        )
        matches = list(found.finditer(self.block))
        if not matches:
            loose = re.search(rf"""["'\s,{{]{name}["']?[ \t]*[:=]""", self.block)
            return self.first + self.block.count("\n", 0, loose.start() + 1) if loose else 1
        match = min(matches, key=lambda m: (len(m[1].expandtabs()), m.start()))
        return self.first + self.block.count("\n", 0, match.start())

    def line_of_value(self, key: str, value: str) -> int:
        """Return the file's line of one value of a top-level key, or the key's line if it is not found."""
        line = self.line_of(key)
        written = re.compile(rf"(?<![\w/.-]){re.escape(value)}(?![\w/.-])")
        rows = enumerate(self.block.split("\n")[line - self.first :], line)
        return next((number for number, row in rows if value and written.search(row)), line)

    def problem(self, key: str, message: str, hint: str = "") -> Problem:
        """Return a problem at the line of a key, with that line."""
        line = self.line_of(key)
        return Problem(self.path, line, message, hint, self.excerpt(line))

    def excerpt(self, line: int) -> str:
        """Return a line of the front matter by its number in the file, cut to 200 characters."""
        rows = self.block.split("\n")
        return rows[line - self.first].rstrip()[:200] if 0 <= line - self.first < len(rows) else ""


def split(data: bytes, path: str, repeated: list[str] | None = None) -> FrontMatter:
    """Return a file's front matter and its body, with LF line ends.

    Front matter is YAML between `---` lines, TOML between `+++` lines, a JSON object, or header
    lines, and begins on the file's first line. Raises SiteError with the line of a problem.

    With a list `repeated`, blank lines before the front matter are allowed, and so are repeated keys:
    the last value is used, and the key is added to the list. Other generators allow both.
    """
    text = _decode(data, path)
    at = 0
    if text[:1].isspace() and (at := _late_start(text)) and repeated is None:
        line = text.count("\n", 0, at) + 1
        message = "the front matter does not begin on the first line"
        raise SiteError([Problem(path, line, message, "remove the blank lines before it", text[at : at + 3])])
    start = text[at : at + 1]
    if start == "-" and (match := YAML_OPEN.match(text, at)):
        return _fenced(text, path, match.end(), YAML_CLOSE, "---", repeated)
    if start == "+" and (match := TOML_OPEN.match(text, at)):
        return _fenced(text, path, match.end(), TOML_CLOSE, "+++", repeated)
    if start == "{" and JSON_OPEN.match(text, at):
        return _object(text, path, at, repeated)
    if start.isalpha() and (end := _end_of_headers(text)):
        block = _clean(text[:end])
        values = _parse(block.rstrip("\n"), FrontMatter(path, {}, "", 0, block), "", repeated)
        return FrontMatter(path, values, text[end:], block.count("\n") + 1, block)
    return FrontMatter(path, {}, text, 1)


def _late_start(text: str) -> int:
    """Return the offset of front matter after blank lines, 0 if there is none.

    There may be text between two rules: it is front matter only if one of its lines begins with a known key.
    """
    match = _AFTER_BLANK_LINES.match(text)
    if match is None:
        return 0
    if match[2]:
        start, block, keys = match.start(2), text[match.start(2) : match.start(2) + MAX_FRONT_MATTER_BYTES], _JSON_KEY
    else:
        start, keys = match.start(1), _ROW_KEY
        close = (YAML_CLOSE if match[1] == "---" else TOML_CLOSE).search(text, match.end())
        block = text[match.end() : close.start()] if close else ""
    names = {found[1].casefold() for found in keys.finditer(block)}
    return start if names & (fields_by_name(FIELDS).keys() | _HEADER_OPENERS) else 0


def _decode(data: bytes, path: str) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise SiteError([Problem(path, 1, "the file is UTF-16, not UTF-8", "save it as UTF-8")])
    data = data.removeprefix(BOM_UTF8)
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        line = before.count(b"\n") + 1
        rows = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        excerpt = rows[line - 1].decode("utf-8", "replace")[:200]
        message = f"the byte 0x{data[error.start]:02X} is not UTF-8"
        raise SiteError([Problem(path, line, message, "save the file as UTF-8", excerpt)]) from None
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _clean(block: str) -> str:
    if block.replace("\n", "").isprintable():
        return block
    # Both keep the number of lines; YAML would read the second as line breaks.
    block = INVISIBLE.sub("", block)
    return block if block.isascii() else _BLANKS.sub(" ", block)


def _fenced(
    text: str, path: str, start: int, close: re.Pattern[str], sign: str, repeated: list[str] | None
) -> FrontMatter:
    match = close.search(text, start)
    if match is None:
        hint = f"end it with a line of {sign}; if the line is meant as a rule, put a blank line before it"
        raise SiteError([Problem(path, 1, f"the front matter that begins with {sign} is not closed", hint, sign)])
    block = _clean(text[start : match.start()])
    first = text.count("\n", 0, start) + 1
    values = _parse(f"{sign}\n{block}{sign}", FrontMatter(path, {}, "", 0, block, first), sign, repeated)
    return FrontMatter(path, values, text[match.end() :], text.count("\n", 0, match.end()) + 1, block, first)


def _object(text: str, path: str, start: int, repeated: list[str] | None) -> FrontMatter:
    try:
        _, end = json.JSONDecoder().raw_decode(text[: start + MAX_FRONT_MATTER_BYTES + 1], start)
    except RecursionError:
        message = f"the values are nested more than {MAX_DEPTH} deep"
        row = text.partition("\n")[0][:200]
        raise SiteError([Problem(path, 1, message, "flatten them", row)]) from None
    except json.JSONDecodeError as error:
        row = text.split("\n")[error.lineno - 1][:200]
        message = f"not valid JSON: {error.msg[:1].lower()}{error.msg[1:]}"
        hint = "quote every key and text, and put commas between them"
        raise SiteError([Problem(path, error.lineno, message, hint, row)]) from None
    except ValueError:
        raise SiteError([Problem(path, 1, "a number has more than 300 digits", "put it in quotes")]) from None
    rest = _REST_OF_LINE.match(text, end)
    if rest is None:
        line = text.count("\n", 0, end) + 1
        problem = Problem(path, line, "text follows the front matter's closing brace", "begin the text on a new line")
        raise SiteError([problem])
    block = _clean(text[start:end])
    first = text.count("\n", 0, start) + 1
    values = _parse(block, FrontMatter(path, {}, "", 0, block, first), "{", repeated)
    return FrontMatter(path, values, text[rest.end() :], text.count("\n", 0, rest.end()) + 1, block, first)


def _parse(head: str, front: FrontMatter, sign: str, repeated: list[str] | None) -> dict[str, Any]:
    """Return the values of a block that begins with a sign; `head` is the block with its fences."""
    block = front.block
    if len(block) > MAX_FRONT_MATTER_BYTES // 4 and len(block.encode()) > MAX_FRONT_MATTER_BYTES:
        hint = "move the long values into the text, or close the front matter where it ends"
        raise SiteError(
            [Problem(front.path, 1, f"the front matter is longer than {MAX_FRONT_MATTER_BYTES // 1024} KB", hint)]
        )
    if sign == "---" and (values := read_rows(block, TEXT_KEYS)) is not None:
        return values
    import frontmatter  # noqa: PLC0415 - loads PyYAML, which few posts need

    from sitegen.content.front_matter.handlers import HANDLERS  # noqa: PLC0415 - the same

    try:
        return frontmatter.parse(head, handler=HANDLERS[sign](repeated))[0]
    except InvalidValueError as error:
        line = front.first + error.line
        problem = Problem(front.path, line, error.message, error.hint, front.excerpt(line))
        raise SiteError([problem]) from None


def _end_of_headers(text: str) -> int:
    """Return the offset of the body after header lines, 0 if there are none."""
    first = HEADER.match(text[:200].split("\n", 1)[0])
    if first is None or first[1].lower() not in _HEADER_OPENERS:
        return 0
    names, end = set(), 0
    for row in text.split("\n"):
        match = HEADER.match(row)
        if match:
            names.add(match[1].lower())
        elif not (row[:1] in " \t" and row.strip()):
            # The blank line after the headers belongs to them, so that the body does not begin with it.
            end += len(row) + 1 if not row.strip() else 0
            break
        end += len(row) + 1
    return min(end, len(text)) if names & {"title", "date"} else 0
