"""Converts an imported post: its body to Markdown, its metadata to front matter, with its images saved."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from hashlib import blake2b
from typing import Any
from urllib.parse import unquote

from msgspec import MsgspecError, Struct
from msgspec.msgpack import Decoder
from msgspec.structs import replace

from sitegen.content.front_matter.split import split
from sitegen.errors import SiteError
from sitegen.importers.base import ImportedPost
from sitegen.importers.markdown_source.links import TargetSpan, change_links
from sitegen.importers.markdown_source.title import title_from_name
from sitegen.importers.output.conversion_cache import KEY_BYTES, ConversionCache, encode_if_text
from sitegen.importers.output.convert_body import BodyConverter
from sitegen.importers.output.dates import localize
from sitegen.importers.output.images import PostFileSaver
from sitegen.importers.output.post_file import check_length, derive_title, join_file, read_fields, write_front


@dataclass(frozen=True, slots=True)
class ConvertedPost:
    """A converted post: its front matter, its Markdown, dropped content by category, and warnings for the report.

    `targets` and `headings` are those of the Markdown (see `ConvertedBody`).
    """

    fields: Mapping[str, Any]
    text: str
    dropped: Counter[str]
    warnings: tuple[str, ...]
    targets: Sequence[TargetSpan]
    headings: Sequence[str] | None


class _Front(Struct, frozen=True, array_like=True):
    """Front matter with its delimiters, and the warnings for the report."""

    text: str
    warnings: tuple[str, ...]


_decode_front = Decoder(_Front).decode


def convert_post(
    post: ImportedPost, slug: str, saver: PostFileSaver, zone: tzinfo, bodies: BodyConverter
) -> ConvertedPost:
    """Return the front matter and the Markdown of a post; `saver` saves its images and files.

    Raises UnreadableError for a body that cannot be converted, and for metadata that is too long.
    """
    body = bodies.convert(post.body, post.title, saver)
    text = body.text
    dropped = Counter({str(category): int(count) for category, count in post.dropped.items()}) + Counter(body.dropped)
    warnings: list[str] = []
    if post.image:
        # A missing cover image is in the report; in the front matter it would be broken on every list of posts.
        image = saver.find_image(post.image)
        post = replace(post, image=image if image is not None else post.image if "//" in post.image else "")
    if not post.title.strip():
        post = replace(post, title=derive_title(text) or _title_without_words(post, slug, zone))
        warnings.append(f'it has no title, so "{post.title}" is used as its title')
    fields = read_fields(post, slug, zone, warnings)
    check_length(fields)  # raises UnreadableError while the post can still be skipped
    written = text.encode("utf-8", "replace").decode()
    return ConvertedPost(fields, written, dropped, tuple(warnings), body.targets, body.headings)


def _title_without_words(post: ImportedPost, slug: str, zone: tzinfo) -> str:
    """Return a title for a post whose text has no words: from its name on the old site, or its day."""
    day = localize(post.date, zone).date().isoformat() if post.date else ""
    return title_from_name(unquote(post.slug)) or day or slug.replace("-", " ").strip()


def format_post_file(fields: Mapping[str, Any], text: str, warnings: list[str], cache: ConversionCache) -> bytes:
    """Return the content of a post's file, with the front matter from the cache if it was written before."""
    written = f"front matter\n{dict(fields)!r}".encode("utf-8", "surrogatepass")
    key = blake2b(written, digest_size=KEY_BYTES).digest()
    front = _read_front(cache.get(key) or b"")
    if front is None:
        found: list[str] = []
        front = _Front(write_front(fields, found), tuple(found))
        if encoded := encode_if_text(front):
            cache.put(key, encoded)
    warnings += front.warnings
    return join_file(front.text, text).encode("utf-8", "replace")


def _read_front(encoded: bytes) -> _Front | None:
    try:
        return _decode_front(encoded) if encoded else None
    except MsgspecError:
        return None


def is_same_post(data: bytes, fields: Mapping[str, Any], text: str) -> bool:
    """Return whether a file contains a post, ignoring aliases and link targets, which depend on the other posts."""
    try:
        front = split(data, "")
    except SiteError:
        return False
    import_wide_keys = ("aliases", "broken_links")
    found, expected = (
        {key: item for key, item in v.items() if key not in import_wide_keys} for v in (front.values, fields)
    )
    return found == expected and _without_targets(front.text) == _without_targets(text)


def _without_targets(text: str) -> str:
    return change_links(text.strip("\n"), lambda _: "#").replace("<#>", "#")
