"""The links at the head and at the foot of every page: to sections, pages of the site, and other sites."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sitegen.config.editions import find_editions
from sitegen.config.schema import Config, Language, base_path
from sitegen.config.setting_values import SettingProblem
from sitegen.config.theme_schema import NavItem, Theme
from sitegen.errors import did_you_mean
from sitegen.formats.site_urls import link_url
from sitegen.model import NavLink, Post, Site
from sitegen.site.sections import menu_position

NAV = ("archive", "sources", "tags", "most_read", "search")
"""The sections at the head of every page, unless the config names others."""

FOOTER = ("authors", "figures", "feeds")
"""The sections at the foot of every page, after the pages, unless the config names others."""

HOME, SUBSCRIBE = "home", "subscribe"
_FORM = "#theme:subscribe"


def find_navigation(config: Config, site: Site) -> tuple[tuple[NavLink, ...], tuple[NavLink, ...]]:
    """Return the links at the head and at the foot of every page, without sections that the site does not have."""
    theme = config.theme
    header = [page for page in sorted(site.pages, key=menu_position) if page.menu == "header" and page.slug]
    urls = _find_sections(config, site)
    if theme.nav:
        nav = _resolve(theme.nav, site, urls, base_path(config))
    else:
        names = (*NAV, SUBSCRIBE) if theme.subscribe.action else NAV
        links = [NavLink("", urls[name], name) for name in names if name in urls]
        sections = [link for link in links if link.section != SUBSCRIBE]
        nav = (*sections, *[NavLink(page.title, page.url) for page in header], *links[len(sections) :])
    if theme.footer:
        return nav, _resolve(theme.footer, site, urls, base_path(config))
    pages = [NavLink(link.title, link.url) for link in site.menu]
    own = [NavLink(title, urls[name], name) for name, title in _own_titles(site).items() if name in urls]
    return nav, (*pages, *own, *[NavLink("", urls[name], name) for name in FOOTER if name in urls])


def check_navigation(config: Config, pages: Sequence[Post]) -> Iterator[SettingProblem]:
    """Yield a problem for each page that the navigation names and that is not a published page of its language."""
    tables: dict[tuple[str, ...], Theme | Language] = {("theme",): config.theme}
    tables |= {("languages", code): language for code, language in config.languages.items()}
    if not any(table.nav or table.footer for table in tables.values()):
        return
    editions = find_editions(config)
    for keys, table in tables.items():
        edition = editions.main if keys == ("theme",) else editions.find(keys[-1])
        slugs = {page.slug for page in pages if page.slug and editions.find(page.language) is edition}
        for setting in ("nav", "footer"):
            for number, item in enumerate(getattr(table, setting)):
                slug = item.page.strip("/")
                if slug and slug not in slugs:
                    hint = did_you_mean(slug, slugs) or "write the slug of a page, as it is in its URL"
                    yield (*keys, setting, number, "page"), f'the page "{slug}" is not a published page', hint


def _find_sections(config: Config, site: Site) -> Mapping[str, str]:
    """Return the URLs of the sections that exist, by name: index pages, the home page, the form on it."""
    urls = {**site.sections, HOME: site.url}
    has_form = config.theme.subscribe.action or site.sections.get("feeds")
    replaced = any(not page.slug for page in site.pages)
    if has_form and "subscribe" in config.theme.home_blocks and not replaced:
        urls[SUBSCRIBE] = site.url + _FORM
    return urls


def _own_titles(site: Site) -> Mapping[str, str]:
    """Return the titles of the sections that the config defines, by name: lists of types, indexes of taxonomies."""
    types = {name: group.name for name, group in site.types.items()}
    return types | {name: item.title for name, item in site.taxonomies.items()}


def _resolve(items: Iterable[NavItem], site: Site, urls: Mapping[str, str], base: str) -> tuple[NavLink, ...]:
    by_slug = {page.slug: page for page in site.pages if page.slug}
    links = []
    for item in items:
        page = by_slug.get(item.page.strip("/"))
        if page is not None:
            links.append(NavLink(item.title or page.title, page.url, "", item.icon))
        elif item.section in urls:
            title = item.title or _own_titles(site).get(item.section, "")
            links.append(NavLink(title, urls[item.section], item.section, item.icon))
        elif item.url:
            links.append(NavLink(item.title, link_url(item.url, base), "", item.icon, is_external="://" in item.url))
    return tuple(links)
