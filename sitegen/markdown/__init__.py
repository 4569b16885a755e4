"""Render Markdown to a Body. No other package imports a Markdown library.

The libraries are loaded when the first post is rendered, so importing this package is cheap.
"""

from sitegen.markdown.highlight_css import highlight_css
from sitegen.markdown.renderer import MarkdownRenderer
from sitegen.markdown.url_placeholders import fill_in_urls

__all__ = ["MarkdownRenderer", "fill_in_urls", "highlight_css"]
