"""Publishes to a local folder, such as a web server's root, which is replaced atomically if possible."""

import ctypes
import errno
import os
import shutil
import sys
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from sitegen.publish.base import Progress
from sitegen.publish.files import Shipment, SourceFile
from sitegen.publish.plan import PublishPlan
from sitegen.publish.state import PublishRecord
from sitegen.publish.targets.digest_cache import DigestCache
from sitegen.publish.transfer import HOST_FILES, Transfer
from sitegen.system.atomic_write import is_temporary, replacing, temporary_of
from sitegen.system.files import Stamp, walk_below
from sitegen.system.second_names import add_name, remove_names

_HERE = -100  # AT_FDCWD, linux/fcntl.h
_EXCHANGE = 2  # RENAME_EXCHANGE, linux/fs.h
# The file system or the kernel cannot, the target is a mount point, or its parent belongs to another user.
_CANNOT = frozenset((errno.ENOSYS, errno.EINVAL, errno.EXDEV, errno.EBUSY, errno.ENOTSUP, errno.EPERM, errno.EACCES))


class Folder:
    """A folder as a remote: the mark of a file is its fingerprint."""

    def __init__(self, cache: DigestCache) -> None:
        self.path, self.cache = cache.folder, cache

    def read(self) -> dict[str, str]:
        """Return the fingerprints of all files below the folder, by their paths with forward slashes."""
        found = [(path, entry) for path, entry in walk_below(self.path) if entry.is_symlink() or entry.is_file()]
        digests = self.cache.read((path, entry) for path, entry in found if not entry.is_symlink())
        # A symbolic link is always a foreign file.
        return {path: digests.get(path, "link") for path, _ in found}

    def mark_of(self, file: SourceFile) -> str:
        """Return a file's fingerprint."""
        return file.digest

    def is_leftover(self, path: str) -> bool:
        """Return whether a path is that of a file that was being written when a publish was interrupted."""
        return is_temporary(path)

    def send(self, files: Mapping[str, SourceFile], sent: Callable[[int], None]) -> None:
        """Write files, each in one step."""
        for path, file in files.items():
            destination = self.path / path
            # A file may have the path of a folder that is needed, and the other way round.
            for folder in destination.relative_to(self.path).parents:
                if (self.path / folder).is_symlink() or (self.path / folder).is_file():
                    (self.path / folder).unlink()
            if destination.is_dir() and not destination.is_symlink():
                shutil.rmtree(destination)
            destination.parent.mkdir(parents=True, exist_ok=True)
            with replacing(destination) as temporary:
                shutil.copyfile(file.path, temporary)
            sent(1)

    def remove(self, paths: Collection[str]) -> None:
        """Remove files, and the folders that are empty then."""
        for path in paths:
            destination = self.path / path
            if destination.is_symlink() or destination.is_file():
                destination.unlink()
            for folder in destination.parents:
                if folder == self.path or not folder.is_dir() or any(folder.iterdir()):
                    break
                folder.rmdir()


class FolderPublisher:
    """Publishes to a folder: by exchanging it for a new one, or file by file where the system cannot."""

    def __init__(self, path: Path, record: PublishRecord, clock: Callable[[], int]) -> None:
        self.path = path.resolve()
        self._beside = temporary_of(self.path)
        self._cache = DigestCache(self.path, record.path.with_suffix(".digests"), clock)
        self.transfer = Transfer(Folder(self._cache), path.name, record)

    def plan(self, shipment: Shipment, *, force: bool = False) -> PublishPlan:
        """Return what a publish would do; raise SiteError for files that others added or changed there."""
        return self.transfer.plan(shipment, force=force)

    def publish(self, shipment: Shipment, plan: PublishPlan, progress: Progress) -> None:
        """Make the folder's files those of the shipment."""
        if not plan:
            shutil.rmtree(self._beside, ignore_errors=True)
            self.transfer.remember(shipment)
            return
        self.transfer.announce(plan)
        renewed: dict[str, tuple[Stamp, Stamp]] = {}
        is_replaced = self._replace(shipment, plan, renewed, progress)
        self._cache.keep(renewed, {path: shipment.files[path].digest for path in plan.uploads} if is_replaced else {})
        if is_replaced:
            self.transfer.remember(shipment)
        else:
            self.transfer.publish(shipment, plan, progress)

    def _replace(
        self,
        shipment: Shipment,
        plan: PublishPlan,
        renewed: dict[str, tuple[Stamp, Stamp]],
        progress: Progress,
    ) -> bool:
        """Replace the old folder by a new one; return False if that is not possible.

        A file that stays as it is gets a second name in the new folder, which costs no copy; the old folder's
        name of it goes. `renewed` gets the stamps of such a file before and after.
        """
        target, beside = self.path, self._beside
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.rmtree(beside, ignore_errors=True)
            beside.mkdir()
        except PermissionError:
            return False
        new = frozenset(plan.uploads)
        linked: dict[str, tuple[Stamp, Stamp]] = {}
        try:
            for folder in {(beside / path).parent for path in shipment.files}:
                folder.mkdir(parents=True, exist_ok=True)
            for count, (path, file) in enumerate(shipment.files.items(), 1):
                if path in new:
                    shutil.copyfile(file.path, beside / path)
                elif stamps := add_name(f"{target}/{path}", f"{beside}/{path}"):
                    linked[path] = stamps
                progress(count, len(shipment.files))
            for path in self._files_of_host():
                if not (beside / path).exists():
                    (beside / path).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy2(target / path, beside / path, follow_symlinks=False)
            if target.is_dir():
                shutil.copymode(target, beside)
                is_exchanged = exchange(beside, target)
                renewed |= remove_names(str(target), str(beside), linked)
                return is_exchanged
            beside.rename(target)
            return True
        finally:
            shutil.rmtree(beside, ignore_errors=True)

    def _files_of_host(self) -> list[str]:
        """Return the files that the server keeps in the folder for itself, but not those that we published."""
        ours = self.transfer.record.state.files
        folders = [self.path / name for name in HOST_FILES]
        found = [
            path for folder in folders for path in (folder, *folder.rglob("*")) if path.is_symlink() or path.is_file()
        ]
        names = [path.relative_to(self.path).as_posix() for path in found]
        return [name for name in names if name not in ours]


def exchange(first: Path, second: Path) -> bool:
    """Exchange two directories in one step; return False where the system cannot (renameat2(2), Linux)."""
    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None) if sys.platform == "linux" else None
    if call is None:
        return False
    if call(_HERE, os.fsencode(first), _HERE, os.fsencode(second), _EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in _CANNOT:
        return False
    raise OSError(number, os.strerror(number), str(second))
