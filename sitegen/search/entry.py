"""What the build cache keeps of a post for the search index."""

TermsByLevel = tuple[str, ...]
"""The terms of one post: those of each weight in one string, with spaces between them."""
