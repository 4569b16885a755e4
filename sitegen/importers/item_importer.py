"""Imports the items of an export one by one, and accounts for each: files, links, URLs, and what was changed."""

import os
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from lxml import etree

from sitegen.config.schema import Config
from sitegen.formats.slugs import check_slug, slugify
from sitegen.importers.archive.archive import Archive, UnreadableError
from sitegen.importers.archive.evidence import is_document
from sitegen.importers.archive.members import printable
from sitegen.importers.archive.payload import count_unread
from sitegen.importers.base import Dropped, ImportedPost, Item, Location, Note, Options, Skipped
from sitegen.importers.convert.plain_line import plain_line
from sitegen.importers.markdown_source.front_matter_values import strip_page_ending
from sitegen.importers.markdown_source.links import find_targets
from sitegen.importers.markdown_source.unread_links import may_have_unread_links
from sitegen.importers.output.broken_links import Site
from sitegen.importers.output.dates import local_moment
from sitegen.importers.output.destination import numbered
from sitegen.importers.output.download import make_downloader
from sitegen.importers.output.final_links import LinkSettler
from sitegen.importers.output.fragments import may_have_ids
from sitegen.importers.output.images import Pictures
from sitegen.importers.output.import_state import Record
from sitegen.importers.output.pending_posts import PendingPost, PendingPosts
from sitegen.importers.output.post_file import settle_fields
from sitegen.importers.output.post_links import KEY_SCHEME, PostLinks
from sitegen.importers.output.report import MAX_URL, Draft, ImportReport, Picture
from sitegen.importers.output.site_pages import SitePages
from sitegen.importers.output.storage import Storage
from sitegen.importers.output.undated import ADVICE, NOT_IN_GIT
from sitegen.importers.output.unique_addresses import Claims
from sitegen.importers.output.write_post import Written, file_of, resembles, write_out
from sitegen.importers.skip_reasons import CODE, DATA, IMAGE, UNUSED_IMAGE
from sitegen.system.fingerprints import of_bytes

if TYPE_CHECKING:
    from sitegen.system.safe_http import HttpLimits

SAVE_EVERY = 500
"""The number of items after which the import record is saved."""

MEAGRE_RATIO = 20
"""Where so many documents are skipped for each post, the export probably has another format."""


@dataclass(frozen=True, slots=True)
class _Claim:
    """The old URLs that a post asks for, before it is known which are free."""

    file: str
    where: Location
    aliases: tuple[str, ...]
    permalink: str


