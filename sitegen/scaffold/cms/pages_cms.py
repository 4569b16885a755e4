"""The configuration of Pages CMS, an editor at app.pagescms.org: `.pages.yml`."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from sitegen.config.schema import Config, base_path
from sitegen.errors import Problem
from sitegen.formats.yaml_writer import write_blocks
from sitegen.scaffold.cms.form_fields import ABOVE_TEXT, Control, FormField, find_form_fields
from sitegen.scaffold.cms.generated_files import seal
from sitegen.scaffold.cms.repository import Repository
from sitegen.scaffold.cms.site_content import Collection, SiteContent, split_by_language

FILE = ".pages.yml"

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d")
_NAME = re.compile(r"[A-Za-z0-9_-]+")

_TYPES: Mapping[Control, str] = {
    "line": "string",
    "paragraph": "text",
    "url": "string",
    "time": "date",
    "choice": "select",
    "list": "select",
}

# The editor writes an empty list for each list field, and `authors: []` is a post without a byline.
_OMITTED = frozenset(("authors",))


def render_pages_cms(
    root: Path,  # noqa: ARG001 - editors in the browser need it
    config: Config,
    content: SiteContent,
    repository: Repository,  # noqa: ARG001 - Pages CMS knows the repository that it opens
) -> tuple[dict[str, str], tuple[Problem, ...]]:
    """Return the file `.pages.yml`, and warnings."""
    media = f"{base_path(config).rstrip('/')}/images"
    warnings: list[Problem] = []
    entries: list[dict[str, Any]] = []
    for collection in _merge_pages(content.collections):
        fields, found = find_form_fields(collection, content.in_use)
        warnings += found
        entries += [_make_collection(part, fields, media) for part in split_by_language(collection, content.languages)]
    entries += [
        {"name": re.sub(r"[^A-Za-z0-9_-]", "-", path), "label": path, "type": "file", "path": path, "format": "code"}
        for path in content.text_files
    ]
    values = {
        "media": {"input": f"{config.content}/images", "output": media},
        "settings": {"content": {"merge": True}},
        "content": entries,
    }
    return {FILE: seal("pages", write_blocks(values), "", "# {}")}, tuple(warnings)


def _merge_pages(collections: Iterable[Collection]) -> Iterator[Collection]:
    """Yield the collections, with all folders of pages as one: Pages CMS shows folders on its own."""
    pages = [collection for collection in collections if collection.document_type == "page"]
    yield from (collection for collection in collections if collection.document_type == "post")
    yield replace(pages[0], documents=tuple(item for collection in pages for item in collection.documents))


def _make_collection(collection: Collection, fields: Iterable[FormField], media: str) -> dict[str, Any]:
    is_post = collection.document_type == "post"
    shown = ["title", "date"] if is_post else ["title"]
    shown_fields = [field for field in fields if field.name not in _OMITTED and _NAME.fullmatch(field.name)]
    default = {"sort": "date", "order": "desc"} if is_post else {"sort": "title", "order": "asc"}
    return {
        "name": collection.name,
        "label": collection.label,
        "type": "collection",
        "path": collection.folder,
        "subfolders": True,
        "format": "yaml-frontmatter",
        "filename": "{year}-{month}-{day}-{primary}.md" if is_post else "{primary}.md",
        "view": {"primary": "title", "fields": shown, "sort": shown, "default": default},
        "fields": [
            *(_make_field(collection, field, media) for field in shown_fields if field.name in ABOVE_TEXT),
            # Rich text is written back with other markup; this field shows the Markdown as it is.
            {"name": "body", "label": "Text", "type": "code", "options": {"format": "markdown"}},
            *(_make_field(collection, field, media) for field in shown_fields if field.name not in ABOVE_TEXT),
        ],
    }


def _make_field(collection: Collection, field: FormField, media: str) -> dict[str, Any]:
    values: dict[str, Any] = {"name": field.name, "label": field.label, "description": field.hint}
    values |= {"required": True} if field.required else {}
    control = _find_control(collection, field, media)
    options: dict[Control, dict[str, Any]] = {
        "choice": {"values": list(field.choices)},
        "list": {"multiple": True, "creatable": True, "values": list(field.suggestions)},
        "line": {"creatable": True, "values": list(field.suggestions)} if field.suggestions else {},
        "time": {"time": True, "format": "yyyy-MM-dd HH:mm"},
        "date": {"format": "yyyy-MM-dd"},
    }
    values["type"] = "select" if control == "line" and field.suggestions else _TYPES.get(control, control)
    if control == "url":
        values["pattern"] = {"regex": "^https?://", "message": "Write the full URL, beginning with https://"}
    return values | ({"options": options[control]} if options.get(control) else {})


def _find_control(collection: Collection, field: FormField, media: str) -> Control:
    """Return how Pages CMS shows a field: as text where it would empty or reject a value that a document has.

    It empties a date in another form than the one that it writes, and rejects an image outside of its folder.
    """
    found = [str(value) for item in collection.documents if (value := item.values.get(field.name)) is not None]
    wanted = {"date": _DAY, "time": _TIME, "image": re.compile(re.escape(media) + "/.+")}.get(field.control)
    return field.control if wanted is None or all(map(wanted.fullmatch, found)) else "line"
