"""Errors that an engine raises for one post; the renderer reports them with the post's path."""


class UnclosedError(Exception):
    """HTML elements with Markdown content are not closed, so that their text would be lost."""
