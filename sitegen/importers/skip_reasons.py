"""The reasons in the report for files that are not posts."""

DATA = "data or settings, not a post"
CODE = "code, a template or a style sheet, not a post"
OTHER = "not a Markdown or HTML file"

IMAGE = "an image"
"""Why an image is not a post; replaced in the report if a post uses the image."""

UNUSED_IMAGE = "an image that no imported post uses"

CONVERSION_HINTS = {
    ".rst": "reStructuredText: convert it to Markdown first, for example with pandoc",
    ".adoc": "AsciiDoc: convert it to Markdown first",
    ".asciidoc": "AsciiDoc: convert it to Markdown first",
    ".org": "Org mode: convert it to Markdown first, for example with pandoc",
    ".textile": "Textile: convert it to Markdown first, for example with pandoc",
    ".ipynb": "a notebook: convert it to Markdown first",
    ".html": "an HTML page: import it with --from page",
}
"""Hints for documents that must be converted before they can be imported, by extension."""
