"""Folders of other static site generators."""
