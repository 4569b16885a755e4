"""A site's own functions: `hooks.py` beside the config, found by name."""

import sys
from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from importlib.util import module_from_spec
from pathlib import Path
from traceback import extract_tb
from types import GeneratorType
from typing import Any

from msgspec import Struct, field

from sitegen.errors import Problem, SiteError, did_you_mean
from sitegen.model import Post
from sitegen.system.hook_recorder import Recorder, spec_of_hooks

FILE = "hooks.py"
MODULE = "sitegen_site_hooks"
NAMES = ("markdown_extensions", "post", "pages", "filters", "finish")


class Hooks(Struct, frozen=True):
    """The functions that a site's hooks.py defines, and the recorder of what they import and read."""

    root: Path
    recorder: Recorder
    functions: Mapping[str, Callable[..., Any]] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        """Return whether the site defines a hook of that name."""
        return name in self.functions

    def call(self, name: str, *values: Any) -> Any:
        """Return what a hook returns; an exception becomes a SiteError with its line."""
        try:
            with self.recorder:
                return self.functions[name](*values)
        except SiteError:
            raise
        except (Exception, SystemExit) as error:  # a hook is the site's code, and may raise anything
            raise SiteError([_problem_of(self.root, error, f"the hook {name}() failed")]) from error

    def extensions(self) -> tuple[Any, ...]:
        """Return the further Markdown extensions, none without that hook."""
        found = self.call("markdown_extensions") if self.has("markdown_extensions") else ()
        if not isinstance(found, list | tuple):
            raise wrong_value("markdown_extensions", found, "return a list of names and extension objects")
        for item in found:
            if not isinstance(item, str) and not callable(getattr(item, "extendMarkdown", None)):
                raise wrong_value("markdown_extensions", item, "return a list of names and extension objects", "an ")
        return tuple(found)

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the functions for templates by their names, none without that hook."""
        found = self.call("filters") if self.has("filters") else {}
        hint = "return a dict of functions by their names"
        if not isinstance(found, Mapping):
            raise wrong_value("filters", found, hint)
        for name, function in found.items():
            if not isinstance(name, str) or not callable(function):
                raise wrong_value("filters", function, hint, f"for {name!r} ")
        return {name: self._guard(function) for name, function in found.items()}

    def _guard(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a filter whose SystemExit is an error of the template that uses it, and does not end the build."""

        @wraps(function)
        def guarded(*values: Any, **named: Any) -> Any:
            try:
                with self.recorder:
                    value = function(*values, **named)
            except SystemExit as error:
                raise RuntimeError(f"the filter raised SystemExit({error})") from error
            return self._record_items(value) if isinstance(value, GeneratorType) else value

        return guarded

    def _record_items(self, items: Iterator[Any]) -> Iterator[Any]:
        """Yield the items of a filter that is a generator: its code runs while the template asks for them."""
        while True:
            try:
                with self.recorder:
                    item = next(items)
            except StopIteration:
                return
            except SystemExit as error:
                raise RuntimeError(f"the filter raised SystemExit({error})") from error
            yield item

    def post(self, post: Post) -> Post:
        """Return the post to use instead of one."""
        if not self.has("post"):
            return post
        changed = self.call("post", post)
        if not isinstance(changed, Post):
            raise wrong_value("post", changed, "return a Post, such as `dataclasses.replace(post, title=...)`")
        return changed

    def finish(self, path: str, data: bytes) -> bytes:
        """Return the bytes to write instead of those of a rendered file."""
        if not self.has("finish"):
            return data
        finished = self.call("finish", path, data)
        if not isinstance(finished, bytes):
            raise wrong_value("finish", finished, "return bytes", "", path)
        return finished


def wrong_value(name: str, value: object, hint: str, which: str = "", where: str = "") -> SiteError:
    """Return the problem that a hook returned a value of another type than it must."""
    found = "None" if value is None else type(value).__name__
    return SiteError([Problem(FILE, 0, f"{name}() returned {which}{found}{f' for {where}' if where else ''}", hint)])


def load_hooks(root: Path, recorder: Recorder) -> Hooks:
    """Load a site's hooks.py, if there is one; raise SiteError if it cannot be run.

    `recorder` records the file, and all that it imports and reads.
    """
    recorder.note(FILE)
    if not (root / FILE).is_file():
        return Hooks(root, recorder)
    spec = spec_of_hooks(recorder, MODULE, FILE)
    assert spec.loader is not None
    module = module_from_spec(spec)
    write_bytecode, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        with recorder:
            spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:  # a hook is the site's code, and may raise anything
        raise SiteError([_problem_of(root, error, f"{FILE} cannot be loaded")]) from error
    finally:
        sys.dont_write_bytecode = write_bytecode
    functions = {name: value for name, value in vars(module).items() if name in NAMES and callable(value)}
    _check_names(vars(module))
    return Hooks(root, recorder, functions)


def _check_names(names: Mapping[str, Any]) -> None:
    """Raise SiteError for functions of hooks.py whose names look like hooks, and if it has functions but no hook."""
    own = {
        name: value.__code__.co_firstlineno
        for name, value in names.items()
        if hasattr(value, "__code__") and getattr(value, "__module__", "") == MODULE and not name.startswith("_")
    }
    others = {name: line for name, line in own.items() if name not in NAMES}
    problems = [
        Problem(FILE, line, f'there is no hook of the name "{name}"', f"{hint} (or begin its name with _)")
        for name, line in others.items()
        if (hint := did_you_mean(name, NAMES))
    ]
    if others and not problems and not any(callable(names.get(name)) for name in NAMES):
        name, line = next(iter(others.items()))
        hint = f"known are: {', '.join(f'{hook}()' for hook in NAMES)}; see `sitegen help hooks`"
        problems = [Problem(FILE, line, f"the file has no hook: sitegen does not call {name}()", hint)]
    if problems:
        raise SiteError(problems)


def _problem_of(root: Path, error: BaseException, message: str) -> Problem:
    path, line, excerpt = FILE, 0, ""
    for frame in extract_tb(error.__traceback__):
        if Path(frame.filename).is_relative_to(root):
            path, line, excerpt = Path(frame.filename).relative_to(root).as_posix(), frame.lineno or 0, frame.line or ""
    if isinstance(error, SyntaxError):
        line, excerpt = error.lineno or 0, error.text or ""
    return Problem(path, line, f"{message}: {type(error).__name__}: {error}", "see `sitegen help hooks`", excerpt)
