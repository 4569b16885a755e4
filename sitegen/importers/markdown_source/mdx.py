"""Converts MDX to Markdown: drops imports, exports and comments, and replaces components."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from sitegen.importers.markdown_source import embeds

MAX_TAG_CHARACTERS = 4_000
MAX_FAILED_TAGS = 200
"""Number of unclosed `<` after which the rest is left unchanged, since it is not MDX."""

_FENCE = re.compile(r"[ \t>]*(`{3,}|~{3,})")
_IMPORT = re.compile(r"import\b[^'\"`]*['\"]([^'\"\n]*)['\"]")
_IMPORTED = re.compile(r"import\s+(\w+)\s+from\s+['\"]([^'\"\n]*)['\"]")
_EXPORT = re.compile(r"export\s+(?:default|const|let|var|function|async|class|\{|\*)")
_ASSET = re.compile(r"\.(?:png|jpe?g|gif|webp|avif|svg|mp4|webm|mp3|pdf)\Z", re.IGNORECASE)
_STOP = re.compile(r"`+|<(?=/?[A-Za-z])|\{")
_TAG_NAME = re.compile(r"/?([A-Za-z][\w.]*)(?=[\s/>])")
_ATTRIBUTE = re.compile(r"\s*+([A-Za-z_][\w:.-]*)")
_COMMENT = re.compile(r"\{\s*/\*")
_COMMENT_END = re.compile(r"\*/\s*\}")
_HEADING_ID = re.compile(r"\{\s*/\*\s*(#[\w-]+)\s*\*/\s*\}")
_LITERAL = re.compile(r"""\{\s*(?:"((?:\\.|[^"\\\n])*+)"|'((?:\\.|[^'\\\n])*+)'|`([^`$\\\n]*)`)\s*\}""")
_VALUE = re.compile(
    r"""\s*(?:
        "(?P<double>[^"\\]*)"|'(?P<single>[^'\\]*)'|`(?P<back>[^`$\\]*)`|(?P<number>-?\d+(?:\.\d+)?)
        |(?:require|useBaseUrl|withBaseUrl)\(\s*["'`](?P<path>[^"'`$\\]*)["'`]\s*\)(?:\.default)?
        |(?P<name>[A-Za-z_$][\w$]*)(?:\.src)?
    )\s*""",
    re.VERBOSE,
)
_QUOTED_PATH = re.compile(r"""["'`]([^"'`$\\\s]+\.\w{2,5})["'`]""")
_JSX_NAMES = {"className": "class", "htmlFor": "for", "srcSet": "srcset", "allowFullScreen": "allowfullscreen"}
_IMAGES = frozenset(("Image", "Img", "IdealImage", "Figure", "ThemedImage", "Zoom"))
_EMBEDS = {
    "YouTube": "youtube", "Youtube": "youtube", "YouTubeEmbed": "youtube", "YoutubeEmbed": "youtube",
    "LiteYouTubeEmbed": "youtube", "ReactPlayer": "youtube", "Vimeo": "vimeo", "Tweet": "tweet",
    "TwitterTweetEmbed": "tweet", "Gist": "gist", "Spotify": "spotify", "CodePen": "codepen",
}  # fmt: skip
_KEYS = ("id", "videoId", "tweetId", "url", "src", "href", "gist")


@dataclass(frozen=True, slots=True)
class _Tag:
    """A JSX tag. `attributes` has a string for each literal, and None for other expressions."""

    name: str
    closing: bool
    empty: bool
    attributes: Mapping[str, str | None]
    source: str

    def get(self, *names: str) -> str:
        """Return the first of these attributes that is a string and not empty, otherwise ""."""
        return next((value for name in names if (value := self.attributes.get(name))), "")


def translate_mdx(text: str, dropped: Counter[str]) -> str:
    """Convert MDX to Markdown; code stays unchanged.

    Imports, exports and comments are removed; links, images, videos and tabs become Markdown; JSX attributes of HTML
    elements become HTML attributes. Tags of other components are removed but not their content, and `dropped` counts
    the components by name.
    """
    parts: list[str] = []
    assets: dict[str, str] = {}
    for is_code, chunk in _chunks(text):
        if is_code:
            parts.append(chunk)
        else:
            prose = _Prose(_without_modules(chunk, assets, dropped), assets, dropped).translate()
            parts.append(prose if prose == chunk else re.sub(r"\n(?:[ \t]*\n){2,}", "\n\n", prose))
    return "".join(parts)


