"""Checks where an import may write, and finds the slugs that are taken there."""

import os
import re
from collections.abc import Collection, Iterator
from itertools import count
from pathlib import Path
from unicodedata import normalize

from sitegen.errors import Problem, SiteError
from sitegen.formats import lazy_regex
from sitegen.formats.dates import date_in_name
from sitegen.formats.slugs import slugify
from sitegen.system.fingerprints import of_bytes
from sitegen.system.paths import is_inside

HEAD_BYTES = 4096
SLUG_LINE = lazy_regex.compile(rb"^slug:[ \t]*[\"']?([^\r\n\"']+)", re.MULTILINE)


def fold_slug(slug: str) -> str:
    """Return a slug for comparison on file systems that ignore case and Unicode normalization."""
    return normalize("NFC", slug).casefold()


def find_taken_slugs(folder: Path, owned: Collection[str]) -> set[str]:
    """Return the folded slugs of the posts in a folder that are not in the import record."""
    taken: set[str] = set()
    for path in folder.rglob("*.md") if folder.is_dir() else ():
        if path.is_file() and path.relative_to(folder).as_posix() not in owned:
            with path.open("rb") as file:
                match = SLUG_LINE.search(file.read(HEAD_BYTES))
            stem = path.parent.name if path.stem == "index" else path.stem
            name = match[1].decode("utf-8", "replace") if match else date_in_name(stem)[1] or stem
            taken |= {fold_slug(name.strip()), fold_slug(slugify(name))}
    return taken


def number_slugs(slug: str, first: int = 1) -> Iterator[str]:
    """Yield a slug without a number and then with numbers from 2 on, within the length limit, beginning at `first`."""
    if first == 1:
        yield slug
    for number in count(max(first, 2)):
        candidate = f"{slug[:90].rstrip('-')}-{number}" if len(slug.encode()) > 90 else f"{slug}-{number}"
        yield candidate if len(candidate.encode()) <= 100 else f"post-{of_bytes(slug.encode())[:12]}-{number}"


def find_posts_folder(root: Path, into: str) -> Path:
    """Return the folder to import into; raise SiteError if it is not inside of the site."""
    path = Path(into)
    if path.is_absolute():
        path = path.relative_to(root) if path.is_relative_to(root) else Path("..")
    if ".." in path.parts or not path.parts:
        hint = "give a folder below the site's root, such as content/posts"
        raise SiteError([Problem(into, 0, "the folder to import into is not inside the site", hint)])
    if (root / path).exists() and not (root / path).is_dir():
        raise SiteError([Problem(into, 0, "the folder to import into is a file", "give a folder")])
    return check_destination(root, root / path)


def check_destination(root: Path, path: Path) -> Path:
    """Return a path; raise SiteError if it is outside of the site, or a part of it is a symbolic link."""
    below = path.relative_to(root)
    if not is_inside(below.as_posix()):
        raise SiteError([Problem(below.as_posix(), 0, "the path is outside of the site, where imports do not write")])
    for part in (below, *below.parents[:-1]):
        if os.path.islink(f"{root}/{part}"):  # noqa: PTH114 - several times for each file of an import
            message = "it is a symbolic link, which imports do not follow"
            raise SiteError([Problem(part.as_posix(), 0, message, "replace it with a folder")])
    return path
