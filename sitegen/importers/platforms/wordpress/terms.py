"""Reads the terms of WordPress: categories and tags, which are tags of the new site, and those of other taxonomies."""

import html
from collections import Counter
from collections.abc import Collection, Iterator
from urllib.parse import urlsplit

from sitegen.formats.html_elements import names
from sitegen.importers.base import HtmlBody, ImportedTerm
from sitegen.importers.platforms.wordpress.wxr import CATEGORY, TAG, Channel, WxrItem, WxrTerm
from sitegen.importers.suggest_settings import taxonomy_key

BASES = {CATEGORY: "category", TAG: "tag"}
"""The first part of the paths of terms, unless the site has others: the export does not say which."""

NAMES = {CATEGORY: "categories", TAG: "tags"}
TAXONOMIES = tuple(NAMES)
UNSORTED = "uncategorized"
INTERNAL = names(
    "post_format nav_menu link_category wp_theme wp_template_part_area wp_pattern_category term_language"
    " term_translations translation_priority amp_validation_error elementor_library_type product_type"
    " product_visibility"
)
"""Taxonomies that say how WordPress or a plugin handles a post."""


def read_tags(item: WxrItem, taxonomies: Collection[str] = TAXONOMIES) -> tuple[str, ...]:
    """Return the names of a post's categories and tags, or of one of them."""
    found = (html.unescape(name) for domain, name in item.terms if domain in taxonomies)
    return tuple(dict.fromkeys(name for name in found if name and name.casefold() != UNSORTED))


def read_taxonomies(item: WxrItem) -> tuple[dict[str, tuple[str, ...]], Counter[str]]:
    """Return the names of a post's terms of other taxonomies by the key of each, and count those without a key."""
    found: dict[str, tuple[str, ...]] = {}
    dropped: Counter[str] = Counter()
    for domain, name in item.terms:
        if domain in TAXONOMIES or not name:
            continue
        if key := _key(domain):
            found[key] = tuple(dict.fromkeys((*found.get(key, ()), html.unescape(name))))
        else:
            dropped[f'term of the taxonomy "{domain}"'] += 1
    return found, dropped


def find_terms(channel: Channel) -> Iterator[ImportedTerm]:
    """Yield the terms of a site, with the paths of their pages if WordPress made them."""
    is_wordpress = "squarespace" not in channel.generator.casefold()
    for term in channel.terms.values():
        name = html.unescape(term.name)
        yield ImportedTerm(
            term.where,
            NAMES.get(term.taxonomy) or _key(term.taxonomy),
            name if name.casefold() != UNSORTED else "",
            HtmlBody(term.description, channel.url) if term.description else None,
            aliases=(_path(term, channel),) if is_wordpress and term.slug else (),
        )


def _key(taxonomy: str) -> str:
    return "" if taxonomy in INTERNAL else taxonomy_key(taxonomy)


def _path(term: WxrTerm, channel: Channel) -> str:
    """Return the path of the page of a term: below those of the terms above it."""
    slugs = [term.slug]
    above = channel.terms.get((term.taxonomy, term.parent))
    while above is not None and above.slug not in slugs:
        slugs.insert(0, above.slug)
        above = channel.terms.get((above.taxonomy, above.parent))
    home = urlsplit(channel.url).path.strip("/")
    return f"/{'/'.join(filter(None, [home, BASES.get(term.taxonomy, term.taxonomy), *slugs]))}/"
