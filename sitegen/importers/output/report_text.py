"""Writes the report of an import as text: sums, what happened grouped by reason, and what to do next."""

import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from sitegen.importers.archive.evidence import is_document
from sitegen.importers.output.import_state import WORK_FOLDER
from sitegen.importers.output.report import MAX_URL, ImportReport
from sitegen.importers.registry import LABELS

MAX_GROUPS = 20
MAX_EXAMPLES = 3
MAX_HOSTS = 5

_VARIABLE = re.compile(r"\"[^\"]*\"|\d+")
_QUOTED = re.compile(r"\"[^\"]*\"")


def summarise(report: ImportReport) -> str:
    """Return the sums of a report in one line."""
    parts = [
        f"{report.read} read",
        f"{report.written} written" + (f" ({len(report.changed)} of them updated)" if report.changed else ""),
        f"{report.unchanged} unchanged",
        f"{len(report.skipped)} skipped",
        f"{len(report.kept)} kept as you edited them",
    ]
    return f"{report.format}: {', '.join(parts)}" + (" (dry run: no file was written)" if report.dry_run else "")


def format_report(report: ImportReport, *, full: bool = False) -> str:
    """Return a report as text; in `full` every item is listed, otherwise a few examples of each reason."""
    return "\n".join(_lines(report, full)) + "\n"


def _lines(report: ImportReport, full: bool) -> Iterator[str]:
    yield summarise(report)
    if not report.succeeded:
        yield "\n" + _explain_failure(report)
    kept = [(one.path, one.reason + ("; the new version is beside it" if one.beside else "")) for one in report.kept]
    images = {(image.url[:MAX_URL], image.path) for image in report.missing}
    sections: dict[str, Iterable[tuple[str, str]]] = {
        "Kept as you edited them": kept,
        "Skipped": [(str(item.where), item.reason) for item in report.skipped],
        "Drafts": [(draft.path, draft.reason) for draft in report.drafts],
        "Links that lead to nothing on the new site (`broken_links: warning` in their posts)": [
            (f"{link.url} in {link.path}", link.reason) for link in report.broken if (link.url, link.path) not in images
        ],
        "Images that could not be imported": [
            (f"{image.url} in {image.path}", image.reason) for image in report.missing
        ],
        "Notes": [(str(note.where), note.message) for note in report.notes],
    }
    if full:
        yield from _list("New posts", report.created)
    yield from _section("Updated posts", report.changes.items(), full)
    for title, rows in sections.items():
        yield from _section(title, rows, full)
    yield from _list(
        "Left out or changed", list(_dropped(report)), 0 if full else MAX_GROUPS, sum(report.dropped.values())
    )
    yield from _section("Files of the export that were not used", ((name, _kind(name)) for name in report.unread), full)
    if full:
        yield from _list("Images and files placed beside their posts", report.pictures)
    yield from _remote(report, full)
    if report.links:
        yield f"\nLinks between posts that lead to the new files: {report.links}"
    if report.withheld:
        yield f"\nFiles of subscribers' data that were not opened: {report.withheld}"
    if report.succeeded:
        yield from _next_steps(report, full)


def _explain_failure(report: ImportReport) -> str:
    few = "1 post was" if report.posts == 1 else f"{report.posts} posts were"
    what = f"Only {few} imported." if report.posts else "Nothing was imported."
    if not report.looks_like:
        return what
    return f"{what} This looks like {LABELS[report.looks_like]}: try `--from {report.looks_like}`."


