"""Parsed files to the plan: which posts are published, the site that they form, its pages and files."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from sitegen.config.schema import Config, base_path
from sitegen.content.links import resolve_links
from sitegen.content.loader import THEME
from sitegen.content.selection import Choice
from sitegen.errors import Problem, SiteError
from sitegen.feeds import Feed, feed_links, plan_feeds
from sitegen.formats.site_urls import site_url
from sitegen.hooks import Hooks
from sitegen.ledger.file import Ledger
from sitegen.ledger.reconcile import settle
from sitegen.model import FrozenDict, Site
from sitegen.site.assemble import assemble
from sitegen.site.plan import Material, Page, plan
from sitegen.site.related import relate
from sitegen.system.files import is_markdown


@dataclass(frozen=True, slots=True)
class Files:
    """The site's other files: fingerprints of templates by name, and of assets.

    `published` has fingerprint and name of each file to publish, by its path in the output folder;
    `assets` the URLs of the theme's files by name; `templates` the template's file by its name.
    """

    templates: Mapping[str, str]
    template_digests: Mapping[str, str]
    published: Mapping[str, tuple[str, str]]
    assets: Mapping[str, str]
    data: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Composition:
    """A site with every file that it becomes, its posts' guids by path, and what is worth a word on the way."""

    site: Site
    pages: tuple[Page, ...]
    feeds: tuple[Feed, ...]
    guids: Mapping[str, str]
    warnings: tuple[Problem, ...]


def sort_files(digests: Mapping[str, str], config: Config, withheld: Collection[str] = ()) -> Files:
    """Return what each file that is not Markdown is for, by its folder; the site's own win over the theme's.

    Those that are `withheld` are not published.
    A template of the theme that the site replaces keeps a name below "theme/", so that its own can extend it.
    """
    theme = {name.removeprefix(THEME): name for name in digests if name.startswith(THEME)}
    prefix, base = f"{config.templates}/", base_path(config)
    own = {name.removeprefix(prefix): name for name in digests if name.startswith(prefix)}
    templates, template_digests, published, assets, data = {}, {}, {}, {}, []
    replaced = {
        f"theme/{inside}": theme[inside] for inside in theme.keys() & own.keys() if not inside.startswith("assets/")
    }
    for inside, name in (dict(sorted(replaced.items())) | theme | own).items():
        fingerprint = digests[name]
        if inside.startswith("assets/"):
            path = PurePosixPath(inside)
            place = str(path.with_name(f"{path.stem}.{fingerprint[:8]}{path.suffix}"))
            published[place] = (name, fingerprint)
            assets[inside.removeprefix("assets/")] = site_url(f"/{place}", base)
        else:
            templates[inside], template_digests[inside] = name, fingerprint
    prefix = f"{config.content}/"
    for name in digests:
        inside = name.removeprefix(prefix)
        if inside == name or (inside.startswith(("posts/", "pages/")) and is_markdown(inside)):
            continue
        if inside.startswith("data/"):
            data.append(name)
        elif inside != "sources.toml" and name not in withheld:
            published[inside] = (name, digests[name])
    return Files(templates, template_digests, published, assets, tuple(data))


def compose(
    config: Config,
    hooks: Hooks,
    choice: Choice,
    files: Files,
    data: FrozenDict,
    digests: Mapping[str, str],
    ledger: Ledger,
    unpublished: Collection[str] = (),
) -> Composition:
    """Return the site and its pages; raise SiteError with all broken links and collisions.

    `digests` are all files of the site, `unpublished` those of them that are not published.
    """
    base = base_path(config)
    site = assemble(config, (item.post for item in choice.posts), (item.post for item in choice.pages), data)
    texts = (*choice.posts, *choice.pages)
    left_out = {item.path for item in choice.left_out}
    present = digests.keys() - unpublished if unpublished else digests.keys()
    urls = {entry.post.path: entry.post.url for entry in texts}
    links, problems, warnings = resolve_links(texts, urls, left_out, present, config.content, base)
    if problems:
        raise SiteError(problems)
    extra = hooks.pages(site)
    entries = {entry.post.path: entry for entry in texts}
    related = relate(site, config.lists.related)
    feeds = tuple(plan_feeds(config, site))
    site = replace(site, feeds=feed_links(feed for feed in feeds if feed.subject == "site").get(site.url, ()))
    aliases = {site_url(alias, base) for post in (*site.posts, *site.pages) for alias in post.aliases}
    settlement = settle(ledger, site.posts, config.base_url, aliases | {page.url for page in site.pages})
    material = Material(
        site, entries, links, related, files.published, feeds, extra, settlement.redirects, settlement.withdrawn
    )
    pages, of_redirects = plan(config, material)
    warnings += settlement.problems
    warnings += of_redirects
    warnings += [warning for entry in texts for warning in entry.warnings]
    return Composition(site, pages, feeds, settlement.guids, tuple(warnings))
