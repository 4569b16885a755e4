"""Add one comment, such as an answer in a mail, to the comment file of a post."""

import re
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from sitegen.comments import comment_file_of
from sitegen.comments.comment import Comment
from sitegen.comments.file import decode_comments, parse_comments, write_comment
from sitegen.comments.ledger import read_comment_ledger
from sitegen.comments.merge import merge_comments
from sitegen.config.schema import Config
from sitegen.errors import Problem, SiteError, did_you_mean
from sitegen.formats.dates import read_date, zone_named
from sitegen.importers.archive.archive import UnreadableError
from sitegen.importers.base import HtmlBody, ImportedComment, Location, MarkdownBody
from sitegen.importers.comments.found import PostReference
from sitegen.importers.comments.post_finder import CommentedPosts
from sitegen.importers.mail.message import looks_like_message, read_message
from sitegen.importers.mail.own_text import OwnText, find_own_text
from sitegen.importers.output.comment_files import convert_comment
from sitegen.importers.output.destination import check_destination
from sitegen.importers.output.import_state import WORK_FOLDER
from sitegen.system.atomic_write import write_if_changed
from sitegen.system.file_lock import hold

# An image in the message itself, which nothing outside of it can show.
_ATTACHED_IMAGE = re.compile(r"!\[[^\[\]\n]{0,500}\]\(cid:[^()\s]{1,500}\)\n*")
_HTML = re.compile(r"\s*<(?:!doctype|html)\b", re.IGNORECASE)
_EMLX_SIZE = re.compile(rb"([0-9]{1,10})[ \t]*\r?\n")
_OTHER_FILES = {b"\xd0\xcf\x11\xe0": "Outlook (.msg)", b"{\\rtf": "RTF", b"%PDF": "PDF", b"PK\x03\x04": "Word or ZIP"}
"""The first bytes of files that contain a message or its text in a form that is not read, and their formats."""

_ADDRESS = re.compile(r"[\w.+%=-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")


class CommentInput(Struct, frozen=True):
    """The options for a comment: `post` is a file, URL or slug, `reply_to` the id of the comment it answers.

    `data` is the comment: Markdown, or an email message, whose author and date are used if these are "".
    `name` names it in messages, `now` is the date of a comment without one.
    """

    data: bytes
    name: str
    post: str
    now: datetime
    author: str = ""
    date: str = ""
    reply_to: str = ""


class AddedComment(Struct, frozen=True):
    """A comment and its file; not `added` if the file already had it.

    `removed` names what a message had besides the text of its author: the quoted message, the signature.
    """

    file: str
    comment: Comment
    added: bool
    removed: tuple[str, ...] = ()


def add_comment(given: CommentInput, root: Path, config: Config, *, dry_run: bool = False) -> AddedComment:
    """Add a comment to the file of its post, unless it is already there; with `dry_run`, write nothing.

    Raises SiteError if the post or the comment that this one answers does not exist, if the text is empty or contains
    an email address, and for comment files that are not valid.
    """
    with hold(check_destination(root, root / WORK_FOLDER / "lock"), lambda: None):
        file = comment_file_of(_find_post(given.post, root, config))
        path = check_destination(root, root / file)
        text = decode_comments(path.read_bytes(), file) if path.is_file() else ""
        known = {comment.id for comment in parse_comments(text.encode(), file).comments}
        comment, removed = _read_comment(given, config, known)
        if read_comment_ledger(root).is_removed(root, file, comment.id):
            hint = f"to show it again, remove `{comment.id}` from comments.json"
            raise SiteError([Problem(given.name, 0, "this comment was taken down", hint)])
        merge = merge_comments(text, file, [comment], {})
        parse_comments(merge.text.encode(), file)
        if merge.added and not dry_run:
            write_if_changed(path, merge.text.encode())
    return AddedComment(file, comment, bool(merge.added), removed)


