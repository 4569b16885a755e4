"""Checks of the links between a feed and its archive documents (RFC 5005)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from sitegen.check.feeds.values import FeedLocation, check_url
from sitegen.errors import WARNING, Problem

RELATIONS = ("self", "current", "prev-archive", "next-archive")


@dataclass(frozen=True, slots=True)
class Chain:
    """The links of a document to its neighbours: URLs by relation, and whether it calls itself an archive."""

    links: Mapping[str, tuple[str, ...]]
    archive: bool = False
    complete: bool = False

    def first(self, relation: str) -> str:
        """Return the URL of a relation, "" if there is none."""
        return next(iter(self.links.get(relation, ())), "")


def check_chain(chain: Chain) -> Iterator[Problem]:
    """Yield what is wrong with the links of one document."""
    location = FeedLocation()
    for relation in RELATIONS:
        for url in chain.links.get(relation, ()):
            for problem in check_url(location, f"the link with the relation {relation}", url):
                yield replace(problem, severity=WARNING) if relation == "self" else problem
        if len(chain.links.get(relation, ())) > 1:
            yield location.problem(f"there are several links with the relation {relation}")
    own = chain.first("self")
    if not own:
        yield location.warning('there is no link with the relation "self"', "readers that were handed the file need it")
    if chain.archive and chain.complete:
        yield location.problem("the feed says both that it is an archive and that it is complete")
    if chain.complete and (chain.first("prev-archive") or chain.first("next-archive")):
        yield location.problem("a complete feed links to archives", "a feed is either complete or has archives")
    if chain.archive and not chain.first("current"):
        yield location.warning('the archive document has no link with the relation "current"')
    if not chain.archive and (chain.first("next-archive") or chain.first("current") not in ("", own)):
        yield location.problem(
            "the document is linked like an archive, but is not marked as one", "it needs fh:archive"
        )
    for relation in RELATIONS[1:]:
        if own and chain.first(relation) == own and (chain.archive or relation != "current"):
            yield location.problem(f'the link with the relation "{relation}" leads to the document itself')


def check_chains(chains: Mapping[str, Chain]) -> Iterator[tuple[str, Problem]]:
    """Yield the document, by its URL, and the problem, for what is wrong between the documents of a site."""
    location = FeedLocation()
    for url, chain in chains.items():
        for relation, back in (("prev-archive", "next-archive"), ("next-archive", "prev-archive")):
            other = chain.first(relation)
            if other and other not in chains:
                yield url, location.problem(f'the link with the relation "{relation}" does not lead to a feed: {other}')
            elif other and not chains[other].archive:
                yield (
                    url,
                    location.problem(
                        f'the link with the relation "{relation}" does not lead to an archive document: {other}'
                    ),
                )
            elif other and chain.archive and chains[other].first(back) != url:
                yield url, location.problem(f'{other} does not link back with the relation "{back}"')
        if chain.archive and chain.first("current") and chain.first("current") not in chains:
            yield (
                url,
                location.problem(
                    f'the link with the relation "current" does not lead to a feed: {chain.first("current")}'
                ),
            )
    reached = set()
    for url, chain in chains.items():
        step = chain.first("prev-archive") if not chain.archive else ""
        while step in chains and step not in reached:
            reached.add(step)
            step = chains[step].first("prev-archive")
        if step in reached and not chain.archive:
            yield url, location.problem(f"the links between the archives form a loop at {step}")
    for url, chain in chains.items():
        if chain.archive and url not in reached:
            yield (
                url,
                location.problem(
                    "no feed links to this archive document, not even through others", "a prev-archive link is missing"
                ),
            )
