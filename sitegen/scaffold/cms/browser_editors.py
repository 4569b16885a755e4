"""The page and the configuration of Sveltia CMS and Decap CMS, which run in the browser and read the same format."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path, PurePosixPath
from typing import Any

from sitegen.config.i18n.language import name_language
from sitegen.config.schema import Config, base_path
from sitegen.errors import WARNING, Problem
from sitegen.formats.yaml_writer import write_blocks
from sitegen.scaffold.cms.form_fields import ABOVE_TEXT, FIRST, FormField, find_form_fields
from sitegen.scaffold.cms.generated_files import seal
from sitegen.scaffold.cms.repository import Repository
from sitegen.scaffold.cms.site_content import EXTENSION, Collection, SiteContent, split_by_language
from sitegen.scaffold.cms.sveltia_listings import ANY_LANGUAGE, find_listings, find_unlisted
from sitegen.site.editor_page import FOLDER

DAY_FORMAT, TIME_FORMAT = "YYYY-MM-DD", "YYYY-MM-DD HH:mm Z"
"""How dates are written, in tokens of Day.js: a day, or a time with its zone, because the editor may be elsewhere."""

_POST_SLUG = "{{year}}-{{month}}-{{day}}-{{slug}}"
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
    warnings: list[Problem] = []
    collections: list[dict[str, Any]] = []
    for collection in content.collections:
        fields, found = find_form_fields(collection, content.in_use)
        warnings += found
        if editor is SVELTIA:
            collections += _make_collections(editor, collection, fields, content.languages)
            collections += _make_untranslated(collection, fields, content.languages)
        else:
            own, *translated = split_by_language(collection, content.languages)
            collections += _make_collections(editor, own, fields, ())
            for part in translated:
                for made in _make_collections(editor, part, fields, ()):
                    collections.append(_link_to_originals(made, own, part, config.content))
            warnings += [warning for part in (own, *translated) for warning in _find_deep(part)]
    if content.text_files:
        collections.append(_make_text_files(content.text_files))
    values = _make_settings(editor, config, content, repository) | {"collections": collections}
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
<script src="{source}"{pinned}></script>{_RAW_FORMAT if editor is DECAP else ""}
</body>
</html>
"""


_RAW_FORMAT = """
<script>
CMS.registerCustomFormat("raw", "txt", {
  fromFile: (text) => ({ body: text }),
  toFile: ({ body }) => body,
});
</script>"""
"""What shows a file as text in Decap; Sveltia has this format."""


def _make_settings(
    editor: BrowserEditor, config: Config, content: SiteContent, repository: Repository
) -> dict[str, Any]:
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
    values |= {"output": {"omit_empty_optional_fields": True}}
    if content.languages:
        values["i18n"] = {
            "structure": "multiple_files",
            "locales": list(content.languages),
            "default_locale": content.languages[0],
            # Otherwise each new post is saved with an empty translation into every language.
            "initial_locales": "default",
            "omit_default_locale_from_file_path": True,
        }
    return values


