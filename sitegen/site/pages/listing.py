"""Lists of posts, on one page or on several: the home page, the archive, years, groups, the most read posts."""

from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from sitegen.config.post_types import find_types
from sitegen.config.taxonomies import find_taxonomies
from sitegen.feeds import feed_links
from sitegen.formats.site_urls import folder_of, output_path, site_url
from sitegen.model import Description, FeedLink, Group, Link, Post, SectionPage, Source, Term
from sitegen.site.assemble import most_read
from sitegen.site.months import group_by_month
from sitegen.site.pages.page_type import CardContent, PageType, Phase, PlanInputs, Version, digests
from sitegen.site.pages.template import describe, last_change
from sitegen.site.pagination import paginate


class ListPage(Struct, frozen=True):
    """A list of posts, or one page of it.

    `kind` is "home", "archive", "year", "month", "most-read", or that of a taxonomy's terms; `term` is what the
    posts share. The front page has number 0 and the newest posts; pages 1, 2, ... hold the posts
    from the oldest on, so that a full page never changes. `count`, `views` and `comments` are those of the
    whole list, on its front page only; `feeds` are the feeds of the list. `others` are links from
    a year, or its most read posts, to the other years. `months` are links to the pages of a year's months, in the order
    of its posts, if they have pages of their own; the `others` of these are the year. `about` is the description of the
    term, on the front page only.
    """

    path: str
    url: str
    template: str
    kind: str
    title: str
    description: str
    posts: tuple[Post, ...]
    term: Term | Source | None = None
    number: int = 0
    newer_url: str = ""
    older_url: str = ""
    count: int = 0
    views: int = 0
    comments: int = 0
    feeds: tuple[FeedLink, ...] = ()
    others: tuple[Link, ...] = ()
    months: tuple[Link, ...] = ()
    about: Description | None = None

    def __repr__(self) -> str:
        """Contain all fields, quickly, as for PostPage."""
        location = (
            f"{self.path!r}, {self.url!r}, {self.template!r}, {self.kind!r}, {self.title!r}, {self.description!r}"
        )
        links = f"{self.term!r}, {self.number}, {self.newer_url!r}, {self.older_url!r}"
        whole = f"{self.count}, {self.views}, {self.comments}, {self.feeds!r}, {self.others!r}, {self.months!r}"
        return f"ListPage({location}, {digests(self.posts)}, {links}, {whole}, {self.about!r})"


def plan_lists(inputs: PlanInputs) -> Iterator[ListPage]:
    """Yield the lists of posts that the config asks for."""
    site, config, base = inputs.site, inputs.config, inputs.base
    if inputs.edition.name and not site.posts and not site.documents:
        return  # its lists would be empty
    urls, size = config.urls, config.lists.page
    front, *numbered = split_list(
        "archive",
        site.posts,
        size if urls.archive_page else len(site.posts),
        site_url(urls.archive, base) if urls.archive else site.url,
        base + urls.archive_page,
        base,
        title="Archive",
    )
    if urls.archive:
        yield front
    home = ListPage(
        output_path(site.url, base),
        site.url,
        "home.html",
        "home",
        site.title,
        site.description,
        site.posts[: config.lists.home],
        older_url=front.url if urls.archive else front.older_url,
        count=len(site.posts),
    )
    if all(page.output != home.path for page in site.pages):  # a page may be the home page
        yield home
    yield from numbered
    yield from _plan_groups(inputs)
    others = tuple(Link(year.name, year.url) for year in site.years)
    for year in site.years if urls.year else ():
        (page,) = split_list("year", year.posts, len(year.posts), year.url, "", base, title=year.name)
        months = tuple(_split_months(page, base)) if 0 < config.lists.year < page.count else ()
        yield replace(page, others=others, months=tuple(Link(month.title, month.url) for month in months))
        yield from months
    yield from _plan_types(inputs)
    if "most_read" in site.sections:
        yield from _plan_most_read(inputs)


def split_list(
    kind: str,
    posts: tuple[Post, ...],
    size: int,
    url: str,
    numbered: str,
    base: str,
    *,
    title: str,
    term: Term | Source | None = None,
) -> Iterator[ListPage]:
    """Yield the pages of a list: the front page, which has the counts of the whole list, then the numbered ones."""
    for part in paginate(posts, size, url, numbered):
        page = ListPage(
            output_path(part.url, base),
            part.url,
            f"{kind}.html",
            kind,
            title,
            "",
            part.posts,
            term,
            part.number,
            part.newer_url,
            part.older_url,
        )
        if not part.number:
            views = sum([count.count for post in posts if (count := post.views)])
            comments = sum([count.count for post in posts if (count := post.comments)])
            page = replace(page, count=len(posts), views=views, comments=comments)
        yield page


