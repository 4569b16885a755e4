"""Which files of another generator's folder are documents, and which folder of it is the content folder."""

import re
from collections.abc import Callable

from sitegen.importers.archive.archive import Archive
from sitegen.importers.archive.evidence import find_share, is_evidence, score_share

TEXTS = (".md", ".markdown", ".mdown", ".mkd", ".mkdn", ".mkdown", ".mdx")
HTML_TEXTS = (".html", ".htm")


def is_html(name: str) -> bool:
    """Return whether a document is HTML, by its name."""
    return name.lower().endswith(HTML_TEXTS)


def home_of(archive: Archive, *configs: str) -> tuple[str, str]:
    """Return the folder that holds one of the configs, with a slash at the end, and the config; "", "" if none does.

    A theme's own config is not the site's.
    """
    found = sorted(filter(is_evidence, archive.find(*configs)), key=lambda name: (name.count("/"), name))
    return (found[0].rpartition("/")[0] + "/" if "/" in found[0] else "", found[0]) if found else ("", "")


def score_texts(archive: Archive, matches: Callable[[str], bool], least: float, certain: int) -> int:
    """Return a score for `recognise`: `certain` if most of the export is Markdown, and at least `least` of it match.

    0 if fewer match; up to 40 if most of the export is not Markdown.
    """
    texts = [name for name in archive.names if name.lower().endswith(TEXTS)]
    if not texts or find_share(archive, matches, texts) < least:
        return 0
    return score_share(find_share(archive, lambda name: name.lower().endswith(TEXTS)), certain)


def content_of(archive: Archive, home: str, *names: str) -> str:
    """Return the content folder: the first of some names that holds a document below `home`, else wherever one does."""
    texts = [one for one in archive.names if one.lower().endswith((*TEXTS, *HTML_TEXTS)) and is_evidence(one)]
    for name in names:
        if any(one.startswith(f"{home}{name}/") for one in texts):
            return f"{home}{name}/"
    for name in names:
        inside = re.compile(rf"\A(?:|.*?/){re.escape(name)}/")
        starts = {match[0] for one in texts if (match := inside.match(one))}
        if len(starts) == 1:
            return starts.pop()
    return home
