"""Notations that features share: URLs, names of git branches, keys of front matter."""
