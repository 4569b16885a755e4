"""Converts Markdown of other programs: links, tags, shortcodes, raw HTML."""
