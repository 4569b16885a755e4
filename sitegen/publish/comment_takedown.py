"""Removes a comment from its file, and records that no import may bring it back."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sitegen.comments import COMMENTS_SUFFIX
from sitegen.comments.comment import Comment
from sitegen.comments.file import decode_comments, parse_comments, split_items
from sitegen.comments.ledger import read_comment_ledger
from sitegen.comments.merge import remove_comment
from sitegen.errors import Problem, SiteError, did_you_mean
from sitegen.system.atomic_write import write_atomically


@dataclass(frozen=True, slots=True)
class CommentLocation:
    """A comment to take down, and its file relative to the site's root."""

    file: str
    comment: Comment


def find_comment(root: Path, content: str, name: str) -> CommentLocation:
    """Return the comment with an id, or with an id after the path of its file and `#`, or after a URL and `#`.

    Raises SiteError if no comment, or more than one, has this id, and for comment files that are not valid.
    """
    where, _, anchor = name.rpartition("#")
    wanted = anchor.removeprefix("theme:comment-")
    found = [item for item in _read_all(root, content) if item.comment.id == wanted]
    if len(found) > 1 and where:
        found = [item for item in found if item.file.removeprefix("./") == where.removeprefix("./")] or found
    if len(found) == 1:
        return found[0]
    if found:
        hint = f"name its file too: {' or '.join(f'{item.file}#{wanted}' for item in found)}"
        raise SiteError([Problem("", 0, f'{len(found)} comments have the id "{wanted}"', hint)])
    hint = did_you_mean(wanted, [item.comment.id for item in _read_all(root, content)])
    raise SiteError([Problem("", 0, f'there is no comment "{wanted}"', hint or "its id is in the link of its date")])


def take_comment_down(root: Path, found: CommentLocation) -> None:
    """Record a comment as removed, then remove it from its file, and the file if it was the only comment."""
    ledger = read_comment_ledger(root)
    removed = ledger.removed.setdefault(found.file, [])
    if found.comment.id not in removed:
        removed.append(found.comment.id)
    ledger.save(root)
    path = root / found.file
    text = remove_comment(decode_comments(path.read_bytes(), found.file), found.file, found.comment.id)
    if any(split_items(text, found.file)):
        write_atomically(path, text.encode())
    else:
        path.unlink()


def _read_all(root: Path, content: str) -> Iterator[CommentLocation]:
    for path in sorted((root / content).rglob(f"*{COMMENTS_SUFFIX}")):
        file = path.relative_to(root).as_posix()
        for comment in parse_comments(path.read_bytes(), file).comments:
            yield CommentLocation(file, comment)
