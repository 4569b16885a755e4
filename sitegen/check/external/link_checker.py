"""Outgoing links: requests each one, caches the responses for some days, and finds copies in a web archive."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote, urlsplit

from sitegen.check.problem_types import page_problem
from sitegen.errors import Problem
from sitegen.system.atomic_write import write_atomically
from sitegen.system.polite_http import Answer, HostLocks, fetch
from sitegen.system.request_policy import RequestPolicy

OK, MOVED, BROKEN, UNREACHABLE = "ok", "moved", "broken", "unreachable"
REFUSED = frozenset((401, 402, 403, 407, 408, 425, 429, 451, 999))
"""Statuses that refuse the program, although the page may exist."""

GONE = frozenset((404, 410))


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result for an outgoing link: its state OK, MOVED, BROKEN or UNREACHABLE, and when it was checked.

    `target` is where it moved to, `copy` the URL of a copy in a web archive, `day` the day of that copy.
    """

    state: str
    checked: str
    reason: str = ""
    target: str = ""
    copy: str = ""
    day: str = ""


def check_outgoing(
    outgoing: Mapping[str, Sequence[tuple[str, int]]], cache: Path, now: datetime, policy: RequestPolicy
) -> tuple[list[Problem], int]:
    """Request outgoing links, and return the problems and how many links were left for the next run.

    `outgoing` maps a URL to the pages and lines that have it; `now` is aware. Responses are
    cached in the file `cache`; a link with a response that is newer than `policy.cache_days` is not requested again.
    """
    verdicts = read_verdicts(cache, now, policy)
    due = [url for url in sorted(outgoing) if url not in verdicts]
    chosen = _spread_total(due, policy.max_urls)
    try:
        for url, verdict in _request_all(chosen, now, policy):
            verdicts[url] = verdict
    finally:
        write_verdicts(cache, verdicts)
    problems = [
        problem
        for url, locations in sorted(outgoing.items())
        if url in verdicts
        for page, line in locations
        for problem in _check(url, verdicts[url], page, line)
    ]
    return problems, len(due) - len(chosen)


def read_verdicts(cache: Path, now: datetime, policy: RequestPolicy) -> dict[str, Verdict]:
    """Return the cached responses that are still valid; none from a file that cannot be read."""
    try:
        rows = json.loads(cache.read_text("utf-8"))["links"]
        known = {str(url): Verdict(**row) for url, row in rows.items()}
        oldest = now - timedelta(days=policy.cache_days)
        return {url: valid for url, valid in known.items() if oldest < datetime.fromisoformat(valid.checked) <= now}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def write_verdicts(cache: Path, verdicts: Mapping[str, Verdict]) -> None:
    """Write responses into a file, atomically; temporary failures are not stored."""
    rows = {url: asdict(verdict) for url, verdict in sorted(verdicts.items()) if verdict.state != UNREACHABLE}
    cache.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(cache, json.dumps({"links": rows}, indent=0).encode(), concurrent=True)


def find_copy(url: str, policy: RequestPolicy, locks: HostLocks) -> tuple[str, str]:
    """Return the URL and the day of a web archive's copy, or empty strings.

    Asks the availability service of the Internet Archive, or one that answers in the same form.
    """
    if not policy.archive:
        return "", ""
    answer = fetch(f"{policy.archive}?url={quote(url, safe='')}", policy, locks, "GET")
    try:
        closest = json.loads(answer.body)["archived_snapshots"]["closest"]
        copy, stamp = str(closest["url"]), str(closest["timestamp"])
    except (ValueError, KeyError, TypeError):
        return "", ""
    if closest.get("available") is not True or not copy.startswith(("http://", "https://")):
        return "", ""
    return copy, f"{stamp[:4]}-{stamp[4:6]}-{stamp[6:8]}" if len(stamp) >= 8 else stamp


def _spread_total(urls: Sequence[str], total: int) -> list[str]:
    """Return a number of URLs, the first of each host, then the second of each, and so on."""
    hosts = _by_host(urls)
    rounds = sorted((number, url) for found in hosts.values() for number, url in enumerate(found))
    return [url for _, url in rounds[:total]]


def _by_host(urls: Sequence[str]) -> dict[str, list[str]]:
    hosts: dict[str, list[str]] = defaultdict(list)
    for url in urls:
        try:
            hosts[urlsplit(url).hostname or ""].append(url)
        except ValueError:
            hosts[""].append(url)
    return hosts


def _request_all(urls: Sequence[str], now: datetime, policy: RequestPolicy) -> Iterator[tuple[str, Verdict]]:
    locks = HostLocks()

    def request_host(found: list[str]) -> list[tuple[str, Verdict]]:
        return [(url, _conclude(url, fetch(url, policy, locks), now, policy, locks)) for url in found]

    if urls:
        with ThreadPoolExecutor(policy.parallel_hosts) as pool:
            for rows in pool.map(request_host, _by_host(urls).values()):
                yield from rows


def _conclude(url: str, answer: Answer, now: datetime, policy: RequestPolicy, locks: HostLocks) -> Verdict:
    checked = now.isoformat()
    if 200 <= answer.status < 300:
        return Verdict(MOVED if answer.moved else OK, checked, target=answer.moved)
    reason = f"it answers {answer.status} {answer.reason}".strip() if answer.status >= 400 else answer.reason
    is_permanent = answer.reason.startswith(("its host is not known", "its address", "its redirects", "it redirects"))
    if answer.status in GONE or is_permanent or (400 <= answer.status < 500 and answer.status not in REFUSED):
        copy, day = find_copy(url, policy, locks)
        return Verdict(BROKEN, checked, reason, copy=copy, day=day)
    return Verdict(UNREACHABLE, checked, reason or f"it answers {answer.status}")


def _check(url: str, verdict: Verdict, page: str, line: int) -> Iterator[Problem]:
    if verdict.state == BROKEN and verdict.copy:
        hint = f"a web archive has a copy of {verdict.day}: {verdict.copy}"
        yield page_problem("gone-archived", page, line, f'the link "{url}" is broken: {verdict.reason}', hint, url)
    elif verdict.state == BROKEN:
        hint = "correct the URL, or remove the link; the web archive that was asked has no copy"
        yield page_problem("broken-external", page, line, f'the link "{url}" is broken: {verdict.reason}', hint, url)
    elif verdict.state == UNREACHABLE:
        message = f'the link "{url}" could not be checked: {verdict.reason}'
        yield page_problem(
            "unreachable-external", page, line, message, "open it in a browser, or check again later", url
        )
    elif verdict.state == MOVED:
        message = f'the link "{url}" has moved for good'
        yield page_problem("moved-external", page, line, message, f'link to "{verdict.target}"', url)
