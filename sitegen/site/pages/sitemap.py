"""Sitemaps (sitemaps.org protocol 0.9)."""

from collections.abc import Iterable, Iterator, Mapping
from html import escape

from msgspec import Struct

from sitegen.formats.urls import origin_of
from sitegen.site.pages.page_type import PageType, Phase, PlanInputs

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"
"""The namespace of the links to versions in other languages (Google, "Localized versions of your pages")."""
MAX_URLS = 50_000
"""The most URLs that one sitemap may have (sitemaps.org protocol)."""
MAX_BYTES = 50_000_000
"""The length of a sitemap (sitemaps.org protocol)."""
ROW_BYTES = 1100
"""The length of a row without links: a path has 240 bytes, each of them percent-encoded, after the origin."""


class Sitemap(Struct, frozen=True):
    """A sitemap: `rows` are URL and day of last change; `parts` makes it an index of sitemaps.

    `versions` has language and URL of each version of a page that exists in several languages, by the page's URL.
    """

    path: str
    url: str
    rows: tuple[tuple[str, str], ...] = ()
    parts: tuple[str, ...] = ()
    versions: Mapping[str, tuple[tuple[str, str], ...]] = {}


def plan_sitemaps(inputs: PlanInputs) -> Iterator[Sitemap]:
    """Yield one sitemap of all pages, or several with an index if it would be too long for the protocol.

    A page is in it even if a file of the content folder replaces the generated one.
    """
    base, origin = inputs.base, origin_of(inputs.config.base_url)
    rows = []
    versions: dict[str, tuple[tuple[str, str], ...]] = {}
    for page in inputs.planned:
        day = inputs.type_of(page).last_change(page)
        if day is not None:
            rows.append((origin + page.url, day))
            if page.path in inputs.languages and (alternates := inputs.languages[page.path].alternates):
                versions[origin + page.url] = tuple((item.language, origin + item.url) for item in alternates)
    rows.sort()
    limit = _limit_rows(versions)
    if len(rows) <= limit:
        yield Sitemap("sitemap.xml", f"{base}/sitemap.xml", tuple(rows), versions=versions)
        return
    parts = []
    for number, start in enumerate(range(0, len(rows), limit), 1):
        name = f"sitemap-{number}.xml"
        parts.append(f"{origin}{base}/{name}")
        part = tuple(rows[start : start + limit])
        own = {url: versions[url] for url, _ in part if url in versions}
        yield Sitemap(name, f"{base}/{name}", part, versions=own)
    yield Sitemap("sitemap.xml", f"{base}/sitemap.xml", parts=tuple(parts))


def _limit_rows(versions: Mapping[str, tuple[tuple[str, str], ...]]) -> int:
    """Return how many pages a sitemap may have, so that it is not longer than MAX_BYTES with the links of each."""
    if not versions:
        return MAX_URLS
    longest = max(len(_write_versions(found).encode()) for found in versions.values())
    return min(MAX_URLS, MAX_BYTES // (longest + ROW_BYTES))


def _write_versions(versions: Iterable[tuple[str, str]]) -> str:
    return "".join([f'<xhtml:link rel="alternate" hreflang="{tag}" href="{escape(url)}"/>' for tag, url in versions])


def render_sitemap(sitemap: Sitemap) -> str:
    """Return the XML of a sitemap, or of an index of sitemaps."""
    if sitemap.parts:
        rows = "".join(f"<sitemap><loc>{escape(part)}</loc></sitemap>\n" for part in sitemap.parts)
        return f'<?xml version="1.0" encoding="utf-8"?>\n<sitemapindex xmlns="{NAMESPACE}">\n{rows}</sitemapindex>\n'
    versions = sitemap.versions
    rows = "".join(
        f"<url><loc>{escape(url)}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}"
        f"{_write_versions(versions[url]) if url in versions else ''}</url>\n"
        for url, day in sitemap.rows
    )
    xhtml = f' xmlns:xhtml="{XHTML}"' if versions else ""
    return f'<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="{NAMESPACE}"{xhtml}>\n{rows}</urlset>\n'


SITEMAP = PageType(
    page=Sitemap,
    phase=Phase.LISTING,
    plan=plan_sitemaps,
    replaceable=True,
    render=lambda page, _: render_sitemap(page).encode(),
)
