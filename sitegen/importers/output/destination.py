"""Where an import may write, and which slugs are taken there."""

import os
import re
from collections.abc import Collection, Iterator
from itertools import count
from pathlib import Path
from unicodedata import normalize

from sitegen.errors import Problem, SiteError
from sitegen.formats.dates import date_in_name
from sitegen.formats.slugs import slugify
from sitegen.system.fingerprints import of_bytes
from sitegen.system.paths import is_inside

HEAD = 4096
SLUG_LINE = re.compile(rb"^slug:[ \t]*[\"']?([^\r\n\"']+)", re.MULTILINE)


def folded(slug: str) -> str:
    """Return a slug as file systems compare it that know neither case nor Unicode forms."""
    return normalize("NFC", slug).casefold()


def taken_slugs(folder: Path, owned: Collection[str]) -> set[str]:
    """Return the folded slugs of the posts in a folder that no import has written."""
    taken: set[str] = set()
    for path in folder.rglob("*.md") if folder.is_dir() else ():
        if path.is_file() and path.relative_to(folder).as_posix() not in owned:
            with path.open("rb") as file:
                match = SLUG_LINE.search(file.read(HEAD))
            stem = path.parent.name if path.stem == "index" else path.stem
            name = match[1].decode("utf-8", "replace") if match else date_in_name(stem)[1] or stem
            taken |= {folded(name.strip()), folded(slugify(name))}
    return taken


def numbered(slug: str, first: int = 1) -> Iterator[str]:
    """Yield a slug, then the same with the numbers from 2 on, none longer than a slug may be; begin at the first-th."""
    if first == 1:
        yield slug
    for number in count(max(first, 2)):
        tried = f"{slug[:90].rstrip('-')}-{number}" if len(slug.encode()) > 90 else f"{slug}-{number}"
        yield tried if len(tried.encode()) <= 100 else f"post-{of_bytes(slug.encode())[:12]}-{number}"


def folder_of_posts(root: Path, into: str) -> Path:
    """Return the folder to import into; SiteError if it is not inside of the site."""
    path = Path(into)
    if path.is_absolute():
        path = path.relative_to(root) if path.is_relative_to(root) else Path("..")
    if ".." in path.parts or not path.parts:
        hint = "give a folder below the site's root, such as content/posts"
        raise SiteError([Problem(into, 0, "the folder to import into is not inside the site", hint)])
    if (root / path).exists() and not (root / path).is_dir():
        raise SiteError([Problem(into, 0, "the folder to import into is a file", "give a folder")])
    return checked(root, root / path)


def checked(root: Path, path: Path) -> Path:
    """Return a path below the root; SiteError if it leads out, or a part of it is a symbolic link, which may."""
    below = path.relative_to(root)
    if not is_inside(below.as_posix()):
        raise SiteError([Problem(below.as_posix(), 0, "the path leads out of the site, where nothing is written")])
    for part in (below, *below.parents[:-1]):
        if os.path.islink(f"{root}/{part}"):  # noqa: PTH114 - several times for each file of an import
            message = "it is a symbolic link, through which nothing is written"
            raise SiteError([Problem(part.as_posix(), 0, message, "put a real folder in its place")])
    return path
