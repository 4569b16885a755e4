"""The output folder: what we wrote there, put in place in one go, and nothing else touched."""

import errno
import hashlib
import os
import shutil
import stat
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Set
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path

from sitegen.build.conflicts import find_obstacles
from sitegen.build.manifest import read_manifest, write_manifest
from sitegen.build.output_record import OutputRecord
from sitegen.build.staging import Stage, place_apart
from sitegen.build.trace import Left
from sitegen.errors import Problem, SiteError, naming
from sitegen.system import fingerprints
from sitegen.system.atomic_write import replacing
from sitegen.system.files import Stamp, stamp_of
from sitegen.system.hook_recorder import Known
from sitegen.system.paths import is_inside
from sitegen.system.processes import Parcel

SHOWN = 20
"""So many obstacles are told one by one."""
TICK = 20_000_000
"""A file written less than this many nanoseconds ago could be written again with the same time."""
COARSE = 2_000_000_000
"""The same where times have no fraction of a second, as on FAT and some network file systems."""


@dataclass(frozen=True, slots=True)
class Drawn(Parcel):
    """A drawn page on its way into the folder: its key, what drawing it read, and its bytes' fingerprint.

    It `waits` at a path of the stage; at none if it is there already. `hook_reads` are the files that the
    site's hooks read for it.
    """

    path: str
    key: bytes
    reads: tuple[str, ...]
    digest: str
    waits: str
    hook_reads: tuple[tuple[str, Known], ...] = ()


NOTHING: Left = (None, "", b"", ())


