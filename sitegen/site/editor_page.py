"""The page of an editor in the browser, which `sitegen cms` adds to a site: it is not a page of the theme."""

FOLDER = "admin"
"""The folder of the editor, below the content folder and in the published site."""

PAGE = f"{FOLDER}/index.html"

MARK = "Written by `sitegen cms"
"""What the first lines of each file contain that `sitegen cms` writes."""


def is_editor_page(path: str, data: bytes) -> bool:
    """Return whether an output file is the page of an editor as `sitegen cms` wrote it."""
    return path == PAGE and MARK.encode() in data[:200]