def _split_months(year: ListPage, base: str) -> Iterator[ListPage]:
    """Yield a page for each month of a year, newest first.

    A new post changes the page of its month, and the page of the month before if it is the first in its month.
    """
    months = group_by_month(year.posts)
    urls = ["", *(f"{folder_of(year.url)}{month.number:02}/" for month in months), ""]
    for month, newer, url, older in zip(months, urls, urls[1:], urls[2:], strict=False):
        (page,) = split_list("month", month.posts, len(month.posts), url, "", base, title=month.id)
        yield replace(page, newer_url=newer, older_url=older, others=(Link(year.title, year.url),))


def _split_group(
    kind: str, group: Group, inputs: PlanInputs, *, is_newest_first: bool, term: Term | Source | None = None
) -> Iterator[ListPage]:
    """Yield the pages of a group's list.

    Numbered pages count from the oldest post: in another order, all posts are on one page.
    """
    size = inputs.config.lists.page if is_newest_first else group.count
    numbered = f"{folder_of(group.url)}page/{{number}}/"
    return split_list(kind, group.posts, size, group.url, numbered, inputs.base, title=group.name, term=term)


def _plan_groups(inputs: PlanInputs) -> Iterator[ListPage]:
    """Yield the lists of the terms of each taxonomy."""
    feeds = feed_links(inputs.feeds)
    for taxonomy in find_taxonomies(inputs.config):
        kind, template, is_newest_first = taxonomy.page_type, taxonomy.template, taxonomy.post_order == "newest"
        for group in inputs.site.terms[taxonomy.name] if taxonomy.url else ():
            pages = _split_group(kind, group, inputs, term=_term_of(group), is_newest_first=is_newest_first)
            own, about = feeds.get(group.url, ()), inputs.descriptions.get((kind, group.slug))
            yield from (
                replace(page, template=template, feeds=own, about=None if page.number else about) for page in pages
            )


def _plan_types(inputs: PlanInputs) -> Iterator[ListPage]:
    """Yield the list of the posts of each type that has one."""
    feeds = feed_links(inputs.feeds)
    for post_type in find_types(inputs.config.types):
        group = inputs.site.types[post_type.name]
        if not group.url or not group.posts:
            continue
        is_newest_first = post_type.sort == "date" and not post_type.reverse
        for page in _split_group(post_type.name, group, inputs, is_newest_first=is_newest_first):
            yield replace(page, template=post_type.listing_template, feeds=feeds.get(group.url, ()))


def _plan_most_read(inputs: PlanInputs) -> Iterator[ListPage]:
    site, config, base = inputs.site, inputs.config, inputs.base
    lists = {site.sections["most_read"]: ("", site.most_read)}
    for year in site.years if config.urls.most_read_year else ():
        if best := most_read(year.posts, config.lists.most_read):
            lists[site_url(config.urls.most_read_year.replace("{year}", year.name), base)] = (year.name, best)
    others = tuple(Link(name, url) for url, (name, _) in lists.items())
    for url, (name, posts) in lists.items():
        path = output_path(url, base)
        yield ListPage(path, url, "most-read.html", "most-read", name, "", posts, count=len(posts), others=others)


def _term_of(group: Group) -> Term | Source:
    """Return the term that the posts of a group share, without the posts."""
    return group.source or Term(group.name, group.slug, group.url)


def _breadcrumbs(page: ListPage) -> tuple[SectionPage, ...]:
    """Return the year above a month."""
    return tuple(SectionPage(link.title, link.url) for link in page.others) if page.kind == "month" else ()


def _version(page: ListPage) -> Version | None:
    """Return what a list has in common with those of other languages; numbered pages have no counterpart."""
    if page.number:
        return None
    named = page.title if page.kind in ("year", "month", "most-read") else ""
    return page.kind, page.term.slug if page.term is not None else named


def _nearest(page: ListPage) -> Sequence[Version]:
    """Return the lists that contain a list: that of a numbered page, a month's year, the archive, a term's index."""
    whole = [(page.kind, page.term.slug if page.term is not None else "")] if page.number else []
    if page.term is not None:
        kind = page.kind
        return *whole, (kind.removesuffix("-term") if kind.endswith("-term") else f"{kind}s", "")
    if page.kind == "month":
        return ("year", page.others[0].title), ("archive", "")
    above = {"year": ("archive", ""), "most-read": ("most-read", "")}
    return *whole, *[above[kind] for kind in (page.kind,) if kind in above]


def _card(page: ListPage) -> CardContent | None:
    """Return the content of the share card of the first page of a list."""
    if page.number:
        return None
    about = page.description if page.kind == "home" else page.about.summary if page.about else ""
    return CardContent(page.kind, page.title, about=about)


LISTING = PageType(
    page=ListPage,
    phase=Phase.LISTING,
    plan=plan_lists,
    replaceable=True,
    template=lambda page: page.template,
    describe=describe,
    last_change=last_change,
    breadcrumbs=_breadcrumbs,
    by_language=True,
    version=_version,
    nearest=_nearest,
    card=_card,
    shared_url=lambda page: page.term.url if page.number and page.term is not None else None,
)
