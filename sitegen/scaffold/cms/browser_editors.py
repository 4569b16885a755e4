"""The page and the configuration of Sveltia CMS and Decap CMS, which run in the browser and read the same format."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path, PurePosixPath
from typing import Any

from sitegen.config.schema import Config, base_path
from sitegen.errors import WARNING, Problem
from sitegen.formats.yaml_writer import write_blocks
from sitegen.scaffold.cms.form_fields import ABOVE_TEXT, FormField, find_form_fields
from sitegen.scaffold.cms.generated_files import seal
from sitegen.scaffold.cms.repository import Repository
from sitegen.scaffold.cms.site_content import Collection, SiteContent
from sitegen.site.editor_page import FOLDER

DAY_FORMAT, TIME_FORMAT = "YYYY-MM-DD", "YYYY-MM-DD HH:mm Z"
"""How dates are written, in tokens of Day.js: a day, or a time with its zone, because the editor may be elsewhere."""

_POST_SLUG = "{{year}}-{{month}}-{{day}}-{{slug}}"
_FOLDERS = ("{{year}}", "{{month}}", "{{day}}")
_MAX_DEPTH = 3
"""Number of folders and files in the path of a new post, and so the depth to which Decap lists posts."""

_WEB_URL = ("^https?://", "Write the full URL, beginning with https://")


@dataclass(frozen=True, slots=True)
class BrowserEditor:
    """An editor in the browser: its script of a version, as npm has it, with its check sum (Subresource Integrity)."""

    name: str
    script: str
    url: str
    integrity: str


SVELTIA = BrowserEditor(
    "sveltia",
    "sveltia-cms.js",
    "https://unpkg.com/@sveltia/cms@0.221.1/dist/sveltia-cms.js",
    "sha384-JQ+XsKx/UzwdTiNnFStza3XtqqQoVtyNPApkfvwlzZDfhe7giE9CnfQrpHqgv3k6",
)
DECAP = BrowserEditor(
    "decap",
    "decap-cms.js",
    "https://unpkg.com/decap-cms@3.16.3/dist/decap-cms.js",
    "sha384-A/Gdn928CNLufmnGWGs9RM4Q9o8bSNLeJERqBFrBjwzL7FRpoLT3MPF8Tl0+Wd2p",
)


def render_browser_editor(
    editor: BrowserEditor, root: Path, config: Config, content: SiteContent, repository: Repository
) -> tuple[dict[str, str], tuple[Problem, ...]]:
    """Return the files of an editor by their paths below the site's root, and warnings.

    The page loads the script from a CDN, or from the folder of the editor if the script is there.
    """
    folder = f"{config.content}/{FOLDER}"
    forms = [(collection, *find_form_fields(collection, content.in_use)) for collection in content.collections]
    warnings = [warning for _, _, found in forms for warning in found]
    collections: list[dict[str, Any]] = []
    for collection, fields, _ in forms:
        collections += _make_collections(editor, collection, fields)
        if editor is DECAP:
            warnings += _find_deep(collection)
    if editor is SVELTIA and content.text_files:
        collections.append(_make_text_files(content.text_files))
    values = _make_settings(editor, config, repository) | {"collections": collections}
    page = _write_page(editor, config, is_local=(root / folder / editor.script).is_file())
    return {
        f"{folder}/index.html": seal(editor.name, page, "<!doctype html>\n", "<!-- {} -->"),
        f"{folder}/config.yml": seal(editor.name, write_blocks(values), "", "# {}"),
    }, tuple(warnings)


def _write_page(editor: BrowserEditor, config: Config, *, is_local: bool) -> str:
    source = escape(editor.script if is_local else editor.url)
    pinned = "" if is_local else f' integrity="{escape(editor.integrity)}" crossorigin="anonymous"'
    return f"""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{escape(config.title)}: editor</title>
