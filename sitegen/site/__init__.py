"""From documents to pages: what the site consists of and which pages it has."""
