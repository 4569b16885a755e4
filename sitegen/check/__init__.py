"""Checks of a built site: links, pages, images, posts, feeds and structured data."""
