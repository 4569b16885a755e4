"""The import record: the file of each item of an export, and a digest of its content.

It is `imports/<name>.json` at the site's root, one file for each format and folder, and is committed with the site. It
distinguishes edited files from files that may be overwritten, and makes names stable if posts share a slug.
`.sitegen/imports/<name>.journal` lists the files written until the record is saved: if an import is killed, the next
one reads it.

The record is part of the site and not trusted: its paths are validated to be inside of the folder of the import.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from msgspec import MsgspecError, Struct, field
from msgspec.json import Decoder
from msgspec.structs import asdict

from sitegen.errors import Problem, SiteError, naming
from sitegen.formats.slugs import slugify
from sitegen.importers.archive.members import printable
from sitegen.system.atomic_write import write_if_changed
from sitegen.system.fingerprints import of_bytes
from sitegen.system.paths import is_inside

RECORDS_FOLDER = Path("imports")
"""The folder of the records, relative to the site's root."""
WORK_FOLDER = Path(".sitegen") / "imports"
"""The folder of the lock, the journals and the reports; until 0.1 also of the records."""


class PostRecord(Struct):
    """The record of one item: its file relative to the import's folder, its slug, and the digest of its content.

    `offered` is the digest of the last version that was written next to an edited file.
    """

    file: str
    slug: str
    digest: str
    offered: str = ""


class ImportRecord(Struct):
    """The records of all posts of one format in one folder; `images` maps URLs and digests to saved files.

    `path` is the file of the record, `journal` its journal, `old_path` the file of the record until 0.1.
    """

    path: Path
    journal: Path
    old_path: Path
    posts: dict[str, PostRecord] = field(default_factory=dict)
    images: dict[str, str] = field(default_factory=dict)

    def save(self) -> None:
        """Write the record atomically, if it has changed, and remove the journal and the old file."""
        posts = {key: asdict(record) for key, record in sorted(self.posts.items())}
        value = {"version": 1, "posts": posts, "pictures": dict(sorted(self.images.items()))}
        data = (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")
        # Durable before the files that it replaces are removed.
        write_if_changed(self.path, data, durable=True)
        self.journal.unlink(missing_ok=True)
        self.old_path.unlink(missing_ok=True)

    def append_to_journal(self, key: str, record: PostRecord) -> None:
        """Append the record of the file that is written next to the journal."""
        with naming(self.journal), self.journal.open("ab") as file:
            file.write(json.dumps([key, asdict(record)]).encode() + b"\n")


def record_name(format: str, folder: str) -> str:  # noqa: A002 - the name of the option
    """Return the name, without `.json`, of the record for a format and a folder of the site."""
    return f"{format}-{slugify(folder) or 'posts'}"


def read_import_record(root: Path, name: str, folder: Path) -> ImportRecord:
    """Return the record of that name, or an empty one; raise SiteError if it is damaged.

    Includes the posts in the journal of an import into `folder` that was killed.
    """
    ledger = _read_record_file(root, name)
    if ledger.journal.exists():
        _replay_journal(ledger, folder)
    return ledger


def _replay_journal(ledger: ImportRecord, folder: Path) -> None:
    for line in ledger.journal.read_bytes().split(b"\n"):
        try:
            key, record = _read_journal_line(line)
        except (MsgspecError, ValueError, RecursionError):
            continue  # the last line may be cut off or empty
        if any(_find_problems(key, record)):
            continue
        file = folder / record.file
        # The file of a new post did not exist before, so the killed import created it, even if it was edited since.
        if file.is_file() and (key not in ledger.posts or of_bytes(file.read_bytes()) == record.digest):
            ledger.posts[key] = record


class RecordFile(Struct, frozen=True):
    """The content of a record's file; its keys are a file format."""

    version: Literal[1]
    posts: dict[str, PostRecord]
    pictures: dict[str, str]


_decode_record_file = Decoder(RecordFile).decode
_read_journal_line = Decoder(tuple[str, PostRecord]).decode


def _read_record_file(root: Path, name: str) -> ImportRecord:
    work = root / WORK_FOLDER
    path, old = root / RECORDS_FOLDER / f"{name}.json", work / f"{name}.json"
    ledger = ImportRecord(path, work / f"{name}.journal", old)
    for candidate in (path, old):
        if candidate.exists() or candidate.is_symlink():
            break
    else:
        return ledger
    saved = parse_record(candidate.read_bytes(), candidate.relative_to(root).as_posix())
    ledger.posts, ledger.images = saved.posts, saved.pictures
    return ledger


def parse_record(data: bytes, name: str) -> RecordFile:
    """Parse the file `name` of a record; raise SiteError with all problems."""
    hint = "restore it from a backup, or delete it: the next import then compares files by content"
    try:
        saved = _decode_record_file(data)
    except (MsgspecError, ValueError, RecursionError) as error:
        raise SiteError([Problem(name, 0, f"the import record is damaged: {error}", hint)]) from error
    problems = [problem for key, record in saved.posts.items() for problem in _find_problems(key, record)]
    problems += [
        f"the file of the image {url!r}, {file!r}, is not inside of the import's folder"
        for url, file in saved.pictures.items()
        if not _is_name(file)
    ]
    if problems:
        raise SiteError(Problem(name, 0, f"the import record is damaged: {problem}", hint) for problem in problems)
    return saved


def _find_problems(key: str, record: PostRecord) -> Iterator[str]:
    """Yield the problems of a record."""
    if not _is_name(record.file) or not record.file.endswith(".md"):
        yield f"the file of {key!r}, {record.file!r}, is not a Markdown file inside of the import's folder"
    if not _is_name(record.slug) or "/" in record.slug:
        yield f"the slug of {key!r}, {record.slug!r}, is not one part of a URL"


def _is_name(path: str) -> bool:
    return is_inside(path) and printable(path) == path
