"""Watches the site's files for changes."""
