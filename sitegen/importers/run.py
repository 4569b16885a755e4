"""The import itself: from the items of an export to files, a ledger and a report in which all adds up."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from urllib.parse import unquote

from lxml import etree

from sitegen.digest import of_bytes
from sitegen.errors import Problem, SiteError
from sitegen.importers.archive import Archive, Limits, UnreadableError, printable
from sitegen.importers.convert import convert_html
from sitegen.importers.destination import checked, folded, folder_of_posts, taken_slugs
from sitegen.importers.download import FetchLimits, fetch
from sitegen.importers.items import Html, ImportedPost, Note, Options, Skipped
from sitegen.importers.ledger import FOLDER, Ledger, Record, read_ledger, write_if_changed
from sitegen.importers.pictures import Pictures, place_in_markdown
from sitegen.importers.post_file import plain_title, write_post_file
from sitegen.importers.registry import load_importer, recognise_format
from sitegen.importers.report import Draft, ImportReport, Kept, format_report
from sitegen.slugs import check_slug, slugify

SAVE_EVERY = 500
BESIDE = ".new"
"""What the name of a version beside an edited post ends with: `scan` takes no such file for a part of the site."""

Progress = Callable[[int, str], None]


def run_import(
    inputs: Sequence[Path],
    root: Path,
    into: str,
    options: Options,
    *,
    format: str = "",  # noqa: A002 - the word that the command line has for it
    dry_run: bool = False,
    progress: Progress | None = None,
    limits: Limits | None = None,
    fetch_limits: FetchLimits | None = None,
) -> ImportReport:
    """Import an export into the folder `into`, below `root`, and return what was done.

    Writes posts, pictures beside them, the ledger and the report, nothing else and nowhere else; with
    `dry_run` nothing at all. `progress` is told the number of items read and the last one's title.
    Raises SiteError where nothing can be imported: an unknown format, a folder outside of the site.
    """
    if not inputs:
        raise SiteError([Problem("", 0, "there is nothing to import", "give the path of an export")])
    root = root.absolute()
    folder = folder_of_posts(root, into)
    name = format or recognise_format(inputs)
    importer = load_importer(name)
    within = folder.relative_to(root).as_posix()
    ledger = read_ledger(root, f"{name}-{slugify(within) or 'posts'}")
    with Archive(inputs, importer.PRIVATE, limits) as archive:
        work = _Import(archive, root, folder, ledger, options, fetch_limits or FetchLimits(), dry_run=dry_run)
        try:
            for item in importer.read(archive, options):
                work.take(item)
                if progress is not None and not isinstance(item, Note):
                    progress(work.read, item.title if isinstance(item, ImportedPost) else item.reason)
        finally:
            work.save()
        report = work.report(name, ledger.path.stem)
    assert report.adds_up, f"the sums of the import do not agree: {report}"
    if not dry_run:
        text = format_report(report, most=0).encode("utf-8", "replace")
        write_if_changed(checked(root, root / FOLDER / f"{ledger.path.stem}.txt"), text)
    return report


class _Import:
    """Holds the state of one import: what was read, and what became of it."""

    def __init__(
        self,
        archive: Archive,
        root: Path,
        folder: Path,
        ledger: Ledger,
        options: Options,
        fetch_limits: FetchLimits,
        *,
        dry_run: bool,
    ) -> None:
        self.read = 0
        self._archive, self._root, self._folder, self._ledger = archive, root, folder, ledger
        self._options, self._dry_run = options, dry_run
        self._owned = {record.file for record in ledger.posts.values()}
        self._slugs = taken_slugs(folder, self._owned) | {folded(record.slug) for record in ledger.posts.values()}
        self._pictures = Pictures(
            archive,
            self._put,
            ledger.pictures,
            copy=options.images != "leave",
            fetch=partial(fetch, limits=fetch_limits) if options.images == "download" and not dry_run else None,
            exists=lambda file: (folder / file).is_file(),
        )
        self._seen: dict[str, str] = {}
        self._created: list[str] = []
        self._changed: list[str] = []
        self._unchanged = 0
        self._skipped: list[Skipped] = []
        self._kept: list[Kept] = []
        self._drafts: list[Draft] = []
        self._dropped: Counter[str] = Counter()
        self._notes: list[Note] = []

    def take(self, item: ImportedPost | Skipped | Note) -> None:
        """Account for one item, and write it if it is a post."""
        if isinstance(item, Note):
            self._notes.append(item)
            return
        self.read += 1
        if isinstance(item, Skipped):
            self._skipped.append(item)
            return
        try:
            self._take_post(item)
        except (UnreadableError, RecursionError, etree.LxmlError) as error:
            reason = str(error) if not isinstance(error, RecursionError) else "its markup is nested too deep"
            self._skipped.append(Skipped(item.where, f'"{printable(item.title)[:80]}": {reason}'))
        if self.read % SAVE_EVERY == 0:
            self.save()

    def save(self) -> None:
        """Write the ledger."""
        if not self._dry_run and (self._ledger.posts or self._ledger.path.exists()):
            checked(self._root, self._ledger.path)
            self._ledger.save()

    def report(self, name: str, ledger: str) -> ImportReport:
        """Return what was done so far."""
        return ImportReport(
            format=name,
            name=ledger,
            dry_run=self._dry_run,
            read=self.read,
            created=tuple(self._created),
            changed=tuple(self._changed),
            unchanged=self._unchanged,
            skipped=tuple(self._skipped),
            kept=tuple(self._kept),
            drafts=tuple(self._drafts),
            dropped={kind: count for kind, count in sorted(self._dropped.items()) if count},
            pictures=tuple(self._show(file) for file in self._pictures.placed),
            remote=tuple(replace(item, path=self._show(item.path)) for item in self._pictures.remote.values()),
            missing=tuple(replace(item, path=self._show(item.path)) for item in self._pictures.missing.values()),
            withheld=len(self._archive.withheld),
            notes=(*self._archive.notes, *self._notes),
        )

    def _take_post(self, post: ImportedPost) -> None:
        key = self._key(post)
        if key is None:
            return
        post = self._settle(post)
        record = self._ledger.posts.get(key)
        if record is None:
            record, written = self._name(post)
        else:
            written = self._render(post, record.slug, record.file)
        self._notes += [Note(post.where, doubt) for doubt in written.doubts]
        self._dropped.update(written.dropped)
        if post.draft:
            self._drafts.append(Draft(self._show(record.file), post.draft))
        self._store(key, record, written.data)

    def _render(self, post: ImportedPost, slug: str, file: str) -> "_Written":
        place = self._pictures.placer(post, file)
        text, dropped = self._write_body(post, place)
        doubts: list[str] = []
        if post.image:
            post = replace(post, image=place(post.image))
        if not post.title.strip():
            post = replace(post, title=plain_title(text) or slug.replace("-", " ").strip())
            doubts.append(f'it has no title, and is called "{post.title}"')
        data = write_post_file(post, slug, text, self._options.zone, doubts).encode("utf-8", "replace")
        return _Written(data, dropped, tuple(doubts))

    def _key(self, post: ImportedPost) -> str | None:
        """Return the post's key in the ledger, None for one that the export holds twice."""
        key = post.identity
        content = of_bytes(repr((post.title, post.body)).encode("utf-8", "surrogatepass"))
        number, tried = 1, key
        while tried in self._seen:
            if self._seen[tried] == content:
                self._skipped.append(Skipped(post.where, f'"{printable(post.title)[:80]}": the export holds it twice'))
                return None
            number += 1
            tried = f"{key} #{number}"
        self._seen[tried] = content
        return tried

    def _settle(self, post: ImportedPost) -> ImportedPost:
        """Return a post with its date and its being a draft as the options have it."""
        if post.date is None and self._options.date is not None:
            post = replace(post, date=self._options.date)
        if not post.draft and post.date is None:
            post = replace(post, draft="it has no date: add one, or import with --date")
        if not post.draft and post.paid and not self._options.include_paid:
            post = replace(post, draft="it was for paying readers: import with --include-paid to publish it")
        return post

    def _write_body(self, post: ImportedPost, place: Callable[[str], str]) -> tuple[str, Counter[str]]:
        dropped = Counter({str(kind): int(count) for kind, count in post.dropped.items()})
        if isinstance(post.body, Html):
            converted = convert_html(post.body, post.title, place)
            return converted.text, dropped + converted.dropped
        text = post.body.text.replace("\r\n", "\n").replace("\r", "\n")
        return place_in_markdown(text, place), dropped

    def _name(self, post: ImportedPost) -> "tuple[Record, _Written]":
        """Return the record of a new post, whose slug and file no other post has, with the post written out.

        A file that holds the very same bytes already, since a ledger was lost, is taken for ours.
        """
        slug = _slug(post)
        day = f"{post.date.astimezone(self._options.zone):%Y-%m-%d}-" if post.date else ""
        number, tried = 1, slug
        while True:
            file = f"{day}{tried}.md"
            path = self._folder / file
            if file not in self._owned and path.is_file() and not path.is_symlink():
                written = self._render(post, tried, file)
                if path.read_bytes() == written.data:
                    break
            elif folded(tried) not in self._slugs and file not in self._owned and not path.is_symlink():
                written = self._render(post, tried, file)
                break
            number += 1
            tried = f"{slug[:90].rstrip('-')}-{number}" if len(slug.encode()) > 90 else f"{slug}-{number}"
            tried = tried if len(tried.encode()) <= 100 else f"post-{of_bytes(slug.encode())[:12]}-{number}"
        self._slugs.add(folded(tried))
        self._owned.add(file)
        return Record(file, tried, ""), written

    def _store(self, key: str, record: Record, data: bytes) -> None:
        """Write a post, unless it is there already, or a person has edited or deleted it."""
        path, digest, shown = self._folder / record.file, of_bytes(data), self._show(record.file)
        try:
            current = of_bytes(path.read_bytes())
        except FileNotFoundError:
            current = ""
        if record.digest and not current:
            reason = f"it was deleted since; take it out of {self._ledger.path.name} to import it again"
            self._kept.append(Kept(shown, reason))
            return
        if current == digest:
            self._unchanged += 1
        elif current in ("", record.digest):
            (self._changed if current else self._created).append(shown)
            self._write(path, data)
        else:
            self._keep(record, data, digest)
            return
        self._ledger.posts[key] = replace(record, digest=digest, offered="")

    def _keep(self, record: Record, data: bytes, digest: str) -> None:
        """Leave a post that a person has edited, and put the export's version beside it once."""
        beside = record.file + BESIDE
        if record.offered != digest:
            self._write(self._folder / beside, data)
            record.offered = digest
        there = self._dry_run or (self._folder / beside).exists()
        self._kept.append(
            Kept(self._show(record.file), "edited since it was imported", self._show(beside) if there else "")
        )

    def _put(self, file: str, data: bytes) -> bool:
        """Write a file beside a post; False where another file has that name."""
        path = self._folder / file
        if path.is_symlink() or path.exists():
            return path.is_file() and not path.is_symlink() and path.read_bytes() == data
        self._write(path, data)
        return True

    def _write(self, path: Path, data: bytes) -> None:
        if not self._dry_run:
            write_if_changed(checked(self._root, path), data)

    def _show(self, file: str) -> str:
        return (self._folder.relative_to(self._root) / file).as_posix()


@dataclass(frozen=True, slots=True)
class _Written:
    """A post written out: its file's bytes, what was dropped from it, and what is doubtful in it."""

    data: bytes
    dropped: Counter[str]
    doubts: tuple[str, ...]


def _slug(post: ImportedPost) -> str:
    try:
        slug = check_slug(unquote(post.slug)) if post.slug else ""
    except ValueError:
        slug = ""
    return slug or slugify(unquote(post.slug)) or slugify(post.title) or "post"
