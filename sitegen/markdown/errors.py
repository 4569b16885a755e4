"""Failures of one text that an engine finds, for the renderer to name the post."""


class UnclosedError(Exception):
    """HTML elements that hold Markdown are not closed, so that the text in them would be lost."""
