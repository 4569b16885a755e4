"""Build on a disk that is too small: on a tmpfs of every size up to one that suffices."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from tests.faults.processes import preload
from tests.faults.scenario import UnavailableError
from tests.faults.site_under_test import SiteUnderTest

AMPLE_SIZE = "64m"


@contextmanager
def mounted_tmpfs(folder: Path) -> Iterator[None]:
    """Mount a tmpfs at a folder inside the `with` block."""
    folder.mkdir(parents=True)
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={AMPLE_SIZE}", "tmpfs", str(folder)],
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise UnavailableError(f"mounting is not permitted: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def resize(folder: Path, size: str) -> None:
    """Resize the file system."""
    subprocess.run(["mount", "-o", f"remount,size={size}", str(folder)], check=True)


def build_on_full_disk(home: Path, random: Random) -> Iterator[str]:
    """Run cold and incremental builds, each time with a few more free kilobytes."""
    preload(home)
    folder = home / "disk"
    with mounted_tmpfs(folder):
        site = SiteUnderTest(folder)
        site.log = home / "log.txt"
        for build_type in ("cold", "edit"):
            for free_kilobytes in range(0, 800, 8):
                resize(folder, AMPLE_SIZE)
                site.prepare(build_type)
                used_bytes = sum(file.stat().st_blocks * 512 for file in folder.rglob("*") if file.is_file())
                resize(folder, f"{(used_bytes >> 10) + free_kilobytes}k")
                result = site.start().wait()
                resize(folder, AMPLE_SIZE)
                violations = site.check_failed(result)
                yield f"{build_type} with {free_kilobytes} KB free: {violations}" if violations else ""
