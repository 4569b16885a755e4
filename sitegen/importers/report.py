"""What an import did, as a value and as text for people."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from sitegen.importers.items import Note, Skipped
from sitegen.importers.registry import LABELS

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Kept:
    """A post that was left as a person has it: why, and the file beside it with the export's version, or ""."""

    path: str
    reason: str
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A post that was imported as a draft, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that the import did not place: its URL, the post that shows it, and why."""

    url: str
    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """All that one import read and did; paths are below the site's root.

    `created` and `changed` are the posts that were written; `pictures` the files placed beside posts;
    `looks_like` names another format if nothing, or only a fraction of the export, was imported as this one;
    `remote` the pictures that stay on other hosts, `missing` those that could not be found or taken. `links`
    counts the links to old addresses of the import's posts that lead to their new files; `broken` are the links,
    images and files that lead to nothing on the new site.
    """

    format: str
    name: str
    dry_run: bool = False
    read: int = 0
    created: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: int = 0
    skipped: tuple[Skipped, ...] = ()
    kept: tuple[Kept, ...] = ()
    drafts: tuple[Draft, ...] = ()
    dropped: Mapping[str, int] = field(default_factory=dict)
    pictures: tuple[str, ...] = ()
    remote: tuple[Picture, ...] = ()
    missing: tuple[Picture, ...] = ()
    links: int = 0
    broken: tuple[Picture, ...] = ()
    withheld: int = 0
    notes: tuple[Note, ...] = ()
    looks_like: str = ""

    @property
    def posts(self) -> int:
        """The number of posts of the export that are in the site now."""
        return self.written + self.unchanged + len(self.kept)

    @property
    def succeeded(self) -> bool:
        """Whether posts were imported, and the export does not look like another format."""
        return self.posts > 0 and not self.looks_like

    @property
    def written(self) -> int:
        """The number of posts written, new or changed."""
        return len(self.created) + len(self.changed)

    @property
    def adds_up(self) -> bool:
        """Whether each item that was read is accounted for."""
        return self.read == self.written + self.unchanged + len(self.skipped) + len(self.kept)


def summarise(report: ImportReport) -> str:
    """Return the sums of a report in one line."""
    would = " (nothing was written: a dry run)" if report.dry_run else ""
    parts = [
        f"{report.read} read",
        f"{report.written} written" + (f" ({len(report.changed)} of them again)" if report.changed else ""),
        f"{report.unchanged} unchanged",
        f"{len(report.skipped)} skipped",
        f"{len(report.kept)} kept as edited",
    ]
    return f"{report.format}: {', '.join(parts)}{would}"


def format_report(report: ImportReport, most: int = SHOWN) -> str:
    """Return a report as text: the sums, then each list, cut after `most` rows (0 for all rows)."""
    return "\n".join(_lines(report, most)) + "\n"


def _lines(report: ImportReport, most: int) -> Iterator[str]:
    yield summarise(report)
    rows = {
        "Written for the first time": report.created if not most else (),
        "Written again, the export has changed": report.changed,
        "Kept, since a person has edited them": [
            f"{kept.path}: {kept.reason}" + (f"; the export's version is in {kept.beside}" if kept.beside else "")
            for kept in report.kept
        ],
        "Skipped": [f"{item.where}: {item.reason}" for item in report.skipped],
        "Drafts": [f"{draft.path}: {draft.reason}" for draft in report.drafts],
        "Noted": [f"{note.where}: {note.message}" for note in report.notes],
        "Dropped or changed in the texts": [f"{count} × {kind}" for kind, count in sorted(report.dropped.items())],
        "Images and files placed beside their posts": report.pictures if not most else (),
        "Pictures that stay on other sites (--images download fetches them)": [
            f"{picture.url} in {picture.path}" for picture in report.remote
        ],
        "Links that lead to nothing on the new site (their posts say `broken_links: warning`)": [
            f"{link.url} in {link.path}: {link.reason}" for link in report.broken
        ],
        "Pictures that could not be taken": [
            f"{picture.url} in {picture.path}: {picture.reason}" for picture in report.missing
        ],
    }
    for title, items in rows.items():
        yield from _section(title, items, most)
    if report.links:
        yield f"\nLinks between posts that lead to the new files: {report.links}"
    if not report.succeeded:
        yield "\n" + _explain_failure(report)
    if report.withheld:
        yield f"\nNot opened, since they hold subscribers' data: {report.withheld} files"


def _explain_failure(report: ImportReport) -> str:
    few = "1 post was" if report.posts == 1 else f"{report.posts} posts were"
    what = f"Only {few} imported." if report.posts else "Nothing was imported."
    if not report.looks_like:
        return what
    return f"{what} This looks like {LABELS[report.looks_like]}: try `--from {report.looks_like}`."


def _section(title: str, items: Iterable[str], most: int) -> Iterator[str]:
    lines = list(items)
    if not lines:
        return
    yield f"\n{title}: {len(lines)}"
    shown = lines[:most] if most else lines
    yield from (f"  {line}" for line in shown)
    if len(lines) > len(shown):
        yield f"  … and {len(lines) - len(shown)} more"
