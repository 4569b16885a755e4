"""Finds the URL of the old site for exports that do not contain it."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sitegen.importers.archive.archive import Archive, UnreadableError
from sitegen.importers.archive.text_encoding import read_text
from sitegen.importers.base import Location, Note, Options

URL = re.compile(r"https?://([\w.:-]+)(/[\w./~%@+-]*)")
SHARED_HOSTS = ("open.substack.com", "substack.com", "www.substack.com")
"""Hosts that serve the posts of many publications."""

EXAMPLE_URL = "https://newsletter.example.com"


def find_old_url(documents: Iterable[str], paths: Mapping[str, int]) -> str:
    """Return the base URL that the documents use most often in links to the export's own paths, or "".

    `paths` maps each path of the old site (`/p/first-frost`) to the weight of a link to it. The URL has no trailing
    slash.
    """
    votes: Counter[str] = Counter()
    for text in documents:
        for host, url_path in URL.findall(text):
            if host.casefold() in SHARED_HOSTS:
                continue
            path = url_path.rstrip("/")
            at = path.find("/")
            while at >= 0:
                if weight := paths.get(path[at:], 0):
                    votes[f"https://{host.casefold()}{path[:at]}"] += weight
                    break
                at = path.find("/", at + 1)
    return min(votes, key=lambda url: (-votes[url], url)) if votes else ""


def resolve_old_url(
    archive: Archive, options: Options, names: Sequence[str], paths: Mapping[str, int]
) -> tuple[str, Note]:
    """Return the URL of the old site, given by `--old-url` or found in the named files, and a note for the report."""
    where = Location(names[0] if names else archive.inputs[0].name)
    if options.old_url:
        return options.old_url.rstrip("/"), Note(where, f"the old site is {options.old_url}")
    if found := find_old_url(_read_all(archive, names), paths):
        message = f"links in the posts show that the old site is {found}; if it is not, import again with --old-url"
        return found, Note(where, message)
    message = (
        "the export does not contain the old site's URL, so the posts have no `id` and feed readers show them as "
        f"new: import again with --old-url, for example --old-url {EXAMPLE_URL}"
    )
    return "", Note(where, message)


def _read_all(archive: Archive, names: Iterable[str]) -> Iterator[str]:
    for name in names:
        try:
            yield read_text(archive, name)
        except UnreadableError:
            continue  # the importer reports it when it reads the post
