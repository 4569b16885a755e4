"""Reconciles the posts with the ledger: their guids, the redirects of old URLs, and URLs that would break."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, count
from operator import attrgetter
from urllib.parse import unquote

from msgspec import Struct

from sitegen.content.ledger import LEDGER_FILE
from sitegen.content.ledger.file import Ledger, LedgerEntry
from sitegen.errors import Problem
from sitegen.formats.site_urls import output_path, site_url
from sitegen.formats.urls import base_path_of, home_of, origin_of
from sitegen.model import Post


class MovedUrl(Struct, frozen=True):
    """A URL that a post has left, and the one that it has now; both are site paths."""

    url: str
    target: str


class Reconciliation(Struct, frozen=True):
    """The result of reconciling the posts with a ledger.

    `ledger` must be written after the site is published; `guids` has each post's guid by the
    post's file; `redirects` are former URLs of posts; `problems` are changes that readers would
    notice: posts that appear again, links that break. `withdrawn` are the site paths of posts that were taken down.
    """

    ledger: Ledger
    guids: Mapping[str, str]
    redirects: tuple[MovedUrl, ...]
    problems: tuple[Problem, ...]
    withdrawn: tuple[str, ...] = ()


def reconcile(ledger: Ledger, posts: Sequence[Post], base_url: str, taken: Iterable[str] = ()) -> Reconciliation:
    """Return the guids of the posts, the redirects that old URLs need, and the URLs that would break.

    `base_url` is the site's. If the site was at other base URLs before, each of its former URLs means the same path
    below this one, because hosts redirect a former domain path by path. `taken` are the site paths of other files:
    pages, and redirects from aliases. Paths are compared by the output file that answers them, so that `/a` and `/a/`
    are one.
    """
    base, origin = base_path_of(base_url), origin_of(base_url)
    ordered = sorted(posts, key=attrgetter("path"))
    matches = _match(ledger, ordered, base_url)
    taken_guids = {record.guid for record in ledger.records}
    withdrawn_guids = {record.guid for record in ledger.records if record.withdrawn}
    guids: dict[str, str] = {}
    records: dict[str, LedgerEntry] = {}
    problems: list[Problem] = []
    for post in ordered:
        record, url = matches.get(post.path), origin + post.url
        if record is None:
            guid = post.id or (url if url not in taken_guids else _find_free(url, taken_guids, post))
            record = LedgerEntry(post.path, guid, (url,))
            if not post.id and guid != url:
                problems.append(_reused(post, url))
            elif guid in withdrawn_guids:
                problems.append(_revived(post))
        else:
            if post.id and post.id != record.guid:
                problems.append(_changed(post, record))
            urls = record.urls if url in record.urls else (*record.urls, url)
            record = LedgerEntry(post.path, post.id or record.guid, urls)
        guids[post.path] = record.guid
        taken_guids.add(record.guid)
        records[post.path] = record
    problems += _find_shared(ordered, guids)
    used = {id(record) for record in matches.values()}
    gone = [record for record in ledger.records if id(record) not in used]
    live = {post.output for post in posts} | {output_path(url, base) for url in taken}
    homes = [home_of(base_url), *_find_former_homes(ordered, records, base_url)]
    redirects = [
        MovedUrl(path, post.url)
        for post in ordered
        for url in records[post.path].urls
        if url != origin + post.url and (path := _path_here(url, homes, base)) and output_path(path, base) not in live
    ]
    led = live | {output_path(moved.url, base) for moved in redirects}
    lost = [
        (record, url, path)
        for record in gone
        for url in record.urls
        if (path := _path_here(url, homes, base)) and output_path(path, base) not in led
    ]
    # The last URL of a post is the one that readers know.
    current = {path: (record, url) for record, url, path in lost if not record.withdrawn}
    problems += [_lost(record, url, path[len(base) :]) for path, (record, url) in current.items()]
    withdrawn = sorted({path for record, _, path in lost if record.withdrawn})
    # Of two posts with one guid, which is a problem already, the ledger can know only one.
    single = {record.guid: record for record in [*gone, *reversed(records.values())]}
    whole = Ledger(tuple(sorted(single.values(), key=attrgetter("path", "guid"))))
    return Reconciliation(whole, guids, _once(redirects), tuple(problems), tuple(withdrawn))


def _find_former_homes(posts: Sequence[Post], records: Mapping[str, LedgerEntry], base_url: str) -> Iterator[str]:
    """Yield the URLs that the home page had on other hosts, each ending with a slash.

    There, most posts had the paths that they have now. A host counts once: a site is at one base URL of it.
    """
    base, here = base_path_of(base_url), home_of(base_url)
    found: dict[str, Counter[str]] = {}
    for post in posts:
        path = post.url[len(base) + 1 :]
        for url in records[post.path].urls:
            if not url.startswith(here) and url.endswith(f"/{path}"):
                found.setdefault(origin_of(url), Counter())[url.removesuffix(path)] += 1
    for homes in found.values():
        yield min(homes, key=lambda home: (-homes[home], home))


def _path_here(url: str, homes: Sequence[str], base: str) -> str:
    """Return the site path of a URL below one of the site's present and former home pages, "" for another URL."""
    return next((f"{base}/{url.removeprefix(home)}" for home in homes if url.startswith(home)), "")


