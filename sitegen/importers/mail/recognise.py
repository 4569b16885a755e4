"""Recognises mail: mbox files, Maildir folders, and files with one message each."""

import re

from sitegen.importers.archive.archive import Archive, UnreadableError
from sitegen.importers.archive.evidence import Recogniser, find_share, is_document, score_share
from sitegen.importers.mail.mbox import is_separator

MAILDIR = re.compile(r"(?:^|/)(cur|new|tmp)/[^/]+\Z")
_HEAD_BYTES = 4096


def recognise_mail(archive: Archive) -> int:
    """Return 100 if most documents are messages or mailboxes, by their first lines, less if some are."""
    names = [name for name in archive.names if is_document(name) or MAILDIR.search(name)]
    return score_share(find_share(archive, lambda name: _is_mail(archive, name), names), 100)


def _is_mail(archive: Archive, name: str) -> bool:
    head = read_unpacked_head(archive, name)
    if is_separator(head.split(b"\n", 1)[0]):
        return True
    named = name.lower().endswith((".eml", ".mbox", ".mbx")) or "." not in name.rsplit("/", maxsplit=1)[-1]
    if not named and not MAILDIR.search(name):
        return False
    from sitegen.importers.mail.message import looks_like_message  # noqa: PLC0415 - few exports have such files

    return looks_like_message(head)


def read_unpacked_head(archive: Archive, name: str) -> bytes:
    """Return the first bytes of a member, decompressed, or none if it is damaged."""
    try:
        with archive.open_unpacked(name) as file:
            return file.read(_HEAD_BYTES)
    except UnreadableError:
        return b""


RECOGNISERS = {"mail": Recogniser(recognise_mail)}
