"""Imports the items of an export one by one: converts posts, writes files, resolves links, and reports each item."""

import os
import posixpath
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from msgspec.structs import replace

from sitegen.config.i18n.cldr import find_language
from sitegen.config.schema import Config
from sitegen.formats.frozen_dict import FrozenDict
from sitegen.formats.slugs import check_slug, slugify
from sitegen.importers.archive.archive import Archive, UnreadableError
from sitegen.importers.archive.evidence import is_document
from sitegen.importers.archive.payload import count_unread
from sitegen.importers.base import (
    CATEGORIES,
    ImportedComment,
    ImportedPost,
    ImportedTerm,
    Item,
    Location,
    Options,
    Skipped,
)
from sitegen.importers.convert.plain_line import plain_line
from sitegen.importers.markdown_source.front_matter_values import strip_page_ending
from sitegen.importers.markdown_source.unread_links import may_have_unread_links
from sitegen.importers.output.broken_links import LinkTargets
from sitegen.importers.output.comment_files import CommentFiles
from sitegen.importers.output.convert_body import BodyConverter
from sitegen.importers.output.count_days import date_counts, has_undated_counts
from sitegen.importers.output.dates import localize
from sitegen.importers.output.destination import number_slugs
from sitegen.importers.output.download import make_downloader
from sitegen.importers.output.final_links import LinkResolver
from sitegen.importers.output.fragments import may_have_ids
from sitegen.importers.output.images import FileSaver, PredictedSaver
from sitegen.importers.output.import_log import ImportLog
from sitegen.importers.output.import_state import PostRecord
from sitegen.importers.output.pending_posts import PendingPost, PendingPosts
from sitegen.importers.output.post_file import finish_fields
from sitegen.importers.output.post_links import KEY_SCHEME, PostLinks
from sitegen.importers.output.report import ImportReport
from sitegen.importers.output.site_pages import SitePages
from sitegen.importers.output.storage import Storage
from sitegen.importers.output.suggested_settings import format_suggestions
from sitegen.importers.output.term_descriptions import TermDescriptions
from sitegen.importers.output.undated import NO_COMMIT_HINT, NO_DATE_HINT
from sitegen.importers.output.unique_urls import UniqueUrls
from sitegen.importers.output.write_post import ConvertedPost, convert_post, format_post_file, is_same_post
from sitegen.system.fingerprints import of_bytes

if TYPE_CHECKING:
    from sitegen.system.safe_http import HttpLimits

SAVE_EVERY = 500
"""Number of items after which the record of saved images is written: the journal has only posts."""

_UNIX_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
"""The date that databases and programs write for a missing one."""

MIN_SKIPPED_PER_POST = 20
"""Number of skipped documents for each post from which the export probably has another format."""


@dataclass(frozen=True, slots=True)
class _AliasClaim:
    """The old URLs of a post, before it is known which of them are free."""

    file: str
    where: Location
    aliases: tuple[str, ...]
    permalink: str


