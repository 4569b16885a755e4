"""The ledger: what the site has published, so that no guid changes and no URL breaks unnoticed.

It is the file `published.json` next to the site's config, and is committed with the site. It is there, and
not below `content/`, because all files below `content/` are published themselves; not in `.sitegen/`, because
that is a cache which you may delete; not in `output/`, because that is generated, and the ledger is one of
its inputs. It is a text file with one line for each post, sorted, so that branches merge and a review shows
the changes of the site's URLs.

For each post it contains the file, the guid, and every URL under which the post was ever published, oldest first.
Posts are recognised by their id, then by their file, then by a URL; so a file can be renamed, or its slug
changed, but not both at once without an id.

A build only reads the ledger. That keeps the output a function of the input: what a post's guid is, and which
redirects there are, follows from the posts and the ledger as committed, and building twice gives the same. Only
publishing, or a build with `--record`, writes it, with the published posts. Writing it changes nothing either: a
post that it does not know has the guid which it will be given there, its URL.
"""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from sitegen.errors import Problem, SiteError, naming
from sitegen.formats.site_urls import PUBLIC_HIDDEN, page_file
from sitegen.system.fingerprints import of_bytes
from sitegen.system.paths import is_inside

VERSION = 1

_quote = json.encoder.encode_basestring

_PLAIN_URL = re.compile(r"https?://[\w.:-]+(?:/[\w~-][\w.~-]*)*/?", re.ASCII)
"""Nearly every URL; those of thousands of posts are checked in each publish."""


class LedgerEntry(Struct, frozen=True):
    """The entry of a post: its file, its guid, and its absolute URLs, oldest first.

    The URLs of a post that was `withdrawn` on purpose may stop working.
    """

    path: str
    guid: str
    urls: tuple[str, ...]
    withdrawn: bool = False


class Ledger(Struct, frozen=True):
    """All records, ordered by file."""

    records: tuple[LedgerEntry, ...] = ()


def check_guid(guid: str) -> str:
    """Return a guid that may identify a post in a feed; raise ValueError for one that is not globally unique."""
    if guid.isdigit():
        raise ValueError(f"{guid} is a bare number, which is not globally unique")
    return guid


def read_ledger(path: Path) -> Ledger:
    """Return the ledger of a file, an empty one if there is none; raise SiteError if it is damaged."""
    return read_ledger_file(path)[0]


def read_ledger_file(path: Path) -> tuple[Ledger, str]:
    """Return the ledger of a file as `read_ledger` does, and the fingerprint of the file, "" if there is none."""
    try:
        with naming(path):
            data = path.read_bytes()
    except FileNotFoundError:
        return Ledger(), ""
    return _parse_ledger(data, path), of_bytes(data)


def _parse_ledger(data: bytes, path: Path) -> Ledger:
    try:
        table = json.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else 0
        hint = "a merge may have left its marks in it; restore the file from version control"
        what = f"{error.msg[:1].lower()}{error.msg[1:]}" if isinstance(error, json.JSONDecodeError) else str(error)
        raise SiteError([Problem(path.name, line, f"the ledger is not valid JSON: {what}", hint)]) from None
    if not isinstance(table, dict) or table.get("version") != VERSION or not isinstance(table.get("posts"), list):
        hint = "restore the file from version control, or use the version of sitegen that wrote it"
        raise SiteError([Problem(path.name, 0, f"this is not a ledger of version {VERSION}", hint)])
    problems: list[Problem] = []
    records = [record for row in table["posts"] if (record := _read_record(row, path.name, problems))]
    problems += _find_twins(records, path.name)
    if problems:
        raise SiteError(problems)
    return Ledger(tuple(sorted(records, key=lambda record: (record.path, record.guid))))


def _read_record(row: Any, name: str, problems: list[Problem]) -> LedgerEntry | None:
    if isinstance(row, dict):
        path, guid, urls = row.get("path"), row.get("guid"), row.get("urls")
        withdrawn = row.get("withdrawn", False)
        whole = isinstance(path, str) and isinstance(guid, str) and guid and isinstance(withdrawn, bool)
        if whole and isinstance(urls, list) and urls and all(isinstance(url, str) for url in urls):
            unfit = next((url for url in urls if not _is_page_url(url)), None)
            if unfit is not None:
                message = f'the URL "{unfit}" of {path} cannot be one of a page'
                hint = "a URL has no hidden or empty parts and no `..`; correct it, or remove it"
                problems.append(Problem(name, 0, message, hint))
                return None
            return LedgerEntry(str(path), str(guid), tuple(urls), bool(withdrawn))
    hint = 'a post is written {"path": "...", "guid": "...", "urls": ["..."]}'
    problems.append(Problem(name, 0, "an entry of the ledger is not a post", hint, json.dumps(row)[:200]))
    return None


def _is_page_url(url: str) -> bool:
    """Return whether a redirect can be written for a URL: inside of the output folder, and not into a hidden one."""
    if _PLAIN_URL.fullmatch(url):
        return True
    try:
        path = page_file(unquote(urlsplit(url).path))
    except ValueError:
        return False
    hidden = any(part.startswith(".") and part not in PUBLIC_HIDDEN for part in path.split("/"))
    return is_inside(path) and "\\" not in path and not hidden


def _find_twins(records: Iterable[LedgerEntry], name: str) -> list[Problem]:
    seen: dict[str, LedgerEntry] = {}
    problems = []
    for record in records:
        first = seen.setdefault(record.guid, record)
        if first is not record:
            message = f'the guid "{record.guid}" is in the ledger twice, for {first.path} and {record.path}'
            problems.append(Problem(name, 0, message, "a merge may have duplicated it; keep the correct line"))
    return problems


def write_ledger(ledger: Ledger) -> bytes:
    """Return the bytes of a ledger's file, with one line for each post, so that versions can be compared and merged."""
    rows = []
    for record in sorted(ledger.records, key=lambda record: (record.path, record.guid)):
        # As json's encoder does, which takes more than twice as long for such small objects.
        urls, end = ", ".join(map(_quote, record.urls)), ', "withdrawn": true' if record.withdrawn else ""
        rows.append(f'  {{"path": {_quote(record.path)}, "guid": {_quote(record.guid)}, "urls": [{urls}]{end}}}')
    body = ",\n".join(rows)
    text = f'{{"version": {VERSION}, "posts": [\n{body}\n]}}\n' if rows else f'{{"version": {VERSION}, "posts": []}}\n'
    return text.encode("utf-8", "surrogatepass")
