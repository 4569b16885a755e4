"""Fetches the images of other hosts into the site, and lets its posts show the copies."""

import os
import posixpath
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import quote, unquote, urljoin, urlsplit

from sitegen.config.post_types import post_folders
from sitegen.config.schema import Config
from sitegen.errors import Problem, SiteError
from sitegen.formats.slugs import slugify
from sitegen.importers.archive.archive import UnreadableError
from sitegen.importers.image_type import read_image
from sitegen.importers.images.download import Download, Downloader, download_all
from sitegen.importers.images.import_records import note_in_import_records
from sitegen.importers.images.ledger import ImageLedger, read_image_ledger
from sitegen.importers.images.references import FILE, ImageReference, change_references, find_references
from sitegen.importers.output.destination import check_destination
from sitegen.importers.output.images import FILE_EXTENSIONS
from sitegen.system.atomic_write import write_atomically
from sitegen.system.files import is_markdown
from sitegen.system.fingerprints import of_bytes


@dataclass(frozen=True, slots=True)
class FetchOptions:
    """What to fetch: only from `hosts`, unless that is empty; if `files`, also files that are not images.

    URLs without a host are relative to `old_url`. `retry` requests files again that failed in an earlier run.
    `dry_run` fetches and writes nothing.
    """

    old_url: str = ""
    hosts: frozenset[str] = frozenset()
    files: bool = False
    retry: bool = False
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class MissingImage:
    """An image that could not be had: its URL, the post and line that shows it, and why."""

    url: str
    path: str
    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class FetchReport:
    """What was done: files written by their URLs, posts changed, images that are missing, posts that cannot be changed.

    `size` are the bytes of the files that were written, `wanted` the URLs of other hosts that posts have.
    """

    wanted: tuple[str, ...] = ()
    written: Mapping[str, str] | None = None
    size: int = 0
    changed: tuple[str, ...] = ()
    missing: tuple[MissingImage, ...] = ()
    problems: tuple[Problem, ...] = ()


Progress = Callable[[int, int, str], None]
"""Gets the number of downloads that are done, the number of all, and the URL of the last."""


def fetch_images(
    root: Path,
    config: Config,
    documents: Sequence[str],
    options: FetchOptions,
    download: Downloader = download_all,
    progress: Progress = lambda _done, _all, _url: None,
) -> FetchReport:
    """Fetch the images of posts and pages, given by their paths from the root, and let these show the copies.

    Each file is written beside its post before the post is changed, and a post is changed as soon as all of its images
    were asked for. So the run can be stopped at any moment, and the next one goes on.
    Raises SiteError if the record of fetched images is damaged.
    """
    ledger = read_image_ledger(root)
    absolute = make_absolute(root, config, options)
    run = _Run(root, ledger, absolute)
    for path in documents:
        run.read(path, options)
    if options.dry_run:
        return FetchReport(wanted=tuple(run.by_url), problems=tuple(run.problems))
    try:
        run.reuse(retry=options.retry)
        asked = run.open_urls()
        for count, result in enumerate(download(asked), 1):
            run.take(result)
            progress(count, len(asked), result.url)
    finally:
        ledger.save()
    return run.report()


def list_documents(root: Path, config: Config) -> list[str]:
    """Return the paths of all posts and pages, drafts too, from the site's root."""
    content = root / config.content
    folders = (*post_folders(config), "pages")
    paths = [path for folder in folders for path in sorted((content / folder).rglob("*")) if is_markdown(path.name)]
    return [path.relative_to(root).as_posix() for path in paths if path.is_file()]


def make_absolute(root: Path, config: Config, options: FetchOptions) -> Callable[[str], str]:
    """Return a function that gives the URL to fetch for a URL as it is written, "" for one that leads to the site."""
    own = urlsplit(config.base_url)
    content = root / config.content

    def is_own_file(path: str) -> bool:
        inside = unquote(path).removeprefix(own.path.rstrip("/")).lstrip("/")
        return bool(inside) and ".." not in inside.split("/") and (content / inside).is_file()

    def absolute(written: str) -> str:
        url = written.strip()
        if url.startswith("//"):
            url = f"https:{url}"
        elif url.startswith("/") and options.old_url and not is_own_file(urlsplit(url).path):
            url = urljoin(options.old_url, url)
        try:
            parts = urlsplit(url)
            host = parts.hostname or ""
        except ValueError:
            return ""
        if parts.scheme not in ("http", "https") or not host:
            return ""
        if options.hosts and host not in options.hosts:
            return ""
        # The site may take over the domain of the old one, whose images are then still at the old host.
        return "" if host == own.hostname and is_own_file(parts.path) else url

    return absolute


@dataclass(slots=True)
class _PendingPost:
    """A post with its references, and the URLs that have not been requested yet."""

    path: str
    references: list[ImageReference]
    pending: set[str]


