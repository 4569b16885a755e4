"""Finds the URL of the old site where an export does not state it."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sitegen.importers.archive.archive import Archive, UnreadableError
from sitegen.importers.archive.text_encoding import read_text
from sitegen.importers.base import Note, Options, Place

URL = re.compile(r"https?://([\w.:-]+)(/[\w./~%@+-]*)")
SHARED_HOSTS = ("open.substack.com", "substack.com", "www.substack.com")
"""Hosts that show the posts of many publications under addresses of their own."""

EXAMPLE = "https://newsletter.example.com"


def find_old_url(texts: Iterable[str], paths: Mapping[str, int]) -> str:
    """Return the base URL below which some texts most often link to the export's own paths, "" if none does.

    `paths` gives each path of the old site (`/p/first-frost`) the weight of one link to it. The URL has no
    slash at its end.
    """
    votes: Counter[str] = Counter()
    for text in texts:
        for host, written in URL.findall(text):
            if host.casefold() in SHARED_HOSTS:
                continue
            path = written.rstrip("/")
            at = path.find("/")
            while at >= 0:
                if weight := paths.get(path[at:], 0):
                    votes[f"https://{host.casefold()}{path[:at]}"] += weight
                    break
                at = path.find("/", at + 1)
    return min(votes, key=lambda url: (-votes[url], url)) if votes else ""


def old_url_of(archive: Archive, options: Options, names: Sequence[str], paths: Mapping[str, int]) -> tuple[str, Note]:
    """Return the old site's URL, from `--old-url` or else from the files of some names, and a note for the report."""
    where = Place(names[0] if names else archive.inputs[0].name)
    if options.old_url:
        return options.old_url.rstrip("/"), Note(where, f"the old site is {options.old_url}")
    if found := find_old_url(_read_all(archive, names), paths):
        message = f"links in the posts show that the old site is {found}; if it is not, import again with --old-url"
        return found, Note(where, message)
    message = (
        "the export does not contain the old site's URL, so the posts have no `id` and feed readers show them as "
        f"new: import again with --old-url, for example --old-url {EXAMPLE}"
    )
    return "", Note(where, message)


def _read_all(archive: Archive, names: Iterable[str]) -> Iterator[str]:
    for name in names:
        try:
            yield read_text(archive, name)
        except UnreadableError:
            continue  # the importer reports it when it reads the post
