"""Judges a built site: links, pages, pictures, posts, feeds and structured data."""
