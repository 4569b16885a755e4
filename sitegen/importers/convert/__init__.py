"""Turns HTML into Markdown."""