class Output:
    """Holds one output folder and what is known of each file that we `left` there.

    `name` stands for the folder in messages, `key` in the store. `manifest` is a file that lists what we wrote,
    line by line with a check sum: it survives the store, so that we never take our own files for somebody else's.
    `check` comes before drawing; in one process it looks only once. `cache` is the user's folder with a second list.
    A `volatile` one makes do without writing its manifest where that cannot be done.
    """

    def __init__(
        self,
        folder: Path,
        name: str,
        manifest: Path,
        key: str = "",
        cache: Path | None = None,
        *,
        volatile: bool = False,
    ) -> None:
        self.folder, self.name, self.manifest, self.key = folder, name, manifest, key or name
        self.place = str(folder)
        self.stage = Stage(self.place)
        self.left: dict[str, Left] = {}
        self.owned: set[str] = set()
        self._moved: dict[str, bool] = {}
        self.is_checked = False
        self.record = OutputRecord(cache, folder)
        self.volatile = volatile

    def is_intact(self, left: Mapping[str, Left]) -> bool:
        """Say whether all files are there as a build left them, and note stamps that can be believed by now."""
        for path, (stamp, fingerprint, key, reads) in left.items():
            now = self.stamp(path)
            if now is None or (now != stamp and _digest_of(f"{self.place}/{path}") != fingerprint):
                return False
            if now != stamp:
                self.left[path] = (now, fingerprint, key, reads)
        return not self.stage.folder.exists()

    def check(self, left: Mapping[str, Left], *, complete: bool) -> None:
        """Take over what is known of the files that are as the last build left them.

        `left` is what is known of each file; one whose stamp differs is read and compared. It is not
        `complete` where a later build did not live to tell what it left.
        """
        if self.is_checked:
            return
        self.is_checked = True
        self.owned = set(left) if left and complete else {*left, *read_manifest(self.manifest), *self._recognise()}
        if self.stage.folder.is_dir():
            shutil.rmtree(self.stage.folder)
        for path, (known, fingerprint, key, reads) in left.items():
            stamp = self.stamp(path)
            if stamp is not None and stamp != known and _digest_of(f"{self.place}/{path}") != fingerprint:
                stamp = None
            if stamp is not None:
                self.left[path] = (stamp, fingerprint, key, reads)

    def _recognise(self) -> Iterator[str]:
        """Yield the files that are, byte for byte, what an earlier build wrote by the user's own record."""
        for path, fingerprint in self.record.read().items():
            if self.stamp(path) is not None and _digest_of(f"{self.place}/{path}") == fingerprint:
                yield path

    def keep_record(self) -> None:
        """Keep the user's own record of what was written."""
        self.record.write({path: fingerprint for path, (_, fingerprint, _, _) in self.left.items()})

    def _write_manifest(self, paths: Iterable[str]) -> None:
        try:
            write_manifest(self.manifest, paths)
        except OSError:
            if not self.volatile:
                raise

    def forget(self) -> None:
        """Take nothing for granted any more: the next `check` looks again."""
        self.left.clear()
        self.is_checked = False

    def stamp(self, path: str) -> Stamp | None:
        """Return the stamp of a file in the folder, None if there is no such file or it is something else."""
        try:
            status = os.lstat(f"{self.place}/{path}")
        except OSError:
            return None
        return stamp_of(status) if stat.S_ISREG(status.st_mode) else None

    def open_stage(self) -> None:
        """Make the folder, and in it the one where files wait until all are drawn."""
        if self.folder.exists() and not self.folder.is_dir():
            fault = Problem(self.name, 0, "the output folder is a file", "move the file away, or name another folder")
            raise SiteError([fault])
        self.stage.open()

    def hold(self, path: str, key: bytes, reads: tuple[str, ...], data: bytes) -> Drawn:
        """Put a drawn file's bytes where they wait, unless the file in the folder has the same."""
        fingerprint = fingerprints.of_bytes(data)
        if self.left.get(path, NOTHING)[1] == fingerprint:
            return Drawn(path, key, reads, fingerprint, waits="")
        waits = self._choose_place(path)
        with naming(f"{self.place}/{path}"):
            self.stage.write(waits, data)
        return Drawn(path, key, reads, fingerprint, waits)

    def hold_copy(self, path: str, key: bytes, source: Path, fingerprint: str) -> Drawn:
        """Put a copy of a file where drawn ones wait, unless the file in the folder has its fingerprint."""
        if self.left.get(path, NOTHING)[1] == fingerprint:
            return Drawn(path, key, (), fingerprint, waits="")
        waits = self._choose_place(path)
        with naming(f"{self.place}/{path}"):
            copied = self.stage.copy(waits, source)
        return Drawn(path, key, (), _digest_of(copied), waits)

    def _choose_place(self, path: str) -> str:
        if not is_inside(path):  # permalinks, slugs and aliases are checked before; what is cached can say anything
            message = "the file would be written outside of the output folder"
            raise SiteError([Problem(path, 0, message, "run `sitegen build --fresh`: the build cache may be damaged")])
        return place_apart(path) if path in self.left else path

    def put(self, drawn: Iterable[Drawn], planned: Set[str], clock: Callable[[], int]) -> tuple[str, ...]:
        """Move what waits into place, in order; then remove what is no longer planned; return what was removed.

        A folder that is not there yet comes with all that waits in it, in one move.
        Raises SiteError, before anything is changed, where somebody else's file is in the way.
        """
        drawn = list(drawn)
        gone = self.owned - planned
        self._refuse_obstacles((item for item in drawn if item.waits), gone)
        self._moved = {"": False}
        drawn = [self._take_along(item) for item in drawn]
        removed = tuple(path for path in sorted(gone) if self.stamp(path) is not None)
        if len(self.owned) - len(gone) < len(planned):  # some are new: to compare the sets again would take as long
            self._write_manifest(self.owned | planned)
            self.owned |= planned
        for item in drawn:
            if item.waits and not self._came_along(item.path.rpartition("/")[0], gone):
                target = f"{self.place}/{item.path}"
                if os.path.isdir(target) and not os.path.islink(target):  # noqa: PTH112, PTH114 - twelve thousand times
                    self._remove_folder(target, gone)
                _move_file(f"{self.stage.place}/{item.waits}", target)
            stamp = self.left.get(item.path, NOTHING)[0]
            self.left[item.path] = (stamp, item.digest, item.key, item.reads)
        for path in gone:
            self._remove(path)
        if gone:
            self._write_manifest(planned)
            self.owned = set(planned)
        self._restamp((item.path for item in drawn if item.waits), clock())
        return removed

    def _take_along(self, item: Drawn) -> Drawn:
        """Let a file whose folder is not there any more wait as it will lie, to come with the folder."""
        if item.waits in ("", item.path) or self._is_there(item.path.rpartition("/")[0]):
            return item
        self.stage.make_room(item.path.rpartition("/")[0])
        os.rename(f"{self.stage.place}/{item.waits}", f"{self.stage.place}/{item.path}")  # noqa: PTH104
        return replace(item, waits=item.path)

    def _is_there(self, folder: str) -> bool:
        """Say whether a folder and all above it are there, and no links; what is need not be moved."""
        if folder not in self._moved:
            target = f"{self.place}/{folder}"
            if not self._is_there(folder.rpartition("/")[0]) or os.path.islink(target) or not os.path.isdir(target):  # noqa: PTH112, PTH114
                return False
            self._moved[folder] = False
        return True

    def _restamp(self, paths: Iterable[str], now: int) -> None:
        for path in paths:
            stamp = self.stamp(path)
            if stamp is not None:
                window = TICK if stamp[0] % 1_000_000_000 else COARSE
                believed = stamp if max(stamp[0], stamp[3]) + window < now else None
                self.left[path] = (believed, *self.left[path][1:])

    def _refuse_obstacles(self, items: Iterable[Drawn], gone: Collection[str]) -> None:
        """Raise SiteError where a file would replace one that we did not write and that differs."""
        files = ((item.path, item.digest) for item in items)
        obstacles = find_obstacles(self.place, files, self.owned, gone)
        if len(obstacles) > SHOWN:
            first = min(obstacles)
            message = (
                f"{len(obstacles):,} files or folders are in the way that sitegen did not write, among them {first}"
            )
            hint = "if an earlier build wrote them, whose record is gone, remove the folder; else name another one"
            raise SiteError([Problem(self.name, 0, message, hint)])
        if obstacles:
            hint = "move it away, or name another output folder"
            raise SiteError(Problem(f"{self.name}/{path}", 0, message, hint) for path, message in obstacles.items())

    def _came_along(self, folder: str, gone: Collection[str]) -> bool:
        """Say whether a folder's files are in place already, since it or one above was moved there as a whole.

        It is, unless there is such a folder; a file of ours that goes is no obstacle.
        """
        moved = self._moved.get(folder)
        if moved is None:
            moved = self._came_along(folder.rpartition("/")[0], gone) or self._move_folder(folder, gone)
            self._moved[folder] = moved
        return moved

    def _move_folder(self, folder: str, gone: Collection[str]) -> bool:
        target = f"{self.place}/{folder}"
        is_link = os.path.islink(target)  # noqa: PTH114
        if os.path.isdir(target) and not is_link:  # noqa: PTH112
            return False
        if is_link or folder in gone:
            with suppress(FileNotFoundError):  # a build that was broken off may have removed it
                os.unlink(target)  # noqa: PTH108
        try:
            os.rename(f"{self.stage.place}/{folder}", target)  # noqa: PTH104
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            os.mkdir(target)  # noqa: PTH102
            return False  # its files are moved one by one
        return True

    def _remove_folder(self, folder: str, gone: Collection[str]) -> None:
        """Remove a folder that holds nothing but files of ours that go."""
        for place, _, names in os.walk(folder, topdown=False):
            for name in names:
                if f"{place}/{name}"[len(self.place) + 1 :] in gone:
                    os.unlink(f"{place}/{name}")  # noqa: PTH108
            os.rmdir(place)  # noqa: PTH106

    def _leads_away(self, target: str) -> bool:
        """Say whether a folder above a file is a symbolic link now: what lies beyond it is not ours."""
        folder = target.rpartition("/")[0]
        while folder != self.place:
            if os.path.islink(folder):  # noqa: PTH114
                return True
            folder = folder.rpartition("/")[0]
        return False

    def _remove(self, path: str) -> None:
        """Remove a file that we wrote, and the folders that this empties."""
        self.left.pop(path, None)
        target = f"{self.place}/{path}"
        if self._leads_away(target):
            return
        try:
            os.unlink(target)  # noqa: PTH108
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return
        folder = target.rpartition("/")[0]
        while folder != self.place:
            try:
                os.rmdir(folder)  # noqa: PTH106
            except OSError:
                break
            folder = folder.rpartition("/")[0]


def _move_file(source: str, target: str) -> None:
    """Move a file into place in one step, also where another file system is mounted below the output folder."""
    try:
        os.replace(source, target)  # noqa: PTH105
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        with replacing(Path(target)) as temporary:
            shutil.copyfile(source, temporary)


def _digest_of(path: str) -> str:
    try:
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - twelve thousand times
            return hashlib.file_digest(file, lambda: blake2b(digest_size=fingerprints.SIZE)).hexdigest()
    except OSError:
        return ""
