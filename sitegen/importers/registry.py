"""Lists the import formats, and recognises the format of an export."""

import posixpath
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from sitegen.errors import Problem, SiteError, did_you_mean
from sitegen.importers.archive.archive import Archive, Limits
from sitegen.importers.archive.evidence import Recogniser, is_evidence
from sitegen.importers.base import Item, Options
from sitegen.importers.skip_reasons import CONVERSION_HINTS

FORMATS = {
    "wix": "platforms.wix.importer",
    "substack": "platforms.substack.importer",
    "ghost": "platforms.ghost.importer",
    "wordpress": "platforms.wordpress.importer",
    "buttondown": "platforms.buttondown",
    "beehiiv": "platforms.beehiiv",
    "mailchimp": "platforms.mailchimp",
    "medium": "platforms.medium",
    "feed": "feed.importer",
    "mail": "mail.importer",
    "hugo": "generators.hugo",
    "zola": "generators.zola",
    "jekyll": "generators.jekyll",
    "pelican": "generators.pelican",
    "docusaurus": "generators.docusaurus",
    "eleventy": "generators.eleventy",
    "page": "saved_page.importer",
    "plain": "generators.plain",
}
"""All formats and the modules of their importers; of equal scores, the first format wins."""

LABELS = {
    "wix": "Wix", "substack": "Substack", "ghost": "Ghost", "wordpress": "WordPress", "buttondown": "Buttondown",
    "beehiiv": "beehiiv", "mailchimp": "Mailchimp", "medium": "Medium", "feed": "a feed", "mail": "mail",
    "hugo": "Hugo", "zola": "Zola", "jekyll": "Jekyll", "pelican": "Pelican",
    "docusaurus": "Docusaurus", "eleventy": "Eleventy or Astro",
    "page": "saved HTML pages", "plain": "plain Markdown",
}  # fmt: skip
"""The names of the formats in messages."""


class Importer(Protocol):
    """The interface of a format's module; see the docstring of `base`."""

    def read(self, archive: Archive, options: Options) -> Iterator[Item]:
        """Yield all items of the export, one at a time."""


def load_importer(name: str) -> Importer:
    """Return the importer of a format; raise SiteError with a list of all formats for an unknown name."""
    if name not in FORMATS:
        hint = did_you_mean(name, FORMATS) or f"the formats are {', '.join(FORMATS)}"
        raise SiteError([Problem("", 0, f"`{name}` is not an import format", hint)])
    return cast(Importer, import_module(f"sitegen.importers.{FORMATS[name]}"))


def load_recognisers() -> dict[str, Recogniser]:
    """Return the recogniser of each format, in the order of FORMATS."""
    families = {module.split(".")[0] for module in FORMATS.values()}
    modules = [import_module(f"sitegen.importers.{family}.recognise") for family in sorted(families)]
    found: dict[str, Recogniser] = {name: one for module in modules for name, one in module.RECOGNISERS.items()}
    return {name: found[name] for name in FORMATS}


def recognise_format(inputs: Sequence[Path], limits: Limits | None = None) -> str:
    """Return the name of an export's format; raise SiteError with a list of all formats if it has none of them.

    Signs of a platform or a generator take precedence, then the format of most documents. Binary files and the folders
    of themes, templates and libraries are ignored. Files that any format lists as private are not opened.
    """
    scores, others = _score_formats(inputs, limits=limits)
    best = max(scores, key=lambda name: scores[name])
    if not scores[best]:
        message = "the format of this export is not recognised"
        hint = others or f"choose the format with --from: {', '.join(FORMATS)}"
        raise SiteError([Problem(inputs[0].name if inputs else "", 0, message, hint)])
    return best


def guess_format(
    inputs: Sequence[Path], tried: str, imported: Collection[str] = (), limits: Limits | None = None
) -> str:
    """Return the most likely format of the files that were not imported, other than `tried`, or ""."""
    scores, _ = _score_formats(inputs, without=imported, limits=limits)
    scores[tried] = 0
    best = max(scores, key=lambda name: scores[name])
    return best if scores[best] else ""


def _score_formats(
    inputs: Sequence[Path], *, without: Collection[str] = (), limits: Limits | None = None
) -> tuple[dict[str, int], str]:
    """Return the score of each format, and a hint if most documents are in a format that must be converted first."""
    recognisers = load_recognisers()
    private = tuple(pattern for recogniser in recognisers.values() for pattern in recogniser.private)
    with Archive(inputs, private, limits) as archive:
        evidence = archive.only(lambda name: is_evidence(name) and name not in without)
        # An export that consists of a single ignored folder is scored as a whole.
        considered = evidence if evidence.names else archive.only(lambda name: name not in without)
        scores = {name: recogniser.score(considered) for name, recogniser in recognisers.items()}
        hints = Counter(CONVERSION_HINTS.get(posixpath.splitext(name)[1].lower(), "") for name in considered.names)
    hint, number = hints.most_common(1)[0] if hints else ("", 0)
    return scores, f"the files are {hint}" if hint and number else ""
