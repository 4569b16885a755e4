"""A site's hooks from build to build: loaded when needed, and loaded anew when something that they read has changed."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec.msgpack import Decoder

from sitegen.cache.store import Store, StoreError
from sitegen.hooks import FILE, Hooks, load_hooks
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
    """Holds the hooks of one site, and what they and the Markdown extensions have read, as the store keeps it.

    All that is read for any post or page counts for all of them: `epoch` is a fingerprint that changes whenever a
    file changes that was read. What was read is in the store before anything that was made from it.
    """

    def __init__(self, root: Path, store: Store) -> None:
        self.root, self.store = root, store
        self.epoch = ""
        self.found: dict[str, Known] = {}
        self._hooks: Hooks | None = None
        self._now, self._skipped = 0, frozenset[str]()
        self._failed: tuple[str, ...] = ()

    def update(self, now: int, skipped: Iterable[str]) -> str:
        """Return the epoch at a time (ns); raise SiteError where the hooks cannot be loaded.

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
        """Return the hooks, loaded now if they are not yet."""
        if self._hooks is None:
            hooks = self._load()
            new = dict(hooks.recorder.take())
            if digests_of({name: new[name] for name in new.keys() & self.found.keys()}) != digests_of(
                {name: self.found[name] for name in new.keys() & self.found.keys()}
            ):
                # A file changed since this build began: what it makes of that must not be taken for the former.
                self.found = {**self.found, **new}
                self._advance(digests_of(new))
            else:
                self.keep(new.items())
        assert self._hooks is not None
        return self._hooks

    def keep(self, found: Iterable[tuple[str, Known]]) -> None:
        """Note in the store what was read, before what was made from it is kept there."""
        new = {name: known for name, known in found if name not in self.found}
        if new:
            self.found = {FILE: NOTHING, **self.found, **new}
            self._save()

    def keep_own(self) -> None:
        """Note what was read in this process."""
        if self._hooks is not None:
            self.keep(self._hooks.recorder.take())

    def forget(self) -> None:
        """Load the hooks anew the next time: they may hold what they read in memory."""
        self._hooks = None

    @property
    def files(self) -> Iterator[str]:
        """The files and folders of the site that the hooks read, or wanted to, by their paths from the root."""
        return names_in_site((*self.found, *self._failed))

    def _restore(self) -> None:
        row = self.store.get("fact", FACT, _read_row)
        epoch, found = row or ("", {})
        outside = find_outside(found)
        if outside is not None:
            raise StoreError(f"{outside!r} in what hooks read is not a path inside of its folder")
        if (row is None and self.found) or epoch != self.epoch:
            self._hooks = None  # another process loaded others, or the store was made anew and lacks what they read
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