def _chunks(text: str) -> Iterator[tuple[bool, str]]:
    """Yield the fenced code blocks of Markdown and the text between them, in order, with a flag for code."""
    lines: list[str] = []
    fence = ""
    for line in text.splitlines(keepends=True):
        match = _FENCE.match(line)
        if match and not fence:
            yield False, "".join(lines)
            lines, fence = [line], match[1]
        elif match and match[1].startswith(fence) and not line[match.end() :].strip():
            yield True, "".join((*lines, line))
            lines, fence = [], ""
        else:
            lines.append(line)
    yield bool(fence), "".join(lines)


def _without_modules(text: str, assets: dict[str, str], dropped: Counter[str]) -> str:
    """Remove imports and exports, and add the names of imported files to `assets`."""
    if "import" not in text and "export" not in text:
        return text
    lines: list[str] = []
    is_start, in_module, depth = True, False, 0
    for line in text.splitlines(keepends=True):
        begins = is_start and (_IMPORT.match(line) or line.startswith(("import {", "import * ", "import type ")))
        if not in_module and (begins or (is_start and _EXPORT.match(line))):
            in_module, depth = True, 0
            if not begins:
                dropped["MDX export"] += 1
        if in_module:
            for name, path in _IMPORTED.findall(line):
                if _ASSET.search(path):
                    assets[name] = path
            depth += sum(map(line.count, "({[")) - sum(map(line.count, ")}]"))
            if line.strip() or depth > 0:
                is_start = True
                continue
            in_module = False
            continue
        lines.append(line)
        is_start = not line.strip()
    return "".join(lines)


class _Prose:
    """Translates MDX without fenced code."""

    def __init__(self, text: str, assets: Mapping[str, str], dropped: Counter[str]) -> None:
        self.text, self.assets, self.dropped = text, assets, dropped
        self.failed = 0
        self.unclosed: set[int] = set()
        self.comment_end = -1

    def translate(self) -> str:
        parts: list[str] = []
        position = 0
        while (match := _STOP.search(self.text, position)) and self.failed < MAX_FAILED_TAGS:
            parts.append(self.text[position : match.start()])
            found, position = self._translate_match(match)
            parts.append(found)
        return "".join((*parts, self.text[position:]))

    def _translate_match(self, match: re.Match[str]) -> tuple[str, int]:
        """Return the replacement of the code, tag or expression at a match, and its end."""
        start, mark = match.start(), match[0]
        if mark[0] == "`":
            return self._code(start, match.end())
        if mark == "{":
            return self._expression(start)
        tag, end = self._tag(start)
        # A type such as `Vec<T>` in plain Markdown is not a component.
        if tag is None or not (tag.closing or tag.empty or not self.text[start - 1 : start].isalnum()):
            return mark, match.end()
        if tag.name[0].islower():
            return self._element(tag), end
        return self._component(tag), end

    def _code(self, start: int, opened: int) -> tuple[str, int]:
        length = opened - start
        if length not in self.unclosed:
            closing = re.compile(rf"(?<!`){'`' * length}(?!`)").search(self.text, opened)
            if closing:
                return self.text[start : closing.end()], closing.end()
            self.unclosed.add(length)
        return self.text[start:opened], opened

    def _expression(self, start: int) -> tuple[str, int]:
        if found := _HEADING_ID.match(self.text, start):
            return f"{{{found[1]}}}", found.end()
        if (found := _COMMENT.match(self.text, start)) and (end := self._comment_end(found.end())):
            return "", end
        if found := _LITERAL.match(self.text, start):
            return next(part for part in found.groups() if part is not None), found.end()
        return "{", start + 1

    def _comment_end(self, start: int) -> int:
        """Return the end of a comment in braces, or 0 if it is not closed; each end is searched for once."""
        if self.comment_end < start:
            found = self.text.find("*/", start)
            self.comment_end = len(self.text) if found < 0 else found
        closing = _COMMENT_END.match(self.text, self.comment_end)
        return closing.end() if closing else 0

    def _tag(self, start: int) -> tuple[_Tag | None, int]:
        """Return the tag that begins at `start`, or None, and its end."""
        text, limit = self.text, min(len(self.text), start + MAX_TAG_CHARACTERS)
        name = _TAG_NAME.match(text, start + 1)
        if name is None:
            return None, start
        attributes: dict[str, str | None] = {}
        at = name.end()
        while at < limit:
            if text[at] == ">":
                source = text[start : at + 1]
                return _Tag(name[1], text[start + 1] == "/", text[at - 1] == "/", attributes, source), at + 1
            if found := _ATTRIBUTE.match(text, at, limit):
                value, at = self._attribute(found.end(), limit)
                attributes[found[1]] = value
            elif text[at] in " \t\n/":
                at += 1
            elif text[at] == "{" and (end := _closing_brace(text, at, limit)):
                attributes["..."], at = None, end
            else:
                break
        self.failed += at >= limit
        return None, start

    def _attribute(self, at: int, limit: int) -> tuple[str | None, int]:
        """Return the value of an attribute whose name ends at `at`, "" without a value, and its end."""
        text = self.text
        if text[at : at + 1] != "=":
            return "", at
        quote = text[at + 1 : at + 2]
        if quote in ('"', "'") and quote:
            end = text.find(quote, at + 2, limit)
            return (text[at + 2 : end], end + 1) if end >= 0 else (None, limit)
        end = _closing_brace(text, at + 1, limit) if quote == "{" else 0
        if not end:
            return None, limit
        return self._evaluate(text[at + 2 : end - 1]), end

    def _evaluate(self, expression: str) -> str | None:
        """Return the string value of an attribute's expression, or None if it is not a literal."""
        match = _VALUE.fullmatch(expression)
        if match is None:
            return None
        if match["name"] is not None:
            return self.assets.get(match["name"])
        return next((part for part in match.groups() if part is not None), None)

    def _element(self, tag: _Tag) -> str:
        """Return the tag of an HTML element with HTML attributes."""
        if "{" not in tag.source and not any(name in tag.attributes for name in _JSX_NAMES):
            return tag.source
        attributes = "".join(
            f' {_JSX_NAMES.get(name, name)}="{embeds.escape_url(value) if name in ("src", "href") else value}"'
            for name, value in tag.attributes.items()
            if value is not None and '"' not in value
        )
        return f"<{tag.name}{attributes}{' /' if tag.empty else ''}>"

    def _component(self, tag: _Tag) -> str:
        """Return the replacement of the tag of a component."""
        make = _COMPONENTS.get(tag.name)
        found = make(tag) if make else None
        if found is None and tag.name in _IMAGES and not tag.closing:
            found = _image(tag)
        if found is None and tag.name in _EMBEDS and not tag.closing and (key := tag.get(*_KEYS)):
            found = embeds.link_to_host(_EMBEDS[tag.name], key, tag.get("title"))
        if found is not None:
            return found
        if not tag.closing:
            self.dropped[f"component <{tag.name[:60]}>"] += 1
        return ""


