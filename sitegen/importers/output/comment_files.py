"""Writes imported comments to the comment files of posts, without changing comments that someone edited."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from msgspec.structs import replace

from sitegen.comments import comment_file_of
from sitegen.comments.comment import Comment
from sitegen.comments.file import (
    ADDRESS,
    MAX_LIKES,
    decode_comments,
    parse_comments,
    write_comment,
    write_comments,
)
from sitegen.comments.ledger import CommentLedger, read_comment_ledger
from sitegen.comments.merge import fingerprint_of, merge_comments
from sitegen.errors import SiteError
from sitegen.formats import lazy_regex
from sitegen.formats.characters import INVISIBLE
from sitegen.formats.slugs import slugify
from sitegen.formats.urls import home_of, is_parseable
from sitegen.importers.archive.archive import UnreadableError
from sitegen.importers.base import HtmlBody, ImportedComment, Location, Note
from sitegen.importers.output.destination import check_destination
from sitegen.system.atomic_write import write_if_changed
from sitegen.system.fingerprints import of_bytes

MAX_NAME_CHARACTERS = 200

_URL = lazy_regex.compile(r"https?://[^\s/?#@]+(?:[/?#]\S*)?")
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_DIRECTIONS = lazy_regex.compile("[\u202a-\u202e\u2066-\u2069]")
_VISIBLE = re.compile(r"[^\s\u00ad\u200b-\u200f\u2060-\u2064\u3164\ufe00-\ufe0f]")
_ANGLED = re.compile(r"<[^<>]*@[^<>]*>")

# In comments. The names of people on social networks begin with another `@`, and a path follows `git@host:`.
_MAIL_LINK = lazy_regex.compile(r"\[([^\[\]\n]{0,200})\]\(mailto:[^()\s]{1,300}\)", re.IGNORECASE)
_WRITTEN_ADDRESS = lazy_regex.compile(
    r"(?<![\w.+%=@/\\-])<?(?:mailto:)?[\w.+%=\\-]{1,64}(?:@|%40)[\w-]{1,63}+(?:\.[\w-]{1,63}+|(?!)){1,8}+(?!:[\w/~])>?",
    re.IGNORECASE,
)


@dataclass(slots=True)
class CommentCounts:
    """The results of an import of comments.

    `cleaned` is the number of comments from whose text an email address was removed, `failed` that of comments that
    could not be imported, for `problems` of these comments or of the files that they belong to.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    edited: int = 0
    removed: int = 0
    cleaned: int = 0
    failed: int = 0
    problems: list[tuple[str, str]] = field(default_factory=list)

    @property
    def total(self) -> int:
        """The number of comments that were read for posts of the site."""
        return self.added + self.changed + self.unchanged + self.edited + self.removed + self.failed


class CommentFiles:
    """Writes the comment files of a site, and keeps the ledger of comments.

    `base_url` is that of the site: a comment has no URL elsewhere if the site is at the domain of the old one.
    """

    def __init__(self, root: Path, base_url: str, *, dry_run: bool) -> None:
        self.counts = CommentCounts()
        self._root, self._home, self._dry_run = root, urlsplit(home_of(base_url)), dry_run
        self._ledger: CommentLedger | None = None
        self._renamed: dict[str, str] = {}

    @property
    def notes(self) -> list[Note]:
        """The problems as notes of the report."""
        return [Note(Location(where), message) for where, message in self.counts.problems]

    def add(self, post_path: str, comments: Iterable[ImportedComment], platform: str) -> None:
        """Add comments to the comment file of a post."""
        if self._ledger is None:
            self._ledger = read_comment_ledger(self._root)
            self._renamed = self._ledger.find_renamed(self._root)
        counts = self.counts
        name = comment_file_of(post_path)
        found = self._convert(comments, platform)
        path = self._root / name
        converted = found
        try:
            text = decode_comments(path.read_bytes(), name) if path.is_file() else ""
            if self._renamed:
                existing = parse_comments(text.encode(), name).comments
                self._follow_rename(self._ledger, name, [*existing, *found.values()])
            removed = set(self._ledger.removed.get(name, ()))
            converted = {key: comment for key, comment in found.items() if key not in removed}
            counts.removed += len(found) - len(converted)
            merge = merge_comments(text, name, converted.values(), self._ledger.imported.get(name, {}))
        except SiteError as error:
            counts.failed += len(converted)
            for problem in error.problems:
                where = f"{name}:{problem.line}" if problem.line else name
                row = where, f"{problem.message}; nothing is imported into a file that is not valid"
                counts.problems += [row] if row not in counts.problems else []
            return
        counts.added += merge.added
        counts.changed += merge.changed
        counts.unchanged += merge.unchanged
        counts.edited += len(merge.edited)
        if merge.imported:
            self._ledger.imported[name] = merge.imported
        if merge.text != text and not self._dry_run:
            check_destination(self._root, path)
            write_if_changed(path, merge.text.encode())

    def _follow_rename(self, ledger: CommentLedger, name: str, comments: Iterable[Comment]) -> None:
        """Move the entries of the ledger to the new name of a comment file whose post was renamed.

        It was if one of its comments, or of those of an import, is as an import wrote it on a post that is gone.
        """
        found = {self._renamed.get(f"{comment.id} {fingerprint_of(comment)}", name) for comment in comments}
        for old in sorted(found & ledger.imported.keys() - {name}):
            ledger.follow_rename(self._root, old, name)

    def _convert(self, comments: Iterable[ImportedComment], platform: str) -> dict[str, Comment]:
        """Return the comments of a post as they are stored, by id, and count the others."""
        converted: dict[str, Comment] = {}
        locations: dict[str, Location] = {}
        for comment in comments:
            try:
                written = convert_comment(comment, platform)
            except (UnreadableError, RecursionError) as error:
                self._refuse(comment.where, f"the comment cannot be converted: {error}")
                continue
            item = replace(written, text=remove_addresses(written.text))
            if item.url and item.type == "comment" and self._is_on_site(item.url):
                item = replace(item, url="")
            if (first := converted.get(item.id)) is not None and first != item:
                message = f"another comment on the post has the id `{item.id}`, and is imported instead"
                self._refuse(comment.where, message)
            elif first is not None:
                self.counts.unchanged += 1
            else:
                converted[item.id], locations[item.id] = item, comment.where
                self.counts.cleaned += item.text != written.text
        for key, message in _find_invalid(converted.values()).items():
            self._refuse(locations[key], f"the comment `{key}` cannot be stored: {message}")
            del converted[key]
        return converted

    def _refuse(self, where: Location, message: str) -> None:
        self.counts.failed += 1
        self.counts.problems.append((str(where), message))

    def _is_on_site(self, url: str) -> bool:
        parts, home = urlsplit(url), self._home
        hosts = {(host or "").removeprefix("www.") for host in (parts.hostname, home.hostname)}
        return len(hosts) == 1 and f"{parts.path}/".startswith(home.path)

    def save(self) -> None:
        """Write the ledger."""
        if self._ledger is not None and not self._dry_run:
            self._ledger.save(self._root)


