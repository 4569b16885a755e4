"""The records of published posts: their URLs and guids, and how often they were viewed."""

LEDGER_FILE = "published.json"
"""The name of the ledger in the site's root."""

VIEWS_FILE = "views.csv"
"""The name of the file with the views of posts in the site's root."""
