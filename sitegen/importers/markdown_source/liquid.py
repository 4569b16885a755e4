"""Replaces Liquid and Nunjucks tags that do not depend on other files with Markdown."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from sitegen.importers.generators.jekyll_includes import ReadInclude
from sitegen.importers.markdown_source import embeds
from sitegen.importers.markdown_source.template_tags import Dialect, Tag, read_arguments, translate

LIQUID = Dialect(
    marks=(("{%", "%}"), ("{{", "}}")),
    paired=frozenset(("highlight", "codeblock", "raw", "verbatim", "comment")),
    closing="end{}",
    verbatim=frozenset(("raw", "verbatim", "comment")),
)
_LITERAL = re.compile(r"""\A(?:"([^"]*)"|'([^']*)')\Z""")
_EMBEDS = {"youtube": "youtube", "vimeo": "vimeo", "gist": "gist", "tweet": "tweet", "twitter": "tweet"}
_IMAGE_INCLUDES = frozenset(("figure", "image", "img", "picture", "post-image", "responsive-image"))
_SOURCES = ("src", "url", "image_path", "path", "file", "image")
_IDENTITY_FILTERS = frozenset(
    ("escape", "escape_once", "xml_escape", "strip", "safe", "uri_escape", "normalize_whitespace")
)

Resolve = Callable[[str], str | None]
"""Returns the link to the post with a name or a path on the old site, or None."""


def _read_nothing(file: str, relative: bool) -> str | None:  # noqa: ARG001 - the signature of the callback
    return None


def render_liquid(
    text: str,
    site: Mapping[str, Any],
    page: Mapping[str, Any],
    resolve: Resolve,
    form: Callable[[str], str] = str,
    read_include: ReadInclude = _read_nothing,
) -> tuple[str, Counter[str]]:
    """Replace simple tags with Markdown, and count each tag that stays as text.

    `site` and `page` are the settings of the old site and the front matter of the post, for tags such as
    `{{ site.url }}`.
    """
    values = {"site": {"url": "", "baseurl": "", **site}, "page": page}
    return translate(text, LIQUID, lambda tag: _replacement(tag, values, resolve, read_include), form)


def _replacement(  # noqa: PLR0911 - one case for each tag
    tag: Tag, values: Mapping[str, Any], resolve: Resolve, read_include: ReadInclude
) -> str | None:
    if tag.mark == "{{":
        return _evaluate(f"{tag.name} {tag.arguments}", values)
    positional, named = read_arguments(tag.arguments)
    first = positional[0] if positional else ""
    match tag.name:
        case "comment":
            return ""
        case "raw" | "verbatim":
            return tag.body
        case "highlight" if tag.body is not None:
            return embeds.code(tag.body, first, tag.column)
        case "codeblock" if tag.body is not None:
            return embeds.code(tag.body, named.get("lang", ""), tag.column)
        case "post_url" | "link":
            return resolve(tag.arguments.strip("\"' "))
        case "img":
            return _octopress_image(positional)
        case "include" | "include_cached" | "include_relative" | "render":
            found = _include(first, named)
            return found if found is not None else read_include(first, tag.name == "include_relative")
        case name if name in _EMBEDS:
            return embeds.link_to_host(_EMBEDS[name], named.get("id", first))
    return None


def _include(file: str, named: Mapping[str, str]) -> str | None:
    """Return the Markdown for an include of an image or a video, by its parameters."""
    name = file.rsplit("/", 1)[-1].rsplit(".", 1)[0].casefold().replace("_", "-")
    if name in _IMAGE_INCLUDES:
        source = next((named[key] for key in _SOURCES if named.get(key)), "")
        if source and "{{" not in source:
            caption, link = named.get("caption", ""), named.get("link", "")
            return embeds.image(source, named.get("alt", ""), named.get("title", ""), caption, link)
    host = _EMBEDS.get(name.removesuffix("-player").removesuffix("-embed").removesuffix("player"))
    if host:
        key = next((named[key] for key in ("id", "video_id", "url", "src") if named.get(key)), "")
        return embeds.link_to_host(host, key, named.get("title", ""))
    return None


def _octopress_image(words: tuple[str, ...]) -> str | None:
    """Return `{% img [class] URL [width [height]] [title [alternative]] %}` as an image."""
    position = next((i for i, word in enumerate(words) if "/" in word or "." in word), None)
    if position is None:
        return None
    titles = [word for word in words[position + 1 :] if not word.isdigit()]
    title, alternative = (*titles, "", "")[:2]
    return embeds.image(words[position], alternative or title, title)


def _evaluate(expression: str, values: Mapping[str, Any]) -> str | None:
    """Return the output of an output tag, or None if it needs more than settings and literals."""
    first, *filters = (part.strip() for part in expression.split("|"))
    value = _look_up(first, values)
    for one in filters:
        if value is None:
            return None
        name, _, argument = (part.strip() for part in one.partition(":"))
        other = _look_up(argument, values) if argument else None
        if name in ("relative_url", "url"):
            value = value if re.match(r"[a-z]+:", value) else "/" + value.lstrip("/")
        elif name == "absolute_url":
            home = str(values["site"]["url"]).rstrip("/") + str(values["site"]["baseurl"]).rstrip("/")
            value = value if re.match(r"[a-z]+:", value) else f"{home}/" + value.lstrip("/")
        elif name == "prepend" and other is not None:
            value = other + value
        elif name == "append" and other is not None:
            value += other
        elif name not in _IDENTITY_FILTERS:
            return None
    return value


def _look_up(name: str, values: Mapping[str, Any]) -> str | None:
    if literal := _LITERAL.match(name):
        return literal[1] if literal[1] is not None else literal[2]
    value: Any = values
    for part in name.split("."):
        if not isinstance(value, Mapping) or part not in value:
            return None
        value = value[part]
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else None
