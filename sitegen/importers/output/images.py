"""Saves images and files of imported posts next to the posts, and tracks those that are remote or missing."""

import base64
import binascii
import posixpath
import re
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from typing import Protocol
from urllib.parse import quote, unquote, unquote_to_bytes, urlsplit

from sitegen.formats import lazy_regex
from sitegen.formats.slugs import slugify
from sitegen.importers.archive.archive import Archive, UnreadableError
from sitegen.importers.base import Attachment, ImportedPost
from sitegen.importers.image_type import read_image
from sitegen.importers.markdown_source.links import TargetSpan, change_targets
from sitegen.importers.output.report import MAX_URL_CHARACTERS, NOT_IN_EXPORT, ReportedTarget
from sitegen.system.fingerprints import of_bytes

IMAGE_EXTENSIONS = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg", ".bmp", ".tif", ".tiff", ".heic", ".ico")
FILE_EXTENSIONS = (
    ".pdf", ".txt", ".epub", ".mobi", ".zip", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".ics", ".vtt", ".srt", ".mp3",
    ".m4a", ".aac", ".ogg", ".oga", ".opus", ".wav", ".flac", ".mp4", ".m4v", ".webm", ".mov", ".ogv", ".doc", ".docx",
    ".odt", ".rtf", ".xls", ".xlsx", ".ods", ".ppt", ".pptx", ".odp", ".tex", ".bib",
)  # fmt: skip
"""Other files that are saved next to a post with a link to them; browsers do not execute these types."""

MAX_FILE_BYTES = 64 << 20

_SIZE = re.compile(r"-\d{2,5}x\d{2,5}(?=\.\w{2,5}\Z)")
"""The end of the name of a smaller copy of an image that WordPress made."""

_MAY_BE_FILE = lazy_regex.compile(r"(?!mailto:|data:|cid:)[^#?]*\.\w{2,4}(?:[#?]|\Z)")


class BodySaver(Protocol):
    """Saves the images and linked files of a post, and returns their URLs; the file is None for any other link."""

    def image(self, url: str) -> str:
        """Return the URL of an image."""

    def file(self, url: str) -> str | None:
        """Return the URL of a linked file of the export."""


class UnpredictableError(Exception):
    """Raised for an image or a file whose URL is known only after it was saved."""


