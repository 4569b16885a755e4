"""The expected files of a site, by its config and posts, compared with the files of a folder."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from sitegen.check.documents.document_facts import Documents
from sitegen.check.links.resolve import Hosting, locate
from sitegen.check.problem_types import page_problem
from sitegen.config.editions import find_editions
from sitegen.config.post_types import find_types
from sitegen.config.schema import Config, archive_formats, feed_formats
from sitegen.errors import Problem
from sitegen.model import Post

NEEDED = (".html", ".xml", ".json", ".txt")
"""Files that visitors and programs ask for by a URL they know; others are missed where something links to them."""

COMPRESSED = (".gz", ".br")


@dataclass(frozen=True, slots=True)
class Plan:
    """The files that a build writes, and what the posts' archives are.

    `files` are paths below the output folder, and `foreign` those there that no build wrote; `feeds` leads from the
    path of each of the site's own feeds to that of its archive documents, with `{year}`; `archived` are the files of
    the posts, and `shown` those that a feed and its archive show, by the path of the feed. `inputs` are
    published files that no page needs to use, because the build makes others of them: the logo of share cards.
    """

    files: frozenset[str]
    foreign: tuple[str, ...] = ()
    feeds: Mapping[str, str] = field(default_factory=dict)
    archived: frozenset[str] = frozenset()
    shown: Mapping[str, frozenset[str]] = field(default_factory=dict)
    inputs: frozenset[str] = frozenset()


def plan_of(config: Config, files: frozenset[str], foreign: tuple[str, ...], posts: Mapping[str, Post]) -> Plan:
    """Return what a site consists of: the files of a build, and the feeds that show all of its posts."""
    pages = f"{config.content}/pages/"
    separate = {item.name for item in find_types(config.types) if not item.is_main}
    archived = frozenset(
        path for path, post in posts.items() if not post.path.startswith(pages) and post.type not in separate
    )
    feeds: dict[str, str] = {}
    shown: dict[str, frozenset[str]] = {}
    editions = find_editions(config)
    for edition in editions:
        urls = edition.config.urls
        patterns = {
            "rss": (urls.feed, urls.feed_archive),
            "atom": (urls.atom, urls.atom_archive),
            "json": (urls.json_feed, urls.json_archive),
        }
        wanted = [
            patterns[feed_format] for feed_format in archive_formats(edition.config, feed_formats(edition.config))
        ]
        own = {feed.lstrip("/"): archive.lstrip("/") for feed, archive in wanted}
        of_edition = frozenset(path for path in archived if editions.find(posts[path].language) is edition)
        feeds |= own
        shown |= dict.fromkeys(own, of_edition)
    inputs = frozenset(filter(None, [unquote(config.cards.logo).lstrip("/")]))
    return Plan(files, foreign, feeds, archived, shown, inputs)


def find_foreign(found: Collection[str], planned: Collection[str]) -> tuple[str, ...]:
    """Return the files of a folder that no build wrote, sorted, without hidden ones and compressed copies."""
    return tuple(
        path
        for path in sorted(set(found) - set(planned))
        if not path.startswith(".")
        and "/." not in path
        and not (path.endswith(COMPRESSED) and path.rpartition(".")[0] in planned)
    )


def compare_files(plan: Plan, files: Collection[str]) -> Iterator[Problem]:
    """Yield the files that are missing from a folder, and those that no build wrote, a folder of them once."""
    present = set(files) | set(plan.foreign)
    for path in sorted(plan.files - present - plan.archived):  # a post's page is missed as such
        if path.endswith(NEEDED):
            message = f"the site should have {path}, which is missing"
            yield page_problem("missing-file", path, 0, message, "build the site again")
    folders: dict[str, list[str]] = {}
    whole = {path.partition("/")[0] for path in plan.files if "/" in path}
    for path in plan.foreign:
        top = path.partition("/")[0]
        folders.setdefault(path if top in whole or "/" not in path else f"{top}/", []).append(path)
    for name, paths in folders.items():
        more = f" ({len(paths):,} files)" if len(paths) > 1 else ""
        message = f"{name} is in the output folder{more}, and no build wrote it"
        hint = "to publish it, put it into the content folder; otherwise remove it"
        yield page_problem("foreign-file", paths[0], 0, message, hint)


def find_unarchived(hosting: Hosting, plan: Plan, posts: Mapping[str, Post], documents: Documents) -> Iterator[Problem]:
    """Yield the posts that no archive document of the site's own feeds has, once for each format."""
    by_path = {facts.path: facts for facts in documents.feed_facts}
    by_url = {facts.own: facts for facts in documents.feed_facts if facts.own}
    for name, pattern in plan.feeds.items():
        shown: set[str] = set()
        walked = {name}
        step = by_path[name].earlier if name in by_path else ""
        while step in by_url and by_url[step].path not in walked:
            feed = by_url[step]
            walked.add(feed.path)
            shown.update(locate(hosting, feed.path, url).path for url in feed.items)
            step = feed.earlier
        if len(walked) == 1:
            # The links between archives of RSS and Atom are checked with the feeds; JSON Feed has one way only.
            if name.endswith(".json") and name in by_path and _has_archive(plan, pattern):
                message = "the feed has no next_url, so readers never see the posts of its archive"
                yield page_problem("bad-feed", name, 0, message, "build the site again")
            continue
        for path in sorted(plan.shown.get(name, plan.archived) - shown):
            archive = pattern.replace("{year}", f"{posts[path].date.year:04}")
            message = (
                f"the post is missing from the archive of the feed {name}: {archive}, and its further parts if any"
            )
            yield page_problem("post-not-in-archive", path, 0, message, "build the site again")


def _has_archive(plan: Plan, pattern: str) -> bool:
    start, _, end = pattern.partition("{year}")
    return any(path.startswith(start) and path.endswith(end) for path in plan.files)