class ItemImporter:
    """Holds the state of an import, and collects the data of its report.

    `depends_on_other_folders` is whether links lead to files outside of the folders of posts and content.
    """

    def __init__(
        self,
        archive: Archive,
        storage: Storage,
        options: Options,
        fetch_limits: "HttpLimits | None",
        pending: PendingPosts,
        root: Path,
        config: Config,
        bodies: BodyConverter,
    ) -> None:
        self.imported: set[str] = set()
        self.depends_on_other_folders = False
        self.log = ImportLog()
        self._archive, self._storage, self._options, self._pending = archive, storage, options, pending
        self._bodies = bodies
        is_online = options.images == "download" and not storage.dry_run
        self._images = FileSaver(
            archive,
            storage.put,
            storage.ledger.images,
            copy=options.images != "leave",
            fetch=make_downloader(fetch_limits) if is_online else None,
            exists=lambda file: (storage.folder / file).is_file(),
        )
        self._others: dict[ItemImporter, str] = {}
        self._unique = UniqueUrls()
        self._links = PostLinks(options.old_url)
        self._pages = SitePages(root, config, options.needless_samples)
        self._config = config
        self._content = config.content
        self._host = urlsplit(config.base_url).hostname or ""
        self._is_draft: dict[str, bool] = {}
        self._alias_claims: list[_AliasClaim] = []
        self._aliases: dict[str, list[str]] = {}
        self._fingerprints: dict[str, str] = {}
        self._next_numbers: dict[str, int] = {}
        self._terms = TermDescriptions(root, config, dry_run=storage.dry_run)
        self._comments = CommentFiles(root, config.base_url, dry_run=storage.dry_run)
        self._discussions: list[tuple[str, tuple[ImportedComment, ...], str]] = []

    def share_with(self, other: "ItemImporter") -> None:
        """Share ids, old URLs, pages and used files with the importer of another folder for the same export."""
        other._unique, other._pages, other.imported = self._unique, self._pages, self.imported
        other._images.used, other._comments, other._terms = self._images.used, self._comments, self._terms
        for known in (self, *self._others):
            known._others[other] = known._find_way_from(other)
            other._others[known] = other._find_way_from(known)

    def _find_way_from(self, other: "ItemImporter") -> str:
        """Return the relative path from the folder of another importer to the folder of this one."""
        return Path(os.path.relpath(self._storage.folder, other._storage.folder)).as_posix()

    def convert_in_background(self, items: Iterable[Item], jobs: int) -> Generator[Item, None, None]:
        """Yield items, while the bodies of the following posts are converted by up to `jobs` processes."""
        return self._bodies.convert_in_background(items, partial(PredictedSaver, self._images), jobs)

    def take(self, item: Item) -> None:
        """Record an item for the report, and import it if it is a post."""
        self.log.read += isinstance(item, ImportedPost | Skipped)
        if isinstance(item, ImportedTerm):
            self._terms.add(item)
            return
        if not isinstance(item, ImportedPost):
            self.log.add_item(item)
            return
        try:
            self._import_post(item)
        except (UnreadableError, RecursionError) as error:
            reason = str(error) if not isinstance(error, RecursionError) else "its markup is nested too deep"
            self.log.skip_post(item, reason)
        if self.log.read % SAVE_EVERY == 0:
            self._storage.save_images()

    def assign_aliases(self) -> None:
        """Find which old URLs of the posts are free, once the posts of all folders are known."""
        for claim in self._alias_claims:
            free_aliases, warnings = self._unique.assign_aliases(
                claim.aliases, str(claim.where), claim.permalink, self._pages, self._storage.show(claim.file)
            )
            self.log.add_notes(claim.where, warnings)
            self._aliases[claim.file] = free_aliases
        for file, aliases in self._aliases.items():
            for alias in aliases:
                self._pages.add(alias, self._storage.show(file))

    def describe_terms(self) -> None:
        """Describe the terms of the site, once all posts have their aliases."""
        assign = partial(self._unique.assign_aliases, pages=self._pages)
        for item in self._terms.write(assign, self._pages.add):
            self.take(item)

    def finish(self) -> None:
        """Write the pending posts with their final links and aliases, once all pages of the site are known."""
        saved = frozenset(self._images.saved)
        site = LinkTargets(
            self._is_draft,
            self._pages,
            lambda file: file in saved or self._exists(file),
            self._host,
            frozenset(self._storage.show(file) for file, is_draft in self._is_draft.items() if is_draft),
        )
        resolver = LinkResolver(self._links, site, self._pending)
        for post in self._pending:
            resolved = resolver.resolve(post)
            self.log.rewritten_links += resolved.rewritten
            shown = self._storage.show(post.record.file)
            self.log.add_broken_links(shown, resolved.broken.items())
            self.log.add_notes(Location(shown), (f'a link leads to the old site: "{url}"' for url in resolved.old))
            aliases = self._aliases.get(post.record.file, [])
            self._store(post, finish_fields(post.fields, aliases, broken=bool(resolved.broken)), resolved.text)

        for file, comments, platform in self._discussions:
            if self._storage.dry_run or (self._storage.folder / file).is_file():
                path = self._storage.show(file)
                self._comments.add(path, comments, platform)
        self._comments.save()

    def _exists(self, file: str) -> bool:
        """Return whether there is a file at a path relative to the folder of posts."""
        path = posixpath.normpath(self._storage.show(file))
        if not path.startswith((f"{self._content}/", f"{posixpath.dirname(self._storage.show('x'))}/")):
            self.depends_on_other_folders = True
        return (self._storage.folder / file).exists()

    def _store(self, post: PendingPost, fields: Mapping[str, Any], text: str) -> None:
        warnings: list[str] = []
        data = format_post_file(fields, text, warnings, self._bodies.cache)
        self.log.add_notes(post.where, warnings)
        self._storage.store(post.key, post.record, data)

    def report(self, name: str) -> ImportReport:
        """Return the report of the items so far."""
        storage, log, images = self._storage, self.log, self._images
        return ImportReport(
            format=name,
            name=storage.ledger.path.stem,
            dry_run=storage.dry_run,
            read=log.read,
            created=log.in_order(storage.created),
            changed=log.in_order(storage.changed),
            changes={path: storage.changed[path] for path in log.in_order(storage.changed)},
            unchanged=storage.unchanged,
            skipped=log.refine_skipped(self._archive, images.used),
            preserved=tuple(sorted(storage.preserved, key=lambda post: log.position(post.path))),
            drafts=tuple(log.drafts),
            dropped=log.dropped,
            examples=log.examples,
            unused_files=log.find_unused_files(self._archive, self.imported | images.used),
            posts_with_original=log.posts_with_original,
            saved_files=tuple(storage.show(file) for file in images.saved),
            remote=tuple(replace(item, path=storage.show(item.path)) for item in images.remote.values()),
            missing=tuple(replace(item, path=storage.show(item.path)) for item in images.missing.values()),
            rewritten_links=log.rewritten_links,
            broken=tuple(log.broken),
            private_files=len(self._archive.withheld),
            notes=(*self._archive.notes, *log.notes, *self._comments.notes),
            comments=self._comments.counts,
            term_notes=tuple(self._terms.notes),
            settings=format_suggestions(log.settings, self._config),
            posts_in_utc=log.posts_in_utc,
            right_to_left=0 if find_language(self._config.language)[1].right_to_left else log.right_to_left,
        )

    def has_few_posts(self, report: ImportReport) -> bool:
        """Return whether nearly all documents were skipped, as in an export of another format."""
        others = {item.where.path for item in report.skipped} | set(report.unused_files)
        documents = set(filter(is_document, others)) - self.imported
        return len(documents) >= MIN_SKIPPED_PER_POST * report.posts

    def _import_post(self, post: ImportedPost) -> None:
        if not (post.title.strip() or post.body.text.strip() or post.image):
            self.log.skip_post(post, "it has neither a title nor content")
            return
        key = self._key(post)
        if key is None:
            return
        post, warnings = self._unique.assign_translation_key(self._apply_options(post))
        self.log.add_notes(post.where, warnings)
        post, warnings = self._unique.assign_id(post)
        record = self._storage.ledger.posts.get(key)
        if record is None:
            record, converted = self._assign_file(post)
        else:
            converted = self._convert(post, record.slug, record.file)
        self.log.add_notes(post.where, (*warnings, *converted.warnings))
        for payload in post.records:
            count_unread(payload, converted.dropped)
        self.log.add_dropped(converted.dropped, post.where)
        shown = self._storage.show(record.file)
        title = "" if post.language else str(converted.fields["title"])
        is_in_utc = self._options.zone is UTC and str(converted.fields.get("date", "")).endswith("Z")
        self.log.add_post(
            shown, post.draft, has_original="source_url" in converted.fields, title=title, is_in_utc=is_in_utc
        )
        if not post.draft:
            self._terms.use(converted.fields)
        if post.discussion:
            self._discussions.append((record.file, post.discussion, post.platform))
        self.imported.add(post.where.path)
        self._register_file(post, record.file)
        (self._pages.add_page if post.page else self._pages.add_post)(converted.fields, shown)
        if aliases := converted.fields.get("aliases"):
            pages, fields = self._pages, converted.fields
            permalink = pages.page_permalink(fields) if post.page else pages.permalink(fields, shown)
            self._alias_claims.append(_AliasClaim(record.file, post.where, tuple(aliases), permalink))
        text = converted.text
        targets = converted.targets
        post_file = PendingPost(key, record, post.where, converted.fields, text, targets, converted.headings)
        if aliases or targets or KEY_SCHEME in text or may_have_ids(text) or may_have_unread_links(text):
            self._pending.add(post_file)
        else:
            self._store(post_file, converted.fields, converted.text)

    def has_imported(self, post: ImportedPost) -> bool:
        """Return whether an earlier import wrote a post to this folder."""
        return post.identity in self._storage.ledger.posts

    def _register_file(self, post: ImportedPost, file: str) -> None:
        """Register the file of a post, for links from other posts and from pages in another folder."""
        self._is_draft[file] = bool(post.draft)
        self._links.add(post.identity, post, file)
        for other, way in self._others.items():
            beside = posixpath.join(way, file)
            other._is_draft[beside] = bool(post.draft)
            other._links.add(post.identity, post, beside)

    def _key(self, post: ImportedPost) -> str | None:
        """Return the key of a post in the import record, or None for a duplicate in the export."""
        key = post.identity
        rest = repr((post.title, replace(post.body, text="")))  # without the text, whose notation takes long
        content = of_bytes(f"{rest}{post.body.text}".encode("utf-8", "surrogatepass"))
        number, tried = 1, key
        while tried in self._fingerprints:
            if self._fingerprints[tried] == content:
                self.log.skip_post(post, "the export contains it twice")
                return None
            number += 1
            tried = f"{key} #{number}"
        self._fingerprints[tried] = content
        return tried

    def _apply_options(self, post: ImportedPost) -> ImportedPost:
        """Return a post with plain text as title and summary, its categories, date and draft status by the options."""
        post = replace(post, title=plain_line(post.title), summary=plain_line(post.summary))
        if post.categories and CATEGORIES in self._config.taxonomies:
            tags = tuple(tag for tag in post.tags if tag not in post.categories)
            key = self._config.taxonomies[CATEGORIES].key or CATEGORIES
            post = replace(post, tags=tags, params=FrozenDict({**post.params, key: post.categories}))
        if post.date == _UNIX_EPOCH:
            self.log.add_notes(post.where, ['the date 1970-01-01 00:00 UTC was not imported: it stands for "no date"'])
            post = replace(post, date=None)
        if post.date is None and not post.page:
            post = replace(post, date=self._options.fill_date(post.where))
        if not post.draft and post.date is None and not post.page:
            post = replace(post, draft=NO_COMMIT_HINT if self._options.date_from == "git" else NO_DATE_HINT)
        if not post.draft and post.paid and not self._options.include_paid:
            post = replace(post, draft="it was for paying readers; import with --include-paid to publish it")
        return post

    def _assign_file(self, post: ImportedPost) -> tuple[PostRecord, ConvertedPost]:
        """Return the record of a new post with a unique slug and file, and the converted post.

        An existing file with the same content is reused, so that a lost import record causes no duplicates.
        """
        slug = _slug(post)
        day = f"{localize(post.date, self._options.zone):%Y-%m-%d}-" if post.date and not post.page else ""
        # Lower numbers are taken by posts of this import; thousands of posts may have the same title.
        first = self._next_numbers.get(slug, 1)
        for taken, tried in enumerate(number_slugs(slug, first)):
            file = f"{tried}.md" if tried.startswith(day) else f"{day}{tried}.md"
            existing = self._storage.read(file)
            if existing is None and not self._storage.is_free(file, tried):
                continue
            converted = self._convert(post, tried, file)
            if existing is None or is_same_post(existing, converted.fields, converted.text):
                if not taken:
                    self._next_numbers[slug] = first + 1
                break
        self._storage.reserve(file, tried)
        return PostRecord(file, tried, ""), converted

    def _convert(self, post: ImportedPost, slug: str, file: str) -> ConvertedPost:
        day = self._options.exported
        if day is not None and has_undated_counts(post):
            post = date_counts(post, day, self._storage.read_existing(file))
        return convert_post(post, slug, self._images.saver(post, file), self._options.zone, self._bodies)


def _slug(post: ImportedPost) -> str:
    mentioned = strip_page_ending(unquote(post.slug))
    try:
        slug = check_slug(mentioned) if mentioned else ""
    except ValueError:
        slug = ""
    return slug or slugify(mentioned) or slugify(post.title) or "post"