class FileSaver:
    """Saves the images and files of an import, from the archive, from posts and from other hosts.

    `put(file, data)` writes a file in the folder of posts and returns whether the name was free. `fetch(url)` returns a
    remote image or raises UnreadableError; None disables downloads. `known_files` maps URLs and digests to the files of
    earlier imports, and is updated. `saved` lists the written files, `used` the members of the archive in them.
    """

    def __init__(
        self,
        archive: Archive,
        put: Callable[[str, bytes], bool],
        known_files: dict[str, str],
        *,
        copy: bool,
        fetch: Callable[[str], bytes] | None,
        exists: Callable[[str], bool],
    ) -> None:
        self._archive, self._put, self._known_files, self._copy, self._fetch = archive, put, known_files, copy, fetch
        self._exists = exists
        self._by_name: dict[str, list[str]] = {}
        for name in archive.names if copy else ():
            if name.lower().endswith((*IMAGE_EXTENSIONS, *FILE_EXTENSIONS)):
                self._by_name.setdefault(posixpath.basename(name).casefold(), []).append(name)
        self.saved: list[str] = []
        self.used: set[str] = set()
        self.remote: dict[tuple[str, str], ReportedTarget] = {}
        self.missing: dict[tuple[str, str], ReportedTarget] = {}

    def saver(self, post: ImportedPost, file: str) -> "PostFileSaver":
        """Return the saver for the images and files of a post."""
        return PostFileSaver(self, post, file)

    def save_image(
        self, url: str, post: ImportedPost, folder: str, attachments: Mapping[str, Attachment]
    ) -> str | None:
        """Save an image and return its URL in the post, or None for a missing image, which is added to `missing`."""
        attachment = attachments.get(url) or attachments.get(unquote(url))
        where = f"{folder}.md"
        try:
            if url.startswith("data:"):
                return self._write_image(folder, "", _decode_data_url(url))
            if attachment is not None and self._copy:
                return self._write_image(folder, attachment.name, attachment.data)
            member = self._find(url, post.where.path, IMAGE_EXTENSIONS)
            if member is not None:
                saved = self._write_image(
                    folder, posixpath.basename(member), self._archive.read(member, MAX_FILE_BYTES)
                )
                self.used.add(member)
                return saved
            if url.startswith(("http://", "https://", "//")):
                return self._save_remote_image("https:" + url if url.startswith("//") else url, folder, where)
            reason = NOT_IN_EXPORT if self._copy else "images are not copied"
        except UnreadableError as error:
            reason = str(error)
        shown = url[:MAX_URL_CHARACTERS] if not url.startswith("data:") else url[:30] + "…"
        self.missing[shown, where] = ReportedTarget(shown, where, reason)
        return None

    def save_linked_file(self, url: str, post: ImportedPost, folder: str) -> str | None:
        """Save a linked file of the export and return its URL in the post, or None for any other link."""
        member = self._find_linked_file(url, post.where.path)
        if member is None:
            return None
        extension = posixpath.splitext(urlsplit(url).path)[1].lower()
        where = f"{folder}.md"
        try:
            data = self._archive.read(member, MAX_FILE_BYTES)
            name = posixpath.basename(member)
            saved = (
                self._write_image(folder, name, data)
                if extension in IMAGE_EXTENSIONS
                else self._write_file(folder, name, extension, data)
            )
        except UnreadableError as error:
            self.missing[url[:MAX_URL_CHARACTERS], where] = ReportedTarget(url[:MAX_URL_CHARACTERS], where, str(error))
            return None
        self.used.add(member)
        fragment = urlsplit(url).fragment
        return f"{saved}#{fragment}" if fragment else saved

    def predict_image(self, url: str, post: str) -> str:
        """Return the URL of an image in a post, given the path of the post's document in the export.

        Raises UnpredictableError for an image that would be saved.
        """
        is_saved = url.startswith(("data:", "cid:")) or self._fetch is not None or url in self._known_files
        if is_saved or self._find(url, post, IMAGE_EXTENSIONS) is not None:
            raise UnpredictableError
        return "https:" + url if url.startswith("//") else url

    def is_file_of_export(self, url: str, post: str) -> bool:
        """Return whether a link in a post leads to a file of the export that is saved."""
        return self._find_linked_file(url, post) is not None

    def _find_linked_file(self, url: str, post: str) -> str | None:
        """Return the member of the archive that a link leads to, if files of its type are saved."""
        if not self._by_name or not _MAY_BE_FILE.match(url):
            return None
        extension = posixpath.splitext(urlsplit(url).path)[1].lower()
        if extension not in IMAGE_EXTENSIONS and extension not in FILE_EXTENSIONS:
            return None
        return self._find(url, post, (extension,))

    def _save_remote_image(self, url: str, folder: str, where: str) -> str | None:
        known_file = self._known_files.get(url)
        if known_file is not None and self._exists(known_file):
            return quote(_relative(known_file, folder))
        if self._fetch is None:
            self.remote[url, where] = ReportedTarget(url, where, "")
            return url
        try:
            saved = self._write_image(folder, posixpath.basename(unquote(urlsplit(url).path)), self._fetch(url))
        except UnreadableError as error:
            self.missing[url, where] = ReportedTarget(url, where, str(error))
            return None
        self._known_files[url] = posixpath.join(posixpath.dirname(folder), unquote(saved))
        return saved

    def _write_image(self, folder: str, name: str, data: bytes) -> str:
        """Save an image next to its post under a unique name, and return its relative URL."""
        extension, data = read_image(data)
        return self._write_file(folder, name, f".{extension}", data, "image")

    def _write_file(self, folder: str, name: str, extension: str, data: bytes, default_name: str = "file") -> str:
        stem = slugify(PurePosixPath(name).stem)[:60].strip("-") or default_name
        digest = of_bytes(data)
        # If you have edited the saved image, such as resized it, it is not replaced.
        known_file = self._known_files.get(f"{digest} {folder}")
        if known_file is not None and self._exists(known_file):
            return quote(_relative(known_file, folder))
        for candidate in (stem, f"{stem}-{digest[:8]}"):
            file = f"{folder}/{candidate}{extension}"
            existed = self._exists(file)
            if self._put(file, data):
                if not existed:
                    self.saved.append(file)
                self._known_files[f"{digest} {folder}"] = file
                return quote(_relative(file, folder))
        raise UnreadableError("another file has its name")

    def _find(self, url: str, post: str, extensions: tuple[str, ...]) -> str | None:
        """Return the member with one of the extensions that a URL refers to.

        It is found by its path relative to the post, otherwise by the last parts of its path. In place of a smaller
        copy that WordPress made, such as `frost-300x200.jpg`, the image itself is found.
        """
        if not self._by_name:
            return None
        path = unquote(urlsplit(url).path) if not url.startswith("cid:") else ""
        if posixpath.basename(path).casefold() not in self._by_name:
            path = _SIZE.sub("", path)
        candidates = self._by_name.get(posixpath.basename(path).casefold(), [])
        if not candidates or not candidates[0].lower().endswith(extensions):
            return None
        remote = url.startswith(("http:", "https:", "//"))
        relative_path = posixpath.normpath(
            posixpath.join(posixpath.dirname(post), path.lstrip("/") if remote else path)
        )
        if relative_path in candidates:
            return relative_path
        best = max(candidates, key=lambda name: (_count_common_parts(name, path), -len(name)))
        needed = 2 if remote or len(candidates) > 1 else 1
        return best if _count_common_parts(best, path) >= needed else None


