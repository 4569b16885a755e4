"""Finds the URL of the old site for exports that do not contain it."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from sitegen.importers.archive.archive import Archive, UnreadableError
from sitegen.importers.archive.text_encoding import read_text
from sitegen.importers.base import Location, Note, Options

URL = re.compile(r"https?://([\w.:-]+)(/[\w./~%@+-]*)")
SHARED_HOSTS = ("open.substack.com", "substack.com", "www.substack.com")
"""Hosts that serve the posts of many publications."""

_SHARED_PATH = re.compile(r"/pub/([\w-]+)(/.+)")

EXAMPLE_URL = "https://newsletter.example.com"


MIN_OTHER_PATHS = 2
"""Number of the export's own paths that a second URL of the old site must have: two publications can share one."""


class OldSite(Struct, frozen=True):
    """The URL of the old site, "" if it is unknown, and the `others` that it also had, such as `ada.substack.com`."""

    url: str
    others: tuple[str, ...] = ()

    def post_id(self, path: str) -> str:
        """Return the guid of the post at a path, which is its permalink, or "" if it is unknown."""
        return self.url + path if self.url and path else ""

    def other_urls(self, path: str) -> tuple[str, ...]:
        """Return the further URLs of the post at a path."""
        return tuple(url + path for url in self.others) if path else ()


def find_old_site(documents: Iterable[str], paths: Mapping[str, int], given: str = "") -> OldSite:
    """Return the base URL that the documents use most often in links to the export's own paths, and others.

    `paths` maps each path of the old site (`/p/first-frost`) to the weight of a link to it; `given` is the URL that the
    user has named, which counts more. URLs have no trailing slash. Another URL of the site is one to which the
    documents link for several of these paths, and for no other path of this form.
    """
    votes: Counter[str] = Counter()
    own: defaultdict[str, set[str]] = defaultdict(set)
    foreign: set[str] = set()
    folders = {path.rpartition("/")[0] for path in paths} - {""}
    for text in documents:
        for host, url_path in URL.findall(text):
            base, path = _split(host.casefold(), url_path.rstrip("/"), paths, folders)
            if path in paths and host.casefold() not in SHARED_HOSTS:
                votes[base] += paths[path]
            if path in paths:
                own[base].add(path)
            elif path:
                foreign.add(base)
    first = given or (min(votes, key=lambda url: (-votes[url], url)) if votes else "")
    others = {base for base, found in own.items() if len(found) >= MIN_OTHER_PATHS} - foreign - {first}
    return OldSite(first, tuple(sorted(others)))


def _split(host: str, path: str, paths: Mapping[str, int], folders: Collection[str]) -> tuple[str, str]:
    """Return the base URL and the path of a post in a URL: a path of the export, or another one in the same folder."""
    if host in SHARED_HOSTS and (match := _SHARED_PATH.match(path)):
        host, path = f"{match[1]}.substack.com", match[2]
    at = path.find("/")
    while at >= 0:
        if path[at:] in paths or path[at:].rpartition("/")[0] in folders:
            return f"https://{host}{path[:at]}", path[at:]
        at = path.find("/", at + 1)
    return "", ""


def resolve_old_site(
    archive: Archive, options: Options, names: Sequence[str], paths: Mapping[str, int]
) -> tuple[OldSite, Note]:
    """Return the old site, with the URL of `--old-url` or found in the named files, and a note for the report."""
    where = Location(names[0] if names else archive.inputs[0].name)
    found = find_old_site(_read_all(archive, names), paths, options.old_url.rstrip("/"))
    also = f" (also {', '.join(found.others)})" if found.others else ""
    if options.old_url:
        return found, Note(where, f"the old site is {options.old_url}{also}")
    if found.url:
        message = f"links in the posts show that the old site is {found.url}{also}"
        return found, Note(where, f"{message}; if it is not, import again with --old-url")
    message = (
        "the export does not contain the old site's URL, so the posts have no `id` and feed readers show them as "
        f"new: import again with --old-url, for example --old-url {EXAMPLE_URL}"
    )
    return found, Note(where, message)


def _read_all(archive: Archive, names: Iterable[str]) -> Iterator[str]:
    for name in names:
        try:
            yield read_text(archive, name)
        except UnreadableError:
            continue  # the importer reports it when it reads the post
