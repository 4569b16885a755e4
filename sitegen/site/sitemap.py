"""Sitemaps (sitemaps.org protocol 0.9)."""

from html import escape

from sitegen.pages import Sitemap

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def draw_sitemap(sitemap: Sitemap) -> str:
    """Return the XML of a sitemap, or of an index of sitemaps."""
    if sitemap.parts:
        rows = "".join(f"<sitemap><loc>{escape(part)}</loc></sitemap>\n" for part in sitemap.parts)
        return f'<?xml version="1.0" encoding="utf-8"?>\n<sitemapindex xmlns="{NAMESPACE}">\n{rows}</sitemapindex>\n'
    rows = "".join(
        f"<url><loc>{escape(url)}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</url>\n"
        for url, day in sitemap.rows
    )
    return f'<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="{NAMESPACE}">\n{rows}</urlset>\n'
