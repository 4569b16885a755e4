"""Documents to pages: the site that they form, and every file of the output."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from sitegen.comments.discussion import Discussion
from sitegen.config.editions import find_editions
from sitegen.config.schema import Config, base_path
from sitegen.content.hooks import Hooks
from sitegen.content.ledger.reconcile import Reconciliation, reconcile
from sitegen.content.ledger.view_counts import count_posts
from sitegen.content.links import LinkableFiles, Links, resolve_links
from sitegen.content.selection import Choice
from sitegen.content.translations import find_linked_version, find_translations
from sitegen.errors import Problem, SiteError
from sitegen.formats.path_index import PathIndex
from sitegen.formats.site_urls import site_url
from sitegen.media.image_sets import ImageSets
from sitegen.model import Entry, PageLanguages, Post
from sitegen.site.contents import SiteContents
from sitegen.site.descriptions import describe_terms
from sitegen.site.edition_site import EditionSite, make_sites
from sitegen.site.named_files import find_missing_files
from sitegen.site.own_fields import find_fields, gather
from sitegen.site.pages.page_type import Page, PlanInputs
from sitegen.site.pages.registry import type_of
from sitegen.site.pages.template import call_pages_hook
from sitegen.site.plan import plan
from sitegen.site.related import RelatedPosts
from sitegen.site.series import find_series

if TYPE_CHECKING:
    from sitegen.media.cards.font_book import FontBook


class Composition(Struct, frozen=True):
    """A site with every file of its output.

    `entries` and `links` are those of the published posts and pages, `guids` those of the posts, by the post's path;
    `comment_feeds` are the URLs of the feeds of the comments on a post, `searched` the discussions that the search
    finds. `sites` are those of the editions, the main one first. `languages` has the edition of a page and its versions
    in other languages, by the page's path; `gathered` has the posts of each issue, by the issue's path.
    """

    sites: tuple[EditionSite, ...]
    pages: tuple[Page, ...]
    entries: Mapping[str, Entry]
    links: Mapping[str, Links]
    guids: Mapping[str, str]
    warnings: tuple[Problem, ...]
    languages: Mapping[str, PageLanguages] = {}
    comment_feeds: Mapping[str, str] = {}
    searched: Mapping[str, Discussion] = {}
    gathered: Mapping[str, tuple[Post, ...]] = {}


def compose(
    config: Config,
    hooks: Hooks,
    contents: SiteContents,
    images: ImageSets,
    card_fonts: "FontBook | None" = None,
) -> Composition:
    """Return the site and its pages; raise SiteError with all broken links and collisions.

    `images` are the images that the site shows, `card_fonts` the fonts of share cards, None without cards.
    """
    base, editions, files = base_path(config), find_editions(config), contents.files
    choice, reconciliation = _reconcile(contents, config, base)
    published = (*choice.posts, *choice.pages)
    entries = {entry.post.path: entry for entry in published}
    skipped = frozenset(item.path for item in choice.skipped)
    translations, translation_problems = find_translations(published, editions, skipped, config.content)
    version_of = partial(find_linked_version, translations=translations, editions=editions)
    targets = _find_targets(contents, entries, skipped, config, version_of)
    links, link_problems, link_warnings = resolve_links(published, targets)
    discussions = {
        path: discussion
        for path, discussion in contents.discussions.items()
        if path in entries and not entries[path].post.hides_comments
    }
    sites, section_problems = make_sites(
        editions, choice, translations, contents.data, files.preloaded_fonts, discussions, reconciliation.guids
    )
    descriptions, term_aliases, term_problems, term_warnings = describe_terms(
        contents.descriptions,
        [item.own for item in sites],
        files.published,
        lambda entry: resolve_links([entry], targets),
        base,
    )
    fields, field_problems = find_fields(config, entries, targets) if config.types else ({}, [])
    if problems := [*link_problems, *translation_problems, *section_problems, *term_problems, *field_problems]:
        raise SiteError(problems)
    hook_pages = call_pages_hook(hooks, sites[0].site)
    documents = (
        *(post for item in sites for post in item.own.documents),
        *(page for item in sites for page in item.own.pages),
    )
    page_warnings: list[Problem] = []
    series_warnings: list[Problem] = []
    inputs = []
    for item in sites:
        series, warnings = find_series(item.config, item.own) if config.taxonomies else ({}, [])
        series_warnings += warnings
        inputs.append(
            PlanInputs(
                edition=item.edition,
                config=item.config,
                site=item.site,
                posts=item.own.posts,
                documents=documents,
                entries=entries,
                links=links,
                related=RelatedPosts(item.own, config.lists.related),
                sections=item.sections,
                descriptions=descriptions,
                term_aliases=tuple(term_aliases),
                published=files.published,
                style=files.style,
                icon=files.icon,
                images=images,
                feeds=item.feeds,
                hook_pages=hook_pages,
                moved=reconciliation.redirects,
                withdrawn=reconciliation.withdrawn,
                type_of=type_of,
                warn=page_warnings.append,
                discussions=discussions,
                card_fonts=card_fonts,
                guids=reconciliation.guids,
                translations=translations,
                series=series,
                fields=fields,
                gathered=gather(item.config, item.own, fields) if config.types else {},
            )
        )
    planned = plan(inputs, editions)
    return Composition(
        sites=sites,
        pages=planned.pages,
        entries=entries,
        links=links,
        guids=reconciliation.guids,
        warnings=(
            *link_warnings,
            *term_warnings,
            *series_warnings,
            *reconciliation.problems,
            *page_warnings,
            *find_missing_files(published, planned.pages, targets),
            *(warning for entry in published for warning in entry.warnings),
        ),
        languages=planned.languages,
        comment_feeds={feed.name: feed.url for item in sites for feed in item.feeds if feed.subject == "post-comments"},
        searched=discussions if config.search.comments else {},
        gathered={path: posts for item in inputs for path, posts in item.gathered.items()},
    )


def _reconcile(contents: SiteContents, config: Config, base: str) -> tuple[Choice, Reconciliation]:
    """Return the published documents, with the views of `views.csv`, and how they agree with the ledger."""
    choice = contents.choice
    posts, pages = [entry.post for entry in choice.posts], [entry.post for entry in choice.pages]
    aliases = {site_url(alias, base) for post in (*posts, *pages) for alias in post.aliases}
    reconciliation = reconcile(contents.ledger, posts, config.base_url, aliases | {page.url for page in pages})
    counted = count_posts(posts, contents.views, reconciliation.ledger.records, config.base_url)
    if counted:
        entries = [
            replace(entry, post=counted[entry.post.path]) if entry.post.path in counted else entry
            for entry in choice.posts
        ]
        choice = replace(choice, posts=tuple(entries))
    return choice, reconciliation


def _find_targets(
    contents: SiteContents,
    entries: Mapping[str, Entry],
    skipped: frozenset[str],
    config: Config,
    version_of: Callable[[Post, str], str],
) -> LinkableFiles:
    """Return what the links of posts can lead to: published documents, and files that are not withheld."""
    digests, withheld = contents.digests, contents.withheld
    present = digests.keys() - withheld if withheld else digests.keys()
    urls = {path: entry.post.url for path, entry in entries.items()}
    return LinkableFiles(
        urls, PathIndex(urls), skipped, PathIndex(present), config.content, base_path(config), version_of
    )
