"""Some files of a shipment in a folder of their own, for programs that copy folders."""

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sitegen.publish.files import SourceFile


@contextmanager
def staged(files: Mapping[str, SourceFile], scratch: Path) -> Iterator[Path]:
    """Yield a temporary folder below `scratch` with links to the files at their paths."""
    with tempfile.TemporaryDirectory(prefix="stage-", dir=scratch) as folder:
        for path, file in files.items():
            destination = Path(folder) / path
            destination.parent.mkdir(parents=True, exist_ok=True)
            os.symlink(file.path.absolute(), destination)  # noqa: PTH211 - a path object for each name takes longer
        yield Path(folder)
