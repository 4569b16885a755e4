"""Shortcodes in Markdown: `{{< name "value" key="value" >}}`, alone or around text that ends with `{{< /name >}}`.

A call is replaced with a mark before an engine sees the text, and the mark with the HTML of the call afterwards. So
both engines do the same, and what is in code or in an attribute stays as it was written.
"""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from textwrap import dedent
from typing import Protocol
from urllib.parse import quote

from msgspec import Struct
from msgspec.structs import replace

from sitegen.errors import Problem, SiteError, did_you_mean
from sitegen.formats import lazy_regex

OPEN, CLOSE = "{{<", ">}}"
MAX_TAG_CHARACTERS = 2000
"""The length of a tag with its values; a longer one is text."""

_START, _END, _BLOCK_END = "\ufdd9", "\ufdda", "\ufddb"
"""The marks around the number of a call, the last one if it is a block; they are in no text (see characters.py)."""

_NAME = lazy_regex.compile(r"\s*(/?)\s*([A-Za-z][\w-]*+)")
_VALUE = lazy_regex.compile(r"""\s*+(?:([A-Za-z][\w-]*+)=)?("[^"]*+"|'[^']*+'|`[^`]*+`|[^\s"'`=]++)""")
_TOKEN = lazy_regex.compile(
    rf"<p>{_START}(\d++)[{_END}{_BLOCK_END}]</p>|(<(/?)(?:pre|code)\b)|(<)|(>)|{_START}(\d++)({_END}|{_BLOCK_END})"
)
_IN_URL = lazy_regex.compile(r"%EF%B7%99(\d++)%EF%B7%9[AB]")


class ShortcodeCall(Struct, frozen=True):
    """A shortcode in Markdown: its name and values, and where it is.

    `source` is how it is written, `body` the text up to its end tag, None without one. `line` counts from the first
    line of the text. `problem` says what is wrong with it, "" if nothing is.
    """

    name: str
    positional: tuple[str, ...]
    named: Mapping[str, str]
    source: str
    body: str | None
    line: int
    problem: str = ""


class Macros(Protocol):
    """The shortcodes of a site."""

    @property
    def names(self) -> Sequence[str]:
        """The names of the shortcodes."""

    def render(self, call: ShortcodeCall, content: str | None) -> str:
        """Return the HTML of a call, given that of its body. Raises ValueError with what is wrong with the call."""


class _ShortcodeTag(Struct, frozen=True):
    start: int
    end: int
    is_end: bool
    name: str
    values: str


def find_calls(text: str, first: int = 0) -> tuple[str, list[ShortcodeCall]]:
    """Return Markdown with a mark instead of each shortcode, and the shortcodes, which are numbered from `first`.

    A mark on a line of its own is a paragraph.
    """
    tags = _find_tags(text)
    ends = _find_pairs(tags)
    calls: list[ShortcodeCall] = []
    parts: list[str] = []
    at, index, line = 0, 0, 0
    while index < len(tags):
        tag, last = tags[index], tags[ends.get(index, index)]
        line += text.count("\n", at, tag.start)
        body = text[tag.end : last.start] if last is not tag else None
        source = text[tag.start : last.end]
        calls.append(_make_call(tag, source, body, line))
        mark = f"{_START}{first + len(calls) - 1}"
        parts += (text[at : tag.start], _end_mark(text, tag.start, last.end, mark))
        line += source.count("\n")
        at, index = last.end, ends.get(index, index) + 1
    return "".join([*parts, text[at:]]), calls


def _find_tags(text: str) -> list[_ShortcodeTag]:
    tags = []
    at = text.find(OPEN)
    while at >= 0:
        end = text.find(CLOSE, at, at + MAX_TAG_CHARACTERS)
        name = _NAME.match(text, at + len(OPEN), end) if end >= 0 else None
        if name:
            values = text[name.end() : end].removesuffix("/")
            tags.append(_ShortcodeTag(at, end + len(CLOSE), bool(name[1]), name[2], values))
            at = end
        at = text.find(OPEN, at + len(OPEN))
    return tags


def _find_pairs(tags: Sequence[_ShortcodeTag]) -> dict[int, int]:
    """Return the number of the end tag of each tag that has one."""
    waiting: dict[str, list[int]] = {}
    found: dict[int, int] = {}
    for number, tag in enumerate(tags):
        if not tag.is_end:
            waiting.setdefault(tag.name, []).append(number)
        elif waiting.get(tag.name):
            start = waiting[tag.name].pop()
            found[start] = number
            for numbers in waiting.values():
                while numbers and numbers[-1] > start:
                    numbers.pop()  # it is within, and has no end of its own
    return found


