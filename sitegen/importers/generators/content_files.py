"""Finds the documents and the content folder of a site for another generator."""

import re
from collections.abc import Callable

from sitegen.importers.archive.archive import Archive
from sitegen.importers.archive.evidence import find_share, is_evidence, score_share

MARKDOWN_EXTENSIONS = (".md", ".markdown", ".mdown", ".mkd", ".mkdn", ".mkdown", ".mdx")
HTML_EXTENSIONS = (".html", ".htm")


def is_html(name: str) -> bool:
    """Return whether a document is HTML, by its name."""
    return name.lower().endswith(HTML_EXTENSIONS)


def find_site_root(archive: Archive, *configs: str) -> tuple[str, str]:
    """Return the folder with one of the configs, with a trailing slash, and the config; "" and "" if there is none.

    Configs of themes are ignored.
    """
    found = sorted(filter(is_evidence, archive.find(*configs)), key=lambda name: (name.count("/"), name))
    return (found[0].rpartition("/")[0] + "/" if "/" in found[0] else "", found[0]) if found else ("", "")


def score_markdown(archive: Archive, matches: Callable[[str], bool], least: float, certain: int) -> int:
    """Return the score `certain` if most documents are Markdown and a share of at least `least` of these match.

    Returns 0 if fewer match, and up to 40 if most documents are not Markdown.
    """
    texts = [name for name in archive.names if name.lower().endswith(MARKDOWN_EXTENSIONS)]
    if not texts or find_share(archive, matches, texts) < least:
        return 0
    return score_share(find_share(archive, lambda name: name.lower().endswith(MARKDOWN_EXTENSIONS)), certain)


def find_content_folder(archive: Archive, home: str, *names: str) -> str:
    """Return the content folder: the first of these names with a document in `home`, otherwise elsewhere."""
    texts = [
        one
        for one in archive.names
        if one.lower().endswith((*MARKDOWN_EXTENSIONS, *HTML_EXTENSIONS)) and is_evidence(one)
    ]
    for name in names:
        if any(one.startswith(f"{home}{name}/") for one in texts):
            return f"{home}{name}/"
    for name in names:
        inside = re.compile(rf"\A(?:|.*?/){re.escape(name)}/")
        starts = {match[0] for one in texts if (match := inside.match(one))}
        if len(starts) == 1:
            return starts.pop()
    return home
