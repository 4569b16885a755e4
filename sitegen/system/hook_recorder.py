"""Record the modules that a site's hooks and Markdown extensions import, and the files that they read."""

import os
import stat
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import source_from_cache, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

from sitegen.system import fingerprints
from sitegen.system.files import Stamp, is_ignored, is_quiet, stamp_of

Known = tuple[Stamp | None, str]
"""A file's stamp, None if it cannot be trusted, and the fingerprint of its bytes, "" if it does not exist."""

NOTHING: Known = (None, "")

INSTALLED = "<installed>/"
"""The prefix of the names of installed modules, before their path below a folder of `sys.path`."""

LISTING = "*"
"""The last part of the name of a folder's listing."""

OWN_MODULES = frozenset(
    [
        "PIL",
        "brotli",
        "click",
        "feedgen",
        "feedparser",
        "frontmatter",
        "jinja2",
        "lxml",
        "markdown",
        "markupsafe",
        "msgspec",
        "nh3",
        "obstore",
        "pygments",
        "pyromark",
        "rich",
        "sitegen",
        "tzdata",
        "watchdog",
        "yaml",
    ]
)
"""The modules that sitegen imports itself. `fingerprints.of_code` covers their versions.

Of sitegen, it covers the modules that build pages; a hook's imports of others are recorded.
"""

_RESERVED = OWN_MODULES | sys.stdlib_module_names
_READS = frozenset(["open", "os.listdir", "os.scandir", "sqlite3.connect"])
_SKIPPED_FOLDERS = frozenset([".sitegen", "site-packages", "dist-packages"])
_ACCESS_MODE = os.O_RDONLY | os.O_WRONLY | os.O_RDWR

_active = threading.local()
_loaded_for: "list[Recorder]" = []
"""The recorder whose site's modules are in `sys.modules`, at most one."""
_installed: dict[str, tuple[str, Known]] = {}
"""The installed modules that hooks and extensions of this process loaded, by module name with file name."""
_imports: set[str] = set()
"""The modules that hooks imported and that are not recorded yet."""


