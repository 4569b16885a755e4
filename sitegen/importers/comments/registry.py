"""Recognise the format of a file with comments, and read it."""

import gzip
import json
import zlib
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

from sitegen.importers.archive.archive import MEBIBYTE, Archive, UnreadableError
from sitegen.importers.comments import (
    blogger,
    bluesky,
    data_files,
    disqus,
    isso,
    json_exports,
    mastodon,
    medium,
    webmentions,
)
from sitegen.importers.comments.deep_json import read_json
from sitegen.importers.comments.found import CommentExport, list_of, map_of

Value = Mapping[str, Any]

READERS: tuple[tuple[Callable[[bytes], bool], Callable[[bytes, str], CommentExport]], ...] = (
    (disqus.recognise, disqus.read),
    (blogger.recognise, blogger.read),
    (isso.recognise, isso.read),
)
"""The formats that are recognised by the first bytes of a file."""


def _rows_with(value: Value, key: str, names: set[str]) -> bool:
    return any(names <= row.keys() for row in list_of(value.get(key))[:20])


SHAPES: tuple[tuple[Callable[[Value], bool], Callable[[Value, str], CommentExport]], ...] = (
    (lambda value: _rows_with(value, "comments", {"commentHex"}), json_exports.read_commento),
    (lambda value: _rows_with(value, "comments", {"locator", "user"}), json_exports.read_remark42),
    (lambda value: _rows_with(value, "comments", {"html", "member"}), json_exports.read_ghost),
    (json_exports.is_ghost_database, json_exports.read_ghost_database),
    (lambda value: _rows_with(value, "comments", {"body", "name", "date"}), json_exports.read_substack),
    (lambda value: _rows_with(value, "results", {"email_id", "text"}), json_exports.read_buttondown),
    (lambda value: isinstance(map_of(value.get("data")).get("data"), list), json_exports.read_cusdis),
    (lambda value: "discussions" in map_of(map_of(value.get("data")).get("repository")), json_exports.read_giscus),
    (isso.is_answer, isso.read_answer),
    (isso.is_generic, isso.read_generic),
    (medium.is_graphql, medium.read_graphql),
    (medium.is_api, medium.read_api),
    (webmentions.is_jf2, webmentions.read_jf2),
    (webmentions.is_links, webmentions.read_links),
    (bluesky.has_thread, bluesky.read),
    (mastodon.is_context, mastodon.read_context),
    (mastodon.is_status, mastodon.read_status),
)
"""For each platform: whether a JSON value has its shape, and the reader. A list is the `items` of the value."""

PAGES: tuple[tuple[Callable[[str], Value | None], Callable[[Value, str], CommentExport]], ...] = (
    (json_exports.find_preloads, json_exports.read_substack_page),
    (medium.find_state, medium.read_state),
)
"""For each platform: the function that finds its data in a saved page, and the reader."""

MAX_FILE_BYTES = 512 * MEBIBYTE
HEAD_BYTES = 1 << 16

ENDINGS = (".xml", ".atom", ".json", ".yml", ".yaml", ".toml", ".gz", ".db", ".sqlite", ".html", ".htm")
"""The endings of files that can have comments; those of Disqus and Isso are recognised without."""

FORMATS = (
    "Disqus (XML)", "Blogger (Atom)", "Isso (database, JSON)", "Remark42 (backup)", "Commento, Cusdis, Ghost,"
    " Buttondown, Bluesky, Mastodon, Webmention.io and GitHub Discussions (JSON)",
    "Substack and Medium (JSON, saved pages)", "Staticman, Hugo and Jekyll (data files)",
)  # fmt: skip
"""The formats in messages."""


def read_export(archive: Archive, name: str) -> CommentExport | None:
    """Return the comments of a file, None if it has no known format. Raises UnreadableError if it is damaged."""
    head = archive.head(name, HEAD_BYTES)
    if not (name.lower().endswith(ENDINGS) or disqus.recognise(head) or isso.recognise(head)):
        return None
    data = archive.read(name, MAX_FILE_BYTES)
    if data[:2] == b"\x1f\x8b":
        data = _unpack(data)
        head = data[:HEAD_BYTES]
    for recognise, read_file in READERS:
        if recognise(head):
            return read_file(data, name)
    if name.lower().endswith((".html", ".htm")):
        return _read_page(data, name)
    value = _read_json(data, is_yaml=name.lower().endswith((".yml", ".yaml", ".toml")))
    if value is not None:
        for has_shape, read in SHAPES:
            if has_shape(value):
                return read(value, name)
    return data_files.read(data, name) if data_files.recognise(name, head) else None


def _read_page(data: bytes, name: str) -> CommentExport | None:
    text = data.decode("utf-8", "replace")
    for find, read in PAGES:
        value = find(text)
        if value is not None:
            return read(value, name)
    return None


def _unpack(data: bytes) -> bytes:
    try:
        with gzip.open(BytesIO(data)) as file:
            unpacked = file.read(MAX_FILE_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableError(f"it cannot be unpacked: {error}") from error
    if len(unpacked) > MAX_FILE_BYTES:
        raise UnreadableError(f"it is larger than {MAX_FILE_BYTES // MEBIBYTE} MB")
    return unpacked


def _read_json(data: bytes, *, is_yaml: bool) -> Value | None:
    """Return a JSON object; a list is its `items`, and lines of JSON, as in a backup of Remark42, its `comments`.

    Raises UnreadableError for JSON that is not complete, unless the file can be YAML.
    """
    try:
        text = data.decode("utf-8-sig").lstrip().removeprefix(medium.PREFIX)
    except UnicodeDecodeError:
        return None
    if not text.startswith(("{", "[")):
        return None
    try:
        value = read_json(text)
    except json.JSONDecodeError as error:
        rows = text.splitlines()
        try:
            comments = [json.loads(row) for row in rows[1:] if row.strip()]
        except (ValueError, RecursionError):
            comments = []
        if not comments and is_yaml:
            return None
        if not comments:
            raise UnreadableError(f"the JSON is damaged or incomplete on line {error.lineno}") from error
        return {"comments": comments}
    except RecursionError as error:
        raise UnreadableError("its values are nested too deep") from error
    except ValueError:
        return None
    return {"items": value} if isinstance(value, list) else value
