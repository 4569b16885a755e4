"""Why files of an export are not posts, as the report says it."""

DATA = "data or settings, not a post"
CODE = "code, a template or a style sheet, not a post"
OTHER = "not a Markdown or HTML file"

IMAGE = "an image"
"""Why an image is not a post; the report says whether a post shows it."""

UNUSED_IMAGE = "an image that no imported post shows"

OTHER_TEXTS = {
    ".rst": "reStructuredText: turn it into Markdown first (pandoc does it), then import it",
    ".adoc": "AsciiDoc: turn it into Markdown first, then import it",
    ".asciidoc": "AsciiDoc: turn it into Markdown first, then import it",
    ".org": "Org mode: turn it into Markdown first (pandoc does it), then import it",
    ".textile": "Textile: turn it into Markdown first (pandoc does it), then import it",
    ".ipynb": "a notebook: turn it into Markdown first, then import it",
    ".html": "a page of HTML: import it with --from page",
}
"""What to do with texts that no format reads, by extension."""
