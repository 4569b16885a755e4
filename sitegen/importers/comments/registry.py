"""Recognise the format of a file with comments, and read it."""

import gzip
import json
import zlib
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

from sitegen.importers.archive.archive import MEBIBYTE, Archive, UnreadableError
from sitegen.importers.comments import blogger, data_files, disqus, isso
from sitegen.importers.comments.found import CommentExport
from sitegen.importers.comments.json_exports import SHAPES

READERS: tuple[tuple[Callable[[bytes], bool], Callable[[bytes, str], CommentExport]], ...] = (
    (disqus.recognise, disqus.read),
    (blogger.recognise, blogger.read),
    (isso.recognise, isso.read),
)
"""The formats that are recognised by the first bytes of a file."""

MAX_FILE_BYTES = 512 * MEBIBYTE
HEAD_BYTES = 1 << 16

FORMATS = (
    "Disqus (XML)", "Blogger (Atom)", "Isso (database)", "Remark42 (backup)", "Commento, Cusdis, Ghost, Substack,"
    " Buttondown and GitHub Discussions (JSON)", "Staticman and Hugo (data files)",
)  # fmt: skip
"""The formats in messages."""


def read_export(archive: Archive, name: str) -> CommentExport | None:
    """Return the comments of a file, None if it has no known format. Raises UnreadableError if it is damaged."""
    head = archive.head(name, HEAD_BYTES)
    if not (
        is_candidate := name.lower().endswith((".xml", ".atom", ".json", ".yml", ".yaml", ".gz", ".db", ".sqlite"))
    ):
        is_candidate = disqus.recognise(head) or isso.recognise(head)
    if not is_candidate:
        return None
    data = archive.read(name, MAX_FILE_BYTES)
    if data[:2] == b"\x1f\x8b":
        data = _unpack(data)
        head = data[:HEAD_BYTES]
    for recognise, read_file in READERS:
        if recognise(head):
            return read_file(data, name)
    value = _read_json(data)
    if value is not None:
        for has_shape, read in SHAPES:
            if has_shape(value):
                return read(value, name)
    return data_files.read(data, name) if data_files.recognise(name, head) else None


def _unpack(data: bytes) -> bytes:
    try:
        with gzip.open(BytesIO(data)) as file:
            unpacked = file.read(MAX_FILE_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableError(f"it cannot be unpacked: {error}") from error
    if len(unpacked) > MAX_FILE_BYTES:
        raise UnreadableError(f"it is larger than {MAX_FILE_BYTES // MEBIBYTE} MB")
    return unpacked


def _read_json(data: bytes) -> Mapping[str, Any] | None:
    """Return a JSON object; lines of JSON, as in a backup of Remark42, are returned as its `comments`."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    if not text.lstrip().startswith("{"):
        return None
    try:
        value = json.loads(text)
    except ValueError:
        rows = text.splitlines()
        try:
            return {"comments": [json.loads(row) for row in rows[1:] if row.strip()]}
        except (ValueError, RecursionError):
            return None
    except RecursionError:
        return None
    return value if isinstance(value, Mapping) else None
