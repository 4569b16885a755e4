"""Enclosures: the sound, film or document that belongs to a post, as its front matter names it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from sitegen.feeds.address import absolute, to_uri
from sitegen.feeds.text import one_line

TYPES = {
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".aac": "audio/aac",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".flac": "audio/flac",
    ".wav": "audio/wav",
    ".mp4": "video/mp4",
    ".m4v": "video/mp4",
    ".mov": "video/quicktime",
    ".webm": "video/webm",
    ".pdf": "application/pdf",
    ".epub": "application/epub+zip",
    ".zip": "application/zip",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".svg": "image/svg+xml",
}
"""A table of our own, because that of the standard library depends on the machine."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that goes with a post: absolute URL, size in bytes (0 where unknown) and media type."""

    url: str
    length: int
    type: str


def find_enclosures(value: object, permalink: str) -> tuple[Enclosure, ...]:
    """Return the enclosures that a front matter names: a URL, a table of url, length and type, or a list of these."""
    found = []
    for part in value if isinstance(value, tuple) else (value,):
        table = part if isinstance(part, Mapping) else {"url": part}
        url = one_line(str(table.get("url") or ""))
        if url:
            length = str(table.get("length") or "").strip()
            suffix = PurePosixPath(urlsplit(url).path).suffix.lower()
            kind = one_line(str(table.get("type") or "")) or TYPES.get(suffix, "application/octet-stream")
            found.append(
                Enclosure(
                    to_uri(absolute(url, permalink)), int(length) if length.isascii() and length.isdigit() else 0, kind
                )
            )
    return tuple(found)