class _Run:
    """Holds the posts of one run, and the results for their images."""

    def __init__(self, root: Path, ledger: ImageLedger, absolute: Callable[[str], str]) -> None:
        self._root, self._ledger, self._absolute = root, ledger, absolute
        self._documents: dict[str, _PendingPost] = {}
        self._reasons: dict[str, str] = {}
        self._written: dict[str, str] = {}
        self._changed: list[str] = []
        self._size = 0
        self.by_url: dict[str, list[str]] = {}
        self.problems: list[Problem] = []

    def read(self, path: str, options: FetchOptions) -> None:
        """Find the images of a post."""
        try:
            data = check_destination(self._root, self._root / path).read_bytes()
            found = find_references(data, path, self._absolute, files=options.files)
        except SiteError as error:
            self.problems += error.problems
            return
        if found:
            urls = {reference.url for reference in found}
            self._documents[path] = _PendingPost(path, found, urls)
            for reference in found:
                self.by_url.setdefault(reference.url, []).append(path)

    def reuse(self, *, retry: bool) -> None:
        """Take what earlier runs have fetched, and unless `retry` what they found to be gone."""
        for url in self.by_url:
            if self._ledger.find(url) is not None:
                self._finish(url)
            elif not retry and url in self._ledger.missing:
                self._reasons[url] = self._ledger.missing[url]
                self._finish(url)

    def open_urls(self) -> list[str]:
        """Return the URLs to request."""
        return [url for url in self.by_url if any(url in self._documents[path].pending for path in self.by_url[url])]

    def take(self, result: Download) -> None:
        """Write a download beside the first post that has it, or note why there is none; change finished posts."""
        first = self._documents[self.by_url[result.url][0]]
        file_type = next(reference.file_type for reference in first.references if reference.url == result.url)
        reason, is_permanent = result.reason, result.is_permanent
        if not reason:
            try:
                self._store(result, first.path, file_type)
            except UnreadableError as error:
                reason, is_permanent = str(error), True
        if reason:
            self._reasons[result.url] = reason
            if is_permanent:
                self._ledger.missing[result.url] = reason
        self._finish(result.url)

    def report(self) -> FetchReport:
        """Return what was done."""
        missing = [
            MissingImage(reference.url, document.path, reference.line, self._reasons[reference.url])
            for document in self._documents.values()
            for reference in document.references
            if reference.url in self._reasons
        ]
        return FetchReport(
            tuple(self.by_url),
            self._written,
            self._size,
            tuple(sorted(self._changed)),
            tuple(missing),
            tuple(self.problems),
        )

    def _store(self, result: Download, path: str, file_type: str) -> None:
        if file_type == FILE:
            ending, data = _ending_of_file(result), result.data
        else:
            extension, data = read_image(result.data)
            ending = f".{extension}"
        file = self._choose_name(folder_of(path), result.url, ending, data)
        target = check_destination(self._root, self._root / file)
        if not target.exists():
            self._ledger.announce(result.url, file, data)
            target.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(target, data, durable=True)
            self._size += len(data)
        self._ledger.keep(result.url, file)
        self._written[result.url] = file

    def _choose_name(self, folder: str, url: str, ending: str, data: bytes) -> str:
        """Return a file in a folder that is free, or that has these very bytes."""
        name = PurePosixPath(unquote(urlsplit(url).path)).name
        stem = slugify(PurePosixPath(name).stem)[:60].strip("-") or "image"
        fingerprint = of_bytes(data)
        for tried in (stem, f"{stem}-{fingerprint[:8]}"):
            target = self._root / f"{folder}/{tried}{ending}"
            if not os.path.lexists(target) or (target.is_file() and of_bytes(target.read_bytes()) == fingerprint):
                return f"{folder}/{tried}{ending}"
        raise UnreadableError(f"another file has the name {folder}/{tried}{ending}")

    def _finish(self, url: str) -> None:
        """Note that a URL needs no request any more, and change each post that waited for it alone."""
        for path in self.by_url[url]:
            document = self._documents[path]
            document.pending.discard(url)
            if not document.pending:
                self._change(document)

    def _change(self, document: _PendingPost) -> None:
        files = {
            reference.url: file
            for reference in document.references
            if reference.url not in self._reasons and (file := self._ledger.find(reference.url)) is not None
        }
        if not files:
            return
        new_urls = {url: relative_url(file, document.path) for url, file in files.items()}
        target = self._root / document.path
        # Read again: a person may have edited the post while its images were fetched.
        before = target.read_bytes()
        try:
            after = change_references(before, document.path, self._absolute, new_urls)
        except SiteError as error:
            self.problems += error.problems
            return
        if after != before:
            write_atomically(target, after, durable=True, mode=target.stat().st_mode & 0o777)
            note_in_import_records(self._root, document.path, before, after, files)
            self._changed.append(document.path)


def folder_of(path: str) -> str:
    """Return the folder of a post's files: its own for `letter/index.md`, otherwise one with the name of the file."""
    stem, _ = posixpath.splitext(path)
    return posixpath.dirname(path) if posixpath.basename(stem) == "index" else stem


def relative_url(file: str, path: str) -> str:
    """Return the URL by which the post at `path` reaches a file; both are relative to the root."""
    return quote(posixpath.relpath(file, posixpath.dirname(path)))


def _ending_of_file(result: Download) -> str:
    """Return the extension of a file that is not an image. Raises UnreadableError if a server sent a page instead."""
    ending = posixpath.splitext(urlsplit(result.url).path)[1].lower()
    if ending not in FILE_EXTENSIONS:
        raise UnreadableError("it is not a file of a known type")
    if result.type in ("text/html", "application/xhtml+xml") or result.data[:64].lstrip()[:9].lower() in (
        b"<!doctype",
        b"<html",
    ):
        raise UnreadableError("the server sends a page in its place")
    return ending
