"""Which files of an old site are posts, and why the others are not."""

import posixpath

from sitegen.importers.archive import Archive
from sitegen.importers.evidence import PROJECT_NOTES, has_front_matter
from sitegen.importers.house import TEXTS, House
from sitegen.importers.html_text import is_html

OTHER_TEXTS = {
    ".rst": "reStructuredText: turn it into Markdown first (pandoc does it), then import it",
    ".adoc": "AsciiDoc: turn it into Markdown first, then import it",
    ".asciidoc": "AsciiDoc: turn it into Markdown first, then import it",
    ".org": "Org mode: turn it into Markdown first (pandoc does it), then import it",
    ".textile": "Textile: turn it into Markdown first (pandoc does it), then import it",
    ".ipynb": "a notebook: turn it into Markdown first, then import it",
    ".html": "a page of HTML: import it with --from page",
}
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg", ".bmp", ".tif", ".tiff", ".ico")

IMAGE = "an image"
"""Why an image is not a post; the report says whether a post shows it."""

UNUSED_IMAGE = "an image that no imported post shows"


def refuse_file(name: str, house: House, archive: Archive) -> str:
    """Return why a file of the archive is not a post, "" for a text that is one.

    HTML is a text where it has front matter, as in Jekyll's `_posts` and Hugo's `content`.
    """
    ending = posixpath.splitext(name)[1].lower()
    if ending in PICTURES:
        return IMAGE
    inside = name.startswith(house.content)
    if ending not in TEXTS and not (inside and is_html(name) and has_front_matter(archive.head(name, 16))):
        return OTHER_TEXTS.get(ending, "not a text") if inside else "not a text"
    if not inside:
        return f"it lies outside of the folder {house.content}"
    inner = name[len(house.content) :]
    if posixpath.splitext(inner)[0].lower() in PROJECT_NOTES:
        return "a note of the project, not a post"
    if "node_modules/" in inner or inner.startswith("vendor/"):
        return "part of a library"
    return house.refuse(inner)
