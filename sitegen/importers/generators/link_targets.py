"""Where the links of an old site's posts lead: the text that a path means, and the address that it had."""

import posixpath
from collections.abc import Collection, Mapping, Sequence
from urllib.parse import quote

from sitegen.importers.generators.content_files import HTML_TEXTS, TEXTS
from sitegen.importers.generators.layout import Outline


def find_text(
    path: str, outline: Outline, content: str, texts: Collection[str], by_stem: Mapping[str, Sequence[str]]
) -> str | None:
    """Return the member that a path or a bare name in a post means: from the post's folder, else from the content's.

    `by_stem` gives the documents that have a name without ending, in lower case.
    """
    if not path:
        return None
    rooted = path.startswith(("@/", "/"))
    path = path.removeprefix("@").lstrip("/")
    folders = [content] if rooted else [posixpath.dirname(outline.name) + "/", content]
    for folder in folders:
        base = posixpath.normpath(posixpath.join(folder, path))
        for ending in ("", *TEXTS, *HTML_TEXTS, "/index.md", "/index.markdown", "/index.html"):
            if base + ending in texts:
                return base + ending
    stem = posixpath.basename(path)
    if path.lower().endswith((*TEXTS, *HTML_TEXTS)):
        stem = posixpath.splitext(stem)[0]
    named = by_stem.get(stem.casefold(), [])
    return named[0] if len(named) == 1 and stem.lower() != "index" else None


def old_address(path: str, outline: Outline, url: str) -> str:
    """Return where the old site showed a document that is not a post, such as the index of a section."""
    inner = path.removeprefix("@").lstrip("/") if path.startswith(("@/", "/")) else posixpath.join(outline.folder, path)
    bare = posixpath.splitext(posixpath.normpath(inner))[0]
    bare = bare.removesuffix("_index").removesuffix("index").strip("/.")
    return f"{url.rstrip('/')}/{quote(bare)}" + ("/" if bare else "")
