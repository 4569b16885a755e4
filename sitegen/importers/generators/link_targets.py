"""Resolves links in posts of an old site to documents and old URLs."""

import posixpath
from collections.abc import Collection, Mapping, Sequence
from urllib.parse import quote

from sitegen.importers.generators.content_files import HTML_EXTENSIONS, MARKDOWN_EXTENSIONS
from sitegen.importers.generators.layout import Outline


def find_document(
    path: str, outline: Outline, content: str, texts: Collection[str], by_stem: Mapping[str, Sequence[str]]
) -> str | None:
    """Return the document for a path or a name in a post, relative to the post, otherwise to the content folder.

    `by_stem` maps names without extension, in lower case, to documents.
    """
    if not path:
        return None
    rooted = path.startswith(("@/", "/"))
    path = path.removeprefix("@").lstrip("/")
    folders = [content] if rooted else [posixpath.dirname(outline.name) + "/", content]
    for folder in folders:
        base = posixpath.normpath(posixpath.join(folder, path))
        for ending in ("", *MARKDOWN_EXTENSIONS, *HTML_EXTENSIONS, "/index.md", "/index.markdown", "/index.html"):
            if base + ending in texts:
                return base + ending
    stem = posixpath.basename(path)
    if path.lower().endswith((*MARKDOWN_EXTENSIONS, *HTML_EXTENSIONS)):
        stem = posixpath.splitext(stem)[0]
    named = by_stem.get(stem.casefold(), [])
    return named[0] if len(named) == 1 and stem.lower() != "index" else None


def old_url_of_page(path: str, outline: Outline, url: str) -> str:
    """Return the old URL of a document that is not a post, such as the index of a section."""
    inner = path.removeprefix("@").lstrip("/") if path.startswith(("@/", "/")) else posixpath.join(outline.folder, path)
    bare = posixpath.splitext(posixpath.normpath(inner))[0]
    bare = bare.removesuffix("_index").removesuffix("index").strip("/.")
    return f"{url.rstrip('/')}/{quote(bare)}" + ("/" if bare else "")