class ItemImporter:
    """Holds the state of one import: what was read, and what became of it."""

    def __init__(
        self,
        archive: Archive,
        storage: Storage,
        options: Options,
        fetch_limits: "HttpLimits | None",
        pending: PendingPosts,
        root: Path,
        config: Config,
    ) -> None:
        self.read = 0
        self.imported: set[str] = set()
        self._archive, self._storage, self._options, self._pending = archive, storage, options, pending
        is_online = options.images == "download" and not storage.dry_run
        self._pictures = Pictures(
            archive,
            storage.put,
            storage.ledger.pictures,
            copy=options.images != "leave",
            fetch=make_downloader(fetch_limits) if is_online else None,
            exists=lambda file: (storage.folder / file).is_file(),
        )
        self._other: ItemImporter | None = None
        self._claims = Claims()
        self._links = PostLinks(options.old_url)
        self._pages = SitePages(root, config)
        self._host = urlsplit(config.base_url).hostname or ""
        self._order: dict[str, int] = {}
        self._is_draft: dict[str, bool] = {}
        self._waiting: list[_Claim] = []
        self._aliases: dict[str, list[str]] = {}
        self._rewritten = 0
        self._broken: list[Picture] = []
        self._seen: dict[str, str] = {}
        self._free: dict[str, int] = {}
        self._skipped: list[Skipped] = []
        self._drafts: list[Draft] = []
        self._dropped: Counter[str] = Counter()
        self._examples: dict[str, str] = {}
        self._left_out: set[str] = set()
        self._originals = 0
        self._notes: list[Note] = []

    def join(self, pages: "ItemImporter") -> None:
        """Share with the import of the same export's pages what only one of all posts and pages can have."""
        pages._claims, pages._pages, pages.imported = self._claims, self._pages, self.imported
        pages._pictures.used = self._pictures.used
        self._other, pages._other = pages, self

    def take(self, item: Item) -> None:
        """Account for one item, and write it if it is a post."""
        if isinstance(item, Note):
            self._notes.append(item)
            return
        if isinstance(item, Dropped):
            self._count_dropped(Counter({item.category: 1}), item.where)
            self._left_out.add(item.where.path)
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
            self._storage.save()

    def finish(self) -> None:
        """Write the posts that waited for the others: with links to new files, and old URLs that are free."""
        placed = frozenset(self._pictures.placed)
        site = Site(
            self._is_draft,
            self._pages,
            lambda file: file in placed or (self._storage.folder / file).exists(),
            self._host,
        )
        for claim in self._waiting:
            kept, doubts = self._claims.settle_aliases(claim.aliases, str(claim.where), claim.permalink, self._pages)
            self._notes += [Note(claim.where, doubt) for doubt in doubts]
            self._aliases[claim.file] = kept
        for file, aliases in self._aliases.items():
            for alias in aliases:
                self._pages.add(alias, self._storage.show(file))
        settler = LinkSettler(self._links, site, self._pending)
        for number, post in enumerate(self._pending, 1):
            settled = settler.settle(post)
            shown = self._storage.show(post.record.file)
            self._rewritten += settled.rewritten
            self._broken += [Picture(url[:MAX_URL], shown, why) for url, why in settled.broken.items()]
            aliases = self._aliases.get(post.record.file, [])
            self._store(post, settle_fields(post.fields, aliases, broken=bool(settled.broken)), settled.text)
            if number % SAVE_EVERY == 0:
                self._storage.save()

    def _store(self, post: PendingPost, fields: Mapping[str, Any], text: str) -> None:
        doubts: list[str] = []
        data = file_of(fields, text, doubts)
        self._notes += [Note(post.where, doubt) for doubt in doubts]
        self._storage.store(post.key, post.record, data)

    def report(self, name: str) -> ImportReport:
        """Return what was done so far."""
        storage = self._storage

        def in_order(paths: Iterable[str]) -> tuple[str, ...]:
            return tuple(sorted(paths, key=lambda path: self._order[path]))

        return ImportReport(
            format=name,
            name=storage.ledger.path.stem,
            dry_run=storage.dry_run,
            read=self.read,
            created=in_order(storage.created),
            changed=in_order(storage.changed),
            changes={path: storage.changed[path] for path in in_order(storage.changed)},
            unchanged=storage.unchanged,
            skipped=tuple(map(self._final_reason, self._skipped)),
            kept=tuple(sorted(storage.kept, key=lambda kept: self._order[kept.path])),
            drafts=tuple(self._drafts),
            dropped={kind: count for kind, count in sorted(self._dropped.items()) if count},
            examples={kind: where for kind, where in sorted(self._examples.items()) if self._dropped[kind]},
            unread=self._unread(),
            originals=self._originals,
            pictures=tuple(storage.show(file) for file in self._pictures.placed),
            remote=tuple(replace(item, path=storage.show(item.path)) for item in self._pictures.remote.values()),
            missing=tuple(replace(item, path=storage.show(item.path)) for item in self._pictures.missing.values()),
            links=self._rewritten,
            broken=tuple(self._broken),
            withheld=len(self._archive.withheld),
            notes=(*self._archive.notes, *self._notes),
        )

    def _unread(self) -> tuple[str, ...]:
        """Return the files of the export that nothing else in the report names."""
        named = {item.where.path for item in self._skipped} | self.imported | self._pictures.used | self._left_out
        named |= {note.where.path for note in (*self._archive.notes, *self._notes)}
        return tuple(name for name in self._archive.unopened if name not in named)

    def is_meagre(self, report: ImportReport) -> bool:
        """Return whether nothing was imported, or so little that the export may have another format."""
        others = {item.where.path for item in report.skipped} | set(report.unread)
        documents = set(filter(is_document, others)) - self.imported
        return len(documents) >= MEAGRE_RATIO * report.posts

    def _take_post(self, post: ImportedPost) -> None:
        key = self._key(post)
        if key is None:
            return
        post, doubts = self._claims.settle_id(self._apply_options(post))
        record = self._storage.ledger.posts.get(key)
        if record is None:
            record, written = self._name(post)
        else:
            written = self._write_out(post, record.slug, record.file)
        self._notes += [Note(post.where, doubt) for doubt in (*doubts, *written.doubts)]
        for payload in post.records:
            count_unread(payload, written.dropped)
        self._count_dropped(written.dropped, post.where)
        shown = self._storage.show(record.file)
        self._originals += "source_url" in written.fields
        if post.draft:
            self._drafts.append(Draft(shown, post.draft))
        self._order[shown] = len(self._order)
        self.imported.add(post.where.path)
        self._learn(post, record.file)
        (self._pages.add_page if post.page else self._pages.add_post)(written.fields, shown)
        if aliases := written.fields.get("aliases"):
            permalink = (self._pages.page_permalink if post.page else self._pages.permalink)(written.fields)
            self._waiting.append(_Claim(record.file, post.where, tuple(aliases), permalink))
        targets = find_targets(written.text)
        post_file = PendingPost(key, record, post.where, written.fields, written.text, targets)
        text = written.text
        if aliases or targets or KEY_SCHEME in text or may_have_ids(text) or may_have_unread_links(text):
            self._pending.add(post_file)
        else:
            self._store(post_file, written.fields, written.text)

    def _learn(self, post: ImportedPost, file: str) -> None:
        """Note which file a post becomes, for links from the other posts, and from pages in another folder."""
        self._is_draft[file] = bool(post.draft)
        self._links.learn(post.identity, post, file)
        if self._other is not None:
            beside = Path(os.path.relpath(self._storage.folder, self._other._storage.folder), file).as_posix()
            self._other._is_draft[beside] = bool(post.draft)
            self._other._links.learn(post.identity, post, beside)

    def _final_reason(self, item: Skipped) -> Skipped:
        """Return an item that is not a post with what became of its file, where that is known only now."""
        if item.where.path in self._pictures.used:
            return replace(item, reason="placed beside the posts that show it or link to it")
        if item.reason in (DATA, CODE) and self._archive.is_opened(item.where.path):
            return replace(item, reason="settings of the old site")
        return replace(item, reason=UNUSED_IMAGE) if item.reason == IMAGE else item

    def _count_dropped(self, counts: Counter[str], where: Location) -> None:
        self._dropped.update(counts)
        for kind in counts:
            self._examples.setdefault(kind, str(where))

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

    def _apply_options(self, post: ImportedPost) -> ImportedPost:
        """Return a post with plain titles, and with its date and draft reason as the options have it."""
        post = replace(post, title=plain_line(post.title), summary=plain_line(post.summary))
        if post.date is None and not post.page:
            post = replace(post, date=self._options.fill_date(post.where))
        if not post.draft and post.date is None and not post.page:
            post = replace(post, draft=NOT_IN_GIT if self._options.date_from == "git" else ADVICE)
        if not post.draft and post.paid and not self._options.include_paid:
            post = replace(post, draft="it was for paying readers: import with --include-paid to publish it")
        return post

    def _name(self, post: ImportedPost) -> tuple[Record, Written]:
        """Return the record of a new post, whose slug and file no other post has, with the post written out.

        A file that holds the same bytes already, since a ledger was lost, is taken for ours.
        """
        slug = _slug(post)
        day = f"{local_moment(post.date, self._options.zone):%Y-%m-%d}-" if post.date and not post.page else ""
        # All lower numbers are those of posts of this import: thousands may have one title.
        first = self._free.get(slug, 1)
        for taken, tried in enumerate(numbered(slug, first)):
            file = f"{day}{tried}.md"
            there = self._storage.read(file)
            if there is None and not self._storage.is_free(file, tried):
                continue
            written = self._write_out(post, tried, file)
            if there is None or resembles(there, written.fields, written.text):
                if not taken:
                    self._free[slug] = first + 1
                break
        self._storage.take(file, tried)
        return Record(file, tried, ""), written

    def _write_out(self, post: ImportedPost, slug: str, file: str) -> Written:
        return write_out(post, slug, self._pictures.placer(post, file), self._options.zone)


def _slug(post: ImportedPost) -> str:
    named = strip_page_ending(unquote(post.slug))
    try:
        slug = check_slug(named) if named else ""
    except ValueError:
        slug = ""
    return slug or slugify(named) or slugify(post.title) or "post"
