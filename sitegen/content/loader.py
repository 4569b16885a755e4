"""The site's files as this process knows them: what changed, and every post parsed."""

import os
import stat
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sitegen.cache.codec import Unpacker, read_source
from sitegen.cache.store import Store
from sitegen.content.read_file import Examined, Kind, Parse, examine
from sitegen.errors import Problem, SiteError
from sitegen.model import Entry, Post
from sitegen.system.files import Stamp, is_ignored, is_markdown, scan, stamp_of
from sitegen.system.processes import spread
from sitegen.system.progress import Progress, no_progress

THEME = "<theme>/"
"""The files of the theme that sitegen brings are named with this prefix, which no file of a site can have."""

BATCH = 256
FEW = 64
"""Where no more texts changed, it is worth to ask what they were before."""
NO_FAULT: tuple[str, tuple[Problem, ...]] = ("", ())


@dataclass(frozen=True, slots=True)
class Look:
    """The site's files as they are: the fingerprint of each, and the names of those that changed."""

    digests: Mapping[str, str]
    changed: frozenset[str]


class Content:
    """Holds what is known of the files of one site, from build to build, backed by the store.

    `known` has the stamp (None while a file has not been quiet) and fingerprint of each file; `ignored`
    are the hidden and temporary files of the content folder, which are not published. `written` are the output
    folders, into which no symbolic link may lead.
    """

    def __init__(self, root: Path, theme: Path, content: str, templates: str, store: Store) -> None:
        self.root, self.theme, self.store = root, theme, store
        self.content, self.templates = content, templates
        self.known: dict[str, tuple[Stamp | None, str]] = {}
        self._entries: dict[str, tuple[str, str, Entry]] = {}
        self._faults: dict[str, tuple[str, tuple[Problem, ...]]] = {}
        self._digests: dict[str, str] = {}
        self._unpacker = Unpacker()
        self._before: dict[str, Entry] = {}
        self.ignored: tuple[str, ...] = ()
        self.written: tuple[str, ...] = ()

    def place(self, name: str) -> Path:
        """Return where a file lies on the disk."""
        return self.theme / name[len(THEME) :] if name.startswith(THEME) else self.root / name

    def kind(self, name: str) -> Kind | None:
        """Return what a text with front matter is, None for any other file."""
        if is_markdown(name):
            if name.startswith(f"{self.content}/posts/"):
                return "post"
            if name.startswith(f"{self.content}/pages/"):
                return "page"
        return None

    def look(
        self,
        now: int,
        jobs: int,
        context: str,
        parse: Parse,
        told: Collection[str] = frozenset(),
        progress: Progress = no_progress,
    ) -> Look:
        """Return the fingerprints of all files, after reading those whose stamps cannot be believed.

        Where `told` names texts that are known and still there, no other file is looked at. Texts that
        changed are parsed on the way, so that no file is read twice. Raises SiteError for files that
        cannot be read; what is wrong inside a text is kept for `entries`.
        """
        problems: list[Problem] = []
        digests, self._digests = self._digests, {}
        found = self._glance(told) if told and digests else None
        gone: Collection[str] = ()
        if found is None:
            found = self._scan(problems)
            gone = self.known.keys() - found.keys()
        known = self.known
        of_name = known.get
        stale = sorted([name for name, stamp in found.items() if not (row := of_name(name)) or row[0] != stamp])
        changed = set(gone)
        for name in gone:
            del known[name]
        self._before = self._recall(stale, context) if len(stale) <= FEW else {}
        for done, result in enumerate(self._examine(stale, now, jobs, context, parse), 1):
            progress("reading", done, len(stale))
            if result.missing:
                del found[result.path]
                if known.pop(result.path, None):
                    changed.add(result.path)
                continue
            if result.path not in known or known[result.path][1] != result.digest:
                changed.add(result.path)
            known[result.path] = (result.stamp if result.quiet else None, result.digest)
            if not self.kind(result.path):
                problems += result.problems
        if problems:
            raise SiteError(problems)
        for name in changed:
            if name not in found:
                self._entries.pop(name, None)
                self._faults.pop(name, None)
        self._digests = self._bring_up_to_date(digests, changed)
        return Look(self._digests, frozenset(changed))

    def _glance(self, told: Collection[str]) -> dict[str, Stamp] | None:
        """Return the stamps of the files said to have changed; None where any is no text that is known and there.

        What an editor writes beside a text, and takes away again, is passed over.
        """
        found: dict[str, Stamp] = {}
        for name in told:
            if any(map(is_ignored, name.split("/"))):
                continue
            try:
                status = os.lstat(self.place(name))
            except OSError:
                if name in self.known or any(other.startswith(f"{name}/") for other in self.known):
                    return None
                continue
            if name not in self.known or self.kind(name) is None or not stat.S_ISREG(status.st_mode):
                return None
            found[name] = stamp_of(status)
        return found

    def _scan(self, problems: list[Problem]) -> dict[str, Stamp]:
        """Return the stamps of all files; raise SiteError where that cannot be done."""
        ignored: list[str] = []
        found = scan(self.root, self.content, problems, ignored, self.written)
        self.ignored = tuple(sorted(ignored))
        found |= scan(self.root, self.templates, problems, None, self.written)
        if self.theme != self.root / self.templates:
            theme = scan(self.theme, "", problems)
            found |= {THEME + name: stamp for name, stamp in theme.items()}
        if not (self.root / self.content).is_dir():
            # A disk that is not mounted or a wrong name must not empty the site.
            hint = 'make it, or name another with content = "..." in the config'
            problems.append(Problem(self.content, 0, "the content folder is not there", hint))
        if problems:
            raise SiteError(sorted(problems, key=lambda problem: problem.path))
        return found

    def _bring_up_to_date(self, digests: dict[str, str], changed: Collection[str]) -> dict[str, str]:
        """Return the fingerprints of all files by their sorted names, from those of the last look."""
        known = self.known
        if not digests or not all(name in known and name in digests for name in changed):
            return {name: known[name][1] for name in sorted(known)}
        digests.update((name, known[name][1]) for name in changed)
        return digests

    def only_texts(self, look: Look) -> bool:
        """Say whether all that changed are texts that were there before and are still there."""
        return all(self.kind(name) and name in look.digests and name in self._entries for name in look.changed)

    def before(self, look: Look) -> Mapping[str, Entry] | None:
        """Return the texts that changed as the last build knew them; None if any is new, gone or no text."""
        known = {name: self._before[name] for name in look.changed if name in self._before and name in look.digests}
        return known if len(known) == len(look.changed) else None

    def _recall(self, names: Iterable[str], context: str) -> dict[str, Entry]:
        """Return texts as the last build knew them, where the store has these: one that failed may have put others.

        Those that this process has loaded are not asked for: whoever keeps it has compared them already.
        """
        texts = [name for name in names if name in self.known and name not in self._entries and self.kind(name)]
        return {
            name: self._unpacker.entry(row)
            for name, (fingerprint, of_context, row) in self.store.some("source", texts, read_source)
            if fingerprint == self.known[name][1] and of_context == context
        }

    def entries(
        self, look: Look, now: int, jobs: int, context: str, parse: Parse, names: Collection[str] | None = None
    ) -> tuple[Entry, ...]:
        """Return the entry of every text, or of those named, by their paths; raise SiteError with all problems."""
        texts = [name for name in (look.digests if names is None else sorted(names)) if self.kind(name)]
        if names is None and len(self._entries) < len(texts):
            self._load(look, context)
        stale = [name for name in texts if not self._is_current(name, look.digests[name], context)]
        for _ in self._examine(stale, now, jobs, context, parse, reparse=True):
            pass
        problems = [problem for name in texts for problem in self._faults.get(name, NO_FAULT)[1]]
        if problems:
            raise SiteError(problems)
        return tuple([self._entries[name][2] for name in texts])

    def posts(self) -> Iterator[Post]:
        """Yield every post and page that is known."""
        yield from (entry.post for entry in self.known_entries())

    def known_entries(self) -> Iterator[Entry]:
        """Yield the entry of every post and page that is known."""
        if self._entries:
            yield from (entry for _, _, entry in tuple(self._entries.values()))
            return
        for name, (fingerprint, _, row) in self.store.all("source", read_source):
            if name in self.known and self.known[name][1] == fingerprint:
                yield self._unpacker.entry(row)

    def _is_current(self, name: str, fingerprint: str, context: str) -> bool:
        if name in self._faults:
            return self._faults[name][0] == context
        entry = self._entries.get(name)
        return entry is not None and entry[0] == fingerprint and entry[1] == context

    def _load(self, look: Look, context: str) -> None:
        for name, (fingerprint, of_context, row) in self.store.all("source", read_source):
            if look.digests.get(name) == fingerprint and of_context == context and name not in self._entries:
                self._entries[name] = (fingerprint, context, self._unpacker.entry(row))

    def _examine(
        self, names: list[str], now: int, jobs: int, context: str, parse: Parse, *, reparse: bool = False
    ) -> Iterator[Examined]:
        """Yield what reading each file came to, keeping entries and bodies in the store."""
        if any(map(self.kind, names)):
            parse.prepare()

        def task(name: str) -> Examined:
            known = "" if reparse or name not in self.known else self.known[name][1]
            return examine(str(self.place(name)), name, self.kind(name), now, known, context, parse)

        for batch in _batches(spread(task, names, jobs)):
            bodies = {result.entry[1]: result.body for result in batch if result.entry and result.body}
            rows = [(item.path, (item.digest, context, item.entry)) for item in batch if item.entry]
            parse.keep_reads(known for item in batch for known in item.reads)
            if bodies:
                self.store.put_sealed("body", bodies.items())
            if rows:
                self.store.put_sealed("search", [(item.path, item.search) for item in batch if item.search])
                self.store.put("source", rows)
            for result in batch:
                self._remember(result, context)
                yield result

    def _remember(self, result: Examined, context: str) -> None:
        self._faults.pop(result.path, None)
        if result.problems:
            self._faults[result.path] = (context, result.problems)
            self._entries.pop(result.path, None)
        elif result.entry is not None:
            self._entries[result.path] = (result.digest, context, self._unpacker.entry(result.entry))


def _batches(results: Iterable[Examined]) -> Iterator[list[Examined]]:
    batch = []
    for result in results:
        batch.append(result)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def remove_orphans(store: Store, names: Collection[str]) -> None:
    """Drop the store's rows of files that are gone, and of bodies that no text has, once they are many."""
    for table in ("source", "search"):
        if store.count(table) > len(names) * 1.25 + 50:
            store.remove(table, store.names(table) - set(names))
    if store.count("body") > store.count("source") * 1.25 + 50:
        used = {row[2][1] for _, row in store.all("source", read_source)}
        store.remove("body", store.names("body") - used)
