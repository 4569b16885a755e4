"""Which formats there are, and which of them an export is."""

from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from sitegen.errors import Problem, SiteError, did_you_mean
from sitegen.importers.archive import Archive
from sitegen.importers.items import Item, Options

FORMATS = (
    "wix",
    "substack",
    "ghost",
    "wordpress",
    "buttondown",
    "beehiiv",
    "mailchimp",
    "medium",
    "feed",
    "mail",
    "hugo",
    "zola",
    "jekyll",
    "pelican",
    "eleventy",
    "page",
    "plain",
)
"""The names of all importers, each a module here; the surest one wins, then the first one."""


class Importer(Protocol):
    """What the module of a format offers; see the head of `items`."""

    NAME: str
    PRIVATE: tuple[str, ...]

    def recognise(self, archive: Archive) -> int:
        """Return how surely the input is this format: 0 no, 1 perhaps, 100 certainly."""

    def read(self, archive: Archive, options: Options) -> Iterator[Item]:
        """Yield all items of the export, one at a time."""


def load_importer(name: str) -> Importer:
    """Return the importer of a format; SiteError that lists what is known for any other name."""
    if name not in FORMATS:
        hint = did_you_mean(name, FORMATS) or f"the known formats are {', '.join(FORMATS)}"
        raise SiteError([Problem("", 0, f'there is no format "{name}"', hint)])
    return cast(Importer, import_module(f"sitegen.importers.{name}"))


def recognise_format(inputs: Sequence[Path]) -> str:
    """Return the name of the format that some files are; SiteError that lists what is known if it is none.

    No file that any format calls private is opened for this.
    """
    importers = {name: load_importer(name) for name in FORMATS}
    private = tuple(pattern for importer in importers.values() for pattern in importer.PRIVATE)
    with Archive(inputs, private) as archive:
        scores = {name: importer.recognise(archive) for name, importer in importers.items()}
    best = max(scores, key=lambda name: scores[name])
    if not scores[best]:
        message = "this is no export that sitegen knows"
        hint = f"name its format with --from: {', '.join(FORMATS)}"
        raise SiteError([Problem(inputs[0].name if inputs else "", 0, message, hint)])
    return best
