"""Writes one imported post out: its body as Markdown, its images in their places, its front matter."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import tzinfo
from typing import Any

from sitegen.content.front_matter.split import split
from sitegen.errors import SiteError
from sitegen.importers.base import HtmlBody, ImportedPost
from sitegen.importers.convert.html_to_markdown import convert_html
from sitegen.importers.markdown_source.html_attributes import clean_html
from sitegen.importers.markdown_source.links import change_links
from sitegen.importers.markdown_source.raw_html import repair_html
from sitegen.importers.output.images import Placer, place_targets
from sitegen.importers.output.post_file import check_length, join_file, plain_title, read_fields, write_front


@dataclass(frozen=True, slots=True)
class Written:
    """A post written out: its front matter, its Markdown, what was dropped from it, and what is doubtful in it."""

    fields: Mapping[str, Any]
    text: str
    dropped: Counter[str]
    doubts: tuple[str, ...]


def write_out(post: ImportedPost, slug: str, placer: Placer, zone: tzinfo) -> Written:
    """Return a post's front matter and Markdown; `placer` gives the URLs of its images and files.

    Raises UnreadableError for a body that cannot be converted, or metadata without end.
    """
    text, dropped = _write_body(post, placer)
    doubts: list[str] = []
    if post.image:
        # An image of the whole post that cannot be had is listed in the report, and would be broken on every list.
        image = placer.find_image(post.image)
        post = replace(post, image=image if image is not None else post.image if "//" in post.image else "")
    if not post.title.strip():
        post = replace(post, title=plain_title(text) or slug.replace("-", " ").strip())
        doubts.append(f'it has no title, and is called "{post.title}"')
    fields = read_fields(post, slug, zone, doubts)
    check_length(fields)  # raises where they are too long, while the post can still be skipped
    return Written(fields, text.encode("utf-8", "replace").decode(), dropped, tuple(doubts))


def file_of(fields: Mapping[str, Any], text: str, doubts: list[str]) -> bytes:
    """Return the bytes of a post's file."""
    return join_file(write_front(fields, doubts), text).encode("utf-8", "replace")


def resembles(data: bytes, fields: Mapping[str, Any], text: str) -> bool:
    """Return whether a file is that of a post but for what the whole import decides: aliases, and where links lead."""
    try:
        front = split(data, "")
    except SiteError:
        return False
    decided = ("aliases", "broken_links")
    found, wanted = ({key: item for key, item in v.items() if key not in decided} for v in (front.values, fields))
    return found == wanted and _without_targets(front.text) == _without_targets(text)


def _without_targets(text: str) -> str:
    return change_links(text.strip("\n"), lambda _: "#").replace("<#>", "#")


def _write_body(post: ImportedPost, placer: Placer) -> tuple[str, Counter[str]]:
    dropped = Counter({str(kind): int(count) for kind, count in post.dropped.items()})
    if isinstance(post.body, HtmlBody):
        converted = convert_html(post.body, post.title, placer.image)
        dropped += converted.dropped
        return place_targets(repair_html(converted.text, dropped), placer, images=False), dropped
    text = post.body.text.replace("\r\n", "\n").replace("\r", "\n")
    return place_targets(repair_html(clean_html(text, dropped), dropped), placer), dropped
