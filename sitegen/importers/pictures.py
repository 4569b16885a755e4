"""Places the pictures of imported posts beside them, and keeps account of those that stay elsewhere."""

import base64
import binascii
import posixpath
import re
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from urllib.parse import quote, unquote, unquote_to_bytes, urlsplit

from sitegen.digest import of_bytes
from sitegen.importers.archive import Archive, UnreadableError
from sitegen.importers.download import FetchError
from sitegen.importers.image_type import image_type
from sitegen.importers.items import Attachment, ImportedPost
from sitegen.importers.report import Picture
from sitegen.slugs import slugify

ENDINGS = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg", ".bmp", ".tif", ".tiff", ".heic", ".ico")
LARGEST = 64 << 20
MARKDOWN_IMAGE = re.compile(r"(!\[(?:\\.|[^\]\\])*\]\(\s*)(<[^>\n]+>|(?:\\.|[^\s()\\]|\([^\s()]*\))+)")
HTML_IMAGE = re.compile(r"""(<img\b[^>]*?\ssrc\s*=\s*)("[^"]*"|'[^']*')""", re.IGNORECASE)
FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")


class Pictures:
    """Holds what one import knows of pictures: those in the archive, those placed, those that are not ours.

    `put(file, data)` writes a file below the folder of posts and tells whether it may stand there.
    `fetch(url)` gets a remote picture, or is None where the network is not to be touched. `known` maps
    URLs to files that earlier imports fetched, and takes up new ones.
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
            if name.lower().endswith(ENDINGS):
                self._by_name.setdefault(posixpath.basename(name).casefold(), []).append(name)
        self.placed: list[str] = []
        self.remote: dict[tuple[str, str], Picture] = {}
        self.missing: dict[tuple[str, str], Picture] = {}

    def placer(self, post: ImportedPost, file: str) -> Callable[[str], str]:
        """Return the function that gives each picture's URL in a post's file, and places what it can on the way."""
        attached = {attachment.reference: attachment for attachment in post.attachments}
        folder = file.removesuffix(".md")
        done: dict[str, str] = {}

        def place(url: str) -> str:
            if url not in done:
                done[url] = self._place(url, post, folder, attached)
            return done[url]

        return place

    def _place(self, url: str, post: ImportedPost, folder: str, attached: Mapping[str, Attachment]) -> str:
        attachment = attached.get(url) or attached.get(unquote(url))
        where = f"{folder}.md"
        try:
            if url.startswith("data:"):
                return self._keep(folder, "", _data_of(url))
            if attachment is not None and self._copy:
                return self._keep(folder, attachment.name, attachment.data)
            member = self._find(url, post.where.path)
            if member is not None:
                return self._keep(folder, posixpath.basename(member), self._archive.read(member, LARGEST))
            if url.startswith(("http://", "https://", "//")):
                return self._reach("https:" + url if url.startswith("//") else url, folder, where)
            reason = "the export does not hold it" if self._copy else "pictures are left out"
        except (UnreadableError, FetchError) as error:
            reason = str(error)
        shown = url[:200] if not url.startswith("data:") else url[:30] + "…"
        self.missing[shown, where] = Picture(shown, where, reason)
        return "" if url.startswith("data:") else url

    def _reach(self, url: str, folder: str, where: str) -> str:
        known = self._known.get(url)
        if known is not None and self._exists(known):
            return quote(_relative(known, folder))
        if self._fetch is None:
            self.remote[url, where] = Picture(url, where, "")
            return url
        try:
            placed = self._keep(folder, posixpath.basename(unquote(urlsplit(url).path)), self._fetch(url))
        except (UnreadableError, FetchError) as error:
            self.missing[url, where] = Picture(url, where, str(error))
            return url
        self._known[url] = posixpath.join(posixpath.dirname(folder), unquote(placed))
        return placed

    def _keep(self, folder: str, name: str, data: bytes) -> str:
        """Put a picture beside its post, under a name that no other picture has, and return its relative URL."""
        ending = image_type(data)
        if not ending:
            raise UnreadableError("it is no picture, or one that could run something")
        stem = slugify(PurePosixPath(name).stem)[:60].strip("-") or "image"
        digest = of_bytes(data)
        # A picture that a person has since changed, say made smaller, stays the post's picture.
        known = self._known.get(f"{digest} {folder}")
        if known is not None and self._exists(known):
            return quote(_relative(known, folder))
        for tried in (stem, f"{stem}-{digest[:8]}"):
            file = f"{folder}/{tried}.{ending}"
            there = self._exists(file)
            if self._put(file, data):
                if not there:
                    self.placed.append(file)
                self._known[f"{digest} {folder}"] = file
                return quote(_relative(file, folder))
        raise UnreadableError("another file has its name")

    def _find(self, url: str, post: str) -> str | None:
        """Return the member that a URL means: by its path from the post's file, else by the end of its path."""
        if not self._by_name:
            return None
        path = unquote(urlsplit(url).path) if not url.startswith("cid:") else ""
        candidates = self._by_name.get(posixpath.basename(path).casefold(), [])
        if not candidates:
            return None
        remote = url.startswith(("http:", "https:", "//"))
        beside = posixpath.normpath(posixpath.join(posixpath.dirname(post), path.lstrip("/") if remote else path))
        if beside in candidates:
            return beside
        best = max(candidates, key=lambda name: (_shared(name, path), -len(name)))
        needed = 2 if remote or len(candidates) > 1 else 1
        return best if _shared(best, path) >= needed else None


def place_in_markdown(text: str, place: Callable[[str], str]) -> str:
    """Return Markdown with the URL of each picture outside of code replaced by the one that `place` gives."""
    lines, fence = text.split("\n"), ""
    for at, line in enumerate(lines):
        match = FENCE.match(line)
        if match and (not fence or (match[1].startswith(fence) and not line.strip(" `~"))):
            fence = "" if fence else match[1]
        elif not fence and ("![" in line or "<img" in line.lower()):
            parts = re.split(r"(`+[^`]*`+)", line)
            parts[::2] = [_replace_images(part, place) for part in parts[::2]]
            lines[at] = "".join(parts)
    return "\n".join(lines)


def _replace_images(text: str, place: Callable[[str], str]) -> str:
    def in_markdown(match: re.Match[str]) -> str:
        written = match[2].strip("<>")
        placed = place(written)
        return match[0] if placed == written else match[1] + placed

    def in_html(match: re.Match[str]) -> str:
        written = match[2][1:-1]
        placed = place(written)
        return match[0] if placed == written else f'{match[1]}"{placed}"'

    return HTML_IMAGE.sub(in_html, MARKDOWN_IMAGE.sub(in_markdown, text))


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
