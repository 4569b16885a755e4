"""A folder of this machine as the place to publish to: a web server's root, exchanged in one step where that works."""

import ctypes
import errno
import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sitegen.digest import of_bytes
from sitegen.errors import Problem, SiteError
from sitegen.publish.plan import PublishPlan, plan_publish

_HERE = -100  # AT_FDCWD, linux/fcntl.h
_EXCHANGE = 2  # RENAME_EXCHANGE, linux/fs.h
# The file system or the kernel cannot, the target is a mount point, or its parent is not ours.
_CANNOT = frozenset((errno.ENOSYS, errno.EINVAL, errno.EXDEV, errno.EBUSY, errno.ENOTSUP, errno.EPERM, errno.EACCES))


def read_folder(folder: Path) -> dict[str, str]:
    """Return the digests of all files below a folder, by their paths with forward slashes."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): of_bytes(path.read_bytes()) for path in files}


def publish_folder(
    output: Path, target: Path, record: Path, listings: frozenset[str] = frozenset(), force: bool = False
) -> PublishPlan:
    """Make a folder's files those of the output, and return what was done.

    `record` is the file that remembers what was put there, so that files that somebody else put or
    changed there are noticed and, unless `force`, raise a SiteError. Broken off at any moment, the
    next call ends right.
    """
    target = target.resolve()
    with _alone(record):
        local = read_folder(output)
        remote = read_folder(target)
        known = _read_record(record)
        if not force:
            _refuse_foreign(target, remote, local, known)
        sizes = {path: (output / path).stat().st_size for path in local}
        plan = plan_publish(local, remote, sizes, listings)
        if plan:
            _write_record(record, {path: sorted({*known.get(path, ()), local.get(path, "")}) for path in known | local})
            if not _replace(output, target):
                _write_files(output, target, plan)
        _write_record(record, {path: [digest] for path, digest in local.items()})
        return plan


def exchange(first: Path, second: Path) -> bool:
    """Exchange two directories in one step; return False where the system cannot (renameat2(2), Linux)."""
    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if call is None:
        return False
    if call(_HERE, os.fsencode(first), _HERE, os.fsencode(second), _EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in _CANNOT:
        return False
    raise OSError(number, os.strerror(number), str(second))


def _replace(output: Path, target: Path) -> bool:
    beside = target.with_name(f".{target.name}.sitegen-next")
    try:
        shutil.rmtree(beside, ignore_errors=True)
        shutil.copytree(output, beside)
    except PermissionError:
        return False
    try:
        if target.is_dir():
            return exchange(beside, target)
        beside.rename(target)
        return True
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _write_files(output: Path, target: Path, plan: PublishPlan) -> None:
    for path in plan.removed:
        # A file may stand where a folder must be, and the other way round.
        if any(wanted.startswith(path + "/") for wanted in plan.uploads):
            (target / path).unlink(missing_ok=True)
    for path in plan.uploads:
        place = target / path
        if place.is_dir():
            shutil.rmtree(place)
        place.parent.mkdir(parents=True, exist_ok=True)
        beside = place.with_name(f".{place.name}.sitegen-next")
        shutil.copyfile(output / path, beside)
        beside.replace(place)
    for path in plan.removed:
        place = target / path
        if place.is_file():
            place.unlink()
        for folder in place.parents:
            if folder == target or not folder.is_dir() or any(folder.iterdir()):
                break
            folder.rmdir()


def _refuse_foreign(
    target: Path, remote: Mapping[str, str], local: Mapping[str, str], known: Mapping[str, list[str]]
) -> None:
    hint = "take it away there, or publish with force to replace it"
    problems = [
        Problem(f"{target.name}/{path}", 0, "this file was put or changed there by somebody else", hint)
        for path, digest in remote.items()
        if digest not in known.get(path, ()) and digest != local.get(path) and not path.endswith(".sitegen-next")
    ]
    if problems:
        raise SiteError(problems)


@contextmanager
def _alone(record: Path) -> Iterator[None]:
    record.parent.mkdir(parents=True, exist_ok=True)
    with record.with_suffix(".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            message = "the site is being published there by another process"
            raise SiteError([Problem(record.name, 0, message, "wait until it is done")]) from None
        yield


def _read_record(record: Path) -> dict[str, list[str]]:
    try:
        files = json.loads(record.read_text("utf-8"))["files"]
        return {str(path): [str(digest) for digest in digests] for path, digests in files.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _write_record(record: Path, files: Mapping[str, list[str]]) -> None:
    beside = record.with_name(record.name + ".next")
    beside.write_text(json.dumps({"files": dict(files)}, sort_keys=True), "utf-8")
    beside.replace(record)
