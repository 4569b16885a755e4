"""Sitemaps (sitemaps.org protocol 0.9)."""

from collections.abc import Iterator
from html import escape

from msgspec import Struct

from sitegen.formats.urls import origin_of
from sitegen.site.pages.page_type import PageType, Phase, PlanInputs

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
MAX_URLS = 50_000
"""The most URLs that one sitemap may have (sitemaps.org protocol)."""


class Sitemap(Struct, frozen=True):
    """A sitemap: `rows` are URL and day of last change; `parts` makes it an index of sitemaps."""

    path: str
    url: str
    rows: tuple[tuple[str, str], ...] = ()
    parts: tuple[str, ...] = ()


def plan_sitemaps(inputs: PlanInputs) -> Iterator[Sitemap]:
    """Yield one sitemap of all pages, or several with an index if there are more than MAX_URLS.

    A page is in it even if a file of the content folder replaces the generated one.
    """
    base, origin = inputs.base, origin_of(inputs.config.base_url)
    rows = []
    for page in inputs.planned:
        day = inputs.type_of(page).last_change(page)
        if day is not None:
            rows.append((origin + page.url, day))
    rows.sort()
    if len(rows) <= MAX_URLS:
        yield Sitemap("sitemap.xml", f"{base}/sitemap.xml", tuple(rows))
        return
    parts = []
    for number, start in enumerate(range(0, len(rows), MAX_URLS), 1):
        name = f"sitemap-{number}.xml"
        parts.append(f"{origin}{base}/{name}")
        yield Sitemap(name, f"{base}/{name}", tuple(rows[start : start + MAX_URLS]))
    yield Sitemap("sitemap.xml", f"{base}/sitemap.xml", parts=tuple(parts))


def render_sitemap(sitemap: Sitemap) -> str:
    """Return the XML of a sitemap, or of an index of sitemaps."""
    if sitemap.parts:
        rows = "".join(f"<sitemap><loc>{escape(part)}</loc></sitemap>\n" for part in sitemap.parts)
        return f'<?xml version="1.0" encoding="utf-8"?>\n<sitemapindex xmlns="{NAMESPACE}">\n{rows}</sitemapindex>\n'
    rows = "".join(
        f"<url><loc>{escape(url)}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</url>\n"
        for url, day in sitemap.rows
    )
    return f'<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="{NAMESPACE}">\n{rows}</urlset>\n'


SITEMAP = PageType(
    page=Sitemap,
    phase=Phase.LISTING,
    plan=plan_sitemaps,
    replaceable=True,
    render=lambda page, _: render_sitemap(page).encode(),
)
