"""Checks of the site's other documents: style sheets, sitemaps, manifests."""
