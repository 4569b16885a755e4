"""The data of a post for the search index, in the build cache."""

TermsByLevel = tuple[str, ...]
"""The terms of one post: those of each weight in one string, with spaces between them."""
