"""Publishes file by file, in an order that never shows an incomplete site."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Protocol

from sitegen.errors import Problem, SiteError
from sitegen.publish.base import Progress
from sitegen.publish.files import Shipment, SourceFile
from sitegen.publish.plan import PublishPlan, batches, plan_publish
from sitegen.publish.state import PublishRecord, PublishState

MAX_NAMED_FILES = 20
"""Number of files changed by others that are named one by one."""

HOST_FILES = (".well-known/", ".htaccess")
"""Files that a server keeps for itself, such as the answers of its certificate authority (RFC 8555, section 8.3)."""


class Remote(Protocol):
    """A remote with files by their paths. Each file has a mark, which changes when the file does."""

    def read(self) -> Mapping[str, str]:
        """Return the marks of all files there, by their paths."""

    def mark_of(self, file: SourceFile) -> str:
        """Return the mark that a file of ours will have there, "" if that cannot be known before the upload."""

    def is_leftover(self, path: str) -> bool:
        """Return whether a path is that of a file that an interrupted transfer leaves behind."""

    def send(self, files: Mapping[str, SourceFile], sent: Callable[[int], None]) -> None:
        """Upload files, and report how many more have arrived."""

    def remove(self, paths: Collection[str]) -> None:
        """Remove files, which may be gone already."""


class Transfer:
    """Publishes to a remote; `label` is its name in messages, `record` has its last known state."""

    def __init__(self, remote: Remote, label: str, record: PublishRecord) -> None:
        self.remote, self.label, self.record = remote, label, record
        self._marks: Mapping[str, str] | None = None

    def plan(self, shipment: Shipment, *, force: bool = False) -> PublishPlan:
        """Return what a publish would do; raise SiteError for files that others added or changed there."""
        record = self.record.state
        found, foreign = self._recognise(shipment, record)
        if foreign and not force:
            raise SiteError(self._refuse(foreign, bool(record.files)))
        return plan_publish(shipment.digests, found, shipment.sizes, shipment.listings)

    def publish(self, shipment: Shipment, plan: PublishPlan, progress: Progress) -> None:
        """Upload assets, pages, listings and feeds, one type after the other, then remove files that are gone."""
        self.announce(plan)
        done, total = 0, len(plan.uploads) + len(plan.removed)

        def sent(count: int) -> None:
            nonlocal done
            done += count
            progress(done, total)

        clashing = _find_clashing(plan)
        if clashing:
            self.remote.remove(clashing)
        for batch in batches(plan, shipment.listings):
            self.remote.send({path: shipment.files[path] for path in batch}, sent)
        if removed := [path for path in plan.removed if path not in clashing]:
            self.remote.remove(removed)
        progress(total, total)
        self.remember(shipment)

    def announce(self, plan: PublishPlan) -> None:
        """Record, before the first change, which files may have changed if this publish is interrupted."""
        if plan:
            record = self.record.state
            self._marks = None
            pending = record.pending.union(plan.uploads, plan.removed)
            unnotified = record.unnotified.union(plan.uploads, plan.removed)
            self.record.write(replace(record, pending=pending, unnotified=unnotified))

    def remember(self, shipment: Shipment) -> None:
        """Record the published files; raise SiteError if a file did not arrive.

        If nothing has changed at the target since `plan`, its files are not listed again.
        """
        marks = self._marks if self._marks is not None else self.remote.read()
        if missing := [path for path in shipment.files if path not in marks]:
            message, hint = "the uploaded file is missing on the target", "publish again"
            raise SiteError(Problem(f"{self.label}/{path}", 0, message, hint) for path in missing[:MAX_NAMED_FILES])
        files = {path: (file.digest, marks[path]) for path, file in shipment.files.items()}
        self.record.write(replace(self.record.state, files=files, pending=frozenset()))

    def _recognise(self, shipment: Shipment, record: PublishState) -> tuple[dict[str, str], list[str]]:
        """Return the fingerprints of the files there, "" if unknown; and the paths that are not our work."""
        found: dict[str, str] = {}
        foreign = []
        self._marks = self.remote.read()
        for path, mark in self._marks.items():
            digest, known = record.files.get(path, ("", ""))
            file = shipment.files.get(path)
            if is_of_host(path) and not known and file is None:
                continue
            if mark and mark == known:
                found[path] = digest
            elif file is not None and mark and mark == self.remote.mark_of(file):
                found[path] = file.digest
            else:
                found[path] = ""
                if path not in record.pending and not self.remote.is_leftover(path):
                    foreign.append(path)
        return found, foreign

    def _refuse(self, foreign: list[str], published: bool) -> list[Problem]:
        if not published:
            files, others = ("1 file", "") if len(foreign) == 1 else (f"{len(foreign):,} files", " and the others")
            message = f"the target is not empty ({files}), and nothing was published there from here before"
            hint = f"check whether {foreign[0]}{others} may be replaced; then add --despite remote"
            return [Problem(self.label, 0, message, hint)]
        message = "others have added or changed this file"
        hint = "remove it there, or replace it with --despite remote"
        problems = [Problem(f"{self.label}/{path}", 0, message, hint) for path in foreign[:MAX_NAMED_FILES]]
        if len(foreign) > MAX_NAMED_FILES:
            problems.append(
                Problem(self.label, 0, f"{len(foreign) - MAX_NAMED_FILES:,} more files were changed by others")
            )
        return problems


def is_of_host(path: str) -> bool:
    """Return whether a file may be one that the server has added for itself."""
    return path.startswith(HOST_FILES)


def _find_clashing(plan: PublishPlan) -> frozenset[str]:
    """Return the files to remove first: a folder and a file cannot have the same path."""
    uploads = frozenset(plan.uploads)
    folders = {str(folder) for path in plan.uploads for folder in PurePosixPath(path).parents}
    return frozenset(
        path
        for path in plan.removed
        if path in folders or any(str(folder) in uploads for folder in PurePosixPath(path).parents)
    )
