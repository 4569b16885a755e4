"""Posts to Site: their order, and the groups that they form by taxonomy and by year."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import inf

from msgspec.structs import replace

from sitegen.config.post_types import PostType, find_types
from sitegen.config.schema import Config, base_path, feed_formats
from sitegen.config.taxonomies import Taxonomy, find_taxonomies
from sitegen.formats.frozen_dict import FrozenDict
from sitegen.formats.natural_order import natural_key
from sitegen.formats.site_urls import site_url
from sitegen.model import Group, Link, Post, Site, Source, Term
from sitegen.site.type_order import sort_posts


def assemble(config: Config, posts: Iterable[Post], pages: Iterable[Post], data: FrozenDict, home: str = "/") -> Site:
    """Return the site that some published posts and pages form; `home` is the path of its home page."""
    ordered = tuple(sorted(posts, key=lambda post: (post.date, post.path), reverse=True))
    titled = tuple(sorted(pages, key=lambda page: (page.title, page.path)))
    base = base_path(config)
    taxonomies = find_taxonomies(config)
    types = find_types(config.types)
    separate = {item.name for item in types if not item.is_main}
    main = tuple(post for post in ordered if post.type not in separate) if separate else ordered
    terms = FrozenDict({taxonomy.name: _group_by(taxonomy, ordered) for taxonomy in taxonomies})
    site = Site(
        title=config.title,
        description=config.description,
        base_url=config.base_url,
        url=f"{base}{home}",
        language=config.language,
        author=config.author,
        rights=config.rights,
        posts=main,
        documents=ordered,
        types=FrozenDict({item.name: _list_type(item, ordered, base) for item in types}),
        pages=titled,
        sources=terms["sources"],
        tags=terms["tags"],
        authors=terms["authors"],
        terms=terms,
        taxonomies=FrozenDict({item.name: _describe(item, base) for item in taxonomies if item.is_own}),
        years=_years(main, config.urls.year, base),
        most_read=most_read(main, config.lists.most_read),
        data=data,
        params=config.params,
    )
    return replace(site, sections=_sections(config, site, taxonomies))


def _list_type(post_type: PostType, posts: Iterable[Post], base: str) -> Group:
    """Return the posts of a type, in the order of its list."""
    own = sort_posts((post for post in posts if post.type == post_type.name), post_type)
    url = site_url(post_type.listing, base) if post_type.listing else ""
    return Group(post_type.title, post_type.name, url, own)


def _describe(taxonomy: Taxonomy, base: str) -> Link:
    """Return the title of a taxonomy, and the URL of its index page."""
    return Link(taxonomy.title, site_url(taxonomy.index, base) if taxonomy.index else "")


def with_listed(site: Site, listed: Iterable[Post], config: Config) -> Site:
    """Return a site whose home page, archive and years list posts of other languages too."""
    posts = tuple(sorted((*site.posts, *listed), key=lambda post: (post.date, post.path), reverse=True))
    return replace(site, posts=posts, years=_years(posts, config.urls.year, base_path(config)))


def _sections(config: Config, site: Site, taxonomies: Iterable[Taxonomy]) -> FrozenDict:
    """Return the URLs of the index pages that exist, by name: not those that would be empty or are configured as ""."""
    urls, base = config.urls, base_path(config)
    patterns = {
        "archive": urls.archive,
        **{item.name: item.index if site.terms[item.name] else "" for item in taxonomies},
        **{item.name: item.listing if site.types[item.name].posts else "" for item in find_types(config.types)},
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


_TERMS: Mapping[str, Callable[[Post], Sequence[Term | Source]]] = {
    "sources": lambda post: (post.source,) if post.source else (),
    "tags": lambda post: post.tags,
    "authors": lambda post: post.authors,
}
"""The terms that a post has of each taxonomy that is built in."""


def _group_by(taxonomy: Taxonomy, posts: Sequence[Post]) -> tuple[Group, ...]:
    """Return the groups of a taxonomy, in its order of terms and of posts; `posts` are newest first."""
    name = taxonomy.name
    groups = _group(posts, _TERMS.get(name) or (lambda post: post.terms.get(name, ())))
    if taxonomy.part or taxonomy.post_order == "oldest":
        groups = tuple(replace(group, posts=_in_order(group.posts, taxonomy)) for group in groups)
    if taxonomy.term_order == "posts":
        return tuple(sorted(groups, key=lambda group: -group.count))
    if taxonomy.term_order == "latest":
        newest = {group.slug: max((post.date, post.path) for post in group.posts) for group in groups}
        return tuple(sorted(groups, key=lambda group: newest[group.slug], reverse=True))
    return groups


def _in_order(posts: Sequence[Post], taxonomy: Taxonomy) -> tuple[Post, ...]:
    """Return the posts of a term by their parts, then by date."""
    oldest_first = sorted(posts, key=lambda post: (part_number(post, taxonomy), post.date, post.path))
    return tuple(oldest_first if taxonomy.post_order == "oldest" else reversed(oldest_first))


def part_number(post: Post, taxonomy: Taxonomy) -> float:
    """Return the number of a post among those of its term, infinity for a post without a number."""
    number = post.params.get(taxonomy.part) if taxonomy.part else None
    return number if isinstance(number, int | float) else inf


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
