"""Checks of a single page."""
