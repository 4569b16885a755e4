"""Publishes to a branch of a git repository with git's plumbing commands, without a checkout or an index."""

import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from sitegen.config.schema import Target
from sitegen.errors import Problem, SiteError, did_you_mean
from sitegen.formats.urls import hide_credentials
from sitegen.publish.base import Progress, PublishContext
from sitegen.publish.files import Shipment
from sitegen.publish.plan import PublishPlan, plan_publish
from sitegen.publish.targets.subprocess import Program

HOST_FILES = frozenset(("CNAME",))
"""Files of the host's own settings: GitHub writes them into the branch."""

TRAILER = "Sitegen-Tree"
"""The last line of a commit of ours names its tree, so that it is recognised as ours without a record."""

LOCKED = ("HEAD", "config", "packed-refs", "shallow")
"""Files of a repository that git locks, beside its branches."""

SECONDS_WITHOUT_COMMIT = 1.0
"""After this time a lock of a branch without a commit counts as left: git writes the commit at once."""

FETCH = (
    "--quiet",
    "--no-tags",
    "--no-prune",
    "--no-write-fetch-head",
    "--no-recurse-submodules",
    "--no-auto-maintenance",
)
PUSH = ("--quiet", "--no-verify", "--no-signed", "--no-follow-tags", "--recurse-submodules=no")
"""Options that undo what a user's own git configuration (`push.gpgSign`, `push.followTags`…) adds."""

STORE = ("hash-object", "-w", "--no-filters")
"""Writes files into the repository, with the bytes that they have."""

MAX_HOST_COMMITS = 20
"""The maximum number of a host's commits after our last one."""

_OURS = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR", "GIT_PREFIX")


@dataclass(frozen=True, slots=True)
class Tip:
    """Where the branch is at the remote: its commit ("" for none yet), and its files with mode and blob."""

    commit: str = ""
    files: Mapping[str, str] = field(default_factory=dict)


