"""Posts to Site: their order, and the sources, tags, authors and years that they form."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec.structs import replace

from sitegen.config.schema import Config, base_path, feed_formats
from sitegen.formats.natural_order import natural_key
from sitegen.formats.site_urls import site_url
from sitegen.model import FrozenDict, Group, Post, Site, Source, Term


def assemble(config: Config, posts: Iterable[Post], pages: Iterable[Post], data: FrozenDict) -> Site:
    """Return the site that some published posts and pages form."""
    ordered = tuple(sorted(posts, key=lambda post: (post.date, post.path), reverse=True))
    titled = tuple(sorted(pages, key=lambda page: (page.title, page.path)))
    base = base_path(config)
    site = Site(
        title=config.title,
        description=config.description,
        base_url=config.base_url,
        url=f"{base}/",
        language=config.language,
        author=config.author,
        rights=config.rights,
        posts=ordered,
        pages=titled,
        sources=_group(ordered, lambda post: (post.source,) if post.source else ()),
        tags=_group(ordered, lambda post: post.tags),
        authors=_group(ordered, lambda post: post.authors),
        years=_years(ordered, config.urls.year, base),
        most_read=most_read(ordered, config.lists.most_read),
        data=data,
        params=config.params,
    )
    return replace(site, sections=_sections(config, site))


def _sections(config: Config, site: Site) -> FrozenDict:
    """Return the URLs of the index pages that exist, by name: not those that would be empty or are configured as ""."""
    urls, base = config.urls, base_path(config)
    patterns = {
        "archive": urls.archive,
        "sources": urls.sources if site.sources else "",
        "tags": urls.tags if site.tags else "",
        "authors": urls.authors if site.authors else "",
        "most_read": urls.most_read if site.most_read else "",
        "figures": urls.figures if site.posts else "",
        "search": urls.search,
        "feeds": urls.feeds if feed_formats(config) else "",
    }
    return FrozenDict({name: site_url(pattern, base) for name, pattern in patterns.items() if pattern})


def most_read(posts: Iterable[Post], limit: int) -> tuple[Post, ...]:
    """Return the posts with the most views, newest first where they are equal."""
    counted = [post for post in posts if post.views is not None and post.views.count]
    counted.sort(key=lambda post: (post.views.count if post.views else 0, post.date, post.path), reverse=True)
    return tuple(counted[:limit])


def _group(posts: Sequence[Post], terms_of: Callable[[Post], Sequence[Term | Source]]) -> tuple[Group, ...]:
    """Return the groups of posts that share a term, by name.

    Terms are the same if their slugs are; the group has the spelling that most posts use.
    """
    members: dict[str, list[Post]] = {}
    # Nearly all posts with a term hold the same object, and its identity is found faster than itself.
    known: dict[int, tuple[Term | Source, list[Post]]] = {}
    uses: Counter[int] = Counter()
    for post in posts:
        for term in terms_of(post):
            key = id(term)
            if key not in known:
                known[key] = term, members.setdefault(term.slug, [])
            uses[key] += 1
            group = known[key][1]
            if not group or group[-1] is not post:
                group.append(post)
    spellings: defaultdict[str, Counter[Term | Source]] = defaultdict(Counter)
    for key, (term, _) in known.items():
        spellings[term.slug][term] += uses[key]
    groups = []
    for slug, group in members.items():
        found = spellings[slug]
        term = next(iter(found)) if len(found) == 1 else _commonest(found)
        groups.append(Group(term.name, slug, term.url, tuple(group), term if isinstance(term, Source) else None))
    return tuple(sorted(groups, key=lambda group: (natural_key(group.name), group.slug)))


def _commonest(spellings: Mapping[Term | Source, int]) -> Term | Source:
    return min(spellings, key=lambda item: (-spellings[item], repr(item)))


def _years(posts: Sequence[Post], pattern: str, base: str) -> tuple[Group, ...]:
    members: defaultdict[int, list[Post]] = defaultdict(list)
    for post in posts:
        members[post.date.year].append(post)
    return tuple(
        Group(str(year), str(year), f"{base}{pattern.replace('{year}', str(year))}" if pattern else "", tuple(posts))
        for year, posts in sorted(members.items(), reverse=True)
    )
