"""Which files of an old site are posts, and why the others are not."""

import posixpath

from sitegen.importers.archive.archive import Archive
from sitegen.importers.archive.evidence import PROJECT_NOTES, SUPPORT_FOLDERS, has_front_matter, read_head
from sitegen.importers.generators.content_files import TEXTS, is_html
from sitegen.importers.generators.layout import House
from sitegen.importers.skip_reasons import CODE, CONVERSION_HINTS, DATA, IMAGE, OTHER

PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg", ".bmp", ".tif", ".tiff", ".ico")

_DATA = (
    ".toml", ".yaml", ".yml", ".json", ".jsonc", ".jsonl", ".csv", ".tsv", ".xml", ".ini", ".cfg", ".conf", ".lock",
    ".bib", ".plist",
)  # fmt: skip
_CODE = (
    ".js", ".mjs", ".cjs", ".ts", ".jsx", ".tsx", ".css", ".scss", ".sass", ".less", ".py", ".rb", ".go", ".sh", ".php",
    ".njk", ".liquid", ".hbs", ".jinja", ".j2", ".astro", ".vue", ".svelte", ".map", ".gemspec", ".nix",
)  # fmt: skip


def refuse_file(name: str, house: House, archive: Archive) -> str:
    """Return why a file of the archive is not a post, "" for a document that is one.

    HTML is a document where it has front matter, as in Jekyll's `_posts` and Hugo's `content`.
    """
    ending = posixpath.splitext(name)[1].lower()
    if ending in PICTURES:
        return IMAGE
    inside = name.startswith(house.content)
    if ending not in TEXTS:
        support = not SUPPORT_FOLDERS.isdisjoint(name.lower().split("/")[:-1])
        if support or not (inside and is_html(name) and has_front_matter(read_head(archive, name, 64))):
            return "part of the old theme or of a library" if support else _describe(ending, inside=inside)
    if not inside:
        return f"outside of the folder {house.content}"
    inner = name[len(house.content) :]
    if posixpath.splitext(inner)[0].lower() in PROJECT_NOTES:
        return "a note of the project, not a post"
    if "node_modules/" in inner or inner.startswith("vendor/"):
        return "part of a library"
    return house.refuse(inner)


def _describe(ending: str, *, inside: bool) -> str:
    """Return what a file is that cannot be a post by its extension; `inside` says if it is in the content folder."""
    kind = DATA if ending in _DATA else CODE if ending in _CODE else OTHER
    return CONVERSION_HINTS.get(ending, kind) if inside else kind
