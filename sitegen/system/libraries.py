"""The versions of the installed libraries, and whether they are ones that sitegen was tested with."""

import os
import re
import sys
from functools import cache

from msgspec import Struct

from sitegen.errors import Problem

_NUMBERS = re.compile(r"(\d+)(?:\.(\d+))?(?:\.(\d+))?")


class TestedLibrary(Struct, frozen=True):
    """A library whose private names a faster path uses, and the versions that this path was tested with.

    Versions from `first` up to but without `end` are tested. With any other version the library's own classes do the
    work: the output is the same, and `slower` says what takes longer.
    """

    name: str
    distribution: str
    first: tuple[int, int, int]
    end: tuple[int, int, int]
    slower: str

    def is_tested(self) -> bool:
        """Return whether the installed version is one of those tested."""
        match = _NUMBERS.match(installed_version(self.distribution))
        return match is not None and self.first <= tuple(int(number or 0) for number in match.groups()) < self.end

    def check(self) -> tuple[Problem, ...]:
        """Return a warning if the installed version is not one of those tested."""
        if self.is_tested():
            return ()
        first, end = (".".join(map(str, version)) for version in (self.first, self.end))
        installed = installed_version(self.distribution) or "of an unknown version"
        from sitegen.system.installation import version_hint  # noqa: PLC0415 - only for this warning

        message = f"{self.name} {installed} was not tested with this version of sitegen: {self.slower}"
        hint = f"the output is the same; for full speed {version_hint(f'{self.distribution}>={first},<{end}')}"
        return (Problem("", 0, message, hint),)


@cache
def metadata_folders() -> tuple[str, ...]:
    """Return the names of the installed distributions' metadata folders, such as `jinja2-3.1.6.dist-info`.

    They contain the version, and are found without loading a library.
    """
    return tuple(
        name
        for folder in sys.path
        if folder.endswith("-packages") and os.path.isdir(folder)  # noqa: PTH112 - pip names folders that are missing
        for name in os.listdir(folder)  # noqa: PTH208 - a path object for each name would double the cost
        if name.endswith(".dist-info")
    )


@cache
def installed_version(distribution: str) -> str:
    """Return the version of an installed distribution by its name in lower case, "" if it is not known."""
    for name in metadata_folders():
        if name.lower().startswith(f"{distribution}-"):
            return name.removesuffix(".dist-info").partition("-")[2]
    if not any(_may_have_metadata(folder, distribution) for folder in sys.path):
        return ""
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - takes 8 ms, and is rarely needed

    try:
        return version(distribution)
    except PackageNotFoundError:
        return ""


def _may_have_metadata(folder: str, distribution: str) -> bool:
    """Return whether an entry of Python's path may have metadata of a distribution that is installed in another form.

    It may be a folder with another name than those of pip, an `.egg-info`, or an archive, which is not opened.
    """
    try:
        names = os.listdir(folder or ".")  # noqa: PTH208 - as above
    except NotADirectoryError:
        return True
    except OSError:
        return False
    metadata = (name.lower() for name in names if name.lower().endswith((".dist-info", ".egg-info")))
    return folder.endswith(".egg") or any(name.startswith(distribution) for name in metadata)
