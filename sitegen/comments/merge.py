"""Change single comments of a comment file, and leave every other line as it is."""

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from sitegen.comments.comment import Comment, comment_order
from sitegen.comments.file import parse_comments, split_items, write_comment
from sitegen.system.fingerprints import of_bytes


class CommentMerge(Struct, frozen=True):
    """A comment file after an import: its content, the fingerprints of the imported comments, and what was done.

    `edited` are the ids of comments that someone changed or deleted since an earlier import, which stay so.
    """

    text: str
    imported: dict[str, str]
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    edited: tuple[str, ...] = ()


def fingerprint_of(comment: Comment) -> str:
    """Return the fingerprint of a comment as the ledger has it."""
    return of_bytes(write_comment(comment).encode())[:8]


def merge_comments(text: str, path: str, comments: Iterable[Comment], imported: dict[str, str]) -> CommentMerge:
    """Add comments to the decoded content of a comment file, each before the first one with a later date.

    `imported` has the fingerprints of earlier imports. A comment that is in the file as an import wrote it is replaced
    by its new version; one that was edited or deleted since is not changed. Likes never become fewer: not every export
    of a platform has them. Raises SiteError if the file is not valid.
    """
    known = {comment.id: comment for comment in parse_comments(text.encode(), path).comments}
    record = dict(imported)
    replaced: dict[str, Comment] = {}
    added: list[Comment] = []
    edited: list[str] = []
    unchanged = 0
    for found in comments:
        existing = known.get(found.id)
        comment = replace(found, likes=existing.likes) if existing and existing.likes > found.likes else found
        fingerprint = fingerprint_of(comment)
        if existing is None and comment.id in record:
            edited.append(comment.id)
        elif existing is None:
            added.append(comment)
            record[comment.id] = fingerprint
        elif fingerprint_of(existing) == fingerprint:
            unchanged += 1
            record[comment.id] = fingerprint
        elif record.get(comment.id) == fingerprint_of(existing):
            replaced[comment.id] = comment
            record[comment.id] = fingerprint
        else:
            edited.append(comment.id)
    merged = text
    if replaced or added:
        merged = _write(text, path, replaced, sorted(added, key=comment_order))
    return CommentMerge(merged, record, len(added), len(replaced), unchanged, tuple(edited))


def remove_comment(text: str, path: str, comment_id: str) -> str:
    """Return the content of a comment file without a comment; raise SiteError if the file is not valid."""
    return "".join(part for part, comment in _items(text, path) if comment is None or comment.id != comment_id)


def _write(text: str, path: str, replaced: dict[str, Comment], added: list[Comment]) -> str:
    parts: list[str] = []
    waiting = list(reversed(added))
    indent = ""
    for part, comment in _items(text, path):
        if comment is None:
            parts.append(part)
            continue
        indent = " " * (len(part) - len(part.lstrip(" ")))
        while waiting and comment_order(waiting[-1]) < comment_order(comment):
            parts.append(_indent(write_comment(waiting.pop()), indent))
        parts.append(_indent(write_comment(replaced[comment.id]), indent) if comment.id in replaced else part)
    if parts and not parts[-1].endswith("\n"):
        parts[-1] += "\n"
    parts += [_indent(write_comment(comment), indent) for comment in reversed(waiting)]
    return "".join(parts)


def _indent(text: str, indent: str) -> str:
    return "".join(indent + line if line.strip() else line for line in text.splitlines(keepends=True))


def _items(text: str, path: str) -> list[tuple[str, Comment | None]]:
    """Return the parts of a file in order, each comment with its lines.

    What is before the first one, and one without text, is with None.
    """
    parts = [item for _, item in split_items(text, path)]
    head = text[: len(text) - sum(map(len, parts))]
    found: list[tuple[str, Comment | None]] = [(head, None)] if head else []
    return found + [(part, next(iter(parse_comments(part.encode(), path).comments), None)) for part in parts]
