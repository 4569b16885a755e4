"""A site's own functions: `hooks.py` beside the config, found by name."""

import importlib.util
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from traceback import extract_tb
from typing import Any

from sitegen.errors import Problem, SiteError, did_you_mean

FILE = "hooks.py"
MODULE = "sitegen_site_hooks"
NAMES = ("markdown_extensions", "post", "pages", "filters", "finish")


@dataclass(frozen=True, slots=True)
class Hooks:
    """The functions that a site's hooks.py defines, and the files of the site that it was loaded from."""

    root: Path
    functions: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    files: tuple[str, ...] = ()

    def has(self, name: str) -> bool:
        """Say whether the site defines a hook of that name."""
        return name in self.functions

    def call(self, name: str, *values: Any) -> Any:
        """Return what a hook gives; whatever it raises becomes a SiteError that names its line."""
        try:
            return self.functions[name](*values)
        except SiteError:
            raise
        except Exception as error:  # a hook is the site's code, and may raise anything
            raise SiteError([_fault(self.root, error, f"the hook {name}() failed")]) from error


def load_hooks(root: Path) -> Hooks:
    """Load a site's hooks.py, where there is one; raise SiteError when it cannot be run."""
    file = root / FILE
    if not file.is_file():
        return Hooks(root)
    before = set(sys.modules)
    spec = importlib.util.spec_from_file_location(MODULE, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(root))
    importlib.invalidate_caches()  # a module may have been added since Python last looked into the folder
    write_bytecode, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        spec.loader.exec_module(module)
    except Exception as error:  # a hook is the site's code, and may raise anything
        raise SiteError([_fault(root, error, f"{FILE} cannot be loaded")]) from error
    finally:
        sys.path.remove(str(root))
        sys.dont_write_bytecode = write_bytecode
        loaded = _loaded_below(root, set(sys.modules) - before)
        for name in loaded:
            del sys.modules[name]  # so that the next load sees the files as they are then
    functions = {name: value for name, value in vars(module).items() if name in NAMES and callable(value)}
    _judge_names(vars(module))
    return Hooks(root, functions, (FILE, *sorted(loaded.values())))


def _loaded_below(root: Path, names: set[str]) -> dict[str, str]:
    """Return the modules that came from the site's own files, by name, with the file's path from the root."""
    found = {}
    for name in names:
        file = getattr(sys.modules[name], "__file__", None)
        if file and Path(file).is_relative_to(root) and "site-packages" not in Path(file).parts:
            found[name] = Path(file).relative_to(root).as_posix()
    return found


def _judge_names(names: Mapping[str, Any]) -> None:
    problems = []
    for name, value in names.items():
        code = getattr(value, "__code__", None)
        if code is None or getattr(value, "__module__", "") != MODULE or name.startswith("_") or name in NAMES:
            continue
        hint = did_you_mean(name, NAMES)
        if hint:
            message = f'there is no hook of the name "{name}"'
            problems.append(Problem(FILE, code.co_firstlineno, message, f"{hint} (or begin its name with _)"))
    if problems:
        raise SiteError(problems)


def _fault(root: Path, error: Exception, message: str) -> Problem:
    path, line, excerpt = FILE, 0, ""
    for frame in extract_tb(error.__traceback__):
        if Path(frame.filename).is_relative_to(root):
            path, line, excerpt = Path(frame.filename).relative_to(root).as_posix(), frame.lineno or 0, frame.line or ""
    if isinstance(error, SyntaxError):
        line, excerpt = error.lineno or 0, error.text or ""
    return Problem(path, line, f"{message}: {type(error).__name__}: {error}", "see docs/hooks.md", excerpt)
