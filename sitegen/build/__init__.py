"""Finds what is stale, renders it, and puts it into place."""
