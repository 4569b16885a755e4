"""Writes the report of an import as text: the numbers, sections grouped by reason, and the next steps."""

import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from sitegen.formats.toml import write_key, write_value
from sitegen.importers.archive.evidence import is_document
from sitegen.importers.output.comment_files import CommentCounts
from sitegen.importers.output.import_state import WORK_FOLDER
from sitegen.importers.output.report import MAX_URL_CHARACTERS, NOT_IN_EXPORT, ImportReport
from sitegen.importers.registry import LABELS

MAX_GROUPS = 20
MAX_EXAMPLES = 3
MAX_HOSTS = 5

_VARIABLE_PART = re.compile(r"\"[^\"]*\"|\d+")
_QUOTED = re.compile(r"\"[^\"]*\"")


def summarise(report: ImportReport) -> str:
    """Return the numbers of a report on one line."""
    parts = [
        f"{report.read} read",
        f"{report.written} written" + (f" ({len(report.changed)} updated)" if report.changed else ""),
        f"{report.unchanged} unchanged",
        f"{len(report.skipped)} skipped",
    ]
    if report.preserved:
        parts.append(f"{len(report.preserved)} not overwritten")
    return f"{report.format}: {', '.join(parts)}" + (" (dry run: nothing was written)" if report.dry_run else "")


def summarise_comments(counts: CommentCounts) -> str:
    """Return the numbers of an import of comments on one line."""
    parts = {
        "new": counts.added,
        "updated": counts.changed,
        "unchanged": counts.unchanged,
        "not overwritten, because you edited or deleted them": counts.edited,
        "not imported, because they were taken down": counts.removed,
        "not imported": counts.failed,
        "with email addresses, which were removed": counts.cleaned,
    }
    return ", ".join(f"{number:,} {what}" for what, number in parts.items() if number) or "none"


def format_report(report: ImportReport, *, full: bool = False) -> str:
    """Return a report as text; `full` lists every item instead of a few examples of each reason."""
    return "\n".join(_lines(report, full)) + "\n"


def _lines(report: ImportReport, full: bool) -> Iterator[str]:
    yield summarise(report)
    if not report.succeeded:
        yield "\n" + _explain_failure(report)
    preserved = [
        (one.path, one.reason + ("; the new version is next to it" if one.new_version else ""))
        for one in report.preserved
    ]
    images = {(image.url[:MAX_URL_CHARACTERS], image.path) for image in report.missing}
    sections: dict[str, Iterable[tuple[str, str]]] = {
        "Not overwritten, because you edited or deleted them": preserved,
        "Skipped": [(str(item.where), item.reason) for item in report.skipped],
        "Drafts": [(draft.path, draft.reason) for draft in report.drafts],
        "Broken links (their posts have `broken_links: warning`)": [
            (f"{link.url} in {link.path}", link.reason) for link in report.broken if (link.url, link.path) not in images
        ],
        "Images that could not be imported": [
            (f"{image.url} in {image.path}", image.reason) for image in report.missing
        ],
        "Notes": [(str(note.where), note.message) for note in (*report.notes, *report.term_notes)],
    }
    if full:
        yield from _list("New posts", report.created)
    yield from _section("Updated posts", report.changes.items(), full)
    for title, rows in sections.items():
        yield from _section(title, rows, full)
    yield from _list(
        "Dropped or changed", list(_dropped_lines(report)), 0 if full else MAX_GROUPS, sum(report.dropped.values())
    )
    yield from _section(
        "Unused files of the export", ((name, _describe_unused(name)) for name in report.unused_files), full
    )
    if full:
        yield from _list("Images and files saved next to their posts", report.saved_files)
    yield from _remote(report, full)
    if report.comments.total:
        yield f"\nComments: {summarise_comments(report.comments)}"
    if report.rewritten_links:
        yield f"\nLinks between posts updated to the new files: {report.rewritten_links}"
    if report.private_files:
        yield f"\nFiles with data of subscribers, which were not opened: {report.private_files}"
    if report.removed_samples:
        yield f"\nRemoved the unedited samples of `sitegen init`: {', '.join(report.removed_samples)}"
    if report.new_settings:
        would = "Would be set" if report.dry_run else "Set"
        yield f"\n{would} in sitegen.toml, as the export says. You can change it there:"
        yield from (f"  {write_key(key)} = {write_value(value)}" for key, value in report.new_settings.items())
    if report.settings and report.posts:
        yield (
            "\nOptional: other settings of the old site. Paste those that you want into sitegen.toml, above its first"
            " line that begins with `[`, and remove its own lines with the same names:"
        )
        yield from (f"  {line}".rstrip() for line in report.settings.split("\n"))
    if report.succeeded:
        yield from _next_steps(report, full)


def _explain_failure(report: ImportReport) -> str:
    count = "1 post was" if report.posts == 1 else f"{report.posts} posts were"
    result = f"Only {count} imported." if report.posts else "Nothing was imported."
    if not report.looks_like:
        return result
    return f"{result} The export looks like {LABELS[report.looks_like]}: try `--from {report.looks_like}`."


