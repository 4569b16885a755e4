"""Every file of the output: what each is made from, and that no two are the same."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from sitegen.config.schema import Config, base_path
from sitegen.content.links import Links
from sitegen.errors import Problem, SiteError
from sitegen.feeds import Feed, feed_links
from sitegen.formats.site_urls import comparable, data_path, folder_of, output_path, site_url
from sitegen.formats.slugs import PATH_BYTES
from sitegen.ledger.reconcile import Moved
from sitegen.model import INDEXED, Entry, FeedLink, Link, Post, Site
from sitegen.pages import (
    Asset,
    ListPage,
    PostPage,
    Redirect,
    SearchDescriptions,
    SearchTerms,
    Sitemap,
    TemplatePage,
    TextFile,
    origin_of,
    reference,
)
from sitegen.search.shards import MANIFEST, describe, plan_layout, render_manifest, shard_path
from sitegen.site.assemble import most_read
from sitegen.site.headers_file import write_headers
from sitegen.site.index_pages import plan_indexes
from sitegen.site.pagination import paginate
from sitegen.site.redirects import plan_redirects

Page = (
    PostPage | ListPage | TemplatePage | Redirect | SearchTerms | SearchDescriptions | Feed | Sitemap | TextFile | Asset
)

UNLISTED = ("404", "search")
"""Pages that search engines are asked to pass over."""

SITEMAP_ROWS = 50_000
"""The most URLs that one sitemap may hold (sitemaps.org protocol)."""


@dataclass(frozen=True, slots=True)
class Material:
    """What a plan is made from, beside the config: the site, its texts, and their files.

    `entries`, `links` and `related` are by the post's path; `assets` are the fingerprints of the files
    to publish by the path they get in the output folder, with the name of the file.
    """

    site: Site
    entries: Mapping[str, Entry]
    links: Mapping[str, Links]
    related: Mapping[str, tuple[Post, ...]]
    assets: Mapping[str, tuple[str, str]]
    feeds: tuple[Feed, ...] = ()
    extra: tuple[TemplatePage, ...] = ()
    moved: tuple[Moved, ...] = ()
    withdrawn: tuple[str, ...] = ()


def plan(config: Config, material: Material) -> tuple[tuple[Page, ...], tuple[Problem, ...]]:
    """Return every file of the output in the order in which they are put in place, and warnings.

    Assets come first and feeds last, so that no page is published before what it needs. A file of the
    content folder replaces the generated one at its path, such as `robots.txt` or `404.html`. Redirects
    that collide with another page are left out, each with a warning. Raises SiteError where two other files
    have the same path, or paths that differ only by case or Unicode form, or one is a folder of the other.
    """
    base = base_path(config)
    pages: list[Page] = [
        Asset(path, site_url(f"/{path}", base), name, digest) for path, (name, digest) in material.assets.items()
    ]
    drawn: list[PostPage | ListPage | TemplatePage] = []
    drawn += _texts(material)
    drawn += _lists(config, material.site, base, feed_links(material.feeds))
    drawn += plan_indexes(material.site, material.feeds, material.entries, base)
    drawn += material.extra
    own = material.assets.keys()
    pages += (page for page in drawn if page.path not in own or isinstance(page, PostPage) or page in material.extra)
    pages += _tombstones(config, material, base)
    generated: list[Page] = [*_search_files(config, material.site, base), *material.feeds]
    generated += _sitemaps(config, drawn, base)
    generated += _text_files(config, material, base)
    others = [page for page in generated if page.path not in own]
    posts = (*material.site.posts, *material.site.pages)
    redirects, warnings = plan_redirects(posts, material.entries, material.moved, (*pages, *others), base)
    pages += redirects
    pages += others
    pages += (page for page in _rules(config, material, redirects, base) if page.path not in own)
    _refuse_collisions(pages)
    return tuple(pages), warnings


def _texts(material: Material) -> Iterator[PostPage]:
    posts = material.site.posts
    for index, post in enumerate(posts):
        yield PostPage(
            post.output,
            post.url,
            "post.html",
            "post",
            post,
            material.entries[post.path].body,
            material.links.get(post.path, ()),
            posts[index - 1] if index else None,
            posts[index + 1] if index + 1 < len(posts) else None,
            material.related.get(post.path, ()),
        )
    for page in material.site.pages:
        entry = material.entries[page.path]
        links = material.links.get(page.path, ())
        yield PostPage(page.output, page.url, "page.html", "page", page, entry.body, links)


def _lists(config: Config, site: Site, base: str, feeds: Mapping[str, tuple[FeedLink, ...]]) -> Iterator[ListPage]:
    urls, size = config.urls, config.lists.page
    archive = list(
        paginate(
            "archive",
            site.posts,
            size if urls.archive_page else len(site.posts),
            site_url(urls.archive, base) if urls.archive else f"{base}/",
            base + urls.archive_page,
            base,
            title="Archive",
        )
    )
    front, numbered = archive[0], archive[1:]
    if urls.archive:
        yield front
    yield ListPage(
        "index.html",
        f"{base}/",
        "home.html",
        "home",
        site.title,
        site.description,
        site.posts[: config.lists.home],
        older_url=front.url if urls.archive else front.older_url,
        count=len(site.posts),
    )
    yield from numbered
    for kind, groups, pattern in (
        ("source", site.sources, urls.source),
        ("tag", site.tags, urls.tag),
        ("author", site.authors, urls.author),
    ):
        for group in groups if pattern else ():
            term = reference(group)
            numbers = f"{folder_of(group.url)}page/{{number}}/"
            pages = paginate(kind, group.posts, size, group.url, numbers, base, title=group.name, term=term)
            own = feeds.get(group.url, ())
            yield from (replace(page, feeds=own) for page in pages)
    others = tuple(Link(year.name, year.url) for year in site.years)
    for year in site.years if urls.year else ():
        pages = paginate("year", year.posts, len(year.posts), year.url, "", base, title=year.name)
        yield from (replace(page, others=others) for page in pages)
    if "most_read" in site.sections:
        yield from _most_read(config, site, base)


def _most_read(config: Config, site: Site, base: str) -> Iterator[ListPage]:
    lists = {site.sections["most_read"]: ("", site.most_read)}
    for year in site.years if config.urls.most_read_year else ():
        if best := most_read(year.posts, config.lists.most_read):
            lists[site_url(config.urls.most_read_year.replace("{year}", year.name), base)] = (year.name, best)
    others = tuple(Link(name, url) for url, (name, _) in lists.items())
    for url, (name, posts) in lists.items():
        path = output_path(url, base)
        yield ListPage(path, url, "most-read.html", "most-read", name, "", posts, count=len(posts), others=others)


def _tombstones(config: Config, material: Material, base: str) -> Iterator[TemplatePage]:
    """Yield what stands in the places of posts that were taken down; these are no pages of the site otherwise."""
    if text := config.deploy.tombstone:
        for url in material.withdrawn:
            yield TemplatePage(output_path(url, base), url, "gone.html", "404", "", text)


def _search_files(config: Config, site: Site, base: str) -> Iterator[SearchTerms | SearchDescriptions | TextFile]:
    if not config.urls.search:
        return
    folder = base + config.urls.search
    posts = {int(group.name): group.posts for group in site.years}
    layout = plan_layout(posts)
    years = tuple(year for year, _ in layout.years)
    for number in range(layout.shards):
        url = folder + shard_path(number, layout.shards)
        yield SearchTerms(data_path(url, base), url, number, layout.shards, years)
    for name, described in describe(layout, posts).items():
        yield SearchDescriptions(data_path(folder + name, base), folder + name, described)
    yield TextFile(data_path(folder + MANIFEST, base), folder + MANIFEST, render_manifest(layout).decode())


def _sitemaps(config: Config, pages: Iterable[PostPage | ListPage | TemplatePage], base: str) -> Iterator[Sitemap]:
    origin = config.base_url[: len(config.base_url.rstrip("/")) - len(base)]
    rows = []
    for page in pages:
        if isinstance(page, PostPage):
            if page.post.policy in INDEXED:
                changed = page.post.updated or page.post.date
                rows.append((origin + page.url, changed.date().isoformat() if page.kind == "post" else ""))
        elif page.kind not in UNLISTED:
            rows.append((origin + page.url, ""))
    rows.sort()
    if len(rows) <= SITEMAP_ROWS:
        yield Sitemap("sitemap.xml", f"{base}/sitemap.xml", tuple(rows))
        return
    parts = []
    for number, start in enumerate(range(0, len(rows), SITEMAP_ROWS), 1):
        name = f"sitemap-{number}.xml"
        parts.append(f"{origin}{base}/{name}")
        yield Sitemap(name, f"{base}/{name}", tuple(rows[start : start + SITEMAP_ROWS]))
    yield Sitemap("sitemap.xml", f"{base}/sitemap.xml", parts=tuple(parts))


def _text_files(config: Config, material: Material, base: str) -> Iterator[TextFile]:
    site, deploy = config.base_url.rstrip("/"), config.deploy
    yield TextFile("robots.txt", f"{base}/robots.txt", f"User-agent: *\nAllow: /\n\nSitemap: {site}/sitemap.xml\n")
    yield TextFile(".nojekyll", f"{base}/.nojekyll", "")
    if deploy.headers:
        yield TextFile("_headers", f"{base}/_headers", write_headers(config, material.assets, material.feeds))
    if deploy.cname:
        yield TextFile("CNAME", f"{base}/CNAME", f"{deploy.cname}\n")
    if deploy.indexnow:
        yield TextFile(f"{deploy.indexnow}.txt", f"{base}/{deploy.indexnow}.txt", deploy.indexnow)


def _rules(config: Config, material: Material, redirects: Iterable[Redirect], base: str) -> Iterator[TextFile]:
    """Yield the `_redirects` file, if there is anything to say in it."""
    rules = [f"{item.url} {item.target} 301\n" for item in redirects]
    # Netlify answers so; Cloudflare and GitLab pass over a rule with a status that they do not know.
    gone = "" if config.deploy.tombstone else f"{base}/404.html"
    rules += [f"{url} {gone or url} 410!\n" for url in material.withdrawn]
    if rules:
        yield TextFile("_redirects", f"{base}/_redirects", "".join(rules))


def _refuse_collisions(pages: Iterable[Page]) -> None:
    taken: dict[str, Page] = {}
    problems = []
    for page in pages:
        path = page.path
        other = taken.setdefault(comparable(path), page)
        if other is not page:
            same = (
                "the same file" if other.path == path else f"files that some systems cannot tell apart ({other.path})"
            )
            message = f'this and {origin_of(other)} both become {same}: "{path}"'
            problems.append(Problem(origin_of(page), 0, message, "give one of them another slug, alias or name"))
        if len(path.encode()) > PATH_BYTES:
            message = f'the path "{path}" is longer than {PATH_BYTES} bytes'
            problems.append(Problem(origin_of(page), 0, message, "choose a shorter slug"))
    problems += _find_files_as_folders(taken)
    if problems:
        raise SiteError(problems)


def _find_files_as_folders(pages: Mapping[str, Page]) -> Iterator[Problem]:
    """Yield a problem for each file in whose place another file of the output needs a folder."""
    seen: set[str] = set()
    for path, page in pages.items():
        folder = path.rpartition("/")[0]
        while folder and folder not in seen:
            seen.add(folder)
            if other := pages.get(folder):
                message = f'`{other.path}` is a file, and the folder of "{page.path}" ({origin_of(page)})'
                yield Problem(origin_of(other), 0, message, "Give one of them another slug or name.")
            folder = folder.rpartition("/")[0]
