"""The plan of a publish: the difference of two sets of files, in an order that never shows an incomplete site."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

RULES = frozenset(("_redirects", "_headers", "CNAME", ".nojekyll"))
LISTED = (".xml", ".rss", ".atom", ".json", ".txt", ".opml")


@dataclass(frozen=True, slots=True)
class PublishPlan:
    """The files to add, to change and to remove, each in the order to do it, and the bytes to send.

    All of `uploads` come before all of `removed`.
    """

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    uploads: tuple[str, ...]
    bytes: int

    def __bool__(self) -> bool:
        return bool(self.uploads or self.removed)


def plan_publish(
    local: Mapping[str, str],
    remote: Mapping[str, str],
    sizes: Mapping[str, int],
    listings: frozenset[str] = frozenset(),
) -> PublishPlan:
    """Return what to do so that the remote files become the local ones.

    `local` and `remote` lead from paths to digests, `sizes` from local paths to bytes; `listings`
    are the pages that list others. Assets go first, since pages need them; then pages, new ones
    before changed ones, since those may link to them; then listings, feeds, sitemaps and the
    host's rules; deletions come last, when nothing links to those files any more.
    """
    added = [path for path in local if path not in remote]
    changed = [path for path in local if path in remote and remote[path] != local[path]]
    new = frozenset(added)

    def rank(path: str) -> tuple[int, str]:
        return _stage(path, path in new, listings), path

    gone = [path for path in remote if path not in local]
    removed = sorted(gone, key=lambda path: (-_stage(path, True, frozenset()), path))
    uploads = sorted([*added, *changed], key=rank)
    return PublishPlan(
        tuple(sorted(added, key=rank)),
        tuple(sorted(changed, key=rank)),
        tuple(removed),
        tuple(uploads),
        sum(sizes[path] for path in uploads),
    )


def batches(plan: PublishPlan, listings: frozenset[str]) -> Iterator[tuple[str, ...]]:
    """Yield the uploads of a plan in groups: all of one group may go at once, the groups one after the other."""
    new = frozenset(plan.added)
    for _, group in groupby(plan.uploads, key=lambda path: _stage(path, path in new, listings)):
        yield tuple(group)


def describe_plan(plan: PublishPlan) -> Iterator[str]:
    """Yield the plan as text: a line for each file, and one that counts them."""
    for sign, paths in (("+", plan.added), ("~", plan.changed), ("-", plan.removed)):
        for path in paths:
            yield f"{sign} {path}"
    counts = f"{len(plan.added):,} added, {len(plan.changed):,} changed, {len(plan.removed):,} removed"
    yield f"{counts}, {plan.bytes:,} bytes to send" if plan else "nothing to publish"


def _stage(path: str, new: bool, listings: frozenset[str]) -> int:
    """Return the stage in which a file is sent; a compressed copy goes with its source."""
    path = path.removesuffix(".gz").removesuffix(".br")
    if path in RULES:
        return 5
    if path in listings or path == "index.html":
        return 3
    if path.endswith((".html", ".htm")):
        return 1 if new else 2
    return 4 if path.endswith(LISTED) else 0
