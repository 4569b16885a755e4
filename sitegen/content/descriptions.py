"""Read a file of descriptions of terms: `content/authors.toml`, or the same keys in `content/sources.toml`.

Each term is a table named as posts name it:

    ["Mara Quill"]
    description = "Writes about *lighthouses*."
    image = "/people/mara.jpg"
    url = "https://mara.example/"
    links = [{title = "Mastodon", url = "https://social.example/@mara"}]
    aliases = ["/author/mara/"]
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from sitegen.config.taxonomies import Taxonomy
from sitegen.errors import Problem, SiteError, did_you_mean
from sitegen.formats.slugs import check_path, name_slug
from sitegen.formats.toml import TomlFile
from sitegen.formats.urls import is_parseable, is_site_path, is_web_url
from sitegen.model import Body, Link, Reference

DESCRIPTION_KEYS = ("description", "image", "image_alt", "links", "aliases")
"""The keys that describe a source, too; its `url` is one of its own."""

_KEYS = ("url", *DESCRIPTION_KEYS)
_LINK_KEYS = {"title", "url"}

RenderText = Callable[[str, str, int], Body]
"""Renders Markdown, given the file that contains it and the line at which it begins."""


class WrittenDescription(Struct, frozen=True):
    """The description of a term as a file contains it: `path` and `line` are where, `taxonomy` names that of the term.

    `page_type` is that of the pages of its terms, `term_label` what messages call one. `url` is the term's own
    website, `aliases` are former paths of the page of the term. The links of `body` and the path `image` are not
    resolved yet.
    """

    taxonomy: str
    page_type: str
    term_label: str
    name: str
    slug: str
    path: str
    line: int
    image_line: int = 0
    body: Body = Body("")
    image: str = ""
    image_alt: str = ""
    url: str = ""
    links: tuple[Link, ...] = ()
    aliases: tuple[Reference, ...] = ()

    @property
    def describes(self) -> bool:
        """Whether there is anything to show on the page of the term."""
        return bool(self.body.html or self.image or self.url or self.links)


def read_table_file(file: TomlFile, taxonomy: Taxonomy, render: RenderText) -> tuple[WrittenDescription, ...]:
    """Return the descriptions of a TOML file, in its order. Raises SiteError with all its problems.

    Sources have other keys too, which `content/sources.py` checks; one without a description is skipped.
    """
    problems: list[Problem] = []
    found: dict[str, WrittenDescription] = {}
    for name, table in file.values.items():
        if taxonomy.name == "sources" and not (isinstance(table, dict) and table.keys() & set(DESCRIPTION_KEYS)):
            continue
        try:
            written = _read_term(file, taxonomy, name, table, render, problems)
        except SiteError as error:
            problems += error.problems
            continue
        if written is None:
            continue
        other = found.setdefault(written.slug, written)
        if other is not written:
            message = f'"{other.name}" and "{name}" are the same {term_label(taxonomy)}'
            problems.append(file.problem([name], message, "remove one of them"))
    if problems:
        raise SiteError(problems)
    return tuple(found.values())


def _read_term(
    file: TomlFile, taxonomy: Taxonomy, name: str, table: Any, render: RenderText, problems: list[Problem]
) -> WrittenDescription | None:
    slug = name_slug(name)
    if not slug or not isinstance(table, dict):
        hint = f'write a table: ["{name.strip() or "Name"}"] on a line of its own, and below it description = "…"'
        problems.append(file.problem([name], f"`{name}` is not the description of a term", hint))
        return None
    wrong = [
        file.problem([name, key], message, hint)
        for key, value in table.items()
        for message, hint in check_value(taxonomy, key, value)
    ]
    problems += wrong
    if wrong:
        return None
    values: Mapping[str, Any] = table
    text = values.get("description", "")
    line = file.line_of([name, "description"])
    # The text of a string in three quotes begins in the next line.
    begins_below = bool(line) and file.lines[line - 1].rstrip().endswith(('"""', "'''"))
    body = render(text, file.path, line + begins_below) if text.strip() else Body("")
    lines = {key: file.line_of([name, key]) for key in ("image", "aliases") if key in values}
    return write_description(taxonomy, name, file.path, file.line_of([name]), body, values, lines)


def write_description(
    taxonomy: Taxonomy,
    name: str,
    path: str,
    line: int,
    body: Body,
    values: Mapping[str, Any],
    lines: Mapping[str, int],
) -> WrittenDescription:
    """Return a description from values that were checked; `lines` are those of the keys `image` and `aliases`."""
    aliases = dict.fromkeys(values.get("aliases", ()))
    return WrittenDescription(
        taxonomy.name,
        taxonomy.page_type,
        term_label(taxonomy),
        name,
        name_slug(name),
        path,
        line,
        lines.get("image", 0),
        body,
        values.get("image", ""),
        values.get("image_alt", ""),
        values.get("url", ""),
        tuple(Link(item["title"], item["url"]) for item in values.get("links", ())),
        tuple(Reference(check_path(path), lines.get("aliases", 0)) for path in aliases),
    )


def term_label(taxonomy: Taxonomy) -> str:
    """Return what messages call a term of a taxonomy."""
    return f"`{taxonomy.key}`" if taxonomy.is_own else taxonomy.page_type


def check_value(taxonomy: Taxonomy, key: str, value: Any) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a value, and what to do."""
    if key not in _KEYS:
        if taxonomy.name != "sources":
            yield f"`{key}` is not a key of a description", did_you_mean(key, _KEYS) or _list_keys(_KEYS)
    elif key == "links":
        if not isinstance(value, list) or not all(map(_is_link, value)):
            yield "`links` is not a list of links", 'Write links = [{title = "Mastodon", url = "https://…"}].'
    elif key == "aliases":
        yield from _check_aliases(value)
    elif not isinstance(value, str):
        yield f"`{key}` is not a string", "Put it in quotes."
    elif key == "url" and not is_web_url(value):
        yield f'"{value}" is not an http or https URL', "Begin it with https://."
    elif key == "image" and not (is_web_url(value) or is_site_path(value)):
        yield f'"{value}" is not the path or URL of an image', 'Write a path below the content folder, "/people/a.jpg".'


def _check_aliases(value: Any) -> Iterator[tuple[str, str]]:
    hint = 'write paths on this site: aliases = ["/category/news/"]'
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        yield "`aliases` is not a list of paths", hint
        return
    for item in value:
        try:
            check_path(item)
        except ValueError as error:
            yield str(error), hint


def _is_link(value: Any) -> bool:
    if not isinstance(value, dict) or value.keys() != _LINK_KEYS:
        return False
    title, url = value["title"], value["url"]
    if not isinstance(title, str) or not isinstance(url, str) or not title.strip():
        return False
    return is_web_url(url) or is_site_path(url) or (url.startswith("mailto:") and is_parseable(url))


def _list_keys(keys: Iterable[str]) -> str:
    return f"known are: {', '.join(keys)}"