class PostFileSaver:
    """Saves the images and files of one post, each once, and returns their URLs."""

    def __init__(self, file_saver: FileSaver, post: ImportedPost, file: str) -> None:
        self._file_saver, self._post = file_saver, post
        self._folder = file.removesuffix(".md")
        self._attachments = {attachment.reference: attachment for attachment in post.attachments}
        self._images: dict[str, str | None] = {}
        self._files: dict[str, str | None] = {}

    def find_image(self, url: str) -> str | None:
        """Save an image and return its URL, or None if it is missing."""
        if url not in self._images:
            self._images[url] = self._file_saver.save_image(url, self._post, self._folder, self._attachments)
        return self._images[url]

    def image(self, url: str) -> str:
        """Save an image and return its URL; for a missing image, return the old URL, or "" for a data URL."""
        saved = self.find_image(url)
        return saved if saved is not None else "" if url.startswith("data:") else url

    def file(self, url: str) -> str | None:
        """Save a linked file of the export and return its URL, or None for any other link."""
        if url not in self._files:
            self._files[url] = self._file_saver.save_linked_file(url, self._post, self._folder)
        return self._files[url]


class PredictedSaver:
    """Predicts the URLs of the images and files of a post, without saving any.

    `path` is that of the post's document in the export.
    """

    def __init__(self, file_saver: FileSaver, path: str) -> None:
        self._file_saver, self._path = file_saver, path

    def image(self, url: str) -> str:
        """Return the URL of an image, or raise UnpredictableError."""
        return self._file_saver.predict_image(url, self._path)

    def file(self, url: str) -> str | None:
        """Return None for a link that leads to no file of the export, or raise UnpredictableError."""
        if self._file_saver.is_file_of_export(url, self._path):
            raise UnpredictableError
        return None


def save_targets(text: str, saver: BodySaver, *, images: bool = True) -> str:
    """Save the images and linked files of Markdown, and replace their URLs.

    Without `images`, only linked files are saved.
    """

    def change(target: TargetSpan) -> str | None:
        if target.role != "image":
            return saver.file(target.url)
        return saver.image(target.url) if images else None

    return change_targets(text, change)


def _decode_data_url(url: str) -> bytes:
    head, _, body = url.partition(",")
    if not head.endswith(";base64"):
        return unquote_to_bytes(body)
    try:
        return base64.b64decode(re.sub(r"\s", "", unquote(body)), validate=True)
    except (binascii.Error, ValueError) as error:
        raise UnreadableError("its base64 is damaged") from error


def _relative(file: str, folder: str) -> str:
    return posixpath.relpath(file, posixpath.dirname(folder) or ".")


def _count_common_parts(name: str, path: str) -> int:
    """Return the number of equal parts at the end of two paths."""
    count = 0
    for one, other in zip(reversed(name.casefold().split("/")), reversed(path.casefold().split("/")), strict=False):
        if one != other:
            break
        count += 1
    return count