def _image(tag: _Tag) -> str | None:
    source = tag.get("src", "img", "image")
    if not source and (sources := _QUOTED_PATH.search(tag.source)):
        source = sources[1]
    return embeds.image(source, tag.get("alt"), tag.get("title"), tag.get("caption")) if source else None


def _link(tag: _Tag) -> str | None:
    if tag.closing:
        return "</a>"
    target = tag.get("to", "href")
    return f'<a href="{embeds.escape_url(target)}">' if target else "<a>"


def _tab(tag: _Tag) -> str:
    name = "" if tag.closing else tag.get("label", "value")
    return f"\n\n**{embeds.label(name)}**\n\n" if name else "\n\n"


def _admonition(tag: _Tag) -> str:
    if tag.closing:
        return "\n:::\n"
    title = tag.get("title").replace("]", "\\]")
    return f"\n:::{tag.get('type') or 'note'}{f'[{title}]' if title else ''}\n"


def _remove(tag: _Tag) -> str:  # noqa: ARG001 - the signature of the callback
    return ""


_COMPONENTS: Mapping[str, Callable[[_Tag], str | None]] = {
    "Link": _link,
    "Tabs": lambda tag: "\n\n",  # noqa: ARG005 - the signature of the callback
    "TabItem": _tab,
    "Admonition": _admonition,
    "TOCInline": _remove,
    "Details": lambda tag: "</details>" if tag.closing else "<details>",
    "React.Fragment": _remove,
    "Fragment": _remove,
}
"""The components of Docusaurus and Astro that have a replacement, by name."""


def _closing_brace(text: str, start: int, limit: int) -> int:
    """Return the end of an expression in braces, or 0 if it does not end before `limit`."""
    depth, quote, at = 0, "", start
    while at < limit:
        char = text[at]
        if quote:
            if char == "\\":
                at += 1
            elif char == quote:
                quote = ""
        elif char in "\"'`":
            quote = char
        else:
            depth += (char == "{") - (char == "}")
            if depth == 0:
                return at + 1
        at += 1
    return 0
