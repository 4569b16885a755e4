"""Writes imported posts, images and aliases, the import record and the report."""
