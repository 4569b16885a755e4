"""The site of each edition: the posts and pages of one language, and the posts of others that it lists or links to."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from sitegen.comments.discussion import Discussion
from sitegen.config.editions import Edition, Editions, without_lists
from sitegen.config.schema import Config
from sitegen.content.selection import Choice
from sitegen.content.translations import Translations
from sitegen.errors import Problem
from sitegen.feeds import Feed, feed_links, plan_feeds
from sitegen.formats.frozen_dict import FrozenDict
from sitegen.model import Entry, PageVersion, Post, Section, Site
from sitegen.site.assemble import assemble, with_listed
from sitegen.site.navigation import find_navigation
from sitegen.site.sections import find_sections


class EditionSite(Struct, frozen=True):
    """The site of an edition, as its templates see it, with its config and feeds.

    `own` is the site without the posts of other languages that `site` lists. `sections` has the position of each page
    in its section, by its path.
    """

    edition: Edition
    config: Config
    own: Site
    site: Site
    sections: Mapping[str, Section]
    feeds: tuple[Feed, ...]


def make_sites(
    editions: Editions,
    choice: Choice,
    translations: Translations,
    data: FrozenDict,
    fonts: tuple[str, ...],
    discussions: Mapping[str, Discussion],
    guids: Mapping[str, str],
) -> tuple[tuple[EditionSite, ...], list[Problem]]:
    """Return the site of each edition that has a document, the main one first, and the problems of their sections.

    `fonts` are the URLs of the fonts that browsers load at once; `discussions` are those that pages show, and `guids`
    those of the posts, both by the post's path.
    """
    posts, pages = _divide(choice.posts, editions), _divide(choice.pages, editions)
    made = []
    problems: list[Problem] = []
    for edition in editions:
        name = edition.name
        if name and not posts[name] and not pages[name]:
            continue
        foreign = () if len(editions.by_tag) == 1 else tuple(_find_untranslated(name, posts, translations, editions))
        listed = foreign if edition.config.untranslated == "list" else ()
        has_lists = not name or bool(posts[name] or listed)
        config = edition.config if has_lists else without_lists(edition.config)
        sections, of_sections = find_sections(pages[name])
        problems += of_sections
        has_home = has_lists or any(not entry.post.slug for entry in pages[name])
        home = edition.home if has_home else editions.main.home
        own = assemble(config, _posts(posts[name]), _posts(pages[name]), data, home)
        own = replace(own, menu=sections.menu, preloaded_fonts=fonts)
        site = with_listed(own, listed, config) if listed else own
        nav, footer = find_navigation(config, site)
        feeds = tuple(plan_feeds(config, own, discussions, guids))
        links = feed_links(feed for feed in feeds if feed.subject == "site").get(site.url, ())
        shown = _link_archives(foreign, editions) if edition.config.untranslated == "link" else ()
        site = replace(site, nav=nav, footer=footer, feeds=links, untranslated=shown)
        made.append(EditionSite(edition, config, own, site, sections.of_page, feeds))
    homes = tuple(PageVersion(item.edition.language, item.site.url) for item in made if _has_home(item))
    if len(homes) > 1:
        made = [replace(item, site=replace(item.site, languages=homes)) for item in made]
    return tuple(made), problems


def _has_home(item: EditionSite) -> bool:
    return item.site.url == item.edition.url


def _posts(entries: Iterable[Entry]) -> Iterator[Post]:
    return (entry.post for entry in entries)


def _divide(entries: Iterable[Entry], editions: Editions) -> Mapping[str, Sequence[Entry]]:
    """Return the documents of each edition, by its name."""
    if len(editions.by_tag) == 1:
        return {editions.main.name: tuple(entries)}
    found: dict[str, list[Entry]] = {edition.name: [] for edition in editions}
    for entry in entries:
        found[editions.find(entry.post.language).name].append(entry)
    return found


def _find_untranslated(
    name: str, posts: Mapping[str, Sequence[Entry]], translations: Translations, editions: Editions
) -> Iterator[Post]:
    """Yield the posts of other editions that have no version in an edition: of each group the first version."""
    for other, entries in posts.items():
        if other == name:
            continue
        for entry in entries:
            group = translations.get(entry.post.path)
            versions = group.posts if group is not None else (entry.post,)
            is_first = versions[0].path == entry.post.path
            if is_first and all(editions.find(post.language).name != name for post in versions):
                yield entry.post


def _link_archives(posts: Iterable[Post], editions: Editions) -> tuple[PageVersion, ...]:
    """Return the archives, or home pages, of the editions that some posts belong to."""
    names = {editions.find(post.language).name for post in posts}
    found = []
    for edition in editions:
        if edition.name in names:
            archive = edition.config.urls.archive
            url = edition.url.removesuffix(edition.home) + archive if archive else edition.url
            found.append(PageVersion(edition.language, url))
    return tuple(found)