class Recorder:
    """Records the files and folders of one site that its hooks read, by their paths from the root.

    As a context it records what the running thread does, and lets it import the modules that are beside
    `hooks.py`. A file's fingerprint is taken just before it is opened for the first time: if it changes
    meanwhile, the next build finds it changed. `now` is the time in ns; `skipped` are folders that builds write.

    A hook that only checks whether a file exists is not recorded, nor are files that other programs read for it.
    """

    def __init__(self, root: Path, now: int = 0, skipped: Iterable[str] = ()) -> None:
        self.root, self.now, self.skipped = root, now, frozenset(filter(None, skipped))
        self.found: dict[str, Known] = dict(_installed.values())
        self._taken = 0
        self._outer: list[Recorder | None] = []
        self._bases = tuple({f"{os.path.abspath(root)}{os.sep}", f"{os.path.realpath(root)}{os.sep}"})  # noqa: PTH100 - resolved or not
        self._modules: dict[str, ModuleType] = {}

    def __enter__(self) -> "Recorder":
        if not self._outer:
            _install()
            self._bring_in_modules()
        self._outer.append(getattr(_active, "recorder", None))
        _active.recorder = self
        return self

    def __exit__(self, *_: object) -> None:
        _active.recorder = self._outer.pop()
        if _imports and not self._outer:
            self._note_modules()

    def take(self) -> tuple[tuple[str, Known], ...]:
        """Return the files that were recorded since the last call."""
        if len(self.found) == self._taken:
            return ()
        new = tuple(self.found.items())[self._taken :]
        self._taken = len(self.found)
        return new

    def note(self, path: str) -> None:
        """Record a file by its path from the root."""
        if path not in self.found:
            self.found[path] = find_known(self.root, path, self.now, self.skipped)

    def note_event(self, event: str, path: object, flags: object) -> None:
        """Record the file or folder of an audit event of Python."""
        if isinstance(path, int) or (isinstance(flags, int) and flags & _ACCESS_MODE == os.O_WRONLY):
            return
        try:
            absolute = os.path.abspath(os.fsdecode(path if path is not None else "."))  # type: ignore[arg-type] # noqa: PTH100 - other types raise
        except (TypeError, ValueError, OSError):
            return  # not a path: opening it fails
        is_listing = event in ("os.listdir", "os.scandir")
        name = self._name(absolute + os.sep if is_listing else absolute)
        if name is not None:
            self.note(name + LISTING if is_listing else name)

    def _name(self, path: str) -> str | None:
        """Return a path relative to the root, None if it is outside of the site or not part of it."""
        base = next((base for base in self._bases if path.startswith(base)), None)
        if base is None:
            return None
        name = path[len(base) :].replace(os.sep, "/")
        parts = name.split("/")
        if "__pycache__" in parts:
            try:
                source = source_from_cache(path)
            except ValueError:
                return None
            return self._name(source)
        if _SKIPPED_FOLDERS.intersection(parts) or any(f"{name}/".startswith(f"{folder}/") for folder in self.skipped):
            return None
        try:
            name.encode()
        except UnicodeEncodeError:
            return None  # the build rejects such names in the site's folders
        return name

    def _bring_in_modules(self) -> None:
        """Add the site's modules to `sys.modules`, replacing those of another site or an earlier load."""
        if _loaded_for and _loaded_for[0] is self:
            return
        if _loaded_for:
            _loaded_for.pop()._put_aside()
        sys.modules.update(self._modules)
        _loaded_for.append(self)

    def _put_aside(self) -> None:
        names = [name for name, module in tuple(sys.modules.items()) if self._is_of_site(module)]
        self._modules = {name: sys.modules.pop(name) for name in names}

    def _is_of_site(self, module: ModuleType) -> bool:
        spec = getattr(module, "__spec__", None)
        paths = [getattr(module, "__file__", None), *(getattr(spec, "submodule_search_locations", None) or ())]
        return any(isinstance(path, str) and self._name(path) is not None for path in paths)

    def _note_modules(self) -> None:
        """Record the files of the modules that were loaded."""
        names = tuple(_imports)
        _imports.clear()
        for name in names:
            file = getattr(sys.modules.get(name), "__file__", None)
            if not isinstance(file, str):
                continue
            below = self._name(file)
            if below is not None:
                self.note(below)
            elif installed := _installed_name(file):
                self.note(installed)
                _installed[name] = (installed, self.found[installed])


class _SourceLoader(SourceFileLoader):
    """Loads a module from its source and never from bytecode, which cannot distinguish two edits within one second."""

    def path_stats(self, path: str) -> Mapping[str, Any]:
        """Raise OSError, so that bytecode is never used."""
        raise OSError(f"no bytecode of {path}")


class _SiteFinder:
    """Finds the modules beside the hooks that are running, and records every file that could be one.

    Modules of the standard library and those that sitegen imports are never searched there: whether such a module is
    in memory already depends on what the process did before.
    """

    @staticmethod
    def find_spec(name: str, path: Iterable[str] | None = None, _target: object = None) -> ModuleSpec | None:
        """Return the spec of a module of the site, None if there is none with that name."""
        recorder: Recorder | None = getattr(_active, "recorder", None)
        if recorder is None:
            return None
        if name.partition(".")[0] in _RESERVED:
            if name.startswith("sitegen.") and name not in fingerprints.code_modules():
                _imports.add(name)
            return None
        _imports.add(name)
        root = os.path.abspath(recorder.root)  # noqa: PTH100 - not resolved
        for folder in [root] if path is None else path:
            below = "" if folder == root else recorder._name(folder)
            if below is not None:
                spec = find_module(recorder, f"{below}/" if below else "", name)
                if spec is not None:
                    return spec
        return None


