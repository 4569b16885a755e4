"""Markdown text to Body: the only package that knows a Markdown library.

The libraries themselves are loaded when the first text is rendered, so importing this costs nothing.
"""

from sitegen.markdown.highlight_css import highlight_css
from sitegen.markdown.renderer import Renderer
from sitegen.markdown.url_placeholders import place

__all__ = ["Renderer", "highlight_css", "place"]
