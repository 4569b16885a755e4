"""The configuration of Front Matter CMS, an extension of Visual Studio Code: `frontmatter.json`."""

import json
import posixpath
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sitegen.config.i18n.language import name_language
from sitegen.config.schema import Config
from sitegen.errors import Problem
from sitegen.scaffold.cms.form_fields import FormField, find_form_fields
from sitegen.scaffold.cms.generated_files import seal
from sitegen.scaffold.cms.repository import Repository
from sitegen.scaffold.cms.site_content import Collection, SiteContent

FILE = "frontmatter.json"

_PREVIEW = "http://localhost:8000"
"""Where `sitegen serve` shows the site."""


def render_front_matter_cms(
    root: Path,  # noqa: ARG001 - editors in the browser need it
    config: Config,
    content: SiteContent,
    repository: Repository,  # noqa: ARG001 - the editor works in the folder of the site
) -> tuple[dict[str, str], tuple[Problem, ...]]:
    """Return the file `frontmatter.json`, and warnings."""
    warnings: list[Problem] = []
    types: list[dict[str, Any]] = []
    taxonomies: dict[str, tuple[str, ...]] = {}
    for collection in content.collections:
        fields, found = find_form_fields(collection, content.in_use)
        warnings += found
        taxonomies |= {field.name: field.suggestions for field in fields if field.control == "list"}
        is_post = collection.document_type == "post"
        made = [_make_field(field) for field in fields]
        types.append({"name": collection.name, "pageBundle": is_post, "clearEmpty": True, "fields": made})
    values = {
        "$schema": "https://frontmatter.codes/frontmatter.schema.json",
        "frontMatter.framework.id": "other",
        "frontMatter.preview.host": _PREVIEW,
        "frontMatter.content.publicFolder": config.content,
        "frontMatter.content.autoUpdateDate": False,
        "frontMatter.content.pageFolders": [_make_folder(item, content.languages) for item in content.collections],
        "frontMatter.taxonomy.frontMatterType": "YAML",
        "frontMatter.taxonomy.dateFormat": "yyyy-MM-dd",
        "frontMatter.taxonomy.tags": list(taxonomies.pop("tags", ())),
        "frontMatter.taxonomy.customTaxonomy": [
            {"id": name, "options": list(options)} for name, options in taxonomies.items() if options
        ],
        "frontMatter.taxonomy.contentTypes": types,
    }
    text = json.dumps(values, ensure_ascii=False, indent=2) + "\n"
    return {FILE: seal("frontmatter", text, "{\n", '  "$comment": "{}",')}, tuple(warnings)


def _make_folder(collection: Collection, languages: Sequence[str]) -> dict[str, Any]:
    """Return a folder of documents; a translation has the same path below the folder of its language."""
    values: dict[str, Any] = {
        "title": collection.label,
        "path": f"[[workspace]]/{collection.folder}",
        "contentTypes": [collection.name],
    }
    if collection.document_type == "page":
        values |= {"excludeSubdir": True, "filePrefix": ""}
    if languages and collection.section:
        main, *others = languages
        folders = {code: posixpath.relpath(collection.folder_of(code), collection.folder) for code in others}
        values["defaultLocale"] = main
        values["locales"] = [
            {"title": name_language(main), "locale": main},
            *({"title": name_language(code), "locale": code, "path": path} for code, path in folders.items()),
        ]
    return values


def _make_field(field: FormField) -> dict[str, Any]:
    values: dict[str, Any] = {"title": field.label, "name": field.name, "description": field.hint}
    values |= {"required": True} if field.required else {}
    return {**values, **_make_control(field)}


def _make_control(field: FormField) -> Mapping[str, Any]:
    special: Mapping[str, Mapping[str, Any]] = {
        "tags": {"type": "tags"},
        "draft": {"type": "draft"},
        "image": {"isPreviewImage": True},
        "date": {"isPublishDate": True, "default": "{{now}}"},
        "updated": {"isModifiedDate": True},
    }
    listed = {"type": "taxonomy", "taxonomyId": field.name} if field.suggestions else {"type": "list"}
    controls: Mapping[str, Mapping[str, Any]] = {
        "paragraph": {"type": "string"},
        "image": {"type": "image"},
        "date": {"type": "datetime", "dateFormat": "yyyy-MM-dd"},
        "time": {"type": "datetime", "dateFormat": "yyyy-MM-dd HH:mm xxx"},
        "number": {"type": "number", "numberOptions": {"isDecimal": True}},
        "boolean": {"type": "boolean"},
        "choice": {"type": "choice", "choices": list(field.choices)},
        "list": listed,
    }
    made = controls.get(field.control, {"type": "string", "single": True})
    # Where all posts write the tags as one string, the field is a line of text.
    return made if field.control == "line" else {**made, **special.get(field.name, {})}