</head>
<body>
<script src="{source}"{pinned}></script>
</body>
</html>
"""


def _make_settings(editor: BrowserEditor, config: Config, repository: Repository) -> dict[str, Any]:
    values: dict[str, Any] = {
        "backend": {"name": repository.backend, "repo": repository.path, "branch": repository.branch},
        "site_url": config.base_url,
        "media_folder": f"{config.content}/images",
        "public_folder": f"{base_path(config).rstrip('/')}/images",
        "slug": {"encoding": "unicode", "clean_accents": False},
        "editor": {"preview": False},
    }
    if editor is DECAP:
        return values | {"local_backend": True}
    # Otherwise empty fields are written too, and `authors: []` is a post without a byline.
    return values | {"output": {"omit_empty_optional_fields": True}}


def _make_collections(
    editor: BrowserEditor, collection: Collection, fields: Sequence[FormField]
) -> Iterator[dict[str, Any]]:
    """Yield the collection in which documents are written and, for Sveltia, those of documents at other depths.

    Sveltia lists only documents whose path has as many folders as the pattern of new ones.
    """
    is_post = collection.document_type == "post"
    path = ("{{year}}/" if collection.is_main else "") + ("{{slug}}/index" if is_post else "{{slug}}")
    common = {"format": "frontmatter", "extension": "md", "media_folder": "", "public_folder": ""}
    shown = {"sortable_fields": ["date", "title"] if is_post else ["title"]}
    above = [_make_field(editor, field) for field in fields if field.name in ABOVE_TEXT]
    below = [_make_field(editor, field) for field in fields if field.name not in ABOVE_TEXT]
    written = [*above, _make_body(editor), *below]
    yield {
        "name": collection.name,
        "label": collection.label,
        "label_singular": collection.singular,
        "folder": collection.folder,
        "path": path,
        "slug": _POST_SLUG if is_post else "{{slug}}",
        "create": True,
        **common,
        **shown,
        "fields": written,
    }
    if editor is SVELTIA and is_post:
        for other in _find_other_paths(collection, path):
            depth = other.count("/") + 1
            yield {
                "name": f"{collection.name}-{depth}",
                "label": f"{collection.label}: {'/'.join(['…'] * (depth - 1) + ['….md'])}",
                "label_singular": collection.singular,
                "folder": collection.folder,
                "path": other,
                "create": False,
                **common,
                **shown,
                "fields": written,
            }


def _find_other_paths(collection: Collection, path: str) -> Iterator[str]:
    """Yield a pattern for each depth of the documents that the pattern of new documents does not fit."""
    wanted = path.count("/")
    depths = Counter(
        item.path.count("/")
        for item in collection.documents
        if item.path.count("/") != wanted or PurePosixPath(item.path).name != "index.md"
    )
    for depth in sorted(depths):
        folders = [*_FOLDERS, *[_FOLDERS[-1]] * depth][:depth]
        yield "/".join([*folders, "{{slug}}"])


def _find_deep(collection: Collection) -> Iterator[Problem]:
    """Yield a warning for each document in more folders than Decap reads."""
    depth = 1 if collection.document_type == "page" else _MAX_DEPTH if collection.is_main else _MAX_DEPTH - 1
    for item in collection.documents:
        if item.path.count("/") >= depth:
            message = "Decap CMS does not list this file, because it is in too many folders"
            yield Problem(item.name, 0, message, "move it up, or use Sveltia CMS", severity=WARNING)


def _make_body(editor: BrowserEditor) -> dict[str, Any]:
    """Return the field for the text, as Markdown: rich text is written back without what its editor does not know.

    Sveltia offers rich text as a second mode. Decap would begin with it.
    """
    modes = ["raw", "rich_text"] if editor is SVELTIA else ["raw"]
    return {"name": "body", "label": "Text", "widget": "markdown", "required": False, "modes": modes}


def _make_field(editor: BrowserEditor, field: FormField) -> dict[str, Any]:
    values: dict[str, Any] = {"name": field.name, "label": field.label, "widget": _WIDGETS[field.control]}
    if field.control == "choice" or (field.name == "source" and field.suggestions):
        values |= {"widget": "select", "options": list(field.choices or field.suggestions)}
    elif field.control == "url":
        values |= {"pattern": list(_WEB_URL)}
    elif field.control == "number":
        values |= {"value_type": "float"}
    elif field.control in ("date", "time"):
        values |= _date_options(editor, field)
    return values | {"required": field.required, "hint": field.hint}


def _date_options(editor: BrowserEditor, field: FormField) -> dict[str, Any]:
    default = {"default": "{{now}}"} if field.name == "date" and field.required else {}
    if field.control == "time":
        return {"format": TIME_FORMAT, **default}
    day_only = {"type": "date"} if editor is SVELTIA else {"date_format": DAY_FORMAT, "time_format": False}
    return {"format": DAY_FORMAT, **day_only, **default}


_WIDGETS = {
    "line": "string",
    "paragraph": "text",
    "url": "string",
    "image": "image",
    "date": "datetime",
    "time": "datetime",
    "number": "number",
    "boolean": "boolean",
    "choice": "select",
    "list": "list",
}


def _make_text_files(paths: Iterable[str]) -> dict[str, Any]:
    """Return the collection of settings and data files, each edited as text, so that its comments stay."""
    return {
        "name": "settings",
        "label": "Settings and data",
        "format": "raw",
        "files": [
            {
                "name": path.replace("/", "-").replace(".", "-"),
                "label": path,
                "file": path,
                "format": "raw",
                "fields": [
                    {
                        "name": "body",
                        "label": "Contents",
                        "widget": "code",
                        "default_language": _LANGUAGES.get(PurePosixPath(path).suffix, ""),
                        "allow_language_selection": False,
                        "output_code_only": True,
                    }
                ],
            }
            for path in paths
        ],
    }


_LANGUAGES = {".toml": "toml", ".json": "json", ".yaml": "yaml", ".yml": "yaml", ".csv": "csv"}
