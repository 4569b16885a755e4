"""The output folder: replace the files that sitegen wrote, all together, and touch no other files."""

import errno
import os
import shutil
import stat
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Set
from contextlib import contextmanager, suppress
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from sitegen.build.conflicts import find_conflicts
from sitegen.build.manifest import read_manifest, write_manifest
from sitegen.build.output_record import OutputRecord
from sitegen.build.snapshot import UNKNOWN, OutputState
from sitegen.build.staging import STAGE, Stage, StagedFile, fingerprint_of, remove_stage
from sitegen.errors import Problem, SiteError
from sitegen.system.atomic_write import replacing
from sitegen.system.files import Stamp, is_past_tick, open_folder, stamp_of

MAX_LISTED_CONFLICTS = 20
"""More conflicts than this are reported as one problem."""


class Output(Struct, frozen=True):
    """One output folder. The states of its files are in the snapshot.

    `name` is the folder in messages, `key` in the build cache. `manifest` is a file that lists what sitegen wrote,
    one path with a check sum on each line: it survives the build cache, so that sitegen always recognizes its own
    files. `record` is a second list in the user's cache folder. If `needs_manifest` is false, a manifest that cannot
    be written is skipped.
    """

    folder: Path
    name: str
    key: str
    manifest: Path
    record: OutputRecord
    needs_manifest: bool = True

    def stamp(self, path: str) -> Stamp | None:
        """Return the stamp of a file in the folder, None if there is no such file or it is something else."""
        return _stamp(f"{self.folder}/{path}")

    def check(self, outputs: Mapping[str, OutputState]) -> Mapping[str, OutputState]:
        """Return the files that have not changed since a build wrote them, with the stamps that can be trusted now."""
        folder = str(self.folder)
        differing: dict[str, OutputState | None] = {}
        with open_folder(folder) as status_of:
            for path, state in outputs.items():
                try:
                    status = status_of(path)
                except OSError:
                    differing[path] = None
                    continue
                stamp = stamp_of(status)
                if stamp != state[0] or not stat.S_ISREG(status.st_mode):
                    is_same = stat.S_ISREG(status.st_mode) and fingerprint_of(f"{folder}/{path}") == state[1]
                    differing[path] = (stamp, *state[1:]) if is_same else None
        if not differing:
            return outputs
        known = {**outputs, **differing}
        return {path: state for path, state in known.items() if state is not None}

    def remove_leftovers(self) -> None:
        """Remove the stage of a build that was killed."""
        folder = f"{self.folder}/{STAGE}"
        if os.path.lexists(folder):
            remove_stage(folder)

    def find_owned(self, outputs: Mapping[str, OutputState], *, complete: bool) -> Set[str]:
        """Return the paths of the files that sitegen wrote.

        `outputs` are those of the last snapshot. It is not `complete` if a later build was killed before it could
        store its own.
        """
        if outputs and complete:
            return outputs.keys()
        return {*outputs, *read_manifest(self.manifest), *self._recognize()}

    @contextmanager
    def staging(self, outputs: Mapping[str, OutputState]) -> Iterator[Stage]:
        """Create the stage of a build, and remove it at the end; `outputs` are the files that are up to date."""
        if self.folder.exists() and not self.folder.is_dir():
            hint = "move the file away, or name another folder"
            raise SiteError([Problem(self.name, 0, "the output folder is a file", hint)])
        stage = Stage(str(self.folder), self.name, outputs)
        stage.open()
        try:
            yield stage
        finally:
            stage.close()

    def refuse_conflicts(self, staged: Iterable[StagedFile], owned: Collection[str], removed: Collection[str]) -> None:
        """Raise SiteError if a file would replace one that sitegen did not write and that differs."""
        files = ((item.path, item.fingerprint) for item in staged if item.staged)
        conflicts = find_conflicts(str(self.folder), files, owned, removed)
        if len(conflicts) > MAX_LISTED_CONFLICTS:
            first = min(conflicts)
            message = f"{len(conflicts):,} files or folders that sitegen did not write are in the way, such as {first}"
            hint = "remove the folder if sitegen wrote them and its records were deleted; otherwise name another one"
            raise SiteError([Problem(self.name, 0, message, hint)])
        if conflicts:
            hint = "move it away, or name another output folder"
            raise SiteError(Problem(f"{self.name}/{path}", 0, message, hint) for path, message in conflicts.items())

    def replace(
        self,
        stage: Stage,
        staged: Iterable[StagedFile],
        owned: Set[str],
        removed: Set[str],
        planned: Set[str],
        clock: Callable[[], int],
    ) -> tuple[dict[str, OutputState], tuple[str, ...]]:
        """Move staged files into place, in order; then remove the `owned` files that are not `planned` any more.

        Returns the files of the folder, and which of the `removed` ones existed. A new folder is moved with everything
        in it.
        """
        move = _Move(str(self.folder), stage, removed)
        staged = [move.align(item) for item in staged]
        existing = tuple(path for path in sorted(removed) if self.stamp(path) is not None)
        if len(owned) - len(removed) < len(planned):  # some are new: comparing the sets would take as long as writing
            self._write_manifest(owned | planned)
        outputs = dict(stage.outputs)
        for item in staged:
            if item.staged:
                move.put(item)
            stamp = outputs.get(item.path, UNKNOWN)[0]
            outputs[item.path] = (stamp, item.fingerprint, item.key, item.reads)
        for path in removed:
            outputs.pop(path, None)
            _remove(str(self.folder), path)
        if removed:
            self._write_manifest(planned)
        now = clock()
        for item in staged:
            if item.staged and (stamp := self.stamp(item.path)) is not None:
                trusted = stamp if is_past_tick(stamp, now) else None
                outputs[item.path] = (trusted, *outputs[item.path][1:])
        return outputs, existing

    def _recognize(self) -> Iterator[str]:
        """Yield the files whose bytes an earlier build wrote, by the list in the user's cache folder."""
        if not self._has_files():
            return  # in a first build, also after the folder was deleted, there is nothing to compare
        for path, fingerprint in self.record.read().items():
            if self.stamp(path) is not None and fingerprint_of(f"{self.folder}/{path}") == fingerprint:
                yield path

    def _has_files(self) -> bool:
        try:
            with os.scandir(self.folder) as items:
                return any(items)
        except OSError:
            return False

    def _write_manifest(self, paths: Iterable[str]) -> None:
        try:
            write_manifest(self.manifest, paths)
        except OSError:
            if self.needs_manifest:
                raise


