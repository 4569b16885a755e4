"""Writes one imported post out: its body as Markdown, its pictures in their places, its front matter."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import tzinfo

from sitegen.importers.convert import convert_html
from sitegen.importers.items import Html, ImportedPost
from sitegen.importers.pictures import place_in_markdown
from sitegen.importers.post_file import plain_title, write_post_file


@dataclass(frozen=True, slots=True)
class Written:
    """A post written out: its file's bytes, what was dropped from it, and what is doubtful in it."""

    data: bytes
    dropped: Counter[str]
    doubts: tuple[str, ...]


def write_out(post: ImportedPost, slug: str, place: Callable[[str], str], zone: tzinfo) -> Written:
    """Return a post's file; `place` says where a picture lies that the post names.

    Raises UnreadableError for a body that cannot be converted, or metadata without end.
    """
    text, dropped = _write_body(post, place)
    doubts: list[str] = []
    if post.image:
        post = replace(post, image=place(post.image))
    if not post.title.strip():
        post = replace(post, title=plain_title(text) or slug.replace("-", " ").strip())
        doubts.append(f'it has no title, and is called "{post.title}"')
    data = write_post_file(post, slug, text, zone, doubts).encode("utf-8", "replace")
    return Written(data, dropped, tuple(doubts))


def _write_body(post: ImportedPost, place: Callable[[str], str]) -> tuple[str, Counter[str]]:
    dropped = Counter({str(kind): int(count) for kind, count in post.dropped.items()})
    if isinstance(post.body, Html):
        converted = convert_html(post.body, post.title, place)
        return converted.text, dropped + converted.dropped
    text = post.body.text.replace("\r\n", "\n").replace("\r", "\n")
    return place_in_markdown(text, place), dropped