class GitPublisher:
    """Publishes to a branch, with one commit for each publish."""

    def __init__(self, target: Target, base_url: str, context: PublishContext) -> None:
        self.target, self.base_url, self.record = target, base_url, context.record
        self.scratch = context.scratch
        inherited = {name: value for name, value in context.environment.items() if name not in _OURS}
        environment = {**inherited, "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
        label = f"{hide_credentials(target.remote)} {target.branch}"
        self.program = Program(("git",), label, environment, context.pause, context.lock)
        self.repository, self.private = self._find_repository(context)
        self.named = False
        self.remote = self._find_remote(context)
        self.branch = f"refs/heads/{target.branch}"
        self.ref = f"refs/sitegen/{target.name}"
        self.tip = Tip()
        self.local: dict[str, str] = {}

    def plan(self, shipment: Shipment, *, force: bool = False) -> PublishPlan:
        """Return what the next commit changes; raise SiteError if the branch is not where we left it."""
        self._clear_locks()
        self.tip = self._read_tip()
        self.local = self._store(shipment)
        self.local |= {
            path: row for path, row in self.tip.files.items() if path in HOST_FILES and path not in self.local
        }
        if self.tip.commit and self.local != self.tip.files and not force:
            self._refuse_foreign()
        sizes = shipment.sizes | {path: 0 for path in self.local if path not in shipment.files}
        return plan_publish(self.local, self.tip.files, sizes, shipment.listings)

    def publish(self, shipment: Shipment, plan: PublishPlan, progress: Progress) -> None:
        """Make a commit of the files and push it: readers get all of it or nothing."""
        record, commit = self.record.state, self.tip.commit
        if plan or not commit:
            commit = self._commit(self._write_tree())
            known = tuple(dict.fromkeys((*record.commits, self.tip.commit, commit)))
            unnotified = record.unnotified.union(plan.uploads, plan.removed)
            self.record.write(replace(record, commits=tuple(filter(None, known)), unnotified=unnotified))
            self._git("update-ref", self.ref, commit)
            if record.commits not in ((), (self.tip.commit,)):
                self._clear_remote_locks()
            self._push(commit)
        total = len(shipment.files)
        progress(total, total)
        files = {path: (file.digest, self.local[path]) for path, file in shipment.files.items()}
        self.record.write(replace(self.record.state, files=files, commits=(commit,)))

    def _find_repository(self, context: PublishContext) -> tuple[Path, bool]:
        """Return the site's git directory and False; without one, a repository of our own and True."""
        call = ("-C", str(context.root), "rev-parse", "--absolute-git-dir")
        found = self.program.call(call)
        if found.returncode == 0:
            return Path(found.stdout.decode().removesuffix("\n")), False
        reported = found.stderr.decode(errors="replace")
        if "not a git repository" not in reported:
            raise SiteError([self.program.problem(call, reported)])
        own = context.record.path.with_suffix(".git")
        if not (own / "HEAD").is_file():
            self.program.run("init", "--quiet", "--bare", str(own))
        return own, True

    def _find_remote(self, context: PublishContext) -> str:
        """Return the remote's name in the site's repository, its URL, or its path from the site's folder.

        Raises SiteError for a name that the repository does not know.
        """
        remote, root = self.target.remote, context.root
        names = [] if self.private else self._git("remote").decode().splitlines()
        self.named = remote in names
        if self.named:
            return remote
        if ":" in remote:
            return remote
        if (root / remote).exists():
            return str((root / remote).resolve())
        if "/" in remote:
            message, hint = f"the folder {remote} does not exist", "create it with `git init --bare FOLDER`"
            raise SiteError([context.describe_setting("remote", message, hint)])
        add = f"run `git remote add {remote} URL` with the URL of your repository, for example "
        add += "https://github.com/YOU/REPOSITORY.git"
        if self.private:
            message = f'the site\'s folder is not a git repository, so there is no remote "{remote}"'
            hint = f"run `git init`, then {add}"
        else:
            message, hint = f'there is no git remote called "{remote}"', add
            if names:
                hint = did_you_mean(remote, names) or f"{add}; known are: {', '.join(names)}"
        raise SiteError([context.describe_setting("remote", message, hint)])

    def _clear_locks(self) -> None:
        """Remove the locks of our own files that a killed git process left.

        No other process uses them: this one holds the target's lock, and so does a git process that outlives it.
        """
        ref_file = self._git("rev-parse", "--git-path", self.ref).decode().removesuffix("\n")
        lock_targets = [Path(ref_file), *(self.repository / name for name in LOCKED if self.private)]
        for path in lock_targets:
            path.with_name(f"{path.name}.lock").unlink(missing_ok=True)

    def _clear_remote_locks(self) -> None:
        """Remove the locks that a killed push of ours left in a repository on this machine.

        The lock of the branch contains one of our commits, and only our own processes write these; that of HEAD,
        which is locked with its branch, contains nothing.
        """
        url = self._git("remote", "get-url", "--push", self.remote).decode().strip() if self.named else self.remote
        call = ("-C", url.removeprefix("file://"), "rev-parse", "--git-path", self.branch, "--git-path", "HEAD")
        found = self.program.call(call)
        if found.returncode:
            return  # it is on another machine
        locks = [Path(call[1], f"{row}.lock") for row in found.stdout.decode().splitlines()]
        if all(self._is_left(lock) for lock in locks):
            for lock in locks:
                lock.unlink(missing_ok=True)

    def _is_left(self, lock: Path) -> bool:
        """Return whether no process uses the lock of a branch: it is ours, empty for too long, or not there."""
        if (content := _read_lock(lock)) == "":
            self.program.pause(SECONDS_WITHOUT_COMMIT)
            content = _read_lock(lock)
        return not content or content in self.record.state.commits

    def _read_tip(self) -> Tip:
        found = self._git("ls-remote", "--exit-code", "--", self.remote, self.branch, accept=(2,)).decode()
        # The argument matches the end of references: refs/x/refs/heads/pages too.
        commits = [row.split("\t")[0] for row in found.splitlines() if row.endswith(f"\t{self.branch}")]
        if not commits:
            return Tip()
        commit = commits[0]
        if not self._has(commit):
            self._fetch(depth=1)
            commit = self._git("rev-parse", self.ref).decode().strip()
        rows = self._git("ls-tree", "-r", "-z", "--full-tree", commit).decode("utf-8", "surrogateescape").split("\0")
        files = {}
        for row in filter(None, rows):
            entry, _, path = row.partition("\t")
            mode, _, blob = entry.split()
            files[path] = f"{mode} {blob}"
        return Tip(commit, files)

    def _fetch(self, depth: int) -> None:
        """Fetch the branch; into a shallow repository, only its last `depth` commits."""
        # A whole repository must not become a shallow one for this.
        limit = (f"--depth={depth}",) if self._is_shallow() else ()
        self._git("fetch", *FETCH, *limit, "--", self.remote, f"+{self.branch}:{self.ref}")

    def _has(self, commit: str) -> bool:
        """Return whether the repository contains a commit with all its files."""
        quiet = ("rev-list", "--objects", "--quiet", "--no-walk", commit)
        return self.program.call((f"--git-dir={self.repository}", *quiet)).returncode == 0

    def _store(self, shipment: Shipment) -> dict[str, str]:
        """Write all files into the repository, and return their modes and blobs.

        A file that is on the branch with the bytes that we published is not read: the repository has its blob.
        """
        record = self.record.state
        found = {
            path: self.tip.files[path]
            for path, file in shipment.files.items()
            if record.files.get(path) == (file.digest, self.tip.files.get(path))
        }
        unknown = [path for path in shipment.files if path not in found]
        odd = {path for path in unknown if "\n" in str(shipment.files[path].path)}
        plain = [path for path in unknown if path not in odd]
        listed = "".join(f"{shipment.files[path].path.absolute()}\n" for path in plain).encode(
            "utf-8", "surrogateescape"
        )
        blobs = self._git(*STORE, "--stdin-paths", data=listed).decode().split() if plain else []
        found |= {path: f"100644 {blob}" for path, blob in zip(plain, blobs, strict=True)}
        for path in odd:
            data = shipment.files[path].path.read_bytes()
            found[path] = f"100644 {self._git(*STORE, '--stdin', data=data).decode().strip()}"
        return found

    def _refuse_foreign(self) -> None:
        """Raise SiteError for a commit that is neither ours nor a host's for its own settings (HOST_FILES)."""
        record, commit = self.record.state, self.tip.commit
        for _ in range(MAX_HOST_COMMITS):
            if commit in record.commits:
                return
            shown = self._git("show", "--no-patch", "--format=%an%x00%cs%x00%T%x00%B", commit)
            author, day, tree, message = shown.decode(errors="replace").split("\0", 3)
            ours = re.findall(rf"^{TRAILER}: (\w+)$", message, re.MULTILINE)[-1:] == [tree]
            if ours and not record.commits:
                return
            if ours or not (parent := self._before_host(commit)):
                break
            commit = parent
        if ours:
            what = f"the branch was published from elsewhere since, by {author} on {day} ({commit[:10]})"
        else:
            what = f"the branch was changed by others: {author} on {day} ({commit[:10]})"
        hint = "check that commit; to publish on top of it, add --despite remote"
        raise SiteError([Problem(self.program.label, 0, what, hint)])

    def _before_host(self, commit: str) -> str:
        """Return the parent of a commit that changes only HOST_FILES, or "" for any other commit."""
        parents = self._parents(commit)
        # Where the history is cut off, git shows a commit without parents.
        if not parents and self._is_shallow():
            self._fetch(depth=MAX_HOST_COMMITS + 1)
            parents = self._parents(commit)
        if len(parents) != 1:
            return ""
        changed = self._git("diff-tree", "-r", "-z", "--name-only", parents[0], commit)
        paths = set(filter(None, changed.decode("utf-8", "surrogateescape").split("\0")))
        return parents[0] if paths <= HOST_FILES else ""

    def _parents(self, commit: str) -> list[str]:
        return self._git("rev-parse", f"{commit}^@").decode().split()

    def _is_shallow(self) -> bool:
        return self.private or self._git("rev-parse", "--is-shallow-repository").strip() == b"true"

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
        found = re.fullmatch(r"(.+) <([^<>]+)>", self.target.identity)
        names = {"NAME": found[1], "EMAIL": found[2]} if found else {}
        identity = {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in names.items()}
        return (
            self._git("commit-tree", tree, *parents, "-F", "-", data=message.encode(), more=identity).decode().strip()
        )

    def _push(self, commit: str) -> None:
        lease = f"--force-with-lease={self.branch}:{self.tip.commit}"
        # A remote that is a mirror takes no single branch. The name may hold a "=", so `-c` cannot say it.
        environment = self.program.environment
        number = int(environment.get("GIT_CONFIG_COUNT", "0"))
        no_mirror = {
            "GIT_CONFIG_COUNT": str(number + 1),
            f"GIT_CONFIG_KEY_{number}": f"remote.{self.remote}.mirror",
            f"GIT_CONFIG_VALUE_{number}": "false",
        }
        settings = no_mirror if self.named else {}
        try:
            self._git("push", *PUSH, lease, "--", self.remote, f"{commit}:{self.branch}", more=settings)
        except SiteError as error:
            if "stale info" not in str(error) and "fetch first" not in str(error):
                raise
            message = "others have pushed to the branch in the meantime"
            raise SiteError([Problem(self.program.label, 0, message, "publish once more")]) from None

    def _git(
        self, *arguments: str, data: bytes = b"", more: Mapping[str, str] | None = None, accept: tuple[int, ...] = ()
    ) -> bytes:
        located = (f"--git-dir={self.repository}", *arguments)
        if accept:
            done = self.program.call(located, data, more)
            if done.returncode in accept:
                return b""
        return self.program.run(*located, data=data, more=more)


def _read_lock(lock: Path) -> str | None:
    """Return the commit that the lock of a branch contains, "" for none yet, or None if there is no lock."""
    try:
        return lock.read_text("utf-8", "replace").strip()
    except FileNotFoundError:
        return None
