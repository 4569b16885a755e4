"""Turn exports into rows of `views.csv`, and report what changed and what matches no post."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sitegen.config.schema import Config, base_path
from sitegen.content.ledger.view_counts import combine, post_path
from sitegen.content.ledger.view_totals import SmallerCount, merge_rows
from sitegen.content.ledger.views_file import ViewRow
from sitegen.errors import Problem
from sitegen.formats.site_urls import path_key
from sitegen.importers.views.export import Export, Period
from sitegen.importers.views.match import PostFinder
from sitegen.model import Post


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What was read from one file: `posts` and `views` are those that match posts.

    `first` and `last` are the days that the numbers cover, `first` is "" for all until then. `unmatched` are the URLs
    or titles that match no page of the site, with their views, the most viewed first; `other_pages` and
    `views_of_other_pages` count its pages that are not posts.
    """

    file: str
    platform: str
    first: str
    last: str
    posts: int
    views: int
    unmatched: Mapping[str, int]
    other_pages: int
    views_of_other_pages: int
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class ViewsReport:
    """The rows that `sitegen views` added, changed and removed, and the smaller numbers that do not count.

    `unused` are the rows of the file that no post has.
    """

    exports: tuple[ExportReport, ...]
    added: int
    changed: int
    removed: int
    smaller: tuple[SmallerCount, ...]
    unused: tuple[str, ...] = ()
    written: bool = False

    @property
    def succeeded(self) -> bool:
        """Whether each export had views of posts."""
        return all(export.posts for export in self.exports)


@dataclass(frozen=True, slots=True)
class Update:
    """The new rows of `views.csv`, and the report."""

    rows: tuple[ViewRow, ...]
    report: ViewsReport = field(repr=False)


def find_unaffected(posts: Iterable[Post], config: Config, rows: Iterable[ViewRow]) -> list[str]:
    """Return the files of the posts whose front matter has views that no row of `views.csv` changes."""
    by_name: dict[str, list[ViewRow]] = {}
    for row in rows:
        by_name.setdefault(row.post, []).append(row)
    base = base_path(config)
    return sorted(
        post.path
        for post in posts
        if post.views is not None
        and (own := by_name.get(post_path(post, base)))
        and combine(post.views, own) == post.views
    )


def update_rows(
    old: Sequence[ViewRow],
    exports: Iterable[tuple[Export, str, Period]],
    finder: PostFinder,
    *,
    replace_smaller: bool = False,
) -> Update:
    """Return the rows of `views.csv` after some exports, each with the day of the export and the period given for it.

    Rows of posts whose URL has changed get the new URL.
    """
    names = {row.platform.casefold(): row.platform for row in reversed(old)}
    rows = tuple(_renamed(row, finder) for row in old)
    reports: list[ExportReport] = []
    smaller: list[SmallerCount] = []
    for export, exported, given in exports:
        platform = names.setdefault(export.platform.casefold(), export.platform)
        new, read = _read_rows(replace(export, platform=platform), exported, given, finder)
        merge = merge_rows(rows, new, replace=replace_smaller)
        rows, smaller = merge.rows, [*smaller, *merge.smaller]
        reports.append(read)
    before = {(row.post, row.platform, row.since, row.until): row for row in old}
    after = {(row.post, row.platform, row.since, row.until): row for row in rows}
    changed = sum(before[key] != row for key, row in after.items() if key in before)
    unused = sorted({row.post for row in rows if finder.find_path(row.post) is None})
    report = ViewsReport(
        tuple(reports),
        len(after.keys() - before.keys()),
        changed,
        len(before.keys() - after.keys()),
        tuple(sorted(set(smaller))),
        tuple(unused),
    )
    return Update(tuple(sorted(set(rows))), report)


def _renamed(row: ViewRow, finder: PostFinder) -> ViewRow:
    name = finder.find_path(row.post)
    if name is None or path_key(name) == path_key(row.post):
        return row
    return ViewRow(name, row.platform, row.since, row.until, row.exported, row.count)


def _read_rows(export: Export, exported: str, given: Period, finder: PostFinder) -> tuple[list[ViewRow], ExportReport]:
    period = Period(export.period.first or given.first, export.period.last or given.last)
    exported = max(exported, period.first)
    last = min(period.last or exported, exported)
    warnings = list(export.warnings)
    if not period.first and not export.is_total:
        message = f"the file does not say which days it covers: its numbers count as all views until {last}"
        warnings.append(Problem(export.file, 0, message, "add --from DATE, and --to DATE if it ends earlier"))
    counts: Counter[tuple[str, str]] = Counter()
    unmatched: Counter[str] = Counter()
    others: Counter[str] = Counter()
    for (key, year), number in export.views.items():
        name = finder.find(key)
        if name is not None:
            counts[name, year] += number
        elif finder.is_other_page(key):
            others[key.url] += number
        else:
            unmatched[key.url or key.title or key.slug] += number
    rows = [
        ViewRow(
            name,
            export.platform,
            max(period.first, f"{year}-01-01") if year else period.first,
            min(last, f"{year}-12-31") if year else last,
            exported,
            number,
        )
        for (name, year), number in counts.items()
    ]
    report = ExportReport(
        export.file,
        export.platform,
        period.first,
        last,
        len({name for name, _ in counts}),
        sum(counts.values()),
        dict(sorted(unmatched.items(), key=lambda item: (-item[1], item[0]))),
        len(others),
        sum(others.values()),
        tuple(warnings),
    )
    return rows, report


def day_of(export: Export, day: str) -> str:
    """Return the day of an export, which is not before the last view in it."""
    return max(day, export.period.last) if _is_dated(export) else day


def _is_dated(export: Export) -> bool:
    return any(year for _, year in export.views)
