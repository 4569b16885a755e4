"""The limit of an engine's recursion, and the error that it raises for one post."""

MAX_RECURSION_DEPTH = 5000
"""Depth of nested calls within which an engine must render a post."""


class UnclosedError(Exception):
    """HTML elements with Markdown content are not closed, so that their text would be lost."""