def _next_steps(report: ImportReport, full: bool) -> Iterator[str]:
    """Yield the next steps after an import."""
    yield "\nNext:"
    if report.posts_in_utc and (report.created or report.changed):
        dates = "The date of 1 post is" if report.posts_in_utc == 1 else f"The dates of {report.posts_in_utc} posts are"
        when = "first" if report.dry_run else "and import again"
        yield f"  {dates} in UTC. If you write in another time zone, set `timezone` in sitegen.toml {when}."
    if report.dry_run:
        if report.settings:
            yield (
                "  Add the settings that you want to sitegen.toml first: with a table [types.NAME], the posts of that"
                " section are written to their own folder."
            )
        yield "  Run the same command without --dry-run to write the posts."
        return
    if report.right_to_left * 2 > report.posts:
        yield '  Set `language` in sitegen.toml, such as "ar", "fa" or "he": the posts are written from right to left.'
    if (count := len(report.drafts)) == report.posts:
        state, these = ("The post is a draft, which is", "it")
        if count > 1:
            state, these = (f"All {count} posts are drafts, which are", "those that you want to publish")
        yield f"  {state} not published. Review with `sitegen serve --drafts`, and remove `draft: true` from {these}."
    elif count:
        drafts = "the draft" if count == 1 else f"the {count} drafts"
        yield f"  Review {drafts} with `sitegen serve --drafts`. To publish a post, remove `draft: true` from it."
    if count := report.posts_with_original:
        posts = (
            "1 post has the URL of its original" if count == 1 else f"{count} posts have the URLs of their originals"
        )
        yield (
            f"  {posts} (`source_url`), so search engines are asked to list the original instead of your copy. If you"
            ' want yours listed, remove `source_url`, or set `policy = "original"` for the source in'
            " content/sources.toml."
        )
    if any(image.reason == NOT_IN_EXPORT for image in report.missing):
        yield "  Put the missing images into the folder of the export, at their old paths, and import the folder again."
    yield "  Run `sitegen serve` to preview the site."
    count = len(report.broken)
    warning = f" It will warn about {count} broken link{'s' if count > 1 else ''}." if count else ""
    yield f"  Run `sitegen check` before you publish.{warning}"
    if report.removed_samples:
        yield "  To publish the site, follow `sitegen help go-live`."
    if not full:
        yield f"  The complete report is in {(WORK_FOLDER / report.name).as_posix()}.txt."


@dataclass(slots=True)
class _Group:
    """The rows of a section with the same reason: the location and the exact reason of each."""

    rows: list[tuple[str, str]] = field(default_factory=list)

    @property
    def reason(self) -> str:
        """The reason of all rows, with `…` for the parts that differ."""
        reasons = {reason for _, reason in self.rows}
        return reasons.pop() if len(reasons) == 1 else _VARIABLE_PART.sub("…", self.rows[0][1])

    def items(self) -> list[str]:
        """Return the location of each row, with the quoted parts of its reason if the reasons differ."""
        same_reason = len({reason for _, reason in self.rows}) == 1
        return [where if same_reason else " ".join((where, *_QUOTED.findall(reason))) for where, reason in self.rows]

    def rank(self) -> tuple[bool, int, str]:
        """Return a sort key that puts reasons of documents first, then the most frequent ones."""
        has_document = any(is_document(re.sub(r":\d+$", "", where)) for where, _ in self.rows)
        return not has_document, -len(self.rows), self.rows[0][1]


def _section(title: str, rows: Iterable[tuple[str, str]], full: bool) -> Iterator[str]:
    """Yield a section of rows (location, reason), grouped by reason."""
    groups: dict[str, _Group] = {}
    for where, reason in rows:
        groups.setdefault(_VARIABLE_PART.sub("…", reason), _Group()).rows.append((where, reason))
    if not groups:
        return
    yield f"\n{title}: {sum(len(group.rows) for group in groups.values())}"
    ordered = sorted(groups.values(), key=_Group.rank)
    for group in ordered if full else ordered[:MAX_GROUPS]:
        if len(group.rows) == 1:
            yield f"  {group.rows[0][0]}: {group.rows[0][1]}"
            continue
        yield f"  {len(group.rows)} × {group.reason}"
        items = group.items()
        yield from (f"    {item}" for item in (items if full else items[:MAX_EXAMPLES]))
        if not full and len(items) > MAX_EXAMPLES:
            yield f"    … and {len(items) - MAX_EXAMPLES} more"
    if not full and len(ordered) > MAX_GROUPS:
        yield f"  … and {len(ordered) - MAX_GROUPS} more reasons"


def _list(title: str, lines: Iterable[str], max_lines: int = 0, count: int = 0) -> Iterator[str]:
    """Yield a section of plain lines, at most `max_lines` unless it is 0."""
    found = list(lines)
    if not found:
        return
    yield f"\n{title}: {count or len(found)}"
    shown = found[:max_lines] if max_lines else found
    yield from (f"  {line}" for line in shown)
    if len(found) > len(shown):
        yield f"  … and {len(found) - len(shown)} more"


def _dropped_lines(report: ImportReport) -> Iterator[str]:
    for category, count in sorted(report.dropped.items(), key=lambda one: (-one[1], one[0])):
        where = report.examples.get(category, "")
        yield f"{count} × {category}" + (f", {'first ' if count > 1 else ''}in {where}" if where else "")


def _remote(report: ImportReport, full: bool) -> Iterator[str]:
    """Yield the section of images on other hosts, grouped by host; `full` lists each image."""
    hosts: dict[str, list[str]] = {}
    for image in report.remote:
        hosts.setdefault(_host(image.url), []).append(f"{image.url} in {image.path}")
    if not hosts:
        return
    yield f"\nImages on other hosts (`--images download` saves them): {len(report.remote)}"
    ordered = sorted(hosts.items(), key=lambda one: (-len(one[1]), one[0]))
    for host, images in ordered if full else ordered[:MAX_HOSTS]:
        yield f"  {len(images)} × {host}"
        if full:
            yield from (f"    {image}" for image in images)
    if not full and len(ordered) > MAX_HOSTS:
        yield f"  … and {len(ordered) - MAX_HOSTS} more hosts"


def _describe_unused(name: str) -> str:
    extension = posixpath.splitext(name)[1].lower()
    return f"no post was read from this {extension} file" if extension else "no post was read from this file"


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or "another host"
    except ValueError:
        return "another host"
