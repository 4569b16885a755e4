"""Series: the number of each post among the parts, and the parts near it."""

from collections.abc import Iterable

from sitegen.config.schema import Config
from sitegen.config.taxonomies import Taxonomy, find_own_taxonomies
from sitegen.errors import Problem
from sitegen.model import Group, Part, Post, Series, Site
from sitegen.site.assemble import part_number

MAX_PARTS = 21
"""The number of parts that a post's page lists: those nearest to it. With all of them, pages would grow as the square
of the length of the series."""


def find_series(config: Config, site: Site) -> tuple[dict[str, tuple[Series, ...]], list[Problem]]:
    """Return the series of each post by the post's path, and a warning for each number that two parts have."""
    found: dict[str, tuple[Series, ...]] = {}
    warnings: list[Problem] = []
    for taxonomy in find_own_taxonomies(config.taxonomies):
        for group in site.terms[taxonomy.name] if taxonomy.part else ():
            posts = group.posts if taxonomy.post_order == "oldest" else group.posts[::-1]
            warnings += _find_repeated(posts, taxonomy, group)
            for path, series in _number(posts, taxonomy, group):
                found[path] = (*found.get(path, ()), series)
    return found, warnings


def _number(posts: tuple[Post, ...], taxonomy: Taxonomy, group: Group) -> Iterable[tuple[str, Series]]:
    """Yield the path of each post with its position among the posts, which are in the order of their parts.

    A post has the number that its front matter gives, if that is a whole one, and otherwise counts on from the part
    before it; parts that are not published yet leave a gap.
    """
    parts: list[Part] = []
    number = 0
    for post in posts:
        given = part_number(post, taxonomy)
        number = int(given) if 0 < given < len(posts) * 100 and given == int(given) else number + 1
        parts.append(Part(number, post.title, post.url, post.language))
    count = max(len(parts), *[part.number for part in parts])
    for at, post in enumerate(posts):
        start = max(0, min(at - MAX_PARTS // 2, len(parts) - MAX_PARTS))
        yield (
            post.path,
            Series(
                taxonomy.name,
                group.name,
                group.url,
                parts[at].number,
                count,
                tuple(parts[start : start + MAX_PARTS]),
                parts[at - 1] if at else None,
                parts[at + 1] if at + 1 < len(parts) else None,
            ),
        )


def _find_repeated(posts: Iterable[Post], taxonomy: Taxonomy, group: Group) -> Iterable[Problem]:
    """Yield a warning for each post with the number of another part."""
    first: dict[float, Post] = {}
    for post in posts:
        given = post.params.get(taxonomy.part)
        if given is not None and first.setdefault(given, post) is not post:
            message = f'`{taxonomy.part}: {given}` is also that of {first[given].path} in "{group.name}"'
            yield Problem(post.path, 0, message, "give each part a number of its own")
