"""Turns the Markdown of other programs into ours: links, tags, shortcodes, raw HTML."""
