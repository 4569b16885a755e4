"""Link the pages that show the same in several languages."""

from collections.abc import Iterable, Mapping, Sequence

from sitegen.config.editions import Edition, Editions
from sitegen.content.translations import TranslationGroup
from sitegen.model import INDEXED, PageLanguages, PageVersion, Post
from sitegen.site.pages.page_type import Page, PlanInputs, Version
from sitegen.site.pages.registry import type_of

Versions = Mapping[Version | None, Mapping[str, tuple[PageVersion, Page]]]
"""The pages that are the same one in several languages, by the edition, for what they have in common."""

DEFAULT = "x-default"
"""The `hreflang` of the version for readers of all other languages (Google, "Localized versions of your pages")."""


def link_pages(
    inputs: Sequence[PlanInputs], pages: Mapping[str, Sequence[Page]], editions: Editions
) -> dict[str, PageLanguages]:
    """Return the edition of each page and its versions in other languages, by the page's path.

    `inputs` are those of the editions, and `pages` the pages of each, by its name. Pages of the main edition without a
    version in another language are missing if the site has one edition.
    """
    translations = inputs[0].translations
    has_editions = len(editions.by_tag) > 1
    if not translations and not has_editions:
        return {}
    homes = {item.edition.name: item.site.url for item in inputs if item.site.url == item.edition.url}
    versions = _find_versions(inputs, pages) if len(inputs) > 1 else {}
    found: dict[str, PageLanguages] = {}
    for edition in [item.edition for item in inputs]:
        name = edition.name
        others = {
            other: PageVersion(editions.find(other).language, url) for other, url in homes.items() if other != name
        }
        to_homes = PageLanguages(switch=tuple(others.values()), edition=name)
        for page in pages[name]:
            page_type = type_of(page)
            if not page_type.template(page):
                if name:
                    found[page.path] = PageLanguages(edition=name)
                continue
            post = page_type.post(page)
            group = translations.get(post.path) if post is not None else None
            if post is not None and group is not None:
                found[page.path] = _link_post(post, group, editions, others, name)
            elif has_editions:
                same = _find_counterparts(page, edition, versions)
                near = (_in_main_language(item, edition) for item in page_type.nearest(page))
                lists = [versions[item] for item in near if item in versions]
                targets = {other: _first_of(lists, other) or others[other] for other in others} if lists else others
                found[page.path] = _link_list(same, targets, name) if same or lists else to_homes
    return found


def _find_counterparts(page: Page, edition: Edition, versions: Versions) -> Mapping[str, tuple[PageVersion, Page]]:
    """Return a page and its counterparts in the other editions, or nothing for a page without one."""
    version = _version(page, edition)
    group = versions.get(version, {})
    return group if len(group) > 1 and group[edition.name][1] is page else {}


def _first_of(lists: Iterable[Mapping[str, tuple[PageVersion, Page]]], edition: str) -> PageVersion | None:
    """Return the first of several lists that an edition has."""
    return next((found[edition][0] for found in lists if edition in found), None)


def _version(page: Page, edition: Edition) -> Version | None:
    """Return what a page has in common with its counterparts."""
    return _in_main_language(type_of(page).version(page), edition)


def _in_main_language(version: Version | None, edition: Edition) -> Version | None:
    """Return what a page has in common with others, with the tag of the main language for one of its own."""
    if version is None or version[0] != "tag" or not edition.tags:
        return version
    return "tag", edition.tags.get(version[1], version[1])


def _find_versions(inputs: Sequence[PlanInputs], pages: Mapping[str, Sequence[Page]]) -> Versions:
    """Return the pages that are the same one in several languages, by the edition, for what they have in common.

    Of several tags of a language that are the same one in the main language, the config's table names the version.
    """
    found: dict[Version | None, dict[str, tuple[PageVersion, Page]]] = {}
    for item in inputs:
        edition = item.edition
        of_edition = pages[edition.name]
        if edition.tags:
            of_edition = sorted(of_edition, key=lambda page: type_of(page).version(page) == _version(page, edition))
        for page in of_edition:
            if (version := _version(page, edition)) is not None:
                found.setdefault(version, {}).setdefault(edition.name, (PageVersion(edition.language, page.url), page))
    return found


def _link_list(
    group: Mapping[str, tuple[PageVersion, Page]], others: Mapping[str, PageVersion], edition: str
) -> PageLanguages:
    """Return the versions of a page that no post is about; pages that are not to be indexed are in no `hreflang`.

    `others` are the pages to which readers are sent in languages without a version.
    """
    indexed = [version for version, other in group.values() if type_of(other).last_change(other) is not None]
    alternates = (*indexed, PageVersion(DEFAULT, indexed[0].url)) if len(indexed) > 1 else ()
    switch = {**others, **{name: version for name, (version, _) in group.items() if name != edition}}
    return PageLanguages(alternates=alternates, switch=tuple(switch.values()), edition=edition)


def _link_post(
    post: Post, group: TranslationGroup, editions: Editions, homes: Mapping[str, PageVersion], edition: str
) -> PageLanguages:
    """Return the versions of a post; readers can also switch to the home pages of the other languages."""
    language = editions.main.language
    versions = {other.path: PageVersion(other.language or language, other.url) for other in group.posts}
    original = group.original
    is_original = post.path == original.path
    # A page whose canonical URL is elsewhere, or that is not to be indexed, must not be in the set.
    indexed = {other.path: versions[other.path] for other in group.posts if other.policy in INDEXED}
    alternates: tuple[PageVersion, ...] = ()
    if len(indexed) > 1 and post.path in indexed:
        default = _find_default(indexed, original, language)
        alternates = (*indexed.values(), PageVersion(DEFAULT, default.url))
    others = tuple(version for path, version in versions.items() if path != post.path)
    translated = {editions.find(other.language).name for other in group.posts}
    changed = original.updated
    return PageLanguages(
        alternates=alternates,
        switch=(*others, *[version for name, version in homes.items() if name not in translated]),
        original=None if is_original else versions[original.path],
        translations=others if is_original else (),
        is_outdated=not is_original and changed is not None and changed > (post.updated or post.date),
        edition=edition,
    )


def _find_default(versions: Mapping[str, PageVersion], original: Post, language: str) -> PageVersion:
    """Return the version for readers of other languages: the one in the site's language, or the original."""
    first = next(iter(versions.values()))
    return first if first.language.lower() == language.lower() else versions.get(original.path, first)