def find_module(recorder: Recorder, prefix: str, name: str) -> ModuleSpec | None:
    """Return the spec of a module in a folder of the site, and record the files that it depends on."""
    inside = prefix + name.rpartition(".")[2]
    root = os.path.abspath(recorder.root)  # noqa: PTH100 - not resolved
    for file, folders in ((f"{inside}/__init__.py", [f"{root}/{inside}"]), (f"{inside}.py", None)):
        recorder.note(file)
        if recorder.found[file][1]:
            path = f"{root}/{file}"
            return spec_from_file_location(
                name, path, loader=_SourceLoader(name, path), submodule_search_locations=folders
            )
    recorder.note(f"{inside}/{LISTING}")
    if any(Path(root, inside).glob("*.py")):
        spec = ModuleSpec(name, None, is_package=True)
        spec.submodule_search_locations = [f"{root}/{inside}"]
        return spec
    return None


def spec_of_hooks(recorder: Recorder, module: str, file: str) -> ModuleSpec:
    """Return the spec of a site's hooks."""
    path = os.path.abspath(recorder.root / file)  # noqa: PTH100 - not resolved
    spec = spec_from_file_location(module, path, loader=_SourceLoader(module, path))
    assert spec is not None
    return spec


def find_known(root: Path, name: str, now: int, skipped: Iterable[str] = (), before: Known = NOTHING) -> Known:
    """Return the current stamp and fingerprint of a name; a file with the stamp of `before` is not read."""
    path = locate(root, name)
    if path is None:
        return NOTHING
    recorder, _active.recorder = getattr(_active, "recorder", None), None  # not to record itself
    try:
        if name == LISTING or name.endswith(f"/{LISTING}"):
            items = os.listdir(path.parent)  # noqa: PTH208 - names are enough
            names = sorted(item for item in items if not is_ignored(item))
            prefix = name.removesuffix(LISTING)
            names_to_hash = [item for item in names if prefix + item not in skipped and item != "__pycache__"]
            return None, fingerprints.of_value(tuple(names_to_hash))
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            return NOTHING
        stamp = stamp_of(status)
        if before[0] == stamp:
            return before
        return (stamp if is_quiet(stamp, now) else None), fingerprints.of_file(path)
    except OSError:
        return NOTHING
    finally:
        _active.recorder = recorder


def locate(root: Path, name: str) -> Path | None:
    """Return the path of a recorded file, None if it is an installed module that was removed."""
    if not name.startswith(INSTALLED):
        return root / name
    inside = name.removeprefix(INSTALLED)
    paths = (Path(folder, inside) for folder in sys.path)
    return next((path for path in paths if path.is_file()), None)


def drop_changed_modules(root: Path, now: int) -> None:
    """Unload the modules that hooks imported if a file of one of them has changed."""
    if all(find_known(root, name, now, before=known)[1] == known[1] for name, known in _installed.values()):
        return
    for name in _installed:
        if str(getattr(sys.modules.get(name), "__file__", "")).endswith(".py"):  # others cannot be loaded twice
            del sys.modules[name]
    _installed.clear()


def _installed_name(file: str) -> str:
    folders = [folder for folder in sys.path if folder and file.startswith(folder + os.sep)]
    return INSTALLED + file[len(max(folders, key=len)) + 1 :].replace(os.sep, "/") if folders else ""


def _audit(event: str, values: tuple[Any, ...], reads: frozenset[str] = _READS, active: Any = _active) -> None:
    if event in reads:
        recorder = getattr(active, "recorder", None)
        if recorder is not None:
            recorder.note_event(event, values[0] if values else None, values[2] if event == "open" else None)


@cache
def _install() -> None:
    """Start recording in this process: once, because an audit hook cannot be removed (PEP 578)."""
    sys.addaudithook(_audit)
    sys.meta_path.insert(0, _SiteFinder)


def digests_of(found: Mapping[str, Known]) -> tuple[tuple[str, str], ...]:
    """Return the fingerprints of files by their sorted names."""
    return tuple((name, found[name][1]) for name in sorted(found))


def names_in_site(found: Iterable[str]) -> Iterator[str]:
    """Yield the names of the site's own files."""
    return (name for name in found if not name.startswith(INSTALLED))
