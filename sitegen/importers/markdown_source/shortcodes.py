"""Replaces shortcodes of Hugo and Zola that do not depend on other files with Markdown."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from sitegen.importers.markdown_source import embeds
from sitegen.importers.markdown_source.liquid import Resolve
from sitegen.importers.markdown_source.template_tags import Dialect, Tag, read_arguments, translate

HUGO = Dialect(
    marks=(("{{<", ">}}"), ("{{%", "%}}")),
    paired=frozenset(("highlight", "comment")),
    closing="/{}",
    verbatim=frozenset(("highlight", "comment")),
)
ZOLA = Dialect(
    marks=(("{{", "}}"), ("{%", "%}")),
    paired=frozenset(("highlight", "code")),
    closing="end",
    verbatim=frozenset(("highlight", "code")),
)
_ESCAPED = re.compile(r"/\*(.*)\*/\Z", re.DOTALL)
_CLOSING = {"{{<": ">}}", "{{%": "%}}", "{{": "}}", "{%": "%}"}
_HOSTS = ("youtube", "vimeo", "instagram", "gist", "tweet", "spotify", "codepen")


def render_hugo(
    text: str, page: Mapping[str, Any], resolve: Resolve, form: Callable[[str], str] = str
) -> tuple[str, Counter[str]]:
    """Replace the built-in shortcodes of Hugo with Markdown, and count each one that stays as text."""
    return translate(text, HUGO, lambda tag: _hugo(tag, page, resolve), form)


def render_zola(text: str) -> tuple[str, Counter[str]]:
    """Replace common shortcodes of Zola with Markdown, and count each one that stays as text.

    Like in Zola, tags without `name(...)` are text and not counted.
    """
    return translate(text, ZOLA, _zola)


def _hugo(tag: Tag, page: Mapping[str, Any], resolve: Resolve) -> str | None:  # noqa: PLR0911 - one case for each shortcode
    if literal := _ESCAPED.match(f"{tag.name} {tag.arguments}".strip()):
        return f"{tag.mark} {literal[1].strip()} {_CLOSING[tag.mark]}"
    positional, named = read_arguments(tag.arguments.removesuffix(" /"))
    first = positional[0] if positional else ""
    match tag.name:
        case "comment" if tag.body is not None:
            return ""
        case "highlight" if tag.body is not None:
            return embeds.code(tag.body, first or named.get("lang", ""), tag.column)
        case "ref" | "relref":
            return resolve(named.get("path", first))
        case "param":
            value = page.get(named.get("name", first))
            return str(value) if isinstance(value, str | int) else None
        case "x" | "twitter" | "tweet" | "x_simple" | "twitter_simple" | "tweet_simple":
            return embeds.link_to_host("tweet", named.get("id", positional[-1] if positional else ""))
        case "gist":
            return embeds.link_to_host("gist", "/".join(positional[:2]))
    return _shared(tag, positional, named)


def _zola(tag: Tag) -> str | None:
    inside = _ESCAPED.match(f"{tag.name} {tag.arguments}".strip())
    if inside:
        return f"{tag.mark} {inside[1].strip()} {_CLOSING[tag.mark]}"
    if not tag.arguments.startswith("(") or not tag.arguments.endswith(")"):
        return tag.source if tag.body is None else None
    positional, named = read_arguments(tag.arguments[1:-1])
    if tag.body is not None:
        return embeds.code(tag.body, named.get("lang", named.get("language", "")), tag.column)
    return _shared(tag, positional, named)


def _shared(tag: Tag, positional: tuple[str, ...], named: Mapping[str, str]) -> str | None:
    first = positional[0] if positional else ""
    if tag.name in ("figure", "img", "image"):
        source = named.get("src", named.get("path", named.get("url", first)))
        if not source:
            return None
        caption = named.get("caption", named.get("attr", ""))
        return embeds.image(source, named.get("alt", ""), named.get("title", ""), caption, named.get("link", ""))
    if tag.name in _HOSTS:
        return embeds.link_to_host(tag.name, named.get("id", named.get("url", first)), named.get("title", ""))
    return None
