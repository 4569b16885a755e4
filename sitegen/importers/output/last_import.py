"""Recognises an import that would repeat the last one, and returns its report without reading the items again.

An import is a function of the export, the options, the config, the code, the import records, the ledger of comments,
and the files in the site's content folder. `.sitegen/imports/<name>.last` has a fingerprint of these after an import,
and the report that the same import would return. If the fingerprint has not changed, and each post has the content that
its record says, nothing would be written.
"""

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from pathlib import Path

from msgspec import MsgspecError, Struct
from msgspec.msgpack import Decoder, encode
from msgspec.structs import asdict, replace

from sitegen.comments import COMMENTS_SUFFIX
from sitegen.comments.ledger import LEDGER as COMMENT_LEDGER
from sitegen.config.schema import Config
from sitegen.importers.archive.archive import Archive, UnreadableError
from sitegen.importers.base import Options
from sitegen.importers.output.destination import HEAD_BYTES, check_destination
from sitegen.importers.output.import_state import WORK_FOLDER, ImportRecord
from sitegen.importers.output.report import ImportReport
from sitegen.system.files import walk
from sitegen.system.fingerprints import of_bytes, of_installation, of_value
from sitegen.system.sealed_file import read_sealed, write_sealed

CHUNK_BYTES = 1 << 20


class _RecordedImport(Struct, frozen=True):
    """The content of the file: the fingerprint after the import, and the report of the same import once more."""

    fingerprint: str
    report: ImportReport


_decode = Decoder(_RecordedImport).decode


class LastImport:
    """Reads and writes the fingerprint and the report of the last import of a format into a folder.

    `records` are the import records by their folders, first that of the posts. `arguments` are other values on which
    the import depends, such as its format.
    """

    def __init__(
        self,
        root: Path,
        archive: Archive,
        options: Options,
        config: Config,
        records: Mapping[Path, ImportRecord],
        arguments: Sequence[str],
    ) -> None:
        self._root, self._archive, self._options, self._config = root, archive, options, config
        self._records, self._arguments = records, tuple(arguments)
        self._export = ""
        name = next(iter(records.values())).path.stem
        self._path = check_destination(root, root / WORK_FOLDER / f"{name}.last")

    def read(self) -> ImportReport | None:
        """Return the report of this import if it would change nothing, otherwise None."""
        contents = read_sealed(self._path)
        if not contents or not self._is_repeatable():
            return None
        try:
            saved = _decode(contents)
        except MsgspecError:  # written by another version
            return None
        is_same = saved.fingerprint == self._fingerprint() and self._posts_are_unchanged()
        return saved.report if is_same else None

    def write(self, report: ImportReport) -> None:
        """Save the fingerprint and the report that the same import would return now, if that is certain."""
        if not self._is_repeatable() or not _is_certain(report):
            self.forget()
            return
        unchanged = report.written + report.unchanged
        repeated = replace(
            report,
            created=(),
            changed=(),
            changes={},
            unchanged=unchanged,
            saved_files=(),
            term_notes=(),
            new_settings={},
        )
        try:
            contents = encode(_RecordedImport(self._fingerprint(), repeated))
        except UnicodeEncodeError:  # a lone surrogate in the export
            self.forget()
            return
        write_sealed(self._path, contents)

    def forget(self) -> None:
        """Remove what an earlier import has saved."""
        self._path.unlink(missing_ok=True)

    def _is_repeatable(self) -> bool:
        """Return whether the import depends on nothing else, such as git or other hosts, and none was killed."""
        is_offline = self._options.images != "download" and self._options.date_from != "git"
        return is_offline and not any(
            path.exists() for record in self._records.values() for path in (record.journal, record.old_path)
        )

    def _fingerprint(self) -> str:
        if not self._export:
            self._export = _of_export(self._archive)
        options = {
            name: value for name, value in asdict(self._options).items() if name not in ("environment", "fill_date")
        }
        for name in ("samples", "needless_samples"):
            options[name] = sorted(options[name])
        paths = [*(record.path for record in self._records.values()), self._root / COMMENT_LEDGER]
        records = [path.read_bytes() if path.exists() else b"" for path in paths]
        return of_value(
            (
                of_installation(),
                self._arguments,
                tuple(options.items()),
                repr(self._config),
                self._export,
                tuple(map(of_bytes, records)),
                self._of_other_files(),
            )
        )

    def _of_other_files(self) -> str:
        """Return the fingerprint of the content folder: all names, and the contents that an import reads.

        These are comments of readers, descriptions of terms, and the heads of posts that no import has written.
        """
        posts = {str(folder / item.file) for folder, record in self._records.items() for item in record.posts.values()}
        state, start = blake2b(), len(str(self._root)) + 1
        for folder in dict.fromkeys((self._root / self._config.content, *self._records)):
            for entry in walk(str(folder)):
                about = f"{entry.path[start:]}\0{entry.is_symlink()}{entry.is_file()}\n"
                state.update(about.encode("utf-8", "surrogatepass"))
                if entry.name.endswith(".md") and entry.path not in posts and entry.is_file():
                    with Path(entry.path).open("rb") as file:
                        state.update(file.read(HEAD_BYTES) + b"\0")
                elif entry.name.endswith((COMMENTS_SUFFIX, ".toml")) and entry.is_file():
                    state.update(Path(entry.path).read_bytes() + b"\0")
        return state.hexdigest()

    def _posts_are_unchanged(self) -> bool:
        for folder, record in self._records.items():
            for item in record.posts.values():
                try:
                    data = (folder / item.file).read_bytes()
                except OSError:  # deleted, or not a file any more
                    return False
                if of_bytes(data) != item.digest:
                    return False
        return True


def _is_certain(report: ImportReport) -> bool:
    """Return whether the report of the same import differs only in the posts and files that are unchanged.

    That is not certain if posts were edited or deleted, if comments were written, nor if pages were written: another
    import compares old URLs with the pages of the site.
    """
    written = (*report.created, *report.changed)
    has_written_comments = report.comments.added or report.comments.changed
    has_written_pages = any("/pages/" in path for path in written)
    return not (report.dry_run or report.preserved or has_written_comments or has_written_pages)


def _of_export(archive: Archive) -> str:
    """Return the fingerprint of all files of an export, except those with data of subscribers, which are not opened."""
    state = blake2b(digest_size=32)
    about = [path.name for path in archive.inputs], archive.withheld, archive.notes
    state.update(repr(about).encode("utf-8", "replace"))
    for name in archive.names:
        state.update(f"\0{name}\0{archive.size(name)}\0".encode("utf-8", "surrogatepass"))
        try:
            with archive.open(name, peek=True) as file:
                while data := file.read(CHUNK_BYTES):
                    state.update(data)
        except UnreadableError as error:
            state.update(str(error).encode("utf-8", "replace"))
    return state.hexdigest()