def _make_call(tag: _ShortcodeTag, source: str, body: str | None, line: int) -> ShortcodeCall:
    positional: list[str] = []
    named: dict[str, str] = {}
    at = 0
    while match := _VALUE.match(tag.values, at):
        value = match[2][1:-1] if match[2][0] in "\"'`" else match[2]
        if match[1]:
            named[match[1].replace("-", "_")] = value
        else:
            positional.append(value)
        at = match.end()
    problem = f"the values `{tag.values.strip()}` cannot be read" if tag.values[at:].strip() else ""
    if tag.is_end:
        problem = f"`{source}` ends a shortcode that does not begin"
    return ShortcodeCall(tag.name, tuple(positional), named, source, body, line, problem)


def _end_mark(text: str, start: int, end: int, mark: str) -> str:
    """Return a complete mark, as a paragraph between blank lines if it is on lines of its own without an indent."""
    stop = text.find("\n", end)
    after = text[end : stop if stop >= 0 else len(text)]
    is_block = (not start or text[start - 1] == "\n") and not after.strip()
    return f"\n{mark}{_BLOCK_END}\n" if is_block else mark + _END


class Expansion:
    """Replaces the marks of the shortcodes in a post with their HTML.

    `convert` turns the Markdown of their bodies into HTML; `path` and `line` are where the text begins, for problems.
    """

    def __init__(self, macros: Macros, convert: Callable[[str], str], path: str, line: int) -> None:
        self._macros, self._convert = macros, convert
        self._path, self._line = path, line
        self._calls: list[ShortcodeCall] = []
        self.problems: list[Problem] = []

    def prepare(self, text: str, line: int = 0) -> str:
        """Return Markdown with marks instead of its shortcodes; `line` is where it begins within the post."""
        marked, calls = find_calls(text, len(self._calls))
        self._calls += [replace(call, line=call.line + line) for call in calls]
        return marked

    def insert(self, html: str) -> str:
        """Return HTML with the shortcodes in the place of their marks. Raises SiteError with all that is wrong."""
        done = self._fill(html)
        if self.problems:
            raise SiteError(self.problems)
        return done

    def _fill(self, html: str) -> str:
        html = _IN_URL.sub(lambda mark: quote(self._calls[int(mark[1])].source), html)
        parts: list[str] = []
        at = depth = 0
        in_tag = False
        for token in _TOKEN.finditer(html):
            if token[2]:
                depth, in_tag = max(0, depth + (-1 if token[3] else 1)), True
            elif token[4] or token[5]:
                in_tag = bool(token[4])
            else:
                call, before, end = self._calls[int(token[1] or token[6])], html[at : token.start()], token.end()
                if not depth and not in_tag:
                    parts += (before, self._render(call))
                elif token[7] == _BLOCK_END:
                    # Without the blank lines around the mark.
                    parts += (before.removesuffix("\n"), escape(call.source))
                    end += html.startswith("\n", end)
                else:
                    parts += (before, escape(call.source))
                at = end
        return "".join([*parts, html[at:]])

    def _render(self, call: ShortcodeCall) -> str:
        if call.problem:
            return self._refuse(call, call.problem, 'write `{{< name "value" key="value" >}}`')
        if call.name not in self._macros.names:
            hint = did_you_mean(call.name, self._macros.names) or (
                "add its file to the folder `shortcodes` of the templates, or map the name in [shortcodes]"
            )
            return self._refuse(call, f"there is no shortcode `{call.name}`", hint)
        content = None
        if call.body is not None:
            # The body begins in the line of the tag.
            text = self.prepare(dedent(call.body), call.line)
            content = self._fill(self._convert(text)).strip()
        try:
            return self._macros.render(call, content)
        except ValueError as error:
            return self._refuse(call, f"the shortcode `{call.name}` failed: {error}", "correct its values or its macro")

    def _refuse(self, call: ShortcodeCall, message: str, hint: str) -> str:
        excerpt = call.source.partition("\n")[0][:200]
        self.problems.append(Problem(self._path, self._line + call.line, message, hint, excerpt))
        return ""
