"""Imports Wix blogs: saved pages as text or HTML, the CSV export, the metrics; what belongs together is merged."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace

from sitegen.formats.slugs import slugify
from sitegen.importers.archive.archive import Archive, UnreadableError
from sitegen.importers.archive.text_encoding import read_text
from sitegen.importers.base import ImportedPost, Item, Location, MarkdownBody, Note, Options, Skipped
from sitegen.importers.platforms.recognise import is_wix_table
from sitegen.importers.platforms.wix.cms_csv import read_table
from sitegen.importers.platforms.wix.counts import Counts
from sitegen.importers.platforms.wix.merge import Facts, Known
from sitegen.importers.platforms.wix.metrics import read_metrics
from sitegen.importers.platforms.wix.saved_html import read_html_page
from sitegen.importers.platforms.wix.saved_text import TextPage, read_text_pages
from sitegen.model import FrozenDict

TEXTS = ("*.txt", "*.text")
PAGES = ("*.html", "*.htm")


def read(archive: Archive, options: Options) -> Iterator[Item]:
    """Yield each post once: from the CSV where that has it, otherwise from the HTML page, otherwise from the text.

    The pages and the metrics are read first for what they count, since the CSV counts nothing.
    """
    known = Known()
    for facts in _gather(archive, options):
        known.add(facts)
    for name in archive.find("*.csv"):
        if is_wix_table(archive, name):
            for item in read_table(archive, name, options):
                yield known.complete(item) if isinstance(item, ImportedPost) else item
    for name in (*archive.find(*PAGES), *archive.find(*TEXTS)):
        for item in _read_file(archive, name, options):
            if not isinstance(item, ImportedPost):
                yield item
            elif not known.is_used(item.where, item.slug):
                yield known.complete(item)
    if known.merged:
        message = f"saved pages whose posts were taken from other files: {known.merged}"
        yield Note(Location(archive.inputs[0].name), message)
    for facts in known.left_over():
        yield Note(facts.where, f'no post has the slug, title or id of these metrics: "{facts.slug or facts.title}"')


def _gather(archive: Archive, options: Options) -> Iterator[Facts]:
    """Yield what each page and each file of metrics knows; what cannot be read is told when it is read for good."""
    for name in (*archive.find(*PAGES), *archive.find(*TEXTS)):
        for item in _read_file(archive, name, options):
            if isinstance(item, ImportedPost):
                counts = Counts(item.views, item.comments, item.likes)
                facts = Facts(item.where, item.slug, item.title, "", counts, item.source, item.authors, item.date)
                # A file is often named after the last part of the post's address.
                stem = posixpath.splitext(posixpath.basename(name))[0].casefold()
                yield replace(facts, other_slug=stem if re.fullmatch(r"[\w-]+", stem) else "")
    for name in archive.find("*.json"):
        stem = posixpath.splitext(posixpath.basename(name))[0]
        try:
            for metrics in read_metrics(read_text(archive, name), stem):
                yield Facts(Location(name), metrics.slug, metrics.title, metrics.id, metrics.counts, is_metrics=True)
        except (ValueError, UnreadableError):
            continue


def _read_file(archive: Archive, name: str, options: Options) -> Iterator[Item]:
    """Yield the posts of one saved page, or why there is none."""
    stem = posixpath.splitext(posixpath.basename(name))[0]
    try:
        text = read_text(archive, name)
        if matches_any(name, PAGES):
            yield from _posts_of_html(name, text, options)
            return
        pages = list(read_text_pages(text, stem, options.zone))
    except (UnreadableError, ValueError) as error:
        yield Skipped(Location(name), str(error))
        return
    if not pages:
        yield Skipped(Location(name), "it holds no article")
    for page in pages:
        yield from _post_of_text(name, page)


def matches_any(name: str, patterns: tuple[str, ...]) -> bool:
    """Return whether a member's name ends as one of some patterns does."""
    return name.casefold().endswith(tuple(pattern.removeprefix("*") for pattern in patterns))


def _posts_of_html(name: str, text: str, options: Options) -> Iterator[Item]:
    page = read_html_page(text, options.zone)
    if page.doubt:
        yield Note(Location(name), page.doubt)
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
        dropped=page.dropped,
    )


def _post_of_text(name: str, page: TextPage) -> Iterator[Item]:
    where = Location(name, page.line)
    for doubt in page.doubts:
        yield Note(where, doubt)
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
        dropped=FrozenDict({"line of the page around the article": page.around} if page.around else {}),
    )