def _make_collections(
    editor: BrowserEditor, collection: Collection, fields: Sequence[FormField], languages: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """Yield the collection in which documents are written and, for Sveltia, those of documents with other paths."""
    is_post = collection.document_type == "post"
    common = {
        "label_singular": collection.singular,
        "format": "frontmatter",
        "extension": "md",
        "sortable_fields": ["date", "title"] if is_post else ["title"],
        "fields": _make_fields(editor, fields, languages),
    }
    for number, listing in enumerate(find_listings(collection, languages)):
        if number and editor is DECAP:
            return
        yield {
            "name": f"{collection.name}-{number}" if number else collection.name,
            "label": f"{collection.label}: {listing.label}" if listing.label else collection.label,
            "folder": listing.folder,
            "path": listing.path,
            **({"slug": _POST_SLUG if is_post else "{{slug}}"} if listing.creates else {}),
            "create": listing.creates,
            **(_describe_translations(collection) if listing.has_translations else {}),
            # In a folder of its language, a translation does not find the images beside its original.
            **({} if ANY_LANGUAGE in listing.folder else {"media_folder": "", "public_folder": ""}),
            **common,
        }


def _describe_translations(collection: Collection) -> dict[str, Any]:
    """Return the options of a collection with translations, which lists only posts that exist in the main language."""
    i18n = {"omit_default_locale_from_file_path": False} if collection.names_main else True
    return {"i18n": i18n, "filter": {"field": "body", "pattern": "^(?!null$)"}}


def _make_untranslated(
    collection: Collection, fields: Sequence[FormField], languages: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """Yield the collection of documents that Sveltia can only save if it knows each of them as a file."""
    files = [
        {
            "name": str(number),
            "label": item.name.removeprefix(f"{collection.folder}/"),
            "file": item.name,
            "format": "frontmatter",
            "fields": _make_fields(SVELTIA, [field for field in fields if field.name in {*FIRST, *item.values}], ()),
        }
        for number, item in enumerate(find_unlisted(collection, languages[0]) if languages else (), start=1)
    ]
    if files:
        name, label = f"{collection.name}-untranslated", f"{collection.label}: not in {name_language(languages[0])}"
        yield {"name": name, "label": label, "files": files}


def _link_to_originals(
    made: dict[str, Any], originals: Collection, translated: Collection, content: str
) -> dict[str, Any]:
    """Return the collection of a language, in which each post names the one that it translates.

    Decap offers the originals by title and writes the path below the content folder. A value in another form is text.
    """
    fields = {field["name"]: field for field in made["fields"]}
    fields.pop("language", None)  # the folder names it
    key = "translation_of"
    if key in fields and all(str(item.values.get(key, "/")).startswith("/") for item in translated.documents):
        folder = originals.folder.removeprefix(content)
        fields[key] |= {
            "widget": "relation",
            "collection": originals.name,
            "search_fields": ["title"],
            "display_fields": ["title"],
            "value_field": f"{folder}/{{{{slug}}}}{EXTENSION}",
            "hint": "The original. Each of the two pages then has a link to the other.",
        }
    first = [fields.pop(key)] if key in fields else []
    return made | {"fields": [*first, *fields.values()]}


def _find_deep(collection: Collection) -> Iterator[Problem]:
    """Yield a warning for each document in more folders than Decap reads."""
    depth = 1 if collection.document_type == "page" else _MAX_DEPTH if collection.is_main else _MAX_DEPTH - 1
    for item in collection.documents:
        if item.name.removeprefix(f"{collection.folder}/").count("/") >= depth:
            message = "Decap CMS does not list this file, because it is in too many folders"
            yield Problem(item.name, 0, message, "move it up, or use Sveltia CMS", severity=WARNING)


def _make_fields(editor: BrowserEditor, fields: Sequence[FormField], languages: Sequence[str]) -> list[dict[str, Any]]:
    above = [_make_field(editor, field, languages) for field in fields if field.name in ABOVE_TEXT]
    below = [_make_field(editor, field, languages) for field in fields if field.name not in ABOVE_TEXT]
    return [*above, _make_body(editor, languages), *below]


def _make_body(editor: BrowserEditor, languages: Sequence[str]) -> dict[str, Any]:
    """Return the field for the text, as Markdown: rich text is written back without what its editor does not know.

    Sveltia offers rich text as a second mode. Decap would begin with it.
    """
    modes = ["raw", "rich_text"] if editor is SVELTIA else ["raw"]
    values = {"name": "body", "label": "Text", "widget": "markdown", "required": False, "modes": modes}
    return values | ({"i18n": True} if languages else {})


def _make_field(editor: BrowserEditor, field: FormField, languages: Sequence[str]) -> dict[str, Any]:
    values: dict[str, Any] = {"name": field.name, "label": field.label, "widget": _WIDGETS[field.control]}
    if languages and field.name not in _ONLY_IN_ORIGINAL:
        values["i18n"] = "duplicate" if field.is_shared else True
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


_ONLY_IN_ORIGINAL = frozenset(("language", "aliases"))
"""The fields that a new translation must not copy: its path has the language, and a former URL leads to one page."""

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
