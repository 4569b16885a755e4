"""The hooks of a site: loaded when needed, and reloaded when a file that they read has changed."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec.msgpack import Decoder

from sitegen.cache.store import Store, StoreError
from sitegen.content.hooks import FILE, Hooks, load_hooks
from sitegen.system import fingerprints
from sitegen.system.hook_recorder import (
    NOTHING,
    Known,
    Recorder,
    digests_of,
    drop_changed_modules,
    find_known,
    names_in_site,
)
from sitegen.system.paths import find_outside

FACT = "hooks"

_read_row = Decoder(tuple[str, dict[str, Known]]).decode


class SiteHooks:
    """The hooks of one site, and the files that they and the Markdown extensions have read.

    A file that is read for any post or page is an input of all of them: `epoch` is a fingerprint that changes
    whenever such a file changes. The files are in the build cache before any result that depends on them.
    """

    def __init__(self, root: Path, store: Store) -> None:
        self.root, self.store = root, store
        self.epoch = ""
        self.found: dict[str, Known] = {}
        self._hooks: Hooks | None = None
        self._now, self._skipped = 0, frozenset[str]()
        self._failed: tuple[str, ...] = ()

    def update(self, now: int, skipped: Iterable[str]) -> str:
        """Return the epoch at a time (ns). Raises SiteError if the hooks cannot be loaded.

        `skipped` are the folders below the root that builds write.
        """
        self._now, self._skipped = now, frozenset(skipped)
        self._restore()
        drop_changed_modules(self.root, now)
        current = {
            name: find_known(self.root, name, now, self._skipped, before=known) for name, known in self.found.items()
        }
        changed = digests_of(current) != digests_of(self.found)
        if changed or (not self.found and (self.root / FILE).is_file()):
            self._hooks = None
            before = digests_of(current)
            hooks = self._load()
            self.found = dict(hooks.recorder.take())
            self._advance((before, digests_of(self.found)))
        elif self._hooks is not None:
            self._hooks.recorder.now = now
        return self.epoch

    def get(self) -> Hooks:
        """Return the hooks, after loading them if necessary."""
        if self._hooks is None:
            hooks = self._load()
            new = dict(hooks.recorder.take())
            if digests_of({name: new[name] for name in new.keys() & self.found.keys()}) != digests_of(
                {name: self.found[name] for name in new.keys() & self.found.keys()}
            ):
                # A file changed since this build began: results of its new content need another epoch.
                self.found = {**self.found, **new}
                self._advance(digests_of(new))
            else:
                self.store_reads(new.items())
        assert self._hooks is not None
        return self._hooks

    def store_reads(self, found: Iterable[tuple[str, Known]]) -> None:
        """Store the files that were read, before results that depend on them are stored."""
        new = {name: known for name, known in found if name not in self.found}
        if new:
            self.found = {FILE: NOTHING, **self.found, **new}
            self._save()

    def store_own_reads(self) -> None:
        """Store the files that were read in this process."""
        if self._hooks is not None:
            self.store_reads(self._hooks.recorder.take())

    def forget(self) -> None:
        """Reload the hooks the next time, because they may have file contents in memory."""
        self._hooks = None

    @property
    def files(self) -> Iterator[str]:
        """The paths from the root of files and folders of the site that the hooks read or tried to read."""
        return names_in_site((*self.found, *self._failed))

    def _restore(self) -> None:
        row = self.store.get("fact", FACT, _read_row)
        epoch, found = row or ("", {})
        outside = find_outside(found)
        if outside is not None:
            raise StoreError(f"{outside!r} in what hooks read is not a path inside of its folder")
        if (row is None and self.found) or epoch != self.epoch:
            self._hooks = None  # another process loaded others, or the build cache is new and does not have their reads
        self.epoch, self.found = epoch, found

    def _advance(self, why: object) -> None:
        self.epoch = fingerprints.of_value((self.epoch, why))
        self._save()

    def _save(self) -> None:
        self.store.put("fact", [(FACT, (self.epoch, self.found))])

    def _load(self) -> Hooks:
        recorder = Recorder(self.root, self._now, self._skipped)
        self._failed = ()
        try:
            self._hooks = load_hooks(self.root, recorder)
        except BaseException:
            self._failed = tuple(recorder.found)  # a server waits for one of these to change
            raise
        return self._hooks