def _find_post(name: str, root: Path, config: Config) -> str:
    file = name.removeprefix("./")
    posts = CommentedPosts(root, config)
    found = posts.find(PostReference(ids=(file,), urls=(file,), name=file))
    is_file = file.endswith((".md", ".markdown")) and (root / file).is_file()
    if is_file and file.startswith(f"{config.content}/"):
        return file
    if found is None:
        hint = did_you_mean(name, posts.slugs) or "name its file, URL or slug"
        raise SiteError([Problem("", 0, f'there is no post "{name}"', hint)])
    return found


def _read_comment(given: CommentInput, config: Config, known: Collection[str]) -> tuple[Comment, tuple[str, ...]]:
    """Return the comment as it is stored, and what of a message is not in it; raise SiteError with all problems."""
    problems: list[Problem] = []
    author, date, key = given.author, None, ""
    body: HtmlBody | MarkdownBody | None = None
    data = _cut_emlx(given.data)
    if looks_like_message(data):
        try:
            message = read_message(data)
        except UnreadableError as error:
            raise SiteError([Problem(given.name, 0, f"the message cannot be read: {error}")]) from error
        author, date, key = author or message.author, message.date, message.id
        body = HtmlBody(message.html)
    if given.date:
        try:
            date = read_date(given.date, zone_named(config.timezone))
        except ValueError as error:
            problems.append(Problem("--date", 0, str(error), "write it as 2024-05-01T18:30"))
    written = _aware(date) if date else None
    reply_to = given.reply_to.rpartition("#")[2].removeprefix("theme:comment-")
    if reply_to and reply_to not in known:
        hint = did_you_mean(reply_to, known) or "the id of a comment is in its file, and in the link of its date"
        problems.append(Problem("--reply-to", 0, f'the post has no comment "{reply_to}"', hint))
    if body is None:
        text = _decode(data, given.name)
        body = HtmlBody(text) if _HTML.match(text) else MarkdownBody(text)
    # Two people can have the same name and write the same words, but not at the same time.
    found = ImportedComment(Location(given.name), key, body, author, written)
    try:
        comment = convert_comment(found, "mail")
    except (UnreadableError, RecursionError) as error:
        raise SiteError([Problem(given.name, 0, f"the comment cannot be converted: {error}")]) from error
    own = OwnText(comment.text)
    if isinstance(body, HtmlBody):
        text, images = _ATTACHED_IMAGE.subn("", comment.text)
        own = find_own_text(text)
        own = replace(own, removed=(*own.removed, "images")) if images else own
    if own.text.strip() in ("", "…"):
        problems.append(Problem(given.name, 0, "the comment has no text", "write the text into the file"))
    if address := _ADDRESS.search(own.text):
        hint = "save the text without it in a file, and add that file with --author and --date"
        problems.append(Problem(given.name, 0, f"the text contains the email address `{address[0]}`", hint))
    if "@" in given.author:
        problems.append(Problem("--author", 0, f"`{given.author}` contains an email address", "write a name instead"))
    if problems:
        raise SiteError(problems)
    moment = comment.date or given.now.replace(microsecond=0)
    added = Comment(comment.id, own.text, comment.author, moment, reply_to)
    # The form in which the file has it, and by its rules, such as the maximum length.
    return parse_comments(write_comment(added).encode(), given.name).comments[0], own.removed


def _aware(date: datetime) -> datetime:
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def _cut_emlx(data: bytes) -> bytes:
    """Return the message in a file of Apple Mail: its size is in the line above it, and data of the program below."""
    size = _EMLX_SIZE.match(data)
    return data[size.end() : size.end() + int(size[1])] if size and looks_like_message(data[size.end() :]) else data


def _decode(data: bytes, name: str) -> str:
    program = next((program for start, program in _OTHER_FILES.items() if data.startswith(start)), "")
    if program:
        hint = "save the message as .eml, or its text in a plain text file"
        raise SiteError([Problem(name, 0, f"this is a file of {program}", hint)])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SiteError([Problem(name, 0, "the file is not UTF-8", "save it in UTF-8")]) from None
