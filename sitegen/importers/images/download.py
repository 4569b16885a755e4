"""Downloads many URLs, each host one after the other and several hosts at the same time."""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from queue import Full, Queue
from urllib.parse import urlsplit

from sitegen.check.external.link_checker import find_copy
from sitegen.formats.image_origins import find_originals
from sitegen.importers.output.images import MAX_FILE_BYTES
from sitegen.system.manners import Manners
from sitegen.system.polite_http import Turns, fetch

MANNERS = Manners(
    timeout=120.0,
    pause=0.2,
    hosts=8,
    body_bytes=MAX_FILE_BYTES,
    truncate=False,
    accept="image/*,*/*;q=0.5",
    agent="Mozilla/5.0 (compatible; sitegen images; fetches the images of its owner's posts)",
)
_LASTING = frozenset(range(400, 500)) - {401, 403, 407, 408, 421, 425, 429}
"""Statuses that a later attempt will meet again."""


@dataclass(frozen=True, slots=True)
class Download:
    """What a URL led to: the bytes and their media type; or why there are none, and whether for good."""

    url: str
    data: bytes = b""
    type: str = ""
    reason: str = ""
    is_lasting: bool = False


def download_all(urls: Sequence[str], manners: Manners = MANNERS) -> Iterator[Download]:
    """Yield each URL's download as it arrives; of an image, its original if the platform still has it.

    Servers are asked by threads that end with the iterator. Each waits until its last download was taken, so that few
    are in memory.
    """
    hosts: dict[str, list[str]] = defaultdict(list)
    for url in urls:
        hosts[_host_of(find_originals(url)[0])].append(url)
    results: Queue[Download | None] = Queue(maxsize=manners.hosts)
    stopped = threading.Event()
    free = threading.Semaphore(manners.hosts)
    turns = Turns()

    def hand_over(result: Download | None) -> None:
        while not stopped.is_set():
            with suppress(Full):
                results.put(result, timeout=1)
                return

    def ask(found: list[str]) -> None:
        with free:
            for url in found:
                if not stopped.is_set():
                    hand_over(_download(url, manners, turns))
        hand_over(None)

    for found in hosts.values():
        threading.Thread(target=ask, args=(found,), daemon=True).start()
    running = len(hosts)
    try:
        while running:
            result = results.get()
            if result is None:
                running -= 1
            else:
                yield result
    finally:
        stopped.set()


def _download(url: str, manners: Manners, turns: Turns) -> Download:
    failed = Download(url)
    for candidate in find_originals(url):
        answer = fetch(candidate, manners, turns, "GET")
        if answer.status == 200 and answer.body:
            return Download(url, answer.body, answer.type)
        if answer.status == 200:
            failed = Download(url, reason="the server sends nothing")
        elif answer.status >= 400:
            reason = f"the server answers {answer.status} {answer.reason}".strip()
            failed = Download(url, reason=reason, is_lasting=answer.status in _LASTING)
        else:
            failed = Download(url, reason=answer.reason, is_lasting=not answer.passing)
    return failed


def _host_of(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


Downloader = Callable[[Sequence[str]], Iterator[Download]]
"""Yields a download for each URL, in any order."""


def find_copies(urls: Sequence[str], manners: Manners = MANNERS) -> dict[str, str]:
    """Return the URL of a copy in the Internet Archive for each URL that has one."""
    turns = Turns()
    copies = {url: find_copy(url, manners, turns)[0] for url in dict.fromkeys(urls)}
    return {url: copy for url, copy in copies.items() if copy}
