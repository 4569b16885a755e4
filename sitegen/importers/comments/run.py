"""Import comments onto the posts of a site."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from sitegen.config.schema import Config
from sitegen.errors import Problem, SiteError
from sitegen.importers.archive.archive import Archive, UnreadableError
from sitegen.importers.base import ImportedComment
from sitegen.importers.comments.found import CommentExport, FoundComment, PostReference
from sitegen.importers.comments.post_finder import CommentedPosts
from sitegen.importers.comments.registry import FORMATS, read_export
from sitegen.importers.output.comment_files import CommentCounts, CommentFiles
from sitegen.importers.output.destination import check_destination
from sitegen.importers.output.import_state import WORK_FOLDER
from sitegen.system.file_lock import hold


@dataclass(slots=True)
class CommentReport:
    """The result of an import of comments: each comment that was read is counted once.

    `unmatched` counts the comments whose post is not in the site by what the export says of the post; `dropped` those
    that were not published, by their state. `unknown` are files without comments, or of an unknown format, `damaged`
    those that cannot be read completely, and posts of which comments are in none of the files.
    """

    platforms: list[str] = field(default_factory=list)
    counts: CommentCounts = field(default_factory=CommentCounts)
    posts: int = 0
    unmatched: dict[str, int] = field(default_factory=dict)
    dropped: dict[str, int] = field(default_factory=dict)
    unknown: list[tuple[str, str]] = field(default_factory=list)
    damaged: list[tuple[str, str]] = field(default_factory=list)


def import_comments(inputs: Sequence[Path], root: Path, config: Config, *, dry_run: bool = False) -> CommentReport:
    """Import exports of comments onto the posts of a site, and return the report.

    Writes comment files and the ledger of comments only; with `dry_run`, nothing. Raises SiteError if no file has a
    known format.
    """
    report = CommentReport()
    lock = nullcontext() if dry_run else hold(check_destination(root, root / WORK_FOLDER / "lock"), lambda: None)
    with lock, Archive(inputs) as archive:
        finder = CommentedPosts(root, config)
        by_post: dict[tuple[str, str], list[ImportedComment]] = {}
        read: list[tuple[FoundComment, str]] = []
        exports: list[CommentExport] = []
        announced: dict[str, PostReference] = {}
        dropped: Counter[str] = Counter()
        unmatched: Counter[str] = Counter()
        for name in archive.names:
            try:
                export = read_export(archive, name)
            except UnreadableError as error:
                report.damaged.append((name, str(error)))
                continue
            if export is None:
                report.unknown.append((name, "its format is not known"))
                continue
            report.platforms.append(export.platform or "Data files")
            exports.append(export)
            if export.damage:
                report.damaged.append((name, export.damage))
            dropped += export.dropped
            announced |= export.announced
            read += ((found, export.platform) for found in export.comments)
        for found, platform in read:
            post = finder.find(_find_announced(found.post, announced))
            if post is None:
                unmatched[found.post.shown] += 1
            else:
                by_post.setdefault((post, platform), []).append(found.comment)
        report.damaged += _find_missing(exports)
        if not report.platforms:
            raise SiteError(_explain(report, inputs))
        files = CommentFiles(root, config.base_url, dry_run=dry_run)
        for (post, platform), comments in sorted(by_post.items()):
            files.add(post, comments, platform)
        files.save()
    report.platforms = sorted(set(report.platforms))
    report.counts, report.posts = files.counts, len({post for post, _ in by_post})
    report.unmatched, report.dropped = dict(sorted(unmatched.items())), dict(sorted(dropped.items()))
    return report


def _find_missing(exports: Sequence[CommentExport]) -> list[tuple[str, str]]:
    """Return the posts of which a platform has more comments than the files, as answers of one page of an API have.

    Those that were not published are counted there by some platforms: they are not missing.
    """
    found: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    totals: defaultdict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    dropped: Counter[str] = Counter()
    for export in exports:
        dropped[export.platform] += export.dropped.total()
        for one in export.comments:
            for post in (one.post.shown, ""):
                found[export.platform, post].add(f"{one.post.shown} {one.comment.id}")
        for (post, above), number in export.totals.items():
            known = totals[export.platform, post]
            known[above] = max(known.get(above, 0), number)
    rows = []
    for (platform, post), numbers in totals.items():
        total = sum(numbers.values())
        missing = total - len(found[platform, post]) - dropped[platform]
        if missing > 0:
            message = (
                f"{missing:,} of {total:,} comments are in none of the files: save the other pages of the answer too"
            )
            rows.append((post or platform, message))
    return sorted(rows)


def _explain(report: CommentReport, inputs: Sequence[Path]) -> list[Problem]:
    """Return the problems of an import that found no comments: why each file that seemed to have some has none."""
    if report.damaged:
        return [Problem(name, 0, reason, "download the file again") for name, reason in report.damaged]
    names = ", ".join(path.name for path in inputs)
    hint = f"the formats are {', '.join(FORMATS)}"
    message = (
        "the format of this export of comments is not recognised" if report.unknown else "there are no files to import"
    )
    return [Problem(names, 0, message, hint)]


def _find_announced(post: PostReference, announced: Mapping[str, PostReference]) -> PostReference:
    """Return a reference with the URLs in the message that announced the post, if another file has it."""
    found = next((announced[key] for key in post.ids if key in announced), None)
    return post if found is None else PostReference(post.ids, (*found.urls, *post.urls), post.name)
