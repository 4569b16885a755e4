"""A branch of a git repository as the place to publish to, by git's plumbing alone: no checkout, nobody's index."""

import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from sitegen.config import Target
from sitegen.errors import Problem, SiteError
from sitegen.publish.plan import PublishPlan, plan_publish
from sitegen.publish.programs import Program
from sitegen.publish.record import read_record, write_record
from sitegen.publish.shipment import Shipment
from sitegen.publish.target import Progress, Surroundings

KEPT = ("CNAME",)
"""Files of the host's own settings: GitHub writes them into the branch."""

TRAILER = "Sitegen-Tree"
"""The last line of a commit of ours names its tree, so that it is known for ours where there is no record."""

LOCKED = ("HEAD", "config", "packed-refs", "shallow")
"""Files of a repository that git locks, beside its branches."""

_OURS = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR", "GIT_PREFIX")


@dataclass(frozen=True, slots=True)
class Tip:
    """Where the branch is at the remote: its commit ("" for none yet), and its files with mode and blob."""

    commit: str = ""
    files: Mapping[str, str] = field(default_factory=dict)


class GitPublisher:
    """Publishes to a branch, one commit a publish."""

    def __init__(self, target: Target, base_url: str, surroundings: Surroundings) -> None:
        self.target, self.base_url, self.record = target, base_url, surroundings.record
        self.scratch = surroundings.scratch
        inherited = {name: value for name, value in surroundings.environment.items() if name not in _OURS}
        environment = {**inherited, "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
        place = f"{target.remote} {target.branch}"
        self.program = Program(("git",), place, environment, surroundings.pause, surroundings.lock)
        self.repository, self.private = self._find_repository(surroundings)
        self.remote = self._find_remote(surroundings.root)
        self.branch = f"refs/heads/{target.branch}"
        self.kept = f"refs/sitegen/{target.name}"
        self.tip = Tip()
        self.local: dict[str, str] = {}

    def plan(self, shipment: Shipment, *, force: bool = False) -> PublishPlan:
        """Return what the next commit changes; raise SiteError where the branch is not where we left it."""
        self._clear_locks()
        self.tip = self._read_tip()
        self.local = self._store(shipment)
        self.local |= {path: row for path, row in self.tip.files.items() if path in KEPT and path not in self.local}
        if self.tip.commit and self.local != self.tip.files and not force:
            self._refuse_foreign()
        sizes = shipment.sizes | {path: 0 for path in self.local if path not in shipment.files}
        return plan_publish(self.local, self.tip.files, sizes, shipment.listings)

    def publish(self, shipment: Shipment, plan: PublishPlan, progress: Progress) -> None:
        """Make a commit of the files and push it: readers get all of it or nothing."""
        record, commit = read_record(self.record), self.tip.commit
        if plan or not commit:
            commit = self._commit(self._write_tree())
            known = tuple(dict.fromkeys((*record.commits, self.tip.commit, commit)))
            untold = record.untold.union(plan.uploads, plan.removed)
            write_record(self.record, replace(record, commits=tuple(filter(None, known)), untold=untold))
            self._git("update-ref", self.kept, commit)
            self._push(commit)
        total = len(shipment.files)
        progress(total, total)
        write_record(self.record, replace(read_record(self.record), commits=(commit,)))

    def _find_repository(self, surroundings: Surroundings) -> tuple[Path, bool]:
        """Return the repository that the site lies in; else one of our own, made now, and that it is private."""
        found = self.program.call(("-C", str(surroundings.root), "rev-parse", "--absolute-git-dir"))
        if found.returncode == 0:
            return Path(found.stdout.decode().removesuffix("\n")), False
        own = surroundings.record.with_suffix(".git")
        if not (own / "HEAD").is_file():
            self.program.run("init", "--quiet", "--bare", str(own))
        return own, True

    def _find_remote(self, root: Path) -> str:
        """Return the remote by its name in the repository, or by its place: relative paths are from the site's root."""
        remote = self.target.remote
        if not self.private and remote in self._git("remote").decode().splitlines():
            return remote
        if ":" not in remote and (root / remote).is_dir():
            return str((root / remote).resolve())
        return remote

    def _clear_locks(self) -> None:
        """Remove the locks of files of our own that a git left which was killed.

        Nobody else is at work on them: the target's lock is held here, and a git that lives on holds it too.
        """
        kept = self._git("rev-parse", "--git-path", self.kept).decode().removesuffix("\n")
        places = [Path(kept), *(self.repository / name for name in LOCKED if self.private)]
        for place in places:
            place.with_name(f"{place.name}.lock").unlink(missing_ok=True)

    def _read_tip(self) -> Tip:
        rows = self._git("ls-remote", "--exit-code", self.remote, self.branch, accept=(2,)).decode().split()
        if not rows:
            return Tip()
        commit = rows[0]
        if not self._has(commit):
            # A whole repository must not become a shallow one for this.
            shallow = self.private or self._git("rev-parse", "--is-shallow-repository").strip() == b"true"
            depth = ("--depth=1",) if shallow else ()
            quiet = (
                "--quiet",
                "--no-tags",
                "--no-write-fetch-head",
                "--no-recurse-submodules",
                "--no-auto-maintenance",
            )
            self._git("fetch", *quiet, *depth, self.remote, f"+{self.branch}:{self.kept}")
            commit = self._git("rev-parse", self.kept).decode().strip()
        rows = self._git("ls-tree", "-r", "-z", "--full-tree", commit).decode("utf-8", "surrogateescape").split("\0")
        files = {}
        for row in filter(None, rows):
            entry, _, path = row.partition("\t")
            mode, _, blob = entry.split()
            files[path] = f"{mode} {blob}"
        return Tip(commit, files)

    def _has(self, commit: str) -> bool:
        """Say whether the repository holds a commit with all its files."""
        quiet = ("rev-list", "--objects", "--quiet", "--no-walk", commit)
        return self.program.call((f"--git-dir={self.repository}", *quiet)).returncode == 0

    def _store(self, shipment: Shipment) -> dict[str, str]:
        """Write all files into the repository, and return their modes and blobs."""
        odd = [path for path in shipment.files if "\n" in str(shipment.files[path].place)]
        plain = [path for path in shipment.files if path not in odd]
        listed = "".join(f"{shipment.files[path].place.absolute()}\n" for path in plain).encode(
            "utf-8", "surrogateescape"
        )
        blobs = self._git("hash-object", "-w", "--no-filters", "--stdin-paths", data=listed).decode().split()
        found = dict(zip(plain, blobs, strict=True))
        for path in odd:
            data = shipment.files[path].place.read_bytes()
            found[path] = self._git("hash-object", "-w", "--no-filters", "--stdin", data=data).decode().strip()
        return {path: f"100644 {found[path]}" for path in shipment.files}

    def _refuse_foreign(self) -> None:
        record, tip = read_record(self.record), self.tip.commit
        if tip in record.commits:
            return
        told = self._git("show", "--no-patch", "--format=%an%x00%cs%x00%T%x00%B", tip).decode(errors="replace")
        author, day, tree, message = told.split("\0", 3)
        ours = re.findall(rf"^{TRAILER}: (\w+)$", message, re.MULTILINE)
        if not record.commits and ours[-1:] == [tree]:
            return
        hint = "look at that commit; to publish on top of it add --despite remote"
        if ours[-1:] == [tree]:
            what = f"the branch was published from elsewhere since, by {author} on {day} ({tip[:10]})"
        else:
            what = f"the branch was changed by somebody else, {author} on {day} ({tip[:10]})"
        raise SiteError([Problem(self.program.place, 0, what, hint)])

    def _write_tree(self) -> str:
        with tempfile.TemporaryDirectory(prefix="index-", dir=self.scratch) as folder:
            index = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
            rows = "".join(f"{row}\t{path}\0" for path, row in sorted(self.local.items()))
            data = rows.encode("utf-8", "surrogateescape")
            self._git("update-index", "-z", "--index-info", data=data, more=index)
            return self._git("write-tree", more=index).decode().strip()

    def _commit(self, tree: str) -> str:
        subject = self.target.message.replace("{base_url}", self.base_url)
        message = f"{subject}\n\n{TRAILER}: {tree}\n"
        parents = ("-p", self.tip.commit) if self.tip.commit and not self.target.squash else ()
        found = re.fullmatch(r"(.+) <(.+)>", self.target.identity)
        names = {"NAME": found[1], "EMAIL": found[2]} if found else {}
        identity = {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in names.items()}
        return (
            self._git("commit-tree", tree, *parents, "-F", "-", data=message.encode(), more=identity).decode().strip()
        )

    def _push(self, commit: str) -> None:
        lease = f"--force-with-lease={self.branch}:{self.tip.commit}"
        arguments = ("push", "--quiet", "--no-verify", lease, self.remote, f"{commit}:{self.branch}")
        try:
            self._git(*arguments)
        except SiteError as error:
            if "stale info" not in str(error) and "fetch first" not in str(error):
                raise
            message = "somebody else has pushed to the branch in the meantime"
            raise SiteError([Problem(self.program.place, 0, message, "publish once more")]) from None

    def _git(
        self, *arguments: str, data: bytes = b"", more: Mapping[str, str] | None = None, accept: tuple[int, ...] = ()
    ) -> bytes:
        located = (f"--git-dir={self.repository}", *arguments)
        if accept:
            done = self.program.call(located, data, more)
            if done.returncode in accept:
                return b""
        return self.program.run(*located, data=data, more=more)
