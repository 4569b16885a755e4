"""Markdown text to Body: the only package that knows a Markdown library.

The libraries themselves are loaded when the first text is rendered, so importing this costs nothing.
"""

from sitegen.markup.marks import place
from sitegen.markup.renderer import Renderer
from sitegen.markup.styles import highlight_css

__all__ = ["Renderer", "highlight_css", "place"]