class _Move:
    """Moves staged files into the output folder; `removed` are files of sitegen that are not planned any more."""

    def __init__(self, folder: str, stage: Stage, removed: Collection[str]) -> None:
        self.folder, self.stage, self.removed = folder, stage, removed
        self._moved = {"": False}
        """Whether each folder was moved as a whole."""

    def align(self, item: StagedFile) -> StagedFile:
        """Move a staged file whose folder is missing to its final path in the stage, to move it with the folder."""
        folder = item.path.rpartition("/")[0]
        if item.staged in ("", item.path) or self._exists(folder):
            return item
        self.stage.create_folder(folder)
        os.rename(f"{self.stage.folder}/{item.staged}", f"{self.stage.folder}/{item.path}")  # noqa: PTH104 - as below
        return replace(item, staged=item.path)

    def put(self, item: StagedFile) -> None:
        """Move a file into place, unless its folder was moved as a whole."""
        if self._was_moved(item.path.rpartition("/")[0]):
            return
        target = f"{self.folder}/{item.path}"
        if os.path.isdir(target) and not os.path.islink(target):  # noqa: PTH112, PTH114 - twelve thousand times
            self._remove_folder(target)
        _move_file(f"{self.stage.folder}/{item.staged}", target)

    def _exists(self, folder: str) -> bool:
        """Return whether a folder and its parents exist and are not links, so that it need not be moved."""
        if folder not in self._moved:
            target = f"{self.folder}/{folder}"
            if not self._exists(folder.rpartition("/")[0]) or os.path.islink(target) or not os.path.isdir(target):  # noqa: PTH112, PTH114 - for each folder
                return False
            self._moved[folder] = False
        return True

    def _was_moved(self, folder: str) -> bool:
        """Return whether a folder's files are in place because it or a parent was moved as a whole.

        It is moved now unless it exists; a file of sitegen that will be removed does not conflict.
        """
        moved = self._moved.get(folder)
        if moved is None:
            if self._was_moved(folder.rpartition("/")[0]):
                return True  # not stored: there may be as many folders as files
            moved = self._moved[folder] = self._move_folder(folder)
        return moved

    def _move_folder(self, folder: str) -> bool:
        target = f"{self.folder}/{folder}"
        is_link = os.path.islink(target)  # noqa: PTH114 - for each folder
        if os.path.isdir(target) and not is_link:  # noqa: PTH112 - for each folder
            return False
        if is_link or folder in self.removed:
            with suppress(FileNotFoundError):  # a build that was interrupted may have removed it
                os.unlink(target)  # noqa: PTH108 - for each folder
        try:
            os.rename(f"{self.stage.folder}/{folder}", target)  # noqa: PTH104 - for each folder
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            os.mkdir(target)  # noqa: PTH102 - for each folder
            return False  # its files are moved one by one
        return True

    def _remove_folder(self, folder: str) -> None:
        """Remove a folder that contains only files of sitegen that will be removed."""
        for parent, _, names in os.walk(folder, topdown=False):
            for name in names:
                if f"{parent}/{name}"[len(self.folder) + 1 :] in self.removed:
                    os.unlink(f"{parent}/{name}")  # noqa: PTH108 - as os.walk names it
            os.rmdir(parent)  # noqa: PTH106 - as os.walk names it


def _stamp(path: str) -> Stamp | None:
    try:
        status = os.lstat(path)
    except OSError:
        return None
    return stamp_of(status) if stat.S_ISREG(status.st_mode) else None


def _is_below_link(output: str, target: str) -> bool:
    """Return whether a folder above a file is a symbolic link now, so that the file is foreign."""
    folder = target.rpartition("/")[0]
    while folder != output:
        if os.path.islink(folder):  # noqa: PTH114 - for each folder
            return True
        folder = folder.rpartition("/")[0]
    return False


def _remove(output: str, path: str) -> None:
    """Remove a file that sitegen wrote, and the folders that are empty then."""
    target = f"{output}/{path}"
    if _is_below_link(output, target):
        return
    try:
        os.unlink(target)  # noqa: PTH108 - for each file
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return
    folder = target.rpartition("/")[0]
    while folder != output:
        try:
            os.rmdir(folder)  # noqa: PTH106 - for each folder
        except OSError:
            break
        folder = folder.rpartition("/")[0]


def _move_file(source: str, target: str) -> None:
    """Move a file into place atomically, even if another file system is mounted below the output folder."""
    try:
        os.replace(source, target)  # noqa: PTH105 - twelve thousand times
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        with replacing(Path(target)) as temporary:
            shutil.copyfile(source, temporary)
