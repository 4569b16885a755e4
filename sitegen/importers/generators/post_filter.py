"""Decides which files of an old site are posts, with the reasons for the others."""

import posixpath

from sitegen.importers.archive.archive import Archive
from sitegen.importers.archive.evidence import PROJECT_NOTES, SUPPORT_FOLDERS, has_front_matter, read_head
from sitegen.importers.generators.content_files import MARKDOWN_EXTENSIONS, is_html
from sitegen.importers.generators.layout import GeneratorLayout
from sitegen.importers.skip_reasons import CODE, CONVERSION_HINTS, DATA, IMAGE, OTHER

IMAGE_EXTENSIONS = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg", ".bmp", ".tif", ".tiff", ".ico")

_DATA = (
    ".toml", ".yaml", ".yml", ".json", ".jsonc", ".jsonl", ".csv", ".tsv", ".xml", ".ini", ".cfg", ".conf", ".lock",
    ".bib", ".plist",
)  # fmt: skip
_CODE = (
    ".js", ".mjs", ".cjs", ".ts", ".jsx", ".tsx", ".css", ".scss", ".sass", ".less", ".py", ".rb", ".go", ".sh", ".php",
    ".njk", ".liquid", ".hbs", ".jinja", ".j2", ".astro", ".vue", ".svelte", ".map", ".gemspec", ".nix",
)  # fmt: skip


def refuse_file(name: str, layout: GeneratorLayout, archive: Archive) -> str:
    """Return why a file of the archive is not a post, or "" for a post.

    HTML files with front matter are posts, as in `_posts` of Jekyll and `content` of Hugo.
    """
    extension = posixpath.splitext(name)[1].lower()
    if extension in IMAGE_EXTENSIONS:
        return IMAGE
    inside = name.startswith(layout.content)
    if extension not in MARKDOWN_EXTENSIONS:
        support = not SUPPORT_FOLDERS.isdisjoint(name.lower().split("/")[:-1])
        if support or not (inside and is_html(name) and has_front_matter(read_head(archive, name, 64))):
            return "part of the old theme or of a library" if support else _describe(extension, inside=inside)
    if not inside:
        return f"outside of the folder {layout.content}"
    inner = name[len(layout.content) :]
    if posixpath.splitext(inner)[0].lower() in PROJECT_NOTES:
        return "a note of the project, not a post"
    if "node_modules/" in inner or inner.startswith("vendor/"):
        return "part of a library"
    return layout.refuse(inner)


def _describe(extension: str, *, inside: bool) -> str:
    """Describe a file that is not a post by its extension; `inside` is whether it is in the content folder."""
    reason = DATA if extension in _DATA else CODE if extension in _CODE else OTHER
    return CONVERSION_HINTS.get(extension, reason) if inside else reason