def _find_invalid(comments: Collection[Comment]) -> dict[str, str]:
    """Return what is wrong with each comment that a comment file cannot have, by its id.

    A file that is not valid would stop the next build. All comments are parsed at once, which takes less time.
    """
    found: dict[str, str] = {}
    try:
        parse_comments(write_comments(comments).encode(), "")
    except SiteError:
        for comment in comments:
            try:
                parse_comments(write_comment(comment).encode(), "")
            except SiteError as error:
                found[comment.id] = error.problems[0].message
    return found


def convert_comment(comment: ImportedComment, platform: str) -> Comment:
    """Return a comment as it is stored. Raises UnreadableError for a comment that cannot be converted."""
    if isinstance(comment.body, HtmlBody):
        from sitegen.importers.convert.avatars import without_avatars  # noqa: PLC0415 - loads lxml and nh3
        from sitegen.importers.convert.html_to_markdown import convert_html  # noqa: PLC0415 - as above

        text = convert_html(without_avatars(comment.body)).text
    else:
        text = comment.body.text.replace("\r\n", "\n").replace("\r", "\n")
    text = INVISIBLE.sub("", text.encode("utf-8", "replace").decode()).strip("\n")
    prefix = slugify(platform) or "comment"
    return Comment(
        f"{prefix}-{_clean_id(comment.id or f'{comment.author} {comment.date} {text}')}",
        text if text.strip() else "…",
        clean_name(comment.author),
        comment.date.replace(microsecond=0) if comment.date else None,
        f"{prefix}-{_clean_id(comment.reply_to)}" if comment.reply_to else "",
        platform,
        comment.url if _is_public(comment.url) else "",
        comment.type,
        min(max(comment.likes, 0), MAX_LIKES),
    )


def _is_public(url: str) -> bool:
    """Return whether a URL can be stored: one that contains an email address, such as an unsubscribe link, cannot."""
    return _URL.fullmatch(url) is not None and is_parseable(url) and remove_addresses(url) == url


def remove_addresses(text: str) -> str:
    """Return Markdown without email addresses, and without links to write to them."""
    if "@" not in text and "%40" not in text:
        return text
    return _WRITTEN_ADDRESS.sub("…", _MAIL_LINK.sub(r"\1", text))


def clean_name(name: str) -> str:
    """Return the name of an author on one line, without email addresses, "" if it shows nothing.

    Without characters that change the direction of what follows the name, in titles of feeds and in terminals.
    """
    name = _DIRECTIONS.sub("", INVISIBLE.sub("", _ANGLED.sub("", name)))
    name = " ".join(ADDRESS.sub("", name).replace("@", " ").split())[:MAX_NAME_CHARACTERS]
    return name if _VISIBLE.search(name) else ""


def _clean_id(text: str) -> str:
    """Return a platform's id with the characters of an id. A long one, or one with an `@`, becomes its fingerprint."""
    if "@" in text or len(text) > 80 or " " in text:
        return of_bytes(text.encode("utf-8", "replace"))[:16]
    return _UNSAFE.sub("-", text).strip("-") or "0"
