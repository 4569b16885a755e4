"""Verify an incremental build: build the site again from scratch, and compare the outputs."""

import tempfile
from collections.abc import Callable, Collection
from contextlib import closing
from pathlib import Path

from msgspec.structs import replace

from sitegen.build.builder import WORK, Builder, Request
from sitegen.build.manifest import manifest_of, read_manifest
from sitegen.build.output_folder import resolve_output
from sitegen.config.schema import Config
from sitegen.errors import Problem, SiteError
from sitegen.system.files import list_files


def verify_output(root: Path, config: Config, request: Request, clock: Callable[[], int]) -> int:
    """Build a site from scratch into a temporary folder, compare it, and return the number of files.

    Raises SiteError with a problem for each file of the output folder that differs, is missing, or
    was written by us and is no longer meant to be there.
    """
    name = request.output or config.output
    folder = root / name
    ours = read_manifest(manifest_of(root / WORK, resolve_output(root, name)))
    with tempfile.TemporaryDirectory(prefix="sitegen-verify-") as temporary:
        clean = Path(temporary) / "output"
        work = Path(temporary) / WORK
        with closing(Builder(root, clock, work=work)) as builder:
            builder.build(config, replace(request, output=str(clean), fresh=False, strict=False))
        problems = compare(folder, clean, name, ours)
        count = len(list_files(clean))
    if problems:
        raise SiteError(problems)
    return count


def compare(folder: Path, clean: Path, name: str, ours: Collection[str]) -> list[Problem]:
    """Return a problem for each file that a clean build writes otherwise, and each of `ours` that it does not write."""
    problems = []
    expected = {path: clean / path for path in list_files(clean)}
    found = {path: folder / path for path in {*expected, *ours} if (folder / path).is_file()}
    for path in sorted(expected.keys() | found.keys()):
        if path not in found:
            message = "the file is missing: a clean build writes it"
        elif path not in expected:
            message = "a clean build does not write this file"
        elif found[path].read_bytes() == expected[path].read_bytes():
            continue
        else:
            message = "the file is not what a clean build writes"
        problems.append(Problem(f"{name}/{path}", 0, message, "run `sitegen build --fresh`, and report this"))
    return problems
