"""Places the images and files of imported posts beside them, and keeps account of those that stay elsewhere."""

import base64
import binascii
import posixpath
import re
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from urllib.parse import quote, unquote, unquote_to_bytes, urlsplit

from sitegen.formats.slugs import slugify
from sitegen.importers.archive.archive import Archive, UnreadableError
from sitegen.importers.base import Attachment, ImportedPost
from sitegen.importers.image_type import read_image
from sitegen.importers.markdown_source.links import Target, change_targets
from sitegen.importers.output.report import MAX_URL, Picture
from sitegen.system.fingerprints import of_bytes

ENDINGS = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg", ".bmp", ".tif", ".tiff", ".heic", ".ico")
FILES = (
    ".pdf", ".txt", ".epub", ".mobi", ".zip", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".ics", ".vtt", ".srt", ".mp3",
    ".m4a", ".aac", ".ogg", ".oga", ".opus", ".wav", ".flac", ".mp4", ".m4v", ".webm", ".mov", ".ogv", ".doc", ".docx",
    ".odt", ".rtf", ".xls", ".xlsx", ".ods", ".ppt", ".pptx", ".odp", ".tex", ".bib",
)  # fmt: skip
"""Other files that are placed beside a post that links to them; browsers run none of them."""

LARGEST = 64 << 20

_MAY_BE_FILE = re.compile(r"(?!mailto:|data:|cid:)[^#?]*\.\w{2,4}(?:[#?]|\Z)")


class Pictures:
    """Holds what one import knows of images and files: those in the archive, those placed, those on other hosts.

    `put(file, data)` writes a file below the folder of posts and returns whether the name was free.
    `fetch(url)` returns a remote image or raises UnreadableError; it is None where nothing is downloaded. `known` maps
    URLs to files that earlier imports fetched, and takes up new ones. `placed` are the files that were written,
    `used` the archive's members that became such files.
    """

    def __init__(
        self,
        archive: Archive,
        put: Callable[[str, bytes], bool],
        known: dict[str, str],
        *,
        copy: bool,
        fetch: Callable[[str], bytes] | None,
        exists: Callable[[str], bool],
    ) -> None:
        self._archive, self._put, self._known, self._copy, self._fetch = archive, put, known, copy, fetch
        self._exists = exists
        self._by_name: dict[str, list[str]] = {}
        for name in archive.names if copy else ():
            if name.lower().endswith((*ENDINGS, *FILES)):
                self._by_name.setdefault(posixpath.basename(name).casefold(), []).append(name)
        self.placed: list[str] = []
        self.used: set[str] = set()
        self.remote: dict[tuple[str, str], Picture] = {}
        self.missing: dict[tuple[str, str], Picture] = {}

    def placer(self, post: ImportedPost, file: str) -> "Placer":
        """Return the functions that give the URLs of images and files in a post's file, and place what they can."""
        return Placer(self, post, file)

    def place_image(self, url: str, post: ImportedPost, folder: str, attached: Mapping[str, Attachment]) -> str | None:
        """Return the URL of an image in the post's file, None for one that cannot be had, which is then listed."""
        attachment = attached.get(url) or attached.get(unquote(url))
        where = f"{folder}.md"
        try:
            if url.startswith("data:"):
                return self._keep(folder, "", _data_of(url))
            if attachment is not None and self._copy:
                return self._keep(folder, attachment.name, attachment.data)
            member = self._find(url, post.where.path, ENDINGS)
            if member is not None:
                placed = self._keep(folder, posixpath.basename(member), self._archive.read(member, LARGEST))
                self.used.add(member)
                return placed
            if url.startswith(("http://", "https://", "//")):
                return self._reach("https:" + url if url.startswith("//") else url, folder, where)
            reason = "the export does not hold it" if self._copy else "images are left out"
        except UnreadableError as error:
            reason = str(error)
        shown = url[:MAX_URL] if not url.startswith("data:") else url[:30] + "…"
        self.missing[shown, where] = Picture(shown, where, reason)
        return None

    def place_file(self, url: str, post: ImportedPost, folder: str) -> str | None:
        """Return the URL of a linked file of the export that was placed beside the post, None for any other link."""
        if not self._by_name or not _MAY_BE_FILE.match(url):
            return None
        ending = posixpath.splitext(urlsplit(url).path)[1].lower()
        if ending not in ENDINGS and ending not in FILES:
            return None
        member = self._find(url, post.where.path, (ending,))
        if member is None:
            return None
        where = f"{folder}.md"
        try:
            data = self._archive.read(member, LARGEST)
            name = posixpath.basename(member)
            placed = (
                self._keep(folder, name, data) if ending in ENDINGS else self._keep_file(folder, name, ending, data)
            )
        except UnreadableError as error:
            self.missing[url[:MAX_URL], where] = Picture(url[:MAX_URL], where, str(error))
            return None
        self.used.add(member)
        fragment = urlsplit(url).fragment
        return f"{placed}#{fragment}" if fragment else placed

    def _reach(self, url: str, folder: str, where: str) -> str | None:
        known = self._known.get(url)
        if known is not None and self._exists(known):
            return quote(_relative(known, folder))
        if self._fetch is None:
            self.remote[url, where] = Picture(url, where, "")
            return url
        try:
            placed = self._keep(folder, posixpath.basename(unquote(urlsplit(url).path)), self._fetch(url))
        except UnreadableError as error:
            self.missing[url, where] = Picture(url, where, str(error))
            return None
        self._known[url] = posixpath.join(posixpath.dirname(folder), unquote(placed))
        return placed

    def _keep(self, folder: str, name: str, data: bytes) -> str:
        """Put an image beside its post, under a name that no other file has, and return its relative URL."""
        ending, data = read_image(data)
        return self._keep_file(folder, name, f".{ending}", data, "image")

    def _keep_file(self, folder: str, name: str, ending: str, data: bytes, unnamed: str = "file") -> str:
        stem = slugify(PurePosixPath(name).stem)[:60].strip("-") or unnamed
        digest = of_bytes(data)
        # An image that a person has since changed, say made smaller, stays the post's image.
        known = self._known.get(f"{digest} {folder}")
        if known is not None and self._exists(known):
            return quote(_relative(known, folder))
        for tried in (stem, f"{stem}-{digest[:8]}"):
            file = f"{folder}/{tried}{ending}"
            there = self._exists(file)
            if self._put(file, data):
                if not there:
                    self.placed.append(file)
                self._known[f"{digest} {folder}"] = file
                return quote(_relative(file, folder))
        raise UnreadableError("another file has its name")

    def _find(self, url: str, post: str, endings: tuple[str, ...]) -> str | None:
        """Return the member that a URL means: by its path from the post's file, otherwise by the end of its path.

        The member has one of the file extensions.
        """
        if not self._by_name:
            return None
        path = unquote(urlsplit(url).path) if not url.startswith("cid:") else ""
        candidates = self._by_name.get(posixpath.basename(path).casefold(), [])
        if not candidates or not candidates[0].lower().endswith(endings):
            return None
        remote = url.startswith(("http:", "https:", "//"))
        beside = posixpath.normpath(posixpath.join(posixpath.dirname(post), path.lstrip("/") if remote else path))
        if beside in candidates:
            return beside
        best = max(candidates, key=lambda name: (_shared(name, path), -len(name)))
        needed = 2 if remote or len(candidates) > 1 else 1
        return best if _shared(best, path) >= needed else None


