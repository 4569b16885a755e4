"""Link the pages that show the same in several languages."""

from collections.abc import Iterable, Mapping

from sitegen.content.translations import TranslationGroup, Translations
from sitegen.model import INDEXED, PageLanguages, PageVersion, Post
from sitegen.site.pages.page_type import Page
from sitegen.site.pages.registry import type_of

DEFAULT = "x-default"
"""The `hreflang` of the version for readers of all other languages (Google, "Localized versions of your pages")."""


def link_pages(pages: Iterable[Page], translations: Translations, language: str) -> dict[str, PageLanguages]:
    """Return how each page that has versions in other languages is linked with them, by its path.

    `language` is that of the site.
    """
    if not translations:
        return {}
    found = {}
    for page in pages:
        post = type_of(page).post(page)
        if post is not None and (group := translations.get(post.path)):
            found[page.path] = _link_post(post, group, language)
    return found


def _link_post(post: Post, group: TranslationGroup, language: str) -> PageLanguages:
    versions = {other.path: PageVersion(other.language or language, other.url) for other in group.posts}
    original = group.original
    is_original = post is original
    # A page whose canonical URL is elsewhere, or that is not to be indexed, must not be in the set.
    indexed = {other.path: versions[other.path] for other in group.posts if other.policy in INDEXED}
    alternates: tuple[PageVersion, ...] = ()
    if len(indexed) > 1 and post.path in indexed:
        default = _find_default(indexed, original, language)
        alternates = (*indexed.values(), PageVersion(DEFAULT, default.url))
    others = tuple(version for path, version in versions.items() if path != post.path)
    changed = original.updated
    return PageLanguages(
        alternates=alternates,
        switch=others,
        original=None if is_original else versions[original.path],
        translations=others if is_original else (),
        is_outdated=not is_original and changed is not None and changed > (post.updated or post.date),
    )


def _find_default(versions: Mapping[str, PageVersion], original: Post, language: str) -> PageVersion:
    """Return the version for readers of other languages: the one in the site's language, or the original."""
    first = next(iter(versions.values()))
    return first if first.language.lower() == language.lower() else versions.get(original.path, first)
