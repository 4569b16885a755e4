"""Imports Wix blogs from saved pages (text or HTML), the CSV export and metrics, which are merged by post."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace

import msgspec

from sitegen.formats.frozen_dict import FrozenDict
from sitegen.formats.slugs import slugify
from sitegen.importers.archive.archive import Archive, UnreadableError
from sitegen.importers.archive.text_encoding import read_text
from sitegen.importers.base import ImportedComment, ImportedPost, Item, Location, MarkdownBody, Note, Options, Skipped
from sitegen.importers.platforms.recognise import is_wix_table
from sitegen.importers.platforms.wix.cms_csv import read_table
from sitegen.importers.platforms.wix.counts import PLATFORM, Counts
from sitegen.importers.platforms.wix.merge import MetadataIndex, PostMetadata
from sitegen.importers.platforms.wix.metrics import read_metrics
from sitegen.importers.platforms.wix.saved_html import read_html_page
from sitegen.importers.platforms.wix.saved_text import TextPage, read_text_pages

TEXT_PATTERNS = ("*.txt", "*.text")
HTML_PATTERNS = ("*.html", "*.htm")


def read(archive: Archive, options: Options) -> Iterator[Item]:
    """Yield each post once: from the CSV file if it is there, otherwise from the HTML page or the text.

    The pages and the metrics are read first for their counts, which the CSV file does not have.
    """
    index = MetadataIndex()
    for metadata in _read_metadata(archive, options):
        index.add(metadata)
    for name in archive.find("*.csv"):
        if is_wix_table(archive, name):
            for item in read_table(archive, name, options):
                yield index.complete(item) if isinstance(item, ImportedPost) else item
    for name in (*archive.find(*HTML_PATTERNS), *archive.find(*TEXT_PATTERNS)):
        for item in _read_file(archive, name, options):
            if not isinstance(item, ImportedPost):
                yield item
            elif not index.is_used(item.where, item.slug):
                yield index.complete(item)
    if index.merged:
        message = f"saved pages whose posts were imported from other files: {index.merged}"
        yield Note(Location(archive.inputs[0].name), message)
    for metadata in index.unmatched_metrics():
        yield Note(
            metadata.where, f'no post has the slug, title or id of these metrics: "{metadata.slug or metadata.title}"'
        )


def _read_metadata(archive: Archive, options: Options) -> Iterator[PostMetadata]:
    """Yield the metadata of all pages and metrics; errors are reported later, when the files are imported."""
    for name in (*archive.find(*HTML_PATTERNS), *archive.find(*TEXT_PATTERNS)):
        for item in _read_file(archive, name, options):
            if isinstance(item, ImportedPost):
                counts = Counts(item.views, item.comments, item.likes)
                metadata = PostMetadata(
                    item.where, item.slug, item.title, "", counts, item.source, item.authors, item.date
                )
                metadata = replace(metadata, discussion=item.discussion)
                # A file is often named after the last part of the post's URL.
                stem = posixpath.splitext(posixpath.basename(name))[0].casefold()
                yield replace(metadata, other_slug=stem if re.fullmatch(r"[\w-]+", stem) else "")
    for name in archive.find("*.json"):
        stem = posixpath.splitext(posixpath.basename(name))[0]
        try:
            for metrics in read_metrics(read_text(archive, name), stem):
                yield PostMetadata(
                    Location(name), metrics.slug, metrics.title, metrics.id, metrics.counts, is_metrics=True
                )
        except (ValueError, UnreadableError):
            continue


def _read_file(archive: Archive, name: str, options: Options) -> Iterator[Item]:
    """Yield the posts of a saved page, or a Skipped with the reason."""
    stem = posixpath.splitext(posixpath.basename(name))[0]
    try:
        text = read_text(archive, name)
        if matches_any(name, HTML_PATTERNS):
            yield from _import_html_page(name, text, options)
            return
        pages = list(read_text_pages(text, stem, options.zone))
    except (UnreadableError, ValueError) as error:
        yield Skipped(Location(name), str(error))
        return
    if not pages:
        yield Skipped(Location(name), "it contains no article")
    for page in pages:
        yield from _import_text_page(name, page)


def matches_any(name: str, patterns: tuple[str, ...]) -> bool:
    """Return whether the name of a member has the extension of one of these patterns."""
    return name.casefold().endswith(tuple(pattern.removeprefix("*") for pattern in patterns))


def _import_html_page(name: str, text: str, options: Options) -> Iterator[Item]:
    page = read_html_page(text, options.zone)
    if page.warning:
        yield Note(Location(name), page.warning)
    slug = page.slug or slugify(page.title)
    yield ImportedPost(
        where=Location(name),
        title=page.title,
        body=page.body,
        date=page.date,
        updated=page.updated,
        slug=slug,
        key=slug,
        authors=(page.author,) if page.author else (),
        source=page.source,
        views=page.counts.views,
        comments=page.counts.comments,
        likes=page.counts.likes,
        summary=page.summary,
        image=page.image,
        language=page.language,
        aliases=(f"/post/{page.slug}",) if "/post/" in page.url else (),
        urls=(page.url,),
        dropped=page.dropped,
        discussion=_at_file(page.discussion, name),
        platform=PLATFORM,
    )


def _import_text_page(name: str, page: TextPage) -> Iterator[Item]:
    where = Location(name, page.line)
    for warning in page.warnings:
        yield Note(where, warning)
    slug = page.slug
    yield ImportedPost(
        where=where,
        title=page.title,
        body=MarkdownBody(page.text),
        date=page.date,
        updated=page.updated,
        slug=slug,
        key=slug or page.title,
        authors=(page.author,) if page.author else (),
        source=page.source,
        views=page.counts.views,
        comments=page.counts.comments,
        likes=page.counts.likes,
        dropped=FrozenDict(
            {"line of the page around the article": page.boilerplate_lines} if page.boilerplate_lines else {}
        ),
        discussion=_at_file(page.discussion, name),
        platform=PLATFORM,
    )


def _at_file(comments: tuple[ImportedComment, ...], name: str) -> tuple[ImportedComment, ...]:
    """Return comments with the name of the file in their locations."""
    return tuple(msgspec.structs.replace(one, where=Location(name, one.where.line)) for one in comments)
