"""The record of published posts, which keeps their URLs and guids."""

LEDGER_FILE = "published.json"
"""The name of the ledger in the site's root."""
