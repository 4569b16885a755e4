"""Which formats there are, and which of them an export is."""

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
from sitegen.importers.skip_reasons import OTHER_TEXTS

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
"""The names of all importers and their modules in this package; the surest one wins, then the first one."""

LABELS = {
    "wix": "Wix", "substack": "Substack", "ghost": "Ghost", "wordpress": "WordPress", "buttondown": "Buttondown",
    "beehiiv": "beehiiv", "mailchimp": "Mailchimp", "medium": "Medium", "feed": "a feed", "mail": "mail",
    "hugo": "Hugo", "zola": "Zola", "jekyll": "Jekyll", "pelican": "Pelican",
    "docusaurus": "Docusaurus", "eleventy": "Eleventy or Astro",
    "page": "saved pages of HTML", "plain": "plain Markdown",
}  # fmt: skip
"""What each format is called in messages."""


class Importer(Protocol):
    """What the module of a format offers; see the head of `base`."""

    def read(self, archive: Archive, options: Options) -> Iterator[Item]:
        """Yield all items of the export, one at a time."""


def load_importer(name: str) -> Importer:
    """Return the importer of a format; SiteError that lists what is known for any other name."""
    if name not in FORMATS:
        hint = did_you_mean(name, FORMATS) or f"the known formats are {', '.join(FORMATS)}"
        raise SiteError([Problem("", 0, f'there is no format "{name}"', hint)])
    return cast(Importer, import_module(f"sitegen.importers.{FORMATS[name]}"))


def load_recognisers() -> dict[str, Recogniser]:
    """Return the recogniser of each format, in the order of FORMATS."""
    families = {module.split(".")[0] for module in FORMATS.values()}
    modules = [import_module(f"sitegen.importers.{family}.recognise") for family in sorted(families)]
    found: dict[str, Recogniser] = {name: one for module in modules for name, one in module.RECOGNISERS.items()}
    return {name: found[name] for name in FORMATS}


def recognise_format(inputs: Sequence[Path], limits: Limits | None = None) -> str:
    """Return the name of the format of an export; SiteError that lists the known ones if it has none of them.

    The marks of a platform or a generator count first, then the format that most of the documents have.
    Binary files and the folders of themes, templates and libraries do not count. No file that any format
    calls private is opened for this.
    """
    scores, others = _score_formats(inputs, limits=limits)
    best = max(scores, key=lambda name: scores[name])
    if not scores[best]:
        message = "sitegen does not know the format of this export"
        hint = others or f"name its format with --from: {', '.join(FORMATS)}"
        raise SiteError([Problem(inputs[0].name if inputs else "", 0, message, hint)])
    return best


def guess_format(
    inputs: Sequence[Path], tried: str, imported: Collection[str] = (), limits: Limits | None = None
) -> str:
    """Return the format, other than the one tried, that the files which were not imported look like; "" for none."""
    scores, _ = _score_formats(inputs, without=imported, limits=limits)
    scores[tried] = 0
    best = max(scores, key=lambda name: scores[name])
    return best if scores[best] else ""


def _score_formats(
    inputs: Sequence[Path], *, without: Collection[str] = (), limits: Limits | None = None
) -> tuple[dict[str, int], str]:
    """Return the score of each format, and what to do with texts that no format reads, if most documents are such."""
    recognisers = load_recognisers()
    private = tuple(pattern for recogniser in recognisers.values() for pattern in recogniser.private)
    with Archive(inputs, private, limits) as archive:
        evidence = archive.only(lambda name: is_evidence(name) and name not in without)
        # An export that is nothing but a folder of such a name is judged as it is.
        judged = evidence if evidence.names else archive.only(lambda name: name not in without)
        scores = {name: recogniser.score(judged) for name, recogniser in recognisers.items()}
        hints = Counter(OTHER_TEXTS.get(posixpath.splitext(name)[1].lower(), "") for name in judged.names)
    hint, number = hints.most_common(1)[0] if hints else ("", 0)
    return scores, f"the files are {hint}" if hint and number else ""