def _next_steps(report: ImportReport, full: bool) -> Iterator[str]:
    """Yield what to do after an import, and what `sitegen check` is going to say about it."""
    yield "\nNext:"
    if report.dry_run:
        yield "  Run the same command without --dry-run to write the posts."
        return
    if count := len(report.drafts):
        what = "Review the draft" if count == 1 else f"Review the {count} drafts"
        yield f"  {what}: `sitegen serve --drafts` shows drafts, and without `draft: true` a post is published."
    if count := report.originals:
        whom = "1 post names its original" if count == 1 else f"{count} posts name their originals"
        yield (
            f"  {whom} (`source_url`), so search engines are asked to list the original and not your copy. If you want"
            ' yours listed, remove `source_url`, or give the source `policy = "original"` in content/sources.toml.'
        )
    yield "  Run `sitegen serve` to look at the site."
    warns = {0: "", 1: " It will warn about the link that leads to nothing."}
    many = f" It will warn about the {len(report.broken)} links that lead to nothing."
    yield f"  Run `sitegen check` before you publish.{warns.get(len(report.broken), many)}"
    if not full:
        yield f"  The whole report is in {(WORK_FOLDER / report.name).as_posix()}.txt."


@dataclass(slots=True)
class _Group:
    """Holds the rows of a section that have the same reason: where each is, and the reason in its own words."""

    rows: list[tuple[str, str]] = field(default_factory=list)

    @property
    def reason(self) -> str:
        """The reason of all rows, with `…` where they differ."""
        reasons = {reason for _, reason in self.rows}
        return reasons.pop() if len(reasons) == 1 else _VARIABLE.sub("…", self.rows[0][1])

    def items(self) -> list[str]:
        """Return each row's place, with the words in which its reason differs from the others'."""
        alike = len({reason for _, reason in self.rows}) == 1
        return [where if alike else " ".join((where, *_QUOTED.findall(reason))) for where, reason in self.rows]

    def rank(self) -> tuple[bool, int, str]:
        """Return a key that sorts the most telling reason first: that of documents, then the commonest."""
        tells = any(is_document(re.sub(r":\d+$", "", where)) for where, _ in self.rows)
        return not tells, -len(self.rows), self.rows[0][1]


def _section(title: str, rows: Iterable[tuple[str, str]], full: bool) -> Iterator[str]:
    """Yield a section of rows (where, why), grouped by reason."""
    groups: dict[str, _Group] = {}
    for where, reason in rows:
        groups.setdefault(_VARIABLE.sub("…", reason), _Group()).rows.append((where, reason))
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


def _list(title: str, lines: Iterable[str], most: int = 0, count: int = 0) -> Iterator[str]:
    """Yield a section of plain lines, at most so many unless that is 0."""
    found = list(lines)
    if not found:
        return
    yield f"\n{title}: {count or len(found)}"
    shown = found[:most] if most else found
    yield from (f"  {line}" for line in shown)
    if len(found) > len(shown):
        yield f"  … and {len(found) - len(shown)} more"


def _dropped(report: ImportReport) -> Iterator[str]:
    for kind, count in sorted(report.dropped.items(), key=lambda one: (-one[1], one[0])):
        where = report.examples.get(kind, "")
        yield f"{count} × {kind}" + (f", {'first ' if count > 1 else ''}in {where}" if where else "")


def _remote(report: ImportReport, full: bool) -> Iterator[str]:
    """Yield the section of images on other hosts: by host, in `full` with each image."""
    hosts: dict[str, list[str]] = {}
    for image in report.remote:
        hosts.setdefault(_host(image.url), []).append(f"{image.url} in {image.path}")
    if not hosts:
        return
    yield f"\nImages that stay on other hosts (`--images download` fetches them): {len(report.remote)}"
    ordered = sorted(hosts.items(), key=lambda one: (-len(one[1]), one[0]))
    for host, images in ordered if full else ordered[:MAX_HOSTS]:
        yield f"  {len(images)} × {host}"
        if full:
            yield from (f"    {image}" for image in images)
    if not full and len(ordered) > MAX_HOSTS:
        yield f"  … and {len(ordered) - MAX_HOSTS} more hosts"


def _kind(name: str) -> str:
    ending = posixpath.splitext(name)[1].lower()
    return f"no post was read from this {ending} file" if ending else "no post was read from this file"


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or "another host"
    except ValueError:
        return "another host"