def _match(ledger: Ledger, posts: Sequence[Post], base_url: str) -> dict[str, LedgerEntry]:
    """Return the record of each post that has one, by the post's file: by id, by file, by URL, by alias, in this order.

    The alias of a post that has no other record is the URL of its former file: a new slug and a new file name at once.
    Last come the same paths on other hosts, for a site that has got another domain at the same time.
    """
    base, origin = base_path_of(base_url), origin_of(base_url)
    free = {id(record): record for record in ledger.records}
    by_guid = {record.guid: record for record in ledger.records if not record.withdrawn}
    # Several records may name one file: those of posts that had it before. Each is a candidate, so that the same
    # posts always get the same records.
    by_path: dict[str, list[LedgerEntry]] = {}
    for known in ledger.records:
        if not known.withdrawn:
            by_path.setdefault(known.path, []).append(known)
    by_url = {url: record for record in ledger.records if not record.withdrawn for url in record.urls}
    tests: tuple[Callable[[Post], LedgerEntry | None], ...] = (
        lambda post: by_guid.get(post.id) if post.id else None,
        lambda post: next((known for known in reversed(by_path.get(post.path, ())) if id(known) in free), None),
        lambda post: by_url.get(origin + post.url),
        lambda post: next((by_url[url] for url in _alias_urls(post, origin, base) if url in by_url), None),
    )
    matches: dict[str, LedgerEntry] = {}
    for test in tests if free else ():
        _add_matches(matches, posts, test, free)
    if free and len(matches) < len(posts):
        _add_matches(matches, posts, _find_elsewhere(by_url, posts, matches, base_url), free)
    return matches


def _add_matches(
    matches: dict[str, LedgerEntry],
    posts: Sequence[Post],
    test: Callable[[Post], LedgerEntry | None],
    free: dict[int, LedgerEntry],
) -> None:
    """Add the free record that a test finds for each post without one."""
    for post in posts:
        record = test(post)
        if post.path not in matches and record is not None and id(record) in free:
            matches[post.path] = free.pop(id(record))


def _find_elsewhere(
    by_url: Mapping[str, LedgerEntry], posts: Sequence[Post], matches: Mapping[str, LedgerEntry], base_url: str
) -> Callable[[Post], LedgerEntry | None]:
    """Return a test that finds the record of a post by its path, or that of an alias, on another host.

    The path is below the home page that the site had there, if other posts show where that was.
    """
    base, origin, here = base_path_of(base_url), origin_of(base_url), home_of(base_url)
    known = [post for post in posts if post.path in matches]
    homes = {origin_of(home): home for home in _find_former_homes(known, matches, base_url)}
    elsewhere: dict[str, list[str]] = {}
    for url in by_url:
        if not url.startswith(f"{origin}/"):
            elsewhere.setdefault(_last_part(url), []).append(url)

    def find(post: Post) -> LedgerEntry | None:
        for url in (origin + post.url, *_alias_urls(post, origin, base)):
            path = url.removeprefix(here)
            for former in elsewhere.get(_last_part(url), ()) if path else ():
                home = homes.get(origin_of(former), former.removesuffix(path))
                if former == home + path and home.endswith("/"):
                    return by_url[former]
        return None

    return find


def _last_part(url: str) -> str:
    return url.rstrip("/").rpartition("/")[2]


def _alias_urls(post: Post, origin: str, base: str) -> Iterator[str]:
    """Yield the URLs of the page at each alias of a post: with a slash at the end, and without."""
    for alias in post.aliases:
        url = origin + site_url(alias.rstrip("/"), base)
        yield f"{url}/"
        yield url


def _find_free(url: str, known: set[str], post: Post) -> str:
    """Return a guid for a post whose URL is that of another one: the URL with its date, and a number if need be."""
    dated = f"{url}#{post.date.date().isoformat()}"
    numbered = (f"{dated}-{number}" for number in count(2))
    return next(guid for guid in chain((dated,), numbered) if guid not in known)


def _reused(post: Post, url: str) -> Problem:
    hint = f"give the post another slug, or an id of its own; its guid now has its date ({url}#...)"
    return Problem(post.path, 0, f"the URL {url} was published for another post before", hint)


def _revived(post: Post) -> Problem:
    hint = "give the post another id: feed readers would treat it as the same post"
    return Problem(post.path, 0, f'the id "{post.id}" is that of a post that was taken down', hint)


def _changed(post: Post, record: LedgerEntry) -> Problem:
    message = f'the id was "{record.guid}" when the post was published, and is "{post.id}" now: readers get it again'
    return Problem(post.path, 0, message, f'write "id: {record.guid}", or remove the id')


def _lost(record: LedgerEntry, url: str, path: str) -> Problem:
    alias = f'add "{unquote(path)}" to the `aliases` of the post that replaces it'
    hint = f'{alias}, or "withdrawn": true to its line in {LEDGER_FILE}'
    return Problem(record.path, 0, f"{url} was published, but no longer exists", hint)


def _find_shared(posts: Sequence[Post], guids: Mapping[str, str]) -> list[Problem]:
    first: dict[str, str] = {}
    problems = []
    for post in posts:
        other = first.setdefault(guids[post.path], post.path)
        if other != post.path:
            message = f'the post has the same id as {other}: "{guids[post.path]}"'
            problems.append(Problem(post.path, 0, message, "feed readers would show only one of them; change one id"))
    return problems


def _once(redirects: Iterable[MovedUrl]) -> tuple[MovedUrl, ...]:
    """Return the redirects by URL; of two posts that once had the same URL, the first by file keeps it."""
    found: dict[str, MovedUrl] = {}
    for moved in redirects:
        found.setdefault(moved.url, moved)
    return tuple(found[url] for url in sorted(found))