class Placer:
    """Gives the URLs of the images and files of one post, and places each once."""

    def __init__(self, pictures: Pictures, post: ImportedPost, file: str) -> None:
        self._pictures, self._post = pictures, post
        self._folder = file.removesuffix(".md")
        self._attached = {attachment.reference: attachment for attachment in post.attachments}
        self._images: dict[str, str | None] = {}
        self._files: dict[str, str | None] = {}

    def find_image(self, url: str) -> str | None:
        """Return the URL that an image gets, None if it cannot be had."""
        if url not in self._images:
            self._images[url] = self._pictures.place_image(url, self._post, self._folder, self._attached)
        return self._images[url]

    def image(self, url: str) -> str:
        """Return the URL that an image gets: its own where it cannot be had, "" for one that the text held."""
        placed = self.find_image(url)
        return placed if placed is not None else "" if url.startswith("data:") else url

    def file(self, url: str) -> str | None:
        """Return the URL that a linked file of the export gets, None for any other link."""
        if url not in self._files:
            self._files[url] = self._pictures.place_file(url, self._post, self._folder)
        return self._files[url]


def place_targets(text: str, placer: Placer, *, images: bool = True) -> str:
    """Return Markdown in which the images and linked files that could be placed have their new URLs.

    `images` is false for a text whose images have been placed already.
    """

    def place(target: Target) -> str | None:
        if target.role != "image":
            return placer.file(target.url)
        return placer.image(target.url) if images else None

    return change_targets(text, place)


def _data_of(url: str) -> bytes:
    head, _, body = url.partition(",")
    if not head.endswith(";base64"):
        return unquote_to_bytes(body)
    try:
        return base64.b64decode(re.sub(r"\s", "", unquote(body)), validate=True)
    except (binascii.Error, ValueError) as error:
        raise UnreadableError("its base64 is damaged") from error


def _relative(file: str, folder: str) -> str:
    return posixpath.relpath(file, posixpath.dirname(folder) or ".")


def _shared(name: str, path: str) -> int:
    """Return how many last parts two paths have in common."""
    count = 0
    for one, other in zip(reversed(name.casefold().split("/")), reversed(path.casefold().split("/")), strict=False):
        if one != other:
            break
        count += 1
    return count
