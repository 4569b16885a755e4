"""The pages that a sitemap lists, and what is wrong with it (sitemaps.org)."""

import re

from sitegen.check.links import resolve
from sitegen.check.links.resolve import Hosting, locate
from sitegen.check.problem_types import page_problem
from sitegen.errors import Problem

MAX_URLS = 50_000
"""The number of pages that one sitemap may list."""

_LAST_CHANGE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?)?)?")


def is_sitemap(path: str) -> bool:
    """Return whether a file is a sitemap by its name."""
    return path.rpartition("/")[2].startswith("sitemap") and path.endswith(".xml")


def read_sitemap(hosting: Hosting, path: str, data: bytes) -> tuple[dict[str, int], list[Problem]]:
    """Return the files that a sitemap lists, with their lines, and what is wrong with it (sitemaps.org)."""
    from lxml import etree  # noqa: PLC0415 - only a site with a sitemap needs it

    listed: dict[str, int] = {}
    problems: list[Problem] = []
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        message = f"the sitemap is not well-formed: {error.msg}"
        return {}, [page_problem("bad-sitemap", path, error.lineno or 0, message, "correct what writes it")]
    entries = [entry for entry in root if isinstance(entry.tag, str)]
    if len(entries) > MAX_URLS:
        message = f"the sitemap lists {len(entries):,} pages, more than the {MAX_URLS:,} that may be"
        problems.append(
            page_problem("bad-sitemap", path, 0, message, "split it, and list the parts in a sitemap index")
        )
    for entry in entries:
        parts = {str(part.tag).rpartition("}")[2]: (part.text or "").strip() for part in entry}
        line = entry.sourceline if isinstance(entry.sourceline, int) else 0
        url = parts.get("loc", "")
        change = parts.get("lastmod", "")
        address = locate(hosting, path, url)
        if not url:
            problems.append(
                page_problem("bad-sitemap", path, line, "an entry of the sitemap has no URL", "add a `loc`")
            )
        elif not url.startswith(f"{hosting.scheme}://{hosting.host}/"):
            message = f'the sitemap lists "{url}", which is not a URL of this site'
            problems.append(
                page_problem("broken-sitemap-url", path, line, message, "write it in full, with the base URL", url)
            )
        elif address.how != resolve.FILE:
            message = f'the sitemap lists "{url}", which leads to no file by itself'
            problems.append(page_problem("broken-sitemap-url", path, line, message, "list the page's own URL", url))
        elif address.path in listed:
            message = f'the sitemap lists "{url}" twice'
            problems.append(page_problem("bad-sitemap", path, line, message, "list it once", url))
        else:
            listed[address.path] = line
        for version in entry.iterchildren("{http://www.w3.org/1999/xhtml}link"):
            url = version.get("href", "")
            if locate(hosting, path, url).how not in (resolve.FILE, resolve.EXTERNAL):
                message = (
                    f'the sitemap names "{url}" as a version in another language, which leads to no file by itself'
                )
                problems.append(page_problem("broken-sitemap-url", path, line, message, "name the page's own URL", url))
        if change and not _LAST_CHANGE.fullmatch(change):
            message = f'the lastmod "{change}" is not a date'
            problems.append(page_problem("bad-sitemap", path, line, message, "write it as 2024-05-01T09:00:00+00:00"))
    return listed, problems
