"""Documents to pages: the site that they form, and every file of the output."""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from sitegen.comments.discussion import Discussion
from sitegen.config.editions import find_editions
from sitegen.config.schema import Config, base_path
from sitegen.content.hooks import Hooks
from sitegen.content.ledger.reconcile import reconcile
from sitegen.content.ledger.view_counts import count_posts
from sitegen.content.links import LinkableFiles, Links, resolve_links
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
    choice, files, digests, withheld = contents.choice, contents.files, contents.digests, contents.withheld
    base, editions = base_path(config), find_editions(config)
    posts, shown = [item.post for item in choice.posts], [item.post for item in choice.pages]
    aliases = {site_url(alias, base) for post in (*posts, *shown) for alias in post.aliases}
    reconciliation = reconcile(contents.ledger, posts, config.base_url, aliases | {page.url for page in shown})
    counted = count_posts(posts, contents.views, reconciliation.ledger.records, config.base_url)
    if counted:
        entries_of = [
            replace(item, post=counted[item.post.path]) if item.post.path in counted else item for item in choice.posts
        ]
        choice = replace(choice, posts=tuple(entries_of))
    published = (*choice.posts, *choice.pages)
    skipped = frozenset(item.path for item in choice.skipped)
    present = digests.keys() - withheld if withheld else digests.keys()
    urls = {entry.post.path: entry.post.url for entry in published}
    translations, of_translations = find_translations(published, editions, skipped, config.content)
    version_of = partial(find_linked_version, translations=translations, editions=editions)
    targets = LinkableFiles(urls, PathIndex(urls), skipped, PathIndex(present), config.content, base, version_of)
    links, problems, warnings = resolve_links(published, targets)
    paths = {entry.post.path for entry in published if not entry.post.hides_comments}
    shown_discussions = {path: item for path, item in contents.discussions.items() if path in paths}
    sites, of_sections = make_sites(
        editions, choice, translations, contents.data, files.preloaded_fonts, shown_discussions, reconciliation.guids
    )
    site = sites[0].site

    def resolve(entry: Entry) -> tuple[dict[str, Links], list[Problem], list[Problem]]:
        return resolve_links([entry], targets)

    own_sites = [item.own for item in sites]
    descriptions, term_aliases, of_terms, of_unused = describe_terms(
        contents.descriptions, own_sites, files.published, resolve, base
    )
    entries = {entry.post.path: entry for entry in published}
    fields, of_fields = find_fields(config, entries, targets) if config.types else ({}, [])
    if problems or of_translations or of_sections or of_terms or of_fields:
        raise SiteError([*problems, *of_translations, *of_sections, *of_terms, *of_fields])
    hook_pages = call_pages_hook(hooks, site)
    documents = tuple(
        [post for item in sites for post in item.own.documents] + [page for item in sites for page in item.own.pages]
    )
    of_pages: list[Problem] = []
    of_series: list[Problem] = []
    inputs = []
    for item in sites:
        series, problems = find_series(item.config, item.own) if config.taxonomies else ({}, [])
        of_series += problems
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
                warn=of_pages.append,
                discussions=shown_discussions,
                card_fonts=card_fonts,
                guids=reconciliation.guids,
                translations=translations,
                series=series,
                fields=fields,
                gathered=gather(item.config, item.own, fields) if config.types else {},
            )
        )
    planned = plan(inputs, editions)
    warnings += of_unused
    warnings += of_series
    warnings += reconciliation.problems
    warnings += of_pages
    warnings += find_missing_files(published, planned.pages, targets)
    warnings += [warning for entry in published for warning in entry.warnings]
    comment_feeds = {feed.name: feed.url for item in sites for feed in item.feeds if feed.subject == "post-comments"}
    guids = reconciliation.guids
    searched = shown_discussions if config.search.comments else {}
    gathered = {path: posts for item in inputs for path, posts in item.gathered.items()}
    return Composition(
        sites,
        planned.pages,
        entries,
        links,
        guids,
        tuple(warnings),
        planned.languages,
        comment_feeds,
        searched,
        gathered,
    )
