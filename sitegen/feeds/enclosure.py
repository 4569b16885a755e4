"""Enclosures: the sound, film or document that belongs to a post, as its front matter names it."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

from sitegen.feeds.text import one_line
from sitegen.formats import lazy_regex
from sitegen.formats.site_urls import file_url
from sitegen.model import Post

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


MEDIA_TYPE = lazy_regex.compile(
    r"[\w!#$&^.+-]+/[\w!#$&^.+-]+(?:\s*;\s*[\w!#$&^.+-]+=(?:[\w!#$&^.+-]+|\"[^\"]*\"))*", re.ASCII
)
"""A media type with its parameters (RFC 6838, section 4.2; RFC 9110, section 8.3.1)."""


class Enclosure(Struct, frozen=True):
    """A file attached to a post: absolute URL, size in bytes (0 where unknown) and media type.

    `episode` is the table of the front matter, for what podcasts say beside that.
    """

    url: str
    length: int
    type: str
    episode: Mapping[str, Any]

    @property
    def is_web(self) -> bool:
        """Whether RSS can name the file, which takes only URLs of the web (RSS 2.0)."""
        return self.url.lower().startswith(("http://", "https://"))


def find_enclosures(
    value: object, resolve: Callable[[str], str], size_of: Callable[[str], int]
) -> tuple[Enclosure, ...]:
    """Return the enclosures that a front matter names: a URL, a table of url, length and type, or a list of these.

    `resolve` makes a path of the site or a URL an absolute URL; `size_of` gives the size in bytes of the file at
    an absolute URL, 0 if it is not known.
    """
    found = []
    for part in value if isinstance(value, tuple) else (value,):
        table = part if isinstance(part, Mapping) else {"url": part}
        path = one_line(str(table.get("url") or ""))
        if path:
            url = resolve(path)
            length = str(table.get("length") or "").strip()
            suffix = PurePosixPath(urlsplit(path).path).suffix.lower()
            kind = one_line(str(table.get("type") or ""))
            if not MEDIA_TYPE.fullmatch(kind):
                kind = TYPES.get(suffix, "application/octet-stream")
            size = int(length) if length.isascii() and length.isdigit() and int(length) else size_of(url)
            found.append(Enclosure(url, size, kind, table))
    return tuple(found)


def find_enclosure_urls(post: Post, content: str, base: str) -> Iterator[str]:
    """Yield the URL of each enclosure of a post, a path of the site or a web URL, as the post's page links to it.

    `content` is the content folder, `base` the path of the base URL.
    """
    if "enclosure" in post.params:
        resolve = partial(_locate, path=post.path, content=content, base=base)
        yield from (found.url for found in find_enclosures(post.params["enclosure"], resolve, _skip_size) if found.url)


def _locate(reference: str, path: str, content: str, base: str) -> str:
    """Return the URL of a file that front matter names, "" if it is not in the content folder."""
    try:
        return file_url(reference, path, content, base)
    except ValueError:
        return ""


def _skip_size(url: str) -> int:  # noqa: ARG001 - a page does not say the size
    return 0
