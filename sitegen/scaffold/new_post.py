"""Writes the file of a new post or page, with its front matter filled in."""

import errno
import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sitegen.config.post_types import PostType
from sitegen.config.schema import Config
from sitegen.formats.slugs import slugify
from sitegen.importers.output.destination import find_taken_slugs, fold_slug, number_slugs
from sitegen.system.atomic_write import write_if_changed


def write_post(root: Path, config: Config, title: str, now: datetime, source: str, *, draft: bool) -> str:
    """Write a post's file and return its path; raise FileExistsError, or ValueError for a title without letters.

    If an earlier post has the same title, as an issue of a column may, the name has a number: URLs differ by it.
    """
    folder = f"{config.content}/posts"
    path = _find_free_path(root, folder, f"{folder}/{now:%Y}/{now:%Y-%m-%d}-", _slug(title), config.urls.post)
    rows = [f"title: {_quoted(title)}", f"date: {now.isoformat(timespec='minutes')}"]
    rows += [f"author: {_quoted(config.author)}"] if config.author else []
    rows += [f"source: {_quoted(source)}", "source_url:"] if source else []
    rows += ["tags: []", "summary:"] + (["draft: true"] if draft else [])
    return _write(root, path, rows)


def write_typed(root: Path, config: Config, title: str, now: datetime, post_type: PostType, *, draft: bool) -> str:
    """Write the file of a post of a type, with the type's keys, and return its path; raise as `write_post`."""
    folder = f"{config.content}/{post_type.folder}"
    path = _find_free_path(root, folder, f"{folder}/{now:%Y-%m-%d}-", _slug(title), post_type.url)
    rows = [f"title: {_quoted(title)}", f"date: {now.isoformat(timespec='minutes')}"]
    keys = dict.fromkeys((*post_type.required, *post_type.fields))
    rows += [f"{key}:" for key in keys if key not in ("title", "date")]
    return _write(root, path, [*rows, *(["draft: true"] if draft else [])])


def write_page(root: Path, config: Config, title: str, *, draft: bool) -> str:
    """Write a page's file and return its path; raise FileExistsError, or ValueError for a title without letters."""
    path = f"{config.content}/pages/{_slug(title)}.md"
    return _write(root, path, [f"title: {_quoted(title)}", "summary:", *(["draft: true"] if draft else [])])


def _slug(title: str) -> str:
    slug = slugify(title)
    if not slug:
        raise ValueError(f'the title "{title}" has no letter for a file name')
    return slug


def _find_free_path(root: Path, folder: str, start: str, slug: str, url: str) -> str:
    """Return the path of a new file whose slug no other file in a folder has, unless URLs contain the day.

    A file of this name that exists is the same post, for which the command was run twice.
    """
    taken = find_taken_slugs(root / folder, ()) if "{day}" not in url else ()
    paths = ((candidate, f"{start}{candidate}.md") for candidate in number_slugs(slug))
    return next(path for candidate, path in paths if fold_slug(candidate) not in taken or (root / path).exists())


def _write(root: Path, path: str, rows: Sequence[str]) -> str:
    """Write a new file of front matter and return its path."""
    file = root / path
    if file.exists():
        raise FileExistsError(errno.EEXIST, "exists", str(file))
    write_if_changed(file, ("---\n" + "\n".join(rows) + "\n---\n\n").encode())
    return path


def _quoted(text: str) -> str:
    """Return a string as a YAML scalar: strings of JSON are also strings of YAML (YAML 1.2, chapter 1.3)."""
    return json.dumps(text, ensure_ascii=False)
